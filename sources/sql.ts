/** Text that goes into SQL, quoted. */

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
