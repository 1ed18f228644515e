import type { CellPlace, ColumnProfile } from '../data/profile.ts';
import { quote } from '../spec/nearest.ts';
import type { Family, Spec } from '../spec/types.ts';
import { columnUses } from './columnRoles.ts';
import { type DataRule, problemOf, setKey, short } from './rule.ts';

/** HM209: a response that its family cannot produce. */
export const responseSupport: DataRule = function* (context) {
  const { spec, profile, columns } = context;
  const column = columns.get(spec.response.column);
  if (column === undefined || column.kind !== 'number' || column.count === 0 || spec.response.levels !== null) return;
  const trials = trialsOf(spec, columns);
  const fault = faultOf(spec.family, column, trials);
  if (fault === null) return;
  const use = columnUses(context).find((u) => u.role === 'response')!;
  const others = (['bernoulli', 'poisson', 'gaussian'] as const).filter((f) => faultOf(f, column, Number.POSITIVE_INFINITY) === null);
  const fixes = others.map((f, i) => ({
    title: `Change the family to ${quote(f)}`,
    edits: setKey(context, 'family', quote(f)),
    preferred: i === 0,
  }));
  const message = `The response ${quote(column.name)} ${fault.why}, which the family ${quote(spec.family)} cannot have; ${fault.needs}.`;
  const place = fault.at === null ? undefined : { file: profile.file, line: fault.at.line, column: fault.at.column };
  yield problemOf('HM209', 'error', message, use.range, fixes, place);
};

function trialsOf(spec: Spec, columns: ReadonlyMap<string, ColumnProfile>): number {
  const { trials } = spec.response;
  if (typeof trials === 'number') return trials;
  const most = trials === null ? undefined : columns.get(trials)?.max;
  return most === undefined || Number.isNaN(most) ? Number.POSITIVE_INFINITY : most;
}

/** The first thing about a column that a family cannot produce, with its place where it is known. */
function faultOf(family: Family, column: ColumnProfile, trials: number): { why: string; needs: string; at: CellPlace | null } | null {
  if (family === 'gaussian' || family === 'student_t') return null;
  const needs = { bernoulli: 'it needs 0 and 1', binomial: 'it needs whole numbers from 0 to the number of trials' }[family as string];
  const fault = (value: number | string, at: CellPlace | null) => ({
    why: `has the value ${typeof value === 'number' ? short(value) : value}${at === null ? '' : ` in line ${at.line}`}`,
    needs: needs ?? 'it needs whole numbers from 0 up',
    at,
  });
  if (column.min < 0) return fault(column.min, column.minPlace);
  if (family === 'bernoulli' && column.max > 1) return fault(column.max, column.maxPlace);
  if (family === 'binomial' && column.max > trials) return fault(column.max, column.maxPlace);
  if (!column.integer) return fault(column.firstFraction?.text ?? 'between whole numbers', column.firstFraction);
  return null;
}
