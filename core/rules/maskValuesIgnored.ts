import { nodeAt } from '../spec/json.ts';
import { quote } from '../spec/nearest.ts';
import { type DataRule, maskCell, plural, problemOf, setMaskCell } from './rule.ts';

/** HM408: the mask is 0 but the data have values there, which are not read. */
export const maskValuesIgnored: DataRule = function* (context) {
  const { spec, columns } = context;
  if (spec.mask === 'auto') return;
  const k = spec.covariates.length;
  for (const group of spec.mask.keys()) {
    const seen = context.groupProfiles.get(group);
    const g = context.groupIndex.get(group)!;
    if (seen === undefined || nodeAt(context.tree, ['mask', group]) === undefined) continue;
    for (const [p, covariate] of spec.covariates.entries()) {
      const column = columns.get(covariate.columns[0]);
      if (context.mask[g * k + p] === 1 || covariate.columns.length > 1 || column === undefined) continue;
      const cells = seen.columns[column.index];
      const there = seen.rows - cells.empty;
      if (there === 0) continue;
      const edits = setMaskCell(context, group, p, 1);
      const message = `The mask is 0, so ${plural(there, 'value')} of ${quote(covariate.name)} in the group ${quote(group)} ${there === 1 ? 'is' : 'are'} ignored; set it to 1 to read them.`;
      yield problemOf('HM408', 'hint', message, maskCell(context, group, p), edits.length > 0 ? [{ title: 'Change to 1', edits }] : []);
    }
  }
};
