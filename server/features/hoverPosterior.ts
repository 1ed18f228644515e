import { isFixed, logPrior } from '../../core/design/priors.ts';
import { isMasked, type ParameterSummary } from '../../core/posterior/report.ts';
import type { Prior } from '../../core/spec/types.ts';
import type { FeatureContext } from '../context.ts';
import { cellCode, code, number, table } from './markdown.ts';
import { densityPicture } from './picture.ts';
import { covariateNamed } from './place.ts';

const PICTURE = 'posterior density, and the prior as a line';
/** Pictures side by side, in the order of the table. */
const PICTURES = 2;
const STALE = '⚠ *The spec or its data changed since this fit.*';

export const SUMMARY_HEADER = ({ fit }: FeatureContext): readonly string[] => {
  const interval = fit === null ? '' : `${Math.round(100 * fit.report.interval.prob)} % ${fit.report.interval.kind.toUpperCase()}`;
  return ['parameter', 'mean', 'sd', interval, 'ESS', 'R-hat'];
};

export const summaryRow = (p: ParameterSummary): readonly string[] => [
  cellCode(p.name),
  number(p.mean),
  number(p.sd),
  `${number(p.lower)} – ${number(p.upper)}`,
  `${Math.round(p.ess_bulk)} / ${Math.round(p.ess_tail)}`,
  p.r_hat === null ? '–' : p.r_hat.toFixed(3),
];

/** One parameter's posterior with its picture; `null` when there was no fit or it has no such parameter. */
export function parameterText(context: FeatureContext, name: string): string | null {
  const { fit } = context;
  const parameter = fit?.parameters.get(name);
  if (fit === null || parameter === undefined) return null;
  if (isMasked(parameter)) return `${code(name)} is masked: it is not part of the model.`;
  const parts = [table(SUMMARY_HEADER(context), [summaryRow(parameter)])];
  const density = fit.densities.get(name);
  if (density !== undefined) parts.push(densityPicture(density, priorDensity(context, name), PICTURE));
  if (fit.stale) parts.push(STALE);
  return parts.join('\n\n');
}

/** A covariate's weights, group by group. */
export function covariatePosterior(context: FeatureContext, index: number): string | null {
  const { fit, spec } = context;
  const covariate = spec?.spec.covariates[index];
  if (fit === null || covariate === undefined) return null;
  const { name } = covariate;
  const isOwn = (parameter: string) =>
    [`w[${name}, `, `w[${name}]`, `w[${name}[`, `mu_w[${name}]`, `tau_w[${name}]`].some((start) => parameter.startsWith(start));
  const [rows, ...rest] = parametersText(context, isOwn) ?? [];
  if (rows === undefined) return null;
  const pictures = [...fit.densities]
    .filter(([parameter]) => isOwn(parameter))
    .slice(0, PICTURES)
    .map(([parameter, density]) => densityPicture(density, priorDensity(context, parameter), PICTURE));
  return [rows, ...(pictures.length > 0 ? [pictures.join(' ')] : []), ...rest].join('\n\n');
}

/** A cell of the mask. */
export function cellText(context: FeatureContext, group: string, covariate: number): string | null {
  const c = context.spec?.spec.covariates[covariate];
  if (c === undefined) return null;
  const parts = [`${code(c.name)} in the group ${code(group)}`];
  const { data } = context;
  const g = data?.groups.indexOf(group) ?? -1;
  if (data !== null && g >= 0) {
    const active = data.mask[g * data.spec.covariates.length + covariate] === 1;
    const column = data.columns.get(c.columns[0]);
    const cells = column === undefined ? undefined : data.groupProfiles.get(group)?.columns[column.index];
    parts[0] += active ? ' · active' : ' · masked: never sampled, never read';
    if (cells !== undefined) {
      const what = cells.count > 0 || cells.texts === 0 ? [`${cells.count.toLocaleString('en')} numbers`] : [];
      if (cells.texts > 0) what.push(`${cells.texts.toLocaleString('en')} cells of text`);
      parts.push(`${what.join(', ')}, ${cells.empty.toLocaleString('en')} empty`);
    }
  }
  const posterior = parameterText(context, `w[${c.name}, ${group}]`) ?? parameterText(context, `w[${c.name}]`);
  if (posterior !== null) parts.push(posterior);
  else parts.push(...(parametersText(context, (name) => name.startsWith(`w[${c.name}[`) && name.endsWith(`], ${group}]`)) ?? []));
  return parts.join('\n\n');
}

/** Parameters that a table has room for. */
const MOST_ROWS = 12;

/** The posteriors of the parameters of certain names, as paragraphs; `null` when there are none. */
export function parametersText(context: FeatureContext, wanted: (name: string) => boolean): readonly string[] | null {
  const { fit } = context;
  const own = fit === null ? [] : [...fit.parameters.values()].filter((p) => wanted(p.name));
  if (fit === null || own.length === 0) return null;
  const rows = own.slice(0, MOST_ROWS).map((p) => (isMasked(p) ? [cellCode(p.name), 'masked', '', '', '', ''] : summaryRow(p)));
  const more = own.length > MOST_ROWS ? `\n\n… and ${own.length - MOST_ROWS} more` : '';
  return [table(SUMMARY_HEADER(context), rows) + more, ...(fit.stale ? [STALE] : [])];
}

/** A covariate's value in a prediction. */
export function atText(context: FeatureContext, prediction: number, name: string): string | null {
  const index = covariateNamed(context, name);
  const group = context.spec?.spec.predictions[prediction]?.group;
  const cell = group === undefined || index < 0 ? null : cellText(context, group, index);
  return [cell, predictionText(context, prediction)].filter((t) => t !== null).join('\n\n---\n\n') || null;
}

/** A prediction's answer. */
export function predictionText({ fit, spec }: FeatureContext, index: number): string | null {
  const answer = fit?.report.predictions[index];
  const asked = spec?.spec.predictions[index];
  if (fit === null || answer === undefined || asked === undefined || answer.group !== asked.group) return null;
  const { kind, prob } = fit.report.interval;
  const row = (label: string, p: typeof answer.mu) => [label, number(p.mean), number(p.sd), `${number(p.lower)} – ${number(p.upper)}`];
  const rows = [row('response', answer), row('its mean', answer.mu)];
  const parts = [
    `Prediction for ${code(answer.group)}`,
    table(['', 'mean', 'sd', `${Math.round(100 * prob)} % ${kind.toUpperCase()}`], rows),
  ];
  if (answer.note !== undefined) parts.push(answer.note);
  if (answer.ignored.length > 0) parts.push(`Masked, so ignored: ${answer.ignored.map(code).join(', ')}`);
  if (fit.stale) parts.push(STALE);
  return parts.join('\n\n');
}

/** The density of a parameter's own prior, where it has one. */
function priorDensity({ design }: FeatureContext, name: string): ((x: number) => number) | null {
  const term = design?.terms.find((t) => name.startsWith(t.kind === 'intercept' ? 'alpha[' : `w[${t.name}, `));
  const prior: Prior | undefined = name === 'scale' ? design?.scale?.prior : term?.pooling === 'none' ? term.prior : undefined;
  if (prior === undefined || isFixed(prior) || prior.dist === 'flat') return null;
  return (x) => Math.exp(logPrior(prior, x));
}
