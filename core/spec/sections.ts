/** The parts of a spec that have a shape of their own: response, terms, mask, predictions. `data` is read in data.ts. */
import { DEFAULT_TERM } from './defaults.ts';
import { removalEdits } from './edits.ts';
import { type Node, rangeOf } from './json.ts';
import { KEYS } from './keys.ts';
import { quote } from './nearest.ts';
import { declarationsOf, linked, maskEntry, termsIn } from './products.ts';
import type { Reader } from './reader.ts';
import {
  ALL,
  type CovariateSpec,
  type MaskRow,
  POOLINGS,
  type PredictionSpec,
  type ResponseSpec,
  SCALES,
  type TermOptions,
  TRANSFORMS,
} from './types.ts';
import { addFirst, choiceOf, textOf } from './values.ts';

export function readResponse(reader: Reader, node: Node): ResponseSpec | null {
  if (node.type !== 'object') {
    const column = reader.string(node, 'response', 'a column\'s name in double quotes, or an object with "column"');
    return column === null ? null : { column, levels: null, transform: 'none', trials: null, exposure: null, se: null, weights: null };
  }
  const keys = reader.object(node, 'response', KEYS.response)!;
  const column = keys.get('column');
  if (column === undefined) {
    return reader.lacks(node, 'column', '"response" lacks "column"; add it, for example "column": "y".', [addFirst(node, 'column', '"y"')]);
  }
  const name = reader.string(column, 'column');
  const levels = keys.get('levels');
  const rest = {
    levels: levels === undefined ? null : readLevels(reader, levels, 'the first is failure, or the lowest'),
    transform: choiceOf(reader, keys, 'transform', TRANSFORMS) ?? 'none',
    trials: readTrials(reader, keys.get('trials')),
    exposure: textOf(reader, keys, 'exposure'),
    se: textOf(reader, keys, 'se'),
    weights: textOf(reader, keys, 'weights'),
  };
  return name === null ? null : { column: name, ...rest };
}

function readTrials(reader: Reader, node: Node | undefined): string | number | null {
  if (node === undefined) return null;
  return node.type === 'number' ? readCount(reader, node) : reader.string(node, 'trials', 'a column, or a whole number of at least 1');
}

function readCount(reader: Reader, node: Node): number | null {
  const trials = reader.number(node, 'trials');
  if (trials === null) return null;
  if (Number.isSafeInteger(trials) && trials >= 1) return trials;
  return reader.error('HM003', rangeOf(node), `"trials" must be a whole number of at least 1, not ${trials}.`, [
    { title: 'Change to 1', edits: [{ ...rangeOf(node), text: '1' }] },
  ]);
}

/** `null`: no intercept. */
export function readIntercept(reader: Reader, node: Node): TermOptions | null {
  if (node.type === 'object') return readTerm(reader, reader.object(node, 'intercept', KEYS.intercept)!, 'intercept');
  if (node.type !== 'boolean') {
    reader.wrongType(node, 'intercept', 'true or false, or an object with "pooling", "prior" or "sd"');
    return DEFAULT_TERM;
  }
  return node.value === true ? DEFAULT_TERM : null;
}

function readTerm(reader: Reader, keys: ReadonlyMap<string, Node>, name: string): TermOptions {
  const prior = keys.get('prior');
  const sd = keys.get('sd');
  return {
    pooling: choiceOf(reader, keys, 'pooling', POOLINGS),
    prior: prior === undefined ? null : reader.prior(prior, name, 'real'),
    sd: sd === undefined ? null : reader.prior(sd, `${name} sd`, 'positive'),
  };
}

/** The covariates that could be read. `complete`: whether that is all of them. */
export interface CovariateList {
  readonly specs: readonly CovariateSpec[];
  readonly complete: boolean;
}

export function readCovariates(reader: Reader, node: Node): CovariateList | null {
  const items = reader.list(node, 'covariates');
  if (items === null) return null;
  const read = items.map((item, i) => readItem(reader, item, i));
  const found = read.filter((r) => r !== null);
  // What `a*b` stands for is left out where the list has it on its own, but for the product itself.
  const own = found.flatMap((specs) => (specs.length === 1 ? specs : []));
  const named = new Set<string>();
  const specs = found.flatMap((of) =>
    of.filter((c, k) => {
      const known = k < of.length - 1 && (named.has(c.name) || own.some((o) => o.name === c.name) || isDeclared(own, c));
      if (of.length > 1) named.add(c.name);
      return !known;
    }),
  );
  return { specs: linked(specs), complete: !read.includes(null) };
}

const isDeclared = (own: readonly CovariateSpec[], { parts }: CovariateSpec): boolean =>
  parts.length === 1 && declarationsOf(own, parts[0]).length > 0;

/** The covariates that an item of the list stands for: one, or for `a*b` several, its product last. */
function readItem(reader: Reader, node: Node, item: number): readonly CovariateSpec[] | null {
  const read = readCovariate(reader, node);
  if (read === null) return null;
  const { written, name, ...options } = read;
  const terms = termsIn(written);
  return terms.map((parts) => ({
    ...options,
    name: terms.length === 1 && name !== null ? name : parts.join(':'),
    columns: parts,
    parts,
    written,
    item,
  }));
}

type ReadCovariate = Pick<CovariateSpec, 'written' | 'transform' | 'levels' | 'pooling' | 'prior' | 'sd'> & {
  readonly name: string | null;
};

function readCovariate(reader: Reader, node: Node): ReadCovariate | null {
  if (node.type !== 'object') {
    const written = reader.string(node, 'covariate', 'a column\'s name in double quotes, or an object with "column"');
    return written === null ? null : { written, name: null, transform: 'none', levels: null, ...DEFAULT_TERM };
  }
  const keys = reader.object(node, 'covariate', KEYS.covariate)!;
  const column = textOf(reader, keys, 'column');
  if (!keys.has('column')) {
    reader.lacks(node, 'column', 'The covariate lacks "column"; add it, for example "column": "x".', [addFirst(node, 'column', '"x"')]);
  }
  const name = textOf(reader, keys, 'name');
  refuseOfProduct(reader, node, keys, column);
  const levelsNode = keys.get('levels');
  const levels = levelsNode === undefined ? null : readLevels(reader, levelsNode, 'the first is the reference of the others');
  const rest = {
    transform: choiceOf(reader, keys, 'transform', TRANSFORMS) ?? ('none' as const),
    levels,
    ...readTerm(reader, keys, name ?? column ?? 'covariate'),
  };
  return column === null ? null : { written: column, name, ...rest };
}

/** Keys that say nothing of a product, or not which of several covariates they are for. */
function refuseOfProduct(reader: Reader, node: Node, keys: ReadonlyMap<string, Node>, column: string | null): void {
  const terms = column === null ? [] : termsIn(column);
  if (terms.length === 0 || (terms.length === 1 && terms[0].length === 1)) return;
  const refused = terms.length > 1 ? ['name', 'transform', 'levels'] : ['levels'];
  for (const key of refused) {
    const value = keys.get(key);
    if (value === undefined) continue;
    const member = value.parent!;
    const why =
      terms.length > 1
        ? `stands for ${terms.length} covariates, ${terms.map((t) => quote(t.join(':'))).join(', ')}; list the one that it is for by itself`
        : 'is a product; give them to the covariate whose column has them, and the product follows';
    reader.error('HM003', rangeOf(member.children![0]), `${quote(key)} cannot be given here: ${quote(column!)} ${why}.`, [
      { title: `Remove ${quote(key)}`, edits: removalEdits(node, member, reader.text) },
    ]);
  }
}

/** @param order What the first of the levels is. */
function readLevels(reader: Reader, node: Node, order: string): readonly string[] | null {
  const items = reader.list(node, 'levels');
  if (items === null) return null;
  if (items.length > 0 && items.every((item) => item.type === 'number')) {
    const texts = items.map((item) => `"${reader.text.slice(item.offset, item.offset + item.length)}"`);
    return reader.error('HM003', rangeOf(node), 'Levels must be text in double quotes, as they stand in the data.', [
      { title: 'Put them in quotes', edits: items.map((item, i) => ({ ...rangeOf(item), text: texts[i] })) },
    ]);
  }
  const levels = new Set<string>();
  for (const item of items) {
    const level = reader.string(item, 'level');
    if (level === null) return null;
    if (levels.has(level)) {
      reader.error('HM003', rangeOf(item), `The level ${quote(level)} is listed twice; remove one.`, [
        { title: `Remove ${quote(level)}`, edits: removalEdits(node, item, reader.text) },
      ]);
      return null;
    }
    levels.add(level);
  }
  if (levels.size >= 2) return [...levels];
  return reader.error('HM003', rangeOf(node), `"levels" must name at least two levels; ${order}.`);
}

/** Wrong cells read as the automatic mask here; the rules on the mask tell them, with the row and covariate named. */
export function readMask(
  reader: Reader,
  node: Node,
  covariates: readonly CovariateSpec[],
  complete: boolean,
): 'auto' | ReadonlyMap<string, MaskRow> | null {
  if (node.type === 'string') {
    return reader.choice(node, 'mask', ['auto'] as const);
  }
  if (node.type !== 'object') return reader.wrongType(node, 'mask', '"auto", or an object of rows such as "group": [1, 0]');
  const rows = new Map<string, MaskRow>();
  for (const { key, value } of reader.entries(node, 'mask')!) {
    if (value === undefined) continue;
    const cell = (n: Node | undefined) => (n?.type === 'number' && (n.value === 0 || n.value === 1) ? (n.value as 0 | 1) : null);
    if (value.type === 'array') {
      // With another number of entries nobody knows which covariate an entry is for.
      const length = complete ? (value.children?.length ?? 0) : -1;
      rows.set(
        key,
        covariates.map((_, i) => cell(value.children?.[maskEntry(covariates, length, i)])),
      );
    } else if (value.type === 'object') {
      const cells = new Map(reader.entries(value, key)!.map((m) => [m.key, cell(m.value)]));
      rows.set(
        key,
        covariates.map((c) => cells.get(c.name) ?? null),
      );
    } else {
      rows.set(
        key,
        covariates.map(() => null),
      );
      reader.wrongType(value, `mask of ${key}`, 'a list of 0 and 1, one per covariate, or an object such as "covariate": 0');
    }
  }
  return rows;
}

/**
 * Predictions keep their places: one that cannot be read is an empty one, and its faults are told.
 * `groups`: those that the mask names, when the spec has a group column, so that a prediction must say for which group it is.
 */
export function readPredictions(reader: Reader, node: Node, groups: readonly string[] | null): readonly PredictionSpec[] | null {
  const items = reader.list(node, 'predictions');
  return items === null ? null : items.map((item) => readPrediction(reader, item, groups) ?? NO_PREDICTION);
}

const NO_PREDICTION: PredictionSpec = { name: null, group: '', at: new Map(), exposure: null, trials: null, se: null, scale: 'response' };

function readPrediction(reader: Reader, node: Node, groups: readonly string[] | null): PredictionSpec | null {
  const keys = reader.object(node, 'prediction', KEYS.prediction);
  if (keys === null) return null;
  const at = new Map<string, number | string>();
  const atNode = keys.get('at');
  for (const { key, value } of atNode === undefined ? [] : (reader.entries(atNode, 'at') ?? [])) {
    const read = value === undefined ? null : value.type === 'string' ? reader.string(value, key) : reader.number(value, key);
    if (read !== null) at.set(key, read);
  }
  if (groups !== null && !keys.has('group')) {
    const fixes = groups.slice(0, 3).map((g) => addFirst(node, 'group', JSON.stringify(g)));
    reader.lacks(node, 'group', 'The prediction lacks "group"; say which group it is for.', fixes);
  }
  const trials = keys.get('trials');
  return {
    name: textOf(reader, keys, 'name'),
    group: textOf(reader, keys, 'group') ?? (groups !== null ? '' : ALL),
    at,
    exposure: readPositive(reader, keys, 'exposure'),
    trials: trials === undefined ? null : readCount(reader, trials),
    se: readPositive(reader, keys, 'se'),
    scale: choiceOf(reader, keys, 'scale', SCALES) ?? 'response',
  };
}

function readPositive(reader: Reader, keys: ReadonlyMap<string, Node>, key: string): number | null {
  const node = keys.get(key);
  const value = node === undefined ? null : reader.number(node, key);
  if (node === undefined || value === null || value > 0) return value;
  return reader.error('HM003', rangeOf(node), `${quote(key)} must be greater than 0, not ${value}.`, [
    { title: 'Change to 1', edits: [{ ...rangeOf(node), text: '1' }] },
  ]);
}
