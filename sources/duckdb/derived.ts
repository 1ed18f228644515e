/** Reads what a spec's covariates come to within each group, where the columns' own profile does not tell. */

import type { DerivedFacts } from '../../core/data/derivedFacts.ts';
import type { DataProfile } from '../../core/data/profile.ts';
import { derivedFacts, isPlain } from '../../core/design/derived.ts';
import { type RawColumn, slopeColumns } from '../../core/design/rows.ts';
import { type Slope, slopesOf } from '../../core/design/slopes.ts';
import { withColumns } from '../../core/spec/columns.ts';
import type { Spec } from '../../core/spec/types.ts';
import type { DataFile } from './locate.ts';
import type { Relation } from './opened.ts';
import { readRaw } from './raw.ts';

/** Rows times covariates, and groups times pairs of covariates, above which nothing is worked out. */
const MOST_VALUES = 10_000_000;

/** `null` where there is nothing that the profile does not tell, or too much of it to be worked out at every keystroke. */
export async function readDerived(
  relation: Relation,
  file: DataFile,
  written: Pick<Spec, 'covariates' | 'mask'>,
  profile: DataProfile,
): Promise<DerivedFacts | null> {
  const has = new Set(profile.columns.map((c) => c.name));
  const spec = withColumns(written, (name) => has.has(name));
  const slopes = slopesOf(spec, profile).filter((s) => s.factors.every((f) => isReadable(relation, f.column, f.levels)));
  const groups = profile.groups.map((g) => g.name);
  const isTooMuch = Math.max(profile.rows * slopes.length, groups.length * slopes.length ** 2) > MOST_VALUES;
  if (slopes.every(isPlain) || relation.scans || isTooMuch) return null;
  const columns = slopeColumns(slopes);
  const design = { groups: profile.groupColumn === null ? ['all'] : groups, groupColumn: profile.groupColumn };
  const raw = await readRaw(relation, file, design, columns, relation.estimatedRows);
  const cells = (column: string, levels: readonly string[] | null) => raw.columns.get(keyOf(columns, column, levels))!;
  return derivedFacts(slopes, cells, raw.group, design.groups);
}

const keyOf = (columns: readonly RawColumn[], column: string, levels: Slope['factors'][number]['levels']): string =>
  columns.find((c) => c.column === column && JSON.stringify(c.levels) === JSON.stringify(levels))!.key;

const isReadable = (relation: Relation, column: string, levels: readonly string[] | null): boolean => {
  const index = relation.names.indexOf(column);
  return index >= 0 && relation.isLoaded[index] && (levels === null || relation.hasText[index]);
};
