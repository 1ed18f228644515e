/** Words of R's and patsy's formulas where a column is asked for, and what a spec writes in their place. */
import { quote } from '../spec/nearest.ts';
import { TRANSFORMS } from '../spec/types.ts';

/** What is said of such a word. */
export interface Translation {
  /** What it is in a spec, after `The data have no column "log(x)": `; without the final full stop. */
  readonly says: string;
  /** What to write in its place among the covariates, as values of JSON; `null` where the change is elsewhere, or is more than that. */
  readonly items: readonly unknown[] | null;
}

/** Functions that a transform does. */
const FUNCTIONS: Readonly<Record<string, string>> = {
  log: 'log',
  ln: 'log',
  'np.log': 'log',
  log10: 'log10',
  'np.log10': 'log10',
  log1p: 'log1p',
  'np.log1p': 'log1p',
  sqrt: 'sqrt',
  'np.sqrt': 'sqrt',
  square: 'square',
  'np.square': 'square',
  center: 'center',
  centre: 'center',
  scale: 'standardize',
  standardize: 'standardize',
  standardise: 'standardize',
};
const SPLINES = ['s', 'te', 'ti', 't2', 'bs', 'ns', 'cr', 'gp', 'lo', 'spline'];
const MONOTONE = ['mo', 'me', 'mi', 'cs', 'car', 'ar', 'arma'];

const term = (column: string, transform: string): unknown => ({ column, transform });

/** A name, bare or in backticks; `null` for anything else. */
function nameOf(text: string, has: (column: string) => boolean): string | null {
  const bare = text.trim().replace(/^`([^`]*)`$/, '$1');
  return bare !== '' && (has(bare) || /^[\p{L}_.][\p{L}\p{N}_.]*$/u.test(bare)) ? bare : null;
}

/**
 * The translation of a covariate that no column is named after; `null` when it is no formula.
 * @param has whether the data have a column.
 */
export function translateCovariate(written: string, has: (column: string) => boolean): Translation | null {
  const text = written.trim();
  if (text.length > 200) return null;
  const name = (part: string) => nameOf(part, has);
  if (/^-?\s*[01]$/.test(text)) return text === '1' ? intercept(true) : intercept(false);
  if (text === '.') return { says: 'covariates are named one by one', items: null };
  const tilde = text.indexOf('~');
  if (tilde >= 0) {
    const says = `a spec has no formulas; ${tilde > 0 ? `write "response": ${quote(text.slice(0, tilde).trim())}, and ` : ''}list the covariates of the right side one by one`;
    return { says, items: null };
  }
  const bars = /^\(?\s*([^|()]*)\s*\|\|?\s*([^|()]+?)\s*\)?$/.exec(text);
  if (bars !== null && text.includes('|')) return groupTerms(bars[1], bars[2]);
  const sum = splitAt(text, /[+-]/);
  if (sum.length > 1) return sumOf(sum, text, has);
  const power = /^(?:I\(\s*)?([^()^*]+?)\s*(?:\^|\*\*)\s*(\d+(?:\.\d+)?)\s*\)?$/.exec(text);
  if (power !== null && name(power[1]) !== null) return powerOf(name(power[1])!, power[2]);
  const call = /^([\p{L}_.][\p{L}\p{N}_.]*)\((.*)\)$/su.exec(text);
  if (call !== null) return translateCall(call[1], call[2], has);
  if (/^`[^`]+`$/.test(text)) return { says: 'names need no backticks', items: [text.slice(1, -1)] };
  const nested = /^([^/%]+)\s*(\/|%in%)\s*([^/%]+)$/.exec(text);
  if (nested !== null && name(nested[1]) !== null && name(nested[3]) !== null)
    return {
      says: `a spec has no nested formulas; make ${quote(name(nested[1])!)} the "group", or list products such as ${quote(`${name(nested[1])}:${name(nested[3])}`)}`,
      items: null,
    };
  return /[=<>!?&%]|\(.*\)/.test(text) ? { says: 'expressions are not read; add a column with its values to the data', items: null } : null;
}

/** The translation of a response; `null` when it is no formula. */
export function translateResponse(written: string, has: (column: string) => boolean): Translation | null {
  const text = written.trim();
  if (text.length > 200) return null;
  const tilde = text.indexOf('~');
  if (tilde >= 0)
    return {
      says: `a spec has no formulas; write "response": ${quote(text.slice(0, tilde).trim())}, and list the covariates`,
      items: null,
    };
  const trials = /^(.+?)\s*\|\s*(trials|weights|se|rate)\(\s*(.+?)\s*\)$/.exec(text);
  if (trials !== null) {
    const key = trials[2] === 'rate' ? 'exposure' : trials[2];
    return { says: `write "response": { "column": ${quote(trials[1])}, ${quote(key)}: ${numberOrName(trials[3])} }`, items: null };
  }
  const bound = /^cbind\(\s*([^,]+?)\s*,\s*(?:([^,]+?)\s*-\s*)?([^,]+?)\s*\)$/.exec(text);
  if (bound !== null) {
    const of = bound[2] === undefined ? 'a column of the number of trials' : numberOrName(bound[2]);
    return { says: `write "response": { "column": ${quote(bound[1])}, "trials": ${of} }`, items: null };
  }
  const call = /^([\p{L}_.][\p{L}\p{N}_.]*)\((.*)\)$/su.exec(text);
  const transform = call === null ? undefined : FUNCTIONS[call[1]];
  const column = call === null ? null : nameOf(call[2], has);
  if (transform !== undefined && column !== null)
    return { says: `write "response": { "column": ${quote(column)}, "transform": ${quote(transform)} }`, items: null };
  if (call !== null && ['factor', 'as.factor', 'as.integer', 'C'].includes(call[1]) && column !== null)
    return { says: `name the column itself, ${quote(column)}`, items: null };
  return null;
}

/** The translation of a group; `null` when it is no formula. */
export function translateGroup(written: string, has: (column: string) => boolean): Translation | null {
  const bars = /\|\|?\s*([^|()]+?)\s*\)?$/.exec(written);
  if (bars !== null) return { says: `name the column itself, ${quote(bars[1])}, and set "pooling" to "partial"`, items: null };
  const call = /^(?:factor|as\.factor|C)\(\s*(.+?)\s*\)$/.exec(written.trim());
  const column = call === null ? null : nameOf(call[1], has);
  return column === null ? null : { says: `name the column itself, ${quote(column)}`, items: null };
}

const numberOrName = (text: string): string => (/^\d+$/.test(text) ? text : quote(text));

function intercept(there: boolean): Translation {
  return there
    ? { says: 'the intercept is there anyway; remove it', items: [] }
    : { says: 'a spec without an intercept has "intercept": false', items: null };
}

function groupTerms(left: string, group: string): Translation {
  const slopes = left
    .split('+')
    .map((part) => part.trim())
    .filter((part) => part !== '' && part !== '1' && part !== '0');
  const covariates = slopes.length === 0 ? '' : `, with ${slopes.map(quote).join(', ')} among the covariates`;
  return { says: `coefficients by group are "group": ${quote(group)} and "pooling": "partial"${covariates}`, items: null };
}

/** Parts of a sum, brackets kept whole; one part when there is no sign outside brackets. */
function splitAt(text: string, sign: RegExp): string[] {
  const parts = [''];
  let depth = 0;
  for (const [i, c] of [...text].entries()) {
    if (c === '(') depth += 1;
    else if (c === ')') depth -= 1;
    if (depth === 0 && i > 0 && sign.test(c)) parts.push(c === '-' ? '-' : '');
    else parts[parts.length - 1] += c;
  }
  return parts.map((p) => p.trim());
}

/** Each part is a covariate of its own. `0 +` and `- 1` are about the intercept. */
function sumOf(parts: readonly string[], text: string, has: (column: string) => boolean): Translation | null {
  const covariates = parts.filter((p) => !/^-?\s*[01]$/.test(p));
  const without = parts.some((p) => p === '0' || /^-\s*1$/.test(p));
  // A name with a hyphen, such as a date, is no sum.
  if (!covariates.every((p) => has(p) || nameOf(p, has) !== null || translateCovariate(p, has) !== null)) return null;
  if (!text.includes('+') && !without && !covariates.some(has)) return null;
  const each = `list ${covariates.map(quote).join(', ')} one by one`;
  const plain = covariates.every(has);
  if (without) return { says: `${covariates.length === 0 ? '' : `${each}, and `}write "intercept": false`, items: null };
  return { says: each, items: plain ? covariates : null };
}

function powerOf(column: string, power: string): Translation {
  if (power === '2') return { says: writes(term(column, 'square')), items: [{ column, name: `${column}^2`, transform: 'square' }] };
  if (power === '1') return { says: `write ${quote(column)}`, items: [column] };
  if (power === '0.5') return { says: writes(term(column, 'sqrt')), items: [term(column, 'sqrt')] };
  return { says: `add a column with the ${power}${power === '3' ? 'rd' : 'th'} power of ${quote(column)} to the data`, items: null };
}

const writes = (item: unknown): string => `write ${JSON.stringify(item).replaceAll(':', ': ').replaceAll(',', ', ')}`;

function translateCall(name: string, inside: string, has: (column: string) => boolean): Translation {
  const [first, second] = splitAt(inside, /,/);
  const column = nameOf(first, has);
  const transform = FUNCTIONS[name];
  if (transform !== undefined && column !== null) return { says: writes(term(column, transform)), items: [term(column, transform)] };
  if (name === 'exp' && column !== null) return { says: `add a column with the exponential of ${quote(column)} to the data`, items: null };
  if (name === 'I')
    return translateCovariate(inside, has) ?? { says: 'expressions are not read; add a column with its values to the data', items: null };
  if (name === 'poly' && column !== null) {
    const items = [column, { column, name: `${column}^2`, transform: 'square' }];
    const degree = Number(second?.replace(/^degree\s*=\s*/, '') ?? 2);
    if (degree === 2)
      return {
        says: `write ${quote(column)} and ${JSON.stringify(term(column, 'square')).replaceAll(':', ': ').replaceAll(',', ', ')}`,
        items,
      };
    return {
      says: `write ${quote(column)}, its square with "transform": "square", and add columns of higher powers to the data`,
      items: null,
    };
  }
  if (['factor', 'as.factor', 'C', 'as.character', 'as.ordered', 'ordered'].includes(name) && column !== null)
    return { says: `write ${quote(column)}; for numbers that are names, { "column": ${quote(column)}, "levels": […] }`, items: null };
  if (name === 'as.numeric' && column !== null) return { says: `write ${quote(column)}`, items: [column] };
  if (name === 'offset') {
    const log = /^(?:np\.)?log\(\s*(.+?)\s*\)$/.exec(inside.trim());
    const exposure = log === null ? null : nameOf(log[1], has);
    if (exposure !== null)
      return { says: `an offset of a log is "response": { "column": …, "exposure": ${quote(exposure)} }`, items: null };
    return { says: 'an offset is the "exposure" of the response, given before its log is taken', items: null };
  }
  if (SPLINES.includes(name)) return { says: 'there are no splines; add their columns to the data', items: null };
  if (MONOTONE.includes(name)) return { says: `there is no ${quote(`${name}()`)}; name columns of the data`, items: null };
  const known = TRANSFORMS.filter((t) => t !== 'none').map(quote);
  return { says: `functions are not read: there are the transforms ${known.join(', ')}, and else a column with the values`, items: null };
}
