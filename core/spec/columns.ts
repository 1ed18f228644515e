/** What only the data can tell of a spec's names. */
import { linked } from './products.ts';
import type { CovariateSpec, MaskRow, Spec } from './types.ts';

/** A product is what its signs say unless the data have a column of just that name: then it is that column. */
export function withColumns<S extends Pick<Spec, 'covariates' | 'mask'>>(spec: S, has: (column: string) => boolean): S {
  const isWhole = (c: CovariateSpec): boolean => c.written !== c.parts[0] && has(c.written);
  if (!spec.covariates.some(isWhole)) return spec;
  // Of the covariates that `a*b` would stand for, one is left.
  const kept = spec.covariates.flatMap((c, p) => (isWhole(c) && spec.covariates[p + 1]?.item === c.item ? [] : [p]));
  const covariates = kept.map((p) => {
    const c = spec.covariates[p];
    if (!isWhole(c)) return c;
    const name = c.name === c.parts.join(':') ? c.written : c.name;
    return { ...c, name, columns: [c.written], parts: [c.written] };
  });
  const rows = (mask: ReadonlyMap<string, MaskRow>) => new Map([...mask].map(([g, row]) => [g, kept.map((p) => row[p])]));
  return { ...spec, covariates: linked(covariates), mask: spec.mask === 'auto' ? 'auto' : rows(spec.mask) };
}

/** Every column that a spec may speak of, for who reads the data: of a product its columns, and the one that may have that name. */
export function columnsOf(spec: Spec): string[] {
  const { response } = spec;
  const covariates = spec.covariates.flatMap((c) => (c.written === c.parts[0] ? c.columns : [...c.columns, ...c.parts, c.written]));
  const names = [response.column, response.exposure, response.se, response.weights, ...covariates];
  if (typeof response.trials === 'string') names.push(response.trials);
  return [...new Set(names.filter((name) => name !== null))];
}

/** The levels of the columns that are read as text, by column: texts whatever else they are spelt like. */
export function levelsByColumn(
  columns: readonly { readonly column: string; readonly levels: readonly string[] | null }[],
): ReadonlyMap<string, readonly string[]> {
  const texts = new Map<string, readonly string[]>();
  for (const { column, levels } of columns) {
    if (levels !== null) texts.set(column, [...new Set([...(texts.get(column) ?? []), ...levels])]);
  }
  return texts;
}

/** The levels that a spec declares, by column: text, whatever else they are spelt like. */
export function levelsDeclared(spec: Spec): ReadonlyMap<string, readonly string[]> {
  const { covariates, response } = spec;
  return levelsByColumn([response, ...covariates.map(({ columns, levels }) => ({ column: columns[0], levels }))]);
}
