/** The parts of a spec that have a shape of their own: response, terms, mask, predictions. `data` is read in data.ts. */
import { DEFAULT_TERM } from './defaults.ts';
import { removalEdits } from './edits.ts';
import { type Node, rangeOf } from './json.ts';
import { KEYS } from './keys.ts';
import { quote } from './nearest.ts';
import type { Reader } from './reader.ts';
import {
  ALL,
  type CovariateSpec,
  type MaskRow,
  POOLINGS,
  type PredictionSpec,
  type ResponseSpec,
  type TermOptions,
  TRANSFORMS,
} from './types.ts';
import { addFirst, choiceOf, textOf } from './values.ts';

export function readResponse(reader: Reader, node: Node): ResponseSpec | null {
  if (node.type !== 'object') {
    const column = reader.string(node, 'response', 'a column\'s name in double quotes, or an object with "column"');
    return column === null ? null : { column, transform: 'none', trials: null, exposure: null, se: null, weights: null };
  }
  const keys = reader.object(node, 'response', KEYS.response)!;
  const column = keys.get('column');
  if (column === undefined) {
    return reader.lacks(node, 'column', '"response" lacks "column"; add it, for example "column": "y".', [addFirst(node, 'column', '"y"')]);
  }
  const name = reader.string(column, 'column');
  const rest = {
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
  if (node.type !== 'number') return reader.string(node, 'trials', 'a column, or a whole number of at least 1');
  const trials = node.value as number;
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

/** The covariates that could be read, and which item of the list each is. `complete`: whether that is all of them. */
export interface CovariateList {
  readonly specs: readonly CovariateSpec[];
  readonly items: readonly number[];
  readonly complete: boolean;
}

export function readCovariates(reader: Reader, node: Node): CovariateList | null {
  const items = reader.list(node, 'covariates');
  if (items === null) return null;
  const specs = items.map((item) => readCovariate(reader, item));
  return {
    specs: specs.filter((s) => s !== null),
    items: specs.flatMap((s, i) => (s === null ? [] : [i])),
    complete: !specs.includes(null),
  };
}

function readCovariate(reader: Reader, node: Node): CovariateSpec | null {
  if (node.type !== 'object') {
    const column = reader.string(node, 'covariate', 'a column\'s name in double quotes, or an object with "column"');
    return column === null ? null : { name: column, columns: factorsOf(column), transform: 'none', levels: null, ...DEFAULT_TERM };
  }
  const keys = reader.object(node, 'covariate', KEYS.covariate)!;
  const column = textOf(reader, keys, 'column');
  if (!keys.has('column')) {
    reader.lacks(node, 'column', 'The covariate lacks "column"; add it, for example "column": "x".', [addFirst(node, 'column', '"x"')]);
  }
  const name = textOf(reader, keys, 'name') ?? column;
  const levelsNode = keys.get('levels');
  const levels = levelsNode === undefined ? null : readLevels(reader, levelsNode);
  const rest = {
    transform: choiceOf(reader, keys, 'transform', TRANSFORMS) ?? ('none' as const),
    levels,
    ...readTerm(reader, keys, name ?? 'covariate'),
  };
  return column === null || name === null ? null : { name, columns: factorsOf(column), ...rest };
}

/** `a:b` is the product of two columns; anything else is one column's name. */
function factorsOf(column: string): readonly string[] {
  const factors = column.split(':');
  return factors.length === 2 && factors.every((f) => f !== '') ? factors : [column];
}

function readLevels(reader: Reader, node: Node): readonly string[] | null {
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
  return reader.error('HM003', rangeOf(node), '"levels" must name at least two levels; the first is the reference of the others.');
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
      const aligned = complete && value.children?.length === covariates.length;
      rows.set(
        key,
        covariates.map((_, i) => (aligned ? cell(value.children?.[i]) : null)),
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
  return items === null ? null : items.map((item) => readPrediction(reader, item, groups) ?? { name: null, group: '', at: new Map() });
}

function readPrediction(reader: Reader, node: Node, groups: readonly string[] | null): PredictionSpec | null {
  const keys = reader.object(node, 'prediction', KEYS.prediction);
  if (keys === null) return null;
  const at = new Map<string, number>();
  const atNode = keys.get('at');
  for (const { key, value } of atNode === undefined ? [] : (reader.entries(atNode, 'at') ?? [])) {
    const number = value === undefined ? null : reader.number(value, key);
    if (number !== null) at.set(key, number);
  }
  if (groups !== null && !keys.has('group')) {
    const fixes = groups.slice(0, 3).map((g) => addFirst(node, 'group', JSON.stringify(g)));
    reader.lacks(node, 'group', 'The prediction lacks "group"; say which group it is for.', fixes);
  }
  return { name: textOf(reader, keys, 'name'), group: textOf(reader, keys, 'group') ?? (groups !== null ? '' : ALL), at };
}
