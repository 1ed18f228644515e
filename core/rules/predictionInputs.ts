/** Which values a prediction needs, and may have. */
import { type At, lackingOf, readAt, vocabularyOf } from '../design/at.ts';
import { type Slope, slopesOf } from '../design/slopes.ts';
import type { DataContext } from './rule.ts';

export interface PredictionInput {
  /** The key in `at`. */
  readonly key: string;
  /** Indices of the covariates that read it. */
  readonly covariates: readonly number[];
  /** The column whose numbers it stands for. */
  readonly column: string;
}

const known = new WeakMap<DataContext, readonly Slope[]>();

/** The model's slopes whose columns are all there. */
export function slopesIn(context: DataContext): readonly Slope[] {
  let slopes = known.get(context);
  if (slopes === undefined) {
    slopes = slopesOf(context.spec, context.profile).filter((s) => s.factors.every((f) => context.columns.has(f.column)));
    known.set(context, slopes);
  }
  return slopes;
}

/**
 * The keys of `at`: `required` has the columns of numbers, each by the one key that a prediction is best given it by; `optional` all others
 * that are understood: text covariates, indicators, products given whole, further names.
 */
export function predictionInputs(context: DataContext): {
  readonly required: readonly PredictionInput[];
  readonly optional: ReadonlySet<string>;
} {
  const slopes = slopesIn(context);
  const { keys, keyOf } = vocabularyOf(slopes);
  const required = new Map<string, { key: string; covariates: number[]; column: string }>();
  for (const { covariate, factors } of slopes) {
    for (const { column, level } of factors) {
      if (level !== null) continue;
      const key = keyOf(column);
      const input = required.get(key) ?? { key, covariates: [], column };
      if (!input.covariates.includes(covariate)) input.covariates.push(covariate);
      required.set(key, input);
    }
  }
  const optional = new Set([...keys.keys()].filter((key) => !required.has(key)));
  for (const c of context.spec.covariates) if (!c.columns.every((column) => context.columns.has(column))) optional.add(c.name);
  return { required: [...required.values()], optional };
}

/** A value that a prediction must still be given. */
export interface NeededValue {
  readonly key: string;
  readonly column: string;
  /** The product that alone asks for it. */
  readonly product: string | null;
}

/** What a prediction for a group lacks: numbers that an active covariate reads. A text column left out is at its reference level. */
export function neededValues(context: DataContext, group: string, at: At): readonly NeededValue[] {
  const slopes = slopesIn(context);
  const reading = readAt(slopes, at);
  const needed = new Map<string, NeededValue>();
  for (const slope of slopes) {
    if (!activeIn(context, group, slope.covariate)) continue;
    const product = slope.factors.length > 1 ? context.spec.covariates[slope.covariate].name : null;
    for (const column of lackingOf(slope, reading)) {
      const value = needed.get(column);
      if (value === undefined || product === null) needed.set(column, { key: vocabularyOf(slopes).keyOf(column), column, product });
    }
  }
  return [...needed.values()];
}

/** Whether a group may be asked about: it is of the model, or every term is pooled. */
export const activeIn = (context: DataContext, group: string, covariate: number): boolean => {
  const g = context.groupIndex.get(group);
  return g === undefined || context.mask[g * context.spec.covariates.length + covariate] === 1;
};
