/** What a column is: by what its cells are, and of dates, in which unit and from when on. */
import type { ColumnProfile } from '../../core/data/profile.ts';
import type { DataSource } from '../../core/spec/types.ts';
import type { ColumnFacts } from './facts.ts';
import type { Relation } from './opened.ts';

export function kindOf({ count, texts, infinite }: ColumnFacts): ColumnProfile['kind'] {
  if (count + texts + infinite === 0) return 'empty';
  if (texts === 0 && infinite === 0) return 'number';
  return count + infinite === 0 ? 'text' : 'mixed';
}

/** Set for columns that are read as dates. */
export function dateOf({ names, isDate, origins }: Relation, source: DataSource, index: number): ColumnProfile['date'] {
  const name = names[index];
  const unit = source.kind === 'file' ? source.reader?.dates.find(([column]) => column === name)?.[1] : undefined;
  const origin = origins.get(name);
  return isDate[index] && unit !== undefined && origin !== undefined ? { unit, origin } : undefined;
}
