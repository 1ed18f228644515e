import { quote } from '../spec/nearest.ts';
import type { Fix, Severity } from '../spec/problem.ts';
import { type DataRule, dataPlace, lineText, maskCell, plural, problemOf, setKey, setMaskCell } from './rule.ts';

/**
 * HM406: some cells are empty where the mask is 1; an error unless "missing" says what to do with them.
 * HM407: all are.
 */
export const maskEmptyCells: DataRule = function* (context) {
  const { spec, columns, unread } = context;
  const k = spec.covariates.length;
  for (const [g, group] of context.groups.entries()) {
    const seen = context.groupProfiles.get(group);
    if (seen === undefined || seen.rows === 0) continue;
    for (const [p, covariate] of spec.covariates.entries()) {
      if (context.mask[g * k + p] === 0) continue;
      for (const name of covariate.columns) {
        const column = columns.get(name);
        const cells = column === undefined ? undefined : seen.columns[column.index];
        if (cells === undefined || cells.empty === 0) continue;
        const all = cells.empty === seen.rows;
        const at = cells.firstEmpty;
        const place = at === null ? undefined : dataPlace(context, at);
        const where = at === null ? '' : `, first in ${lineText(at)}`;
        const mask: Fix = {
          title: `Mask ${quote(covariate.name)} for ${quote(group)}`,
          edits: setMaskCell(context, group, p, 0),
          preferred: all,
        };
        const fixes: Fix[] = mask.edits.length > 0 ? [mask] : [];
        const range = maskCell(context, group, p);
        if (all) {
          const severity: Severity = spec.missing === 'drop' || spec.missing === 'zero' ? 'warning' : 'error';
          const message = `${quote(name)} is empty in all ${plural(seen.rows, 'row')} of the group ${quote(group)}, yet its mask is 1; set it to 0.`;
          yield problemOf('HM407', severity, message, range, fixes, place);
          continue;
        }
        if (unread.has('missing')) continue;
        const count = `${quote(name)} is empty in ${cells.empty} of the ${plural(seen.rows, 'row')} of the group ${quote(group)}${where}`;
        if (spec.missing === 'error' || spec.missing === 'impute') {
          const drop = { title: 'Leave such rows out: "missing": "drop"', edits: setKey(context, 'missing', '"drop"') };
          const zero = { title: 'Count such cells as 0: "missing": "zero"', edits: setKey(context, 'missing', '"zero"') };
          const message = `${count}, yet its mask is 1; mask it, fill the cells in, or set "missing" to "drop" or "zero".`;
          yield problemOf('HM406', 'error', message, range, [...fixes, drop, zero], place);
        } else {
          const done = spec.missing === 'drop' ? 'these rows are left out' : 'these cells count as 0';
          yield problemOf('HM406', 'info', `${count}; ${done}.`, range, fixes, place);
        }
      }
    }
  }
};
