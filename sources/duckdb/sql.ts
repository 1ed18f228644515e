/** Text that goes into SQL, quoted. */
import type { Transform } from '../../core/spec/types.ts';

export const literal = (text: string): string => `'${text.replaceAll("'", "''")}'`;

export const identifier = (name: string): string => `"${name.replaceAll('"', '""')}"`;

/** A double that SQL reads back exactly. */
export function number(x: number): string {
  if (Number.isNaN(x)) return `'nan'::DOUBLE`;
  if (!Number.isFinite(x)) return `'${x < 0 ? '-' : ''}infinity'::DOUBLE`;
  return `'${x}'::DOUBLE`;
}

/** Columns of a relation (relation.ts): row, group, and text and number of the data column at an index. */
export const ROW = '"#r"';
export const GROUP = '"#g"';
export const textOf = (index: number): string => `"#t${index}"`;
export const numberOf = (index: number): string => `"#n${index}"`;
/** Where the relation `hasDoubles`: a column without text as it was read, NaN not yet taken for empty. */
export const doubleOf = (index: number): string => `"#d${index}"`;

/** A value after its transform; `moments` are what `center` and `standardize` take off and divide by. */
export function transformSql(
  value: string,
  transform: Transform,
  moments: { readonly mean: number; readonly sd: number } | undefined,
): string {
  const { mean, sd } = moments ?? { mean: 0, sd: 1 };
  switch (transform) {
    case 'none':
      return value;
    // Outside the function's domain the value is NULL, which counts as a cell that cannot be taken.
    case 'log':
      return `CASE WHEN (${value}) > 0 THEN ln(${value}) END`;
    case 'log10':
      return `CASE WHEN (${value}) > 0 THEN log10(${value}) END`;
    case 'log1p':
      return `CASE WHEN (${value}) > -1 THEN ln(1 + (${value})) END`;
    case 'sqrt':
      return `CASE WHEN (${value}) >= 0 THEN sqrt(${value}) END`;
    case 'square':
      return `(${value}) * (${value})`;
    case 'center':
      return `(${value}) - ${number(mean)}`;
    case 'standardize':
      return `((${value}) - ${number(mean)}) / ${number(sd)}`;
  }
}
