/** Which values a prediction needs, and may have. */
import { type DataContext, isNumeric } from './rule.ts';

export interface PredictionInput {
  /** The key in `at`. */
  readonly key: string;
  /** Indices of the covariates that read it. */
  readonly covariates: readonly number[];
  /** The column whose numbers it stands for; `null` for an indicator or a product given whole. */
  readonly column: string | null;
}

/**
 * The keys of `at`: a covariate's name; for a text column an indicator, `column[level]`, 0 when left out; for a product its two
 * columns, unless the product itself is given as `a:b`.
 */
export function predictionInputs(context: DataContext): {
  readonly required: readonly PredictionInput[];
  readonly optional: ReadonlySet<string>;
} {
  const required = new Map<string, { key: string; covariates: number[]; column: string | null }>();
  const optional = new Set<string>();
  const need = (key: string, covariate: number, column: string) => {
    const input = required.get(key) ?? { key, covariates: [], column };
    input.covariates.push(covariate);
    required.set(key, input);
  };
  for (const [p, c] of context.spec.covariates.entries()) {
    if (!c.columns.every((column) => context.columns.has(column))) optional.add(c.name);
    else if (isNumeric(context, p)) need(c.name, p, c.columns[0]);
    else if (c.columns.length === 1) for (const key of indicatorsOf(context, c.columns[0], c.levels, c.name)) optional.add(key);
    else {
      const numbers = c.columns.filter((column) => context.columns.get(column)?.kind !== 'text');
      for (const column of numbers) optional.add(column);
      if (numbers.length === c.columns.length) optional.add(c.name);
      for (const column of c.columns) {
        if (!numbers.includes(column)) for (const key of indicatorsOf(context, column, null, column)) optional.add(key);
      }
    }
  }
  return { required: [...required.values()], optional };
}

/** A value that a prediction must still be given. */
export interface NeededValue {
  readonly key: string;
  readonly column: string;
  /** The product that alone asks for it. */
  readonly product: string | null;
}

/** What a prediction for a group lacks, when `given` tells what it has: numeric covariates and the numeric columns of products. */
export function neededValues(context: DataContext, group: string, given: (key: string) => boolean): readonly NeededValue[] {
  const needed = new Map<string, NeededValue>();
  for (const { key, column, covariates } of predictionInputs(context).required) {
    if (!given(key) && covariates.some((p) => activeIn(context, group, p))) needed.set(key, { key, column: column!, product: null });
  }
  for (const [p, c] of context.spec.covariates.entries()) {
    if (c.columns.length !== 2 || !activeIn(context, group, p) || given(c.name)) continue;
    for (const key of c.columns) {
      // An indicator of a text column is 0 when left out.
      const column = context.columns.get(key);
      if (column === undefined || column.kind === 'text' || given(key) || needed.has(key)) continue;
      needed.set(key, { key, column: key, product: c.name });
    }
  }
  return [...needed.values()];
}

/** `name[level]` for each level but the first. */
function indicatorsOf(context: DataContext, column: string, given: readonly string[] | null, name: string): readonly string[] {
  const levels = given ?? context.columns.get(column)?.levels ?? [];
  return levels.slice(1).map((level) => `${name}[${level}]`);
}

/** Whether a group may be asked about: it is of the model, or every term is pooled. */
export const activeIn = (context: DataContext, group: string, covariate: number): boolean => {
  const g = context.groupIndex.get(group);
  return g === undefined || context.mask[g * context.spec.covariates.length + covariate] === 1;
};
