/** Profiles of what was not read: a file at fault, and the columns of a large file that nobody asked for. */
import type { ColumnProfile, DataFault, DataProfile } from '../../core/data/profile.ts';
import type { ColumnFacts } from './facts.ts';

/** All that can be said of a file that cannot be read. */
export const emptyProfile = (file: string, version: string, fault: DataFault): DataProfile => ({
  file,
  version,
  rows: 0,
  columns: [],
  groupColumn: null,
  groups: [],
  correlated: [],
  emptyGroups: 0,
  firstEmptyGroup: null,
  faults: [fault],
});

export const UNREAD: ColumnFacts = {
  count: 0,
  empty: 0,
  texts: 0,
  infinite: 0,
  min: Number.NaN,
  max: Number.NaN,
  mean: Number.NaN,
  sd: Number.NaN,
};

/** A column of a large file that nobody asked for. */
export const unreadColumn = (name: string, index: number): ColumnProfile => ({
  ...UNREAD,
  name,
  index,
  kind: 'unread',
  firstEmpty: null,
  firstText: null,
  firstInfinite: null,
  integer: false,
  firstFraction: null,
  minPlace: null,
  maxPlace: null,
  distinct: 0,
  levels: [],
  histogram: null,
});
