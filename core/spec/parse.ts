/**
 * A spec's text into a `Spec` with defaults filled in, and every fault of its form. Never throws. Whether columns and groups
 * exist is a question for the data: see core/rules.
 */
import { readData } from './data.ts';
import { DEFAULT_INTERVAL, DEFAULT_PRIORS, DEFAULT_SAMPLER, DEFAULT_TERM } from './defaults.ts';
import { locateIn, type Node, type Path, rangeOf, readJson } from './json.ts';
import { KEYS } from './keys.ts';
import type { Problem, TextRange } from './problem.ts';
import { Reader, THE_SPEC } from './reader.ts';
import { readCovariates, readIntercept, readMask, readPredictions, readResponse } from './sections.ts';
import { type IntervalSpec, METHODS, MISSINGS, ownPriors, POOLINGS, type PriorsSpec, type SamplerSpec, type Spec } from './types.ts';
import { familyNames } from './vocabulary.ts';

export interface ParsedSpec {
  readonly text: string;
  /**
   * The spec, as far as the text gives one: faulty values are replaced by their defaults, so it may be looked at while there are
   * problems, but must not be fitted. `null` when the text is no object or lacks the data or the response.
   */
  readonly spec: Spec | null;
  /** Of jsonc-parser, made tolerantly; `undefined` when there is nothing to read or the nesting is too deep. */
  readonly tree: Node | undefined;
  /** In the order found. */
  readonly problems: readonly Problem[];
  /** Keys of the spec whose values say too little to judge what depends on them; their defaults stand in. */
  readonly unread: ReadonlySet<string>;
  /** Whether the text is JSON at all (comments and trailing commas allowed). */
  readonly wellFormed: boolean;
  /**
   * The range of the value at a path such as `['mask', 'A', 0]`, or of its key; of the nearest parent when it is not there.
   * Keys and texts include their quotes.
   */
  locate(path: Path, part?: 'value' | 'key'): TextRange;
}

export function parseSpec(text: string): ParsedSpec {
  const { tree, problems: syntax } = readJson(text);
  const locate = (path: Path, part: 'value' | 'key' = 'value') => locateIn(tree, path, part);
  const reader = new Reader(text, syntax.length > 0);
  const unread = new Set<string>();
  let spec: Spec | null = null;
  if (tree !== undefined) {
    if (tree.type === 'object') spec = readSpec(reader, tree, unread);
    else reader.error('HM001', rangeOf(tree), 'A spec must be an object: "{", then keys such as "data" and "response", then "}".');
  }
  return { text, spec, tree, problems: [...syntax, ...reader.problems], unread, wellFormed: syntax.length === 0, locate };
}

function readSpec(reader: Reader, tree: Node, unread: Set<string>): Spec | null {
  const keys = reader.object(tree, THE_SPEC, KEYS.spec);
  if (keys === null) return null;
  const read = <T>(key: string, f: (node: Node) => T | null): T | null => {
    const node = keys.get(key);
    const value = node === undefined ? null : f(node);
    if (node !== undefined && value === null) unread.add(key);
    return value;
  };
  for (const key of ['data', 'response']) {
    if (!keys.has(key)) {
      const example = key === 'data' ? '"data.csv"' : '"y"';
      const start = tree.offset + 1;
      const text = `\n  "${key}": ${example}${(tree.children ?? []).length > 0 ? ',' : '\n'}`;
      const message = `The spec lacks ${JSON.stringify(key)}; add it, for example "${key}": ${example}.`;
      reader.lacks(tree, key, message, [{ title: `Add "${key}"`, edits: [{ start, end: start, text }], preferred: true }]);
    }
  }
  const data = read('data', (n) => readData(reader, n));
  const response = read('response', (n) => readResponse(reader, n));
  const group = read('group', (n) => reader.string(n, 'group', "a column's name in double quotes"));
  const interceptNode = keys.get('intercept');
  const intercept = interceptNode === undefined ? DEFAULT_TERM : readIntercept(reader, interceptNode);
  const covariates = read('covariates', (n) => readCovariates(reader, n)) ?? { specs: [], complete: true };
  if (!covariates.complete) unread.add('covariates');
  const mask = read('mask', (n) => readMask(reader, n, covariates.specs, covariates.complete)) ?? 'auto';
  const rest = {
    family: read('family', (n) => reader.choice(n, 'family', familyNames())) ?? 'gaussian',
    pooling: read('pooling', (n) => reader.choice(n, 'pooling', POOLINGS)) ?? 'none',
    priors: read('priors', (n) => readPriors(reader, n)) ?? DEFAULT_PRIORS,
    missing: read('missing', (n) => reader.choice(n, 'missing', MISSINGS)) ?? 'error',
    interval: read('interval', (n) => readInterval(reader, n)) ?? DEFAULT_INTERVAL,
    sampler: read('sampler', (n) => readSampler(reader, n)) ?? DEFAULT_SAMPLER,
    predictions:
      read('predictions', (n) => readPredictions(reader, n, keys.has('group') ? (mask === 'auto' ? [] : [...mask.keys()]) : null)) ?? [],
  };
  return data === null || response === null ? null : { data, response, group, intercept, covariates: covariates.specs, mask, ...rest };
}

function readPriors(reader: Reader, node: Node): PriorsSpec | null {
  const keys = reader.object(node, 'priors', KEYS.priors);
  if (keys === null) return null;
  const prior = (key: Exclude<keyof PriorsSpec, 'scale'>, support: 'real' | 'positive') => {
    const value = keys.get(key);
    return (value === undefined ? null : reader.prior(value, key, support)) ?? 'auto';
  };
  const scale = keys.get('scale');
  return {
    intercept: prior('intercept', 'real'),
    weights: prior('weights', 'real'),
    scale: (scale === undefined ? null : readScale(reader, scale)) ?? DEFAULT_PRIORS.scale,
    intercept_sd: prior('intercept_sd', 'positive'),
    weights_sd: prior('weights_sd', 'positive'),
    ...ownPriors((key) => prior(key, 'positive')),
  };
}

function readScale(reader: Reader, node: Node): PriorsSpec['scale'] | null {
  if (node.type !== 'object') {
    const prior = reader.prior(node, 'scale', 'positive');
    return prior === null ? null : { prior, by: 'all' };
  }
  const keys = reader.object(node, 'scale', KEYS.scale)!;
  const prior = keys.get('prior');
  const by = keys.get('by');
  return {
    prior: (prior === undefined ? null : reader.prior(prior, 'scale', 'positive')) ?? 'auto',
    by: (by === undefined ? null : reader.choice(by, 'by', ['group'])) ?? 'all',
  };
}

function readInterval(reader: Reader, node: Node): IntervalSpec | null {
  const keys = reader.object(node, 'interval', KEYS.interval);
  if (keys === null) return null;
  const kind = keys.get('kind');
  const prob = keys.get('prob');
  return {
    kind: (kind === undefined ? null : reader.choice(kind, 'kind', ['eti', 'hdi'])) ?? DEFAULT_INTERVAL.kind,
    prob: (prob === undefined ? null : reader.number(prob, 'prob')) ?? DEFAULT_INTERVAL.prob,
  };
}

function readSampler(reader: Reader, node: Node): SamplerSpec | null {
  const keys = reader.object(node, 'sampler', KEYS.sampler);
  if (keys === null) return null;
  const number = (key: Exclude<keyof SamplerSpec, 'method'>) => {
    const value = keys.get(key);
    return (value === undefined ? null : reader.number(value, key)) ?? DEFAULT_SAMPLER[key];
  };
  const method = keys.get('method');
  return {
    method: (method === undefined ? null : reader.choice(method, 'method', METHODS)) ?? DEFAULT_SAMPLER.method,
    chains: number('chains'),
    warmup: number('warmup'),
    draws: number('draws'),
    seed: number('seed'),
    target_accept: number('target_accept'),
    max_treedepth: number('max_treedepth'),
  };
}
