import type { CellPlace, ColumnProfile } from '../data/profile.ts';
import type { FamilyRecord } from '../families/family.ts';
import { families, familyOf } from '../families/index.ts';
import { quote } from '../spec/nearest.ts';
import type { Spec } from '../spec/types.ts';
import { columnUses } from './columnRoles.ts';
import { type DataRule, dataPlace, lineText, problemOf, setKey, short } from './rule.ts';

/** HM209: a response that its family cannot produce. */
export const responseSupport: DataRule = function* (context) {
  const { spec, columns } = context;
  const column = columns.get(spec.response.column);
  if (column === undefined || column.kind !== 'number' || column.count === 0 || spec.response.levels !== null) return;
  const trials = trialsOf(spec, columns);
  const fault = faultOf(familyOf(spec.family), column, trials);
  if (fault === null) return;
  const use = columnUses(context).find((u) => u.role === 'response')!;
  // The simplest that can, counts first.
  const others = families()
    .filter((f) => f.required === null && f.own.length === 0 && faultOf(f, column, Number.POSITIVE_INFINITY) === null)
    .sort((a, b) => Number(a.measured) - Number(b.measured))
    .map((f) => f.name);
  const fixes = others.map((f, i) => ({
    title: `Change the family to ${quote(f)}`,
    edits: setKey(context, 'family', quote(f)),
    preferred: i === 0,
  }));
  const message = `The response ${quote(column.name)} ${fault.why}, which the family ${quote(spec.family)} cannot have; ${fault.needs}.`;
  const place = fault.at === null ? undefined : dataPlace(context, fault.at);
  yield problemOf('HM209', 'error', message, use.range, fixes, place);
};

function trialsOf(spec: Spec, columns: ReadonlyMap<string, ColumnProfile>): number {
  const { trials } = spec.response;
  if (typeof trials === 'number') return trials;
  const most = trials === null ? undefined : columns.get(trials)?.max;
  return most === undefined || Number.isNaN(most) ? Number.POSITIVE_INFINITY : most;
}

/** The first thing about a column that a family cannot produce, with its place where it is known. */
function faultOf(
  family: FamilyRecord,
  column: ColumnProfile,
  trials: number,
): { readonly why: string; readonly needs: string; readonly at: CellPlace | null } | null {
  const fault = family.fault(column, trials);
  if (fault === null) return null;
  const at = { min: column.minPlace, max: column.maxPlace, fraction: column.firstFraction }[fault.kind];
  const value = { min: short(column.min), max: short(column.max), fraction: column.firstFraction?.text ?? 'between whole numbers' }[
    fault.kind
  ];
  return { why: `has the value ${value}${at === null ? '' : ` in ${lineText(at)}`}`, needs: fault.needs, at };
}
