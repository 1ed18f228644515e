import { exactFitOf } from '../model/exactFit.ts';
import { nodeAt } from '../spec/json.ts';
import { quote } from '../spec/nearest.ts';
import type { Problem } from '../spec/problem.ts';
import type { RowContext } from './improperPosterior.ts';
import { plural, problemOf, removeAt } from './rule.ts';

/** HM504: rows that are fitted exactly and whose scale thereby runs to 0. */
export function* exactFit(context: RowContext): Iterable<Problem> {
  const { design, data } = context;
  const found = exactFitOf(design, data);
  if (found === null) return;
  const { group, rows, weight, coefficients } = found;
  const weighted = weight === rows ? '' : ` of weight ${weight} together`;
  const where = group >= 0 && design.groupColumn !== null ? ` of the group ${quote(design.groups[group])}` : '';
  const scale = group >= 0 ? 'its scale' : 'the scale';
  const why = `${plural(coefficients, 'coefficient')} ${coefficients === 1 ? 'fits' : 'fit'} the ${plural(rows, 'row')}${where}${weighted} without a residual`;
  const byGroup = ['priors', 'scale', 'by'];
  const remedies = [
    ...(group >= 0 ? ['use one scale for all groups'] : ['look for a covariate that holds the response itself']),
    'mask coefficients',
    'or give the scale a prior that vanishes at 0, such as lognormal(0, 1)',
  ];
  const written = [byGroup, ['priors', 'scale'], ['response']].find((path) => nodeAt(context.tree, path) !== undefined) ?? [];
  const fixes = group >= 0 ? [{ title: 'One scale for all groups', edits: removeAt(context, byGroup) }] : [];
  yield problemOf(
    'HM504',
    'error',
    `${why}, so that ${scale} runs to 0 and no posterior exists; ${remedies.join(', ')}.`,
    context.locate(written),
    fixes,
  );
}
