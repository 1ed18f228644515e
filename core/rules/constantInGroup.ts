import { quote } from '../spec/nearest.ts';
import { covariateRange, type DataRule, isNumeric, maskCell, plural, problemOf, removeCovariate, setMaskCell, short } from './rule.ts';

/** HM501: a covariate that does not change within a group cannot be told from the group's intercept. */
export const constantInGroup: DataRule = function* (context) {
  const { spec, columns } = context;
  if (spec.intercept === null) return;
  const k = spec.covariates.length;
  for (const [p, covariate] of spec.covariates.entries()) {
    const pooling = covariate.pooling ?? spec.pooling;
    if (covariate.columns.length === 1 && covariate.columns[0] === spec.group && pooling === 'none') {
      const message = `The covariate ${quote(covariate.name)} is the group column, which does not change within a group, so only its prior tells it from the intercept; remove it.`;
      yield problemOf('HM501', 'warning', message, covariateRange(context, p), [
        { title: `Remove the covariate ${quote(covariate.name)}`, edits: removeCovariate(context, p) },
      ]);
      continue;
    }
    if (!isNumeric(context, p)) continue;
    const { name } = covariate;
    const column = columns.get(covariate.columns[0])!;
    const active = context.groups.flatMap((group, g) => {
      const cells = context.groupProfiles.get(group)?.columns[column.index];
      return context.mask[g * k + p] === 1 && cells !== undefined && cells.count >= 2 ? [{ group, cells }] : [];
    });
    const constant = active.filter(({ cells }) => cells.min === cells.max);
    const everywhere = constant.length > 0 && constant.length === active.length;
    if (everywhere && (pooling === 'none' || column.min === column.max)) {
      const value = column.min === column.max ? ` (${short(column.min)} in every row)` : '';
      const message = `The covariate ${quote(name)} does not change within any group${value}, so only its prior tells it from the intercept; remove it, or pool it.`;
      yield problemOf('HM501', 'warning', message, covariateRange(context, p), [
        { title: `Remove the covariate ${quote(name)}`, edits: removeCovariate(context, p) },
      ]);
      continue;
    }
    if (pooling !== 'none') continue;
    for (const { group, cells } of constant) {
      const edits = setMaskCell(context, group, p, 0);
      const message = `${quote(name)} is ${short(cells.min)} in all ${plural(cells.count, 'row')} of the group ${quote(group)}, so only its prior tells it from the intercept; mask it there.`;
      yield problemOf(
        'HM501',
        'warning',
        message,
        maskCell(context, group, p),
        edits.length > 0 ? [{ title: `Mask ${quote(name)} for ${quote(group)}`, edits }] : [],
      );
    }
  }
};
