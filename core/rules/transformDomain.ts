import type { ColumnProfile, GroupProfile, NumericProfile } from '../data/profile.ts';
import type { Path } from '../spec/json.ts';
import { quote } from '../spec/nearest.ts';
import type { CovariateSpec, Transform } from '../spec/types.ts';
import { covariatePath, type DataContext, type DataRule, dataPlace, lineText, problemOf, replaceAt, short } from './rule.ts';

/** Values at or below (`open`) or below the bound have no transform. */
const BOUNDS: Partial<Record<Transform, { readonly bound: number; readonly open: boolean }>> = {
  log: { bound: 0, open: true },
  log10: { bound: 0, open: true },
  log1p: { bound: -1, open: true },
  sqrt: { bound: 0, open: false },
};

/** HM213: a transform that some values do not have. */
export const transformDomain: DataRule = function* (context) {
  const { spec, columns } = context;
  const response = columns.get(spec.response.column);
  if (response !== undefined) yield* check(context, spec.response.transform, response, [response], ['response', 'transform']);
  const k = spec.covariates.length;
  for (const [i, c] of spec.covariates.entries()) {
    const [column, second] = c.columns.map((name) => columns.get(name));
    const path = covariatePath(context, i, 'transform');
    if (column === undefined || c.transform === 'none') continue;
    if (c.columns.length === 1 && (column.kind === 'text' || c.levels !== null)) {
      const message = `${quote(c.transform)} does nothing to ${quote(c.name)}, whose levels become 0 and 1; remove the transform.`;
      yield problemOf('HM213', 'warning', message, context.locate(path), [replaceAt(context, path, '"none"', 'Change to "none"')]);
      continue;
    }
    const active = context.groups.flatMap((name, g) => {
      const seen = context.groupProfiles.get(name);
      return seen !== undefined && context.mask[g * k + i] === 1 ? [seen] : [];
    });
    if (c.columns.length === 1)
      yield* check(
        context,
        c.transform,
        column,
        active.map((g) => g.columns[column.index]),
        path,
      );
    else if (second !== undefined) yield* checkProduct(context, c, [column, second], active, path);
  }
};

/** The sign of a product is known where one factor's is; where neither is, its values are looked at when they are read. */
function* checkProduct(
  context: DataContext,
  { name, transform }: CovariateSpec,
  [a, b]: readonly [ColumnProfile, ColumnProfile],
  groups: readonly GroupProfile[],
  path: Path,
) {
  const limit = BOUNDS[transform];
  if (limit === undefined || limit.bound !== 0) return;
  const outside = (p: NumericProfile, q: NumericProfile) => p.min > 0 && (limit.open ? q.min <= 0 : q.min < 0);
  const bad = groups.find((g) => {
    const [x, y] = [g.columns[a.index], g.columns[b.index]];
    return outside(x, y) || outside(y, x);
  });
  if (bad === undefined) return;
  const message = `${quote(transform)} needs values ${limit.open ? 'above' : 'of at least'} 0, but the product ${quote(name)} has others in the group ${quote(bad.name)}; use another transform, or leave those rows out.`;
  yield problemOf('HM213', 'error', message, context.locate(path), [replaceAt(context, path, '"none"', 'Change to "none"')]);
}

function* check(context: DataContext, transform: Transform, column: ColumnProfile, parts: readonly NumericProfile[], path: Path) {
  const fixes = [replaceAt(context, path, '"none"', 'Change to "none"')];
  const min = parts.reduce((m, p) => (p.count > 0 ? Math.min(m, p.min) : m), Number.POSITIVE_INFINITY);
  const max = parts.reduce((m, p) => (p.count > 0 ? Math.max(m, p.max) : m), Number.NEGATIVE_INFINITY);
  if (transform === 'standardize' && min === max) {
    const message = `${quote('standardize')} divides by the standard deviation of ${quote(column.name)}, which is 0; remove the transform.`;
    yield problemOf('HM213', 'error', message, context.locate(path), fixes);
  }
  const limit = BOUNDS[transform];
  if (limit === undefined || !(limit.open ? min <= limit.bound : min < limit.bound)) return;
  const at = column.min === min ? column.minPlace : null;
  const place = at === null ? undefined : dataPlace(context, at);
  const better = min > -1 && transform !== 'log1p' ? [replaceAt(context, path, '"log1p"', 'Change to "log1p"')] : [];
  const message = `${quote(transform)} needs values ${limit.open ? 'above' : 'of at least'} ${limit.bound}, but ${quote(column.name)} has ${short(min)}${at === null ? '' : ` in ${lineText(at)}`}; use another transform, or leave those rows out.`;
  yield problemOf('HM213', 'error', message, context.locate(path), [...fixes, ...better], place);
}
