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
    if (isNumeric(context, p)) need(c.name, p, c.columns[0]);
    else if (c.columns.length === 1) {
      const levels = c.levels ?? context.columns.get(c.columns[0])?.levels ?? [];
      for (const level of levels.slice(1)) optional.add(`${c.name}[${level}]`);
    } else {
      optional.add(c.name);
      for (const column of c.columns) optional.add(column);
    }
  }
  return { required: [...required.values()], optional };
}

/** Whether a group may be asked about: it is of the model, or every term is pooled. */
export const activeIn = (context: DataContext, group: string, covariate: number): boolean => {
  const g = context.groups.indexOf(group);
  return g < 0 || context.mask[g * context.spec.covariates.length + covariate] === 1;
};
