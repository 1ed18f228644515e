/**
 * Prior strings such as `normal(0, 5)` and what they stand for. Parametrised as in Stan; for a positive parameter the prior
 * is on the parameter itself (a standard deviation, not a variance).
 */
import { nearest, nearestWord, quote } from './nearest.ts';
import { DISTRIBUTIONS, type Distribution, type DistributionName } from './types.ts';

/** Numbers of a prior are no larger than this, and positive ones no smaller than its inverse: squares and ratios of them stay numbers. */
const LARGEST = 1e50;
const SMALLEST = 1e-50;

/** What values an argument of a distribution may take. */
export type Domain = 'real' | 'positive';

/** The values a distribution puts its mass on; `any` adapts to the parameter. */
export type Support = 'real' | 'positive' | 'any';

export interface DistributionInfo {
  readonly name: DistributionName;
  readonly parameters: readonly { readonly name: string; readonly domain: Domain; readonly meaning: string }[];
  readonly support: Support;
  /** One sentence for a hover. */
  readonly meaning: string;
}

const real = (name: string, meaning: string) => ({ name, domain: 'real' as const, meaning });
const positive = (name: string, meaning: string) => ({ name, domain: 'positive' as const, meaning });
const location = real('mu', 'its middle');
const spread = positive('sigma', 'its scale');
const freedom = positive('nu', 'degrees of freedom: the smaller, the heavier the tails');

/** Every distribution a prior may name. */
export const DISTRIBUTION_INFO: ReadonlyMap<DistributionName, DistributionInfo> = new Map(
  (
    [
      ['normal', [location, positive('sigma', 'its standard deviation')], 'real', 'The normal distribution.'],
      ['student_t', [freedom, location, spread], 'real', "Student's t: like the normal, with heavier tails."],
      ['cauchy', [location, spread], 'real', "Student's t with one degree of freedom: very heavy tails, no mean."],
      ['laplace', [location, positive('b', 'its scale')], 'real', 'Two exponentials back to back: sharp at the middle (as the lasso).'],
      ['uniform', [real('a', 'its lower end'), real('b', 'its upper end')], 'any', 'Every value between a and b alike, none outside.'],
      ['flat', [], 'any', 'Every value alike; not a distribution, so the data alone must decide the parameter.'],
      ['half_normal', [spread], 'positive', 'The normal about 0, folded to the positive side.'],
      ['half_student_t', [freedom, spread], 'positive', "Student's t about 0, folded to the positive side."],
      ['half_cauchy', [spread], 'positive', 'The Cauchy about 0, folded to the positive side: very heavy tail.'],
      ['exponential', [positive('rate', 'one over its mean')], 'positive', 'The exponential distribution; its mean is 1/rate.'],
      [
        'gamma',
        [positive('shape', 'the larger, the more symmetric'), positive('rate', 'its mean is shape/rate')],
        'positive',
        'The gamma distribution.',
      ],
      [
        'inverse_gamma',
        [positive('shape', 'the larger, the lighter the tail'), positive('scale', 'its mode is scale/(shape + 1)')],
        'positive',
        'The distribution of one over a gamma variable.',
      ],
      [
        'lognormal',
        [real('mu', 'the mean of the logarithm'), positive('sigma', 'the standard deviation of the logarithm')],
        'positive',
        'The distribution whose logarithm is normal.',
      ],
    ] as const
  ).map(([name, parameters, support, meaning]) => [name, { name, parameters, support, meaning }]),
);

/** A fault within a prior string; `start` and `end` count UTF-16 units of the string itself. */
export interface PriorFault {
  readonly code: 'HM601' | 'HM602' | 'HM603' | 'HM604' | 'HM605';
  readonly message: string;
  readonly start: number;
  readonly end: number;
  /** Replacements of `start` to `end`, the best first. */
  readonly replacements: readonly string[];
  /** The whole string as it may have been meant. */
  readonly rewritten?: string;
}

export interface ParsedPrior {
  /** `null` when there is any fault. */
  readonly prior: Distribution | null;
  readonly faults: readonly PriorFault[];
}

/** `normal(mu, sigma)`. */
export function signatureOf(name: DistributionName): string {
  return `${name}(${DISTRIBUTION_INFO.get(name)!
    .parameters.map((p) => p.name)
    .join(', ')})`;
}

const SHAPE = /^(\s*)([A-Za-z_][\w.]*)(\s*)\(([^()]*)\)\s*$/;
const NUMBER = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?$/;

/**
 * Reads a prior string for a parameter named `parameter`, which is positive (scale, sd, nu, shape) or real.
 * The first kind of fault found ends the reading, save that every argument out of its domain is told.
 */
export function parsePrior(text: string, parameter: string, support: 'real' | 'positive'): ParsedPrior {
  const whole = { start: 0, end: text.length };
  const fail = (...faults: PriorFault[]): ParsedPrior => ({ prior: null, faults });
  const shape = SHAPE.exec(text);
  if (shape === null) return fail({ code: 'HM601', ...whole, ...explainShape(text, parameter), ...rewrite(text, parameter, support) });

  const [, lead, name, gap, inside] = shape;
  const nameEnd = lead.length + name.length;
  if (!(DISTRIBUTIONS as readonly string[]).includes(name)) {
    const fitting = DISTRIBUTIONS.filter((d) => suits(d, support));
    const guess = nearestWord(name, DISTRIBUTIONS);
    const known = guess === null ? `The known ones are ${fitting.join(', ')}.` : `Did you mean ${guess}?`;
    return fail({
      code: 'HM602',
      message: `${quote(name)} is not a known prior for ${quote(parameter)}. ${known}`,
      start: lead.length,
      end: nameEnd,
      replacements: guess === null ? [] : [guess],
    });
  }
  const dist = name as DistributionName;
  const info = DISTRIBUTION_INFO.get(dist)!;
  const pieces = splitArguments(inside, nameEnd + gap.length + 1);

  const bad = pieces.find((p) => !NUMBER.test(p.text) || !Number.isFinite(Number(p.text)));
  if (bad !== undefined && !(pieces.length === 1 && bad.text === '')) {
    const empty = bad.text === '';
    const message = empty
      ? `The prior ${quote(text)} of ${quote(parameter)} has an empty argument; write a number there.`
      : `Argument ${quote(bad.text)} of the prior ${quote(text)} of ${quote(parameter)} is not a finite number; write it as ${signatureOf(dist)} with numbers.`;
    // What surrounds an empty argument can be seen.
    const [start, end] = empty ? [bad.start - 1, bad.start + 1] : [bad.start, bad.end];
    return fail({ code: 'HM601', message, start, end, replacements: [], ...rewrite(text, parameter, support) });
  }
  const args = pieces.filter((p) => p.text !== '');
  if (args.length !== info.parameters.length) {
    const want =
      info.parameters.length === 0 ? 'no arguments' : `${info.parameters.length} argument${info.parameters.length > 1 ? 's' : ''}`;
    return fail({
      code: 'HM603',
      message: `The prior ${quote(text)} of ${quote(parameter)} has ${args.length} argument${args.length === 1 ? '' : 's'}; ${signatureOf(dist)} takes ${want}.`,
      start: nameEnd,
      end: text.trimEnd().length,
      replacements: countFixes(
        dist,
        args.map((a) => a.text),
      ),
    });
  }
  const faults = domainFaults(text, parameter, info, args);
  if (faults.length > 0) return fail(...faults);

  const values = args.map((a) => Number(a.text));
  const prior: Distribution = { dist, args: values };
  const wrong = supportFault(text, parameter, support, prior);
  return wrong === null ? { prior, faults: [] } : fail({ ...wrong, ...whole });
}

interface Piece {
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

function splitArguments(inside: string, offset: number): readonly Piece[] {
  const pieces: Piece[] = [];
  let at = offset;
  for (const raw of inside.split(',')) {
    const start = at + (raw.length - raw.trimStart().length);
    const text = raw.trim();
    pieces.push({ text, start, end: start + text.length });
    at += raw.length + 1;
  }
  return pieces;
}

function explainShape(text: string, parameter: string): { message: string; replacements: readonly string[] } {
  const bare = text.trim();
  const number = NUMBER.test(bare) ? Number(bare) : Number.NaN;
  if (Number.isFinite(number)) {
    return {
      message: `${quote(text)} is not a prior for ${quote(parameter)}; to fix the parameter at a number, write the number without quotes.`,
      replacements: [],
    };
  }
  const name = (/^[\w.]+/.exec(bare) ?? [''])[0];
  const known = knownName(name);
  const example = signatureOf((known ?? 'normal') as DistributionName);
  return {
    message: `${quote(text)} is not a prior for ${quote(parameter)}; write it as ${example}, a number, or "auto".`,
    replacements: nearest(bare, ['auto']) === 'auto' ? ['auto'] : [],
  };
}

const knownName = (name: string): DistributionName | null =>
  (DISTRIBUTIONS as readonly string[]).includes(name) ? (name as DistributionName) : nearestWord(name, DISTRIBUTIONS);

const suits = (dist: DistributionName, support: 'real' | 'positive'): boolean =>
  ['any', support].includes(DISTRIBUTION_INFO.get(dist)!.support);

/** Texts longer than this are not guessed at. */
const LONGEST_GUESS = 100;

/** The prior that a text such as `normal 0 5` or `normal(mu=0, sigma=5)` may stand for, when it has all of its numbers and no fault. */
function rewrite(text: string, parameter: string, support: 'real' | 'positive'): { rewritten?: string } {
  const found = text.length > LONGEST_GUESS ? null : /^\s*([A-Za-z_]\w*)(.*)$/.exec(text);
  const dist = found === null ? null : knownName(found[1]);
  if (found === null || dist === null) return {};
  const numbers = found[2].replace(/[A-Za-z_]\w*\s*=/g, ' ').match(/[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?/g) ?? [];
  const rewritten = `${dist}(${numbers.join(', ')})`;
  return rewritten !== text && parsePrior(rewritten, parameter, support).prior !== null ? { rewritten } : {};
}

/** Priors of the right number of arguments that keep the given ones: defaults are 0 for locations, 1 for the rest. */
function countFixes(dist: DistributionName, given: readonly string[]): readonly string[] {
  const { parameters } = DISTRIBUTION_INFO.get(dist)!;
  const lacking = parameters.length - given.length;
  // One argument for a location-scale pair is most often the scale.
  const shifted = lacking > 0 && parameters[0]?.domain === 'real' && dist !== 'uniform';
  const filled = parameters.map((p, i) => {
    const from = shifted ? given[i - lacking] : given[i];
    if (from !== undefined && (p.domain === 'real' || Number(from) > 0)) return from;
    if (dist === 'uniform' && i === 1) return String(Number(given[0] ?? 0) + 1);
    return p.domain === 'real' ? '0' : '1';
  });
  return [`(${filled.join(', ')})`];
}

/** What is wrong with a number that is too far from 1 to compute with, such as `must be at least 1e-50, not 1e-300: …`; `null` when nothing is. */
export function extremeFault(value: number, domain: Domain): string | null {
  if (Math.abs(value) > LARGEST) return `must lie within ±1e50, not be ${value}: its square would be no number`;
  if (domain === 'positive' && value > 0 && value < SMALLEST) return `must be at least 1e-50, not ${value}: its square would be 0`;
  return null;
}

function domainFaults(text: string, parameter: string, info: DistributionInfo, args: readonly Piece[]): PriorFault[] {
  const faults: PriorFault[] = [];
  for (const [i, p] of info.parameters.entries()) {
    const value = Number(args[i].text);
    const bound = extremeFault(value, p.domain);
    if (bound !== null) {
      const message = `${p.name} of the prior ${quote(text)} of ${quote(parameter)} ${bound}.`;
      faults.push({ code: 'HM604', message, start: args[i].start, end: args[i].end, replacements: [] });
    }
    if (p.domain !== 'positive' || value > 0) continue;
    faults.push({
      code: 'HM604',
      message: `${p.name} of the prior ${quote(text)} of ${quote(parameter)} must be greater than 0, not ${args[i].text}.`,
      start: args[i].start,
      end: args[i].end,
      replacements: [value < 0 ? String(-value) : '1'],
    });
  }
  if (info.name === 'uniform' && Number(args[0].text) >= Number(args[1].text)) {
    const [a, b] = args.map((x) => Number(x.text));
    faults.push({
      code: 'HM604',
      message: `The prior ${quote(text)} of ${quote(parameter)} needs a lower end below its upper end.`,
      start: args[0].start,
      end: args[1].end,
      replacements: a > b ? [`${b}, ${a}`] : [`${a}, ${a + 1}`],
    });
  }
  return faults;
}

const HALVES: ReadonlyMap<DistributionName, DistributionName> = new Map([
  ['normal', 'half_normal'],
  ['student_t', 'half_student_t'],
  ['cauchy', 'half_cauchy'],
]);

function supportFault(
  text: string,
  parameter: string,
  support: 'real' | 'positive',
  prior: Distribution,
): Pick<PriorFault, 'code' | 'message' | 'replacements'> | null {
  const { dist, args } = prior;
  const has = DISTRIBUTION_INFO.get(dist)!.support;
  if (support === 'positive' && has === 'real') {
    const half = HALVES.get(dist);
    const scale = args[args.length - 1];
    const better = half === undefined ? `exponential(${1 / scale})` : `${half}(${dist === 'student_t' ? `${args[0]}, ` : ''}${scale})`;
    const message = `${quote(parameter)} is positive, but its prior ${quote(text)} also allows negative values; use one such as ${better}.`;
    return { code: 'HM605', message, replacements: [better] };
  }
  if (support === 'positive' && dist === 'uniform' && args[0] < 0) {
    const better = `uniform(0, ${args[1] > 0 ? args[1] : 1})`;
    const message = `${quote(parameter)} is positive, but its prior ${quote(text)} also allows negative values; start it at 0.`;
    return { code: 'HM605', message, replacements: [better] };
  }
  if (support === 'real' && has === 'positive') {
    const full = [...HALVES].find(([, half]) => half === dist)?.[0] ?? 'normal';
    const scale = args[args.length - 1];
    const better =
      full === 'student_t'
        ? `student_t(${args[0]}, 0, ${scale})`
        : `${full}(0, ${full === 'normal' && dist !== 'half_normal' ? 1 : scale})`;
    const message = `${quote(parameter)} may be negative, but its prior ${quote(text)} allows positive values only; use one such as ${better}.`;
    return { code: 'HM605', message, replacements: [better] };
  }
  return null;
}
