/** What only the data can tell of a spec's names. */
import type { Spec } from './types.ts';

/** `a:b` is the product of two columns, unless the data have a column of just that name: then it is that column. */
export function withColumns(spec: Spec, has: (column: string) => boolean): Spec {
  const isWhole = spec.covariates.map((c) => c.columns.length === 2 && has(c.columns.join(':')));
  if (!isWhole.includes(true)) return spec;
  return { ...spec, covariates: spec.covariates.map((c, i) => (isWhole[i] ? { ...c, columns: [c.columns.join(':')] } : c)) };
}

/** Every column that a spec may speak of, for who reads the data: of `a:b` the two columns, and the one that may have that name. */
export function columnsOf(spec: Spec): string[] {
  const { response } = spec;
  const covariates = spec.covariates.flatMap((c) => (c.columns.length === 2 ? [...c.columns, c.columns.join(':')] : c.columns));
  const names = [response.column, response.exposure, response.se, response.weights, ...covariates];
  if (typeof response.trials === 'string') names.push(response.trials);
  return [...new Set(names.filter((name) => name !== null))];
}
