/** A fit's report as text. */
import type { Design } from '../../core/design/design.ts';
import { type FitReport, type GroupsOutReport, isMasked, type LooReport } from '../../core/posterior/report.ts';
import { visible } from '../../core/spec/text.ts';
import { formatNumber as n, renderTable } from './table.ts';

const percent = (prob: number): string => `${Number((100 * prob).toFixed(3))} %`;

/** @param design What the report is of. */
export function renderFit(report: FitReport, design: Pick<Design, 'response'>): string {
  const { interval, sampling, rows, timing_ms: t } = report;
  const label = `${percent(interval.prob)} ${interval.kind === 'hdi' ? 'HDI' : 'ETI'}`;
  const draws = `${sampling.chains} ${sampling.chains === 1 ? 'chain' : 'chains'} × ${sampling.draws} draws after ${sampling.warmup} of warm-up`;
  const left = rows.dropped > 0 ? ` (${rows.dropped} left out)` : '';
  const lines = [
    `${visible(report.spec)}: ${rows.used} rows${left}, method ${report.method}, ${draws}, seed ${report.seed}`,
    `read ${ms(t.read)}, sampled ${ms(t.compile + t.sample)}, summarised ${ms(t.summarise)}`,
    '',
    report.verdict.headline,
    ...report.verdict.flags.flatMap((f) => [`  ${f.severity}: ${visible(f.message)}`, `    ${visible(f.advice)}`]),
    ...(report.verdict.notes ?? []).map((note) => `  note: ${visible(note)}`),
    '',
    renderParameters(report, label),
    '',
    `Divergences: ${sampling.divergences}`,
  ];
  if (report.loo) lines.push(renderLoo(report.loo));
  if (report.waic) lines.push(`WAIC: elpd ${n(report.waic.elpd, 1)} ± ${n(report.waic.se, 1)}`);
  if (report.groups_out) lines.push(renderGroupsOut(report.groups_out));
  if (report.r2) lines.push(`Bayesian R²: ${n(report.r2.mean)} (${label} ${n(report.r2.lower)} to ${n(report.r2.upper)})`);
  if (report.predictive) {
    const { coverage, statistics } = report.predictive;
    const shown = statistics.map(
      (x) => `${x.name} ${n(x.observed)} (90 % of replicated ${n(x.lower)} to ${n(x.upper)}, p ${x.p.toFixed(2)})`,
    );
    lines.push(`Predictive check: ${n(100 * coverage, 1)} % of rows in their ${label}; ${shown.join(', ')}`);
  }
  if (report.prior_predictive) {
    const { lower, upper, observed, within } = report.prior_predictive;
    lines.push(
      `Prior predictive: ${label} of the response ${n(lower)} to ${n(upper)}; the data lie from ${n(observed.min)} to ${n(observed.max)}, where ${n(100 * within, 1)} % of simulated responses fall.`,
    );
  }
  const sensitive = report.sensitivity?.filter((s) => s.reading !== 'none') ?? [];
  for (const s of sensitive.slice(0, 10)) lines.push(`Sensitivity: ${visible(s.text)}`);
  const unsure = report.sensitivity?.filter((s) => s.reading === 'none' && s.doubtful).length ?? 0;
  if (unsure > 0)
    lines.push(
      `Sensitivity: that the prior hardly matters is doubtful for ${unsure} ${unsure === 1 ? 'parameter' : 'parameters'}: the importance weights that tell it fail.`,
    );
  if (report.predictions.length > 0) lines.push('', renderPredictions(report, label));
  if (report.predictions.length > 0 && design.response.transform !== 'none') lines.push(ownScale(design));
  if (report.predictions.length > 0 && design.response.levels !== null) lines.push(outcomeLine(design));
  return lines.join('\n');
}

function renderLoo(loo: LooReport): string {
  const how = { exact: 'exact, ', integrated: 'coefficients integrated out, ', psis: '' }[loo.method];
  const rough = loo.doubtful > 0 ? `, rough for ${loo.doubtful} ${loo.doubtful === 1 ? 'row' : 'rows'}` : '';
  return `Leave-one-out: elpd ${n(loo.elpd, 1)} ± ${n(loo.se, 1)}, ${how}largest Pareto k ${n(loo.pareto_k_max, 2)}${rough}`;
}

function renderGroupsOut({ elpd, se, mcse, method, groups }: GroupsOutReport): string {
  const doubtful = groups.filter((g) => g.doubtful).length;
  const how = method === 'exact' ? ', exact' : `, Monte Carlo error ${n(mcse)}`;
  const rough = doubtful > 0 ? `; doubtful: ${doubtful} of ${groups.length} groups, where importance weights fail` : '';
  return `Leave-one-group-out: elpd ${n(elpd, 1)} ± ${n(se, 1)}${how}${rough}`;
}

/** Which scale predictions are on. */
export const ownScale = ({ response: { column, transform } }: Pick<Design, 'response'>): string =>
  `Predictions are of ${column} itself, on its own scale; the model is of ${transform}(${column}). "scale": "transformed" asks for that.`;

/** What 1 and 0 stand for in a response of two texts. */
export function outcomeLine({ response: { column, levels } }: Pick<Design, 'response'>): string {
  const texts = (levels ?? []).map((spellings) => spellings.map((text) => JSON.stringify(text)).join(' or '));
  return visible(`Predictions are of ${column} being ${texts[1]}: 1 is ${texts[1]}, 0 is ${texts[0]}.`);
}

const ms = (x: number): string => (x < 1000 ? `${x.toFixed(0)} ms` : `${(x / 1000).toFixed(1)} s`);

function renderParameters(report: FitReport, label: string): string {
  const header = ['parameter', 'mean', 'sd', 'median', '5 % (ETI)', '95 % (ETI)', 'ESS bulk', 'ESS tail', 'R-hat'];
  const own = report.interval.kind !== 'eti' || report.interval.prob !== 0.9;
  if (own) header.splice(4, 0, `${label} from`, 'to');
  const rows = report.parameters.map((p) => {
    if (isMasked(p)) return [p.name, 'masked', ...header.slice(2).map(() => null)];
    const cells = [
      p.name,
      n(p.mean),
      n(p.sd),
      n(p.median),
      n(p.q5),
      n(p.q95),
      p.ess_bulk.toFixed(0),
      p.ess_tail.toFixed(0),
      p.r_hat === null ? '–' : p.r_hat.toFixed(3),
    ];
    if (own) cells.splice(4, 0, n(p.lower), n(p.upper));
    return cells;
  });
  return renderTable(header, rows);
}

function renderPredictions(report: FitReport, label: string): string {
  const header = ['prediction', 'mean', 'sd', `${label} from`, 'to', 'mean response', 'ignored (masked)'];
  const rows = report.predictions.map((p, i) => {
    const name = `${p.name ?? `${i + 1}: ${p.group}`}${p.scale === 'transformed' ? ' (transformed)' : ''}`;
    return [name, n(p.mean), n(p.sd), n(p.lower), n(p.upper), n(p.mu.mean), p.ignored.join(', ') || null];
  });
  const missing = report.predictions.find((p) => p.note !== undefined);
  const note = missing === undefined ? '' : `\n–: ${missing.note}`;
  return renderTable(header, rows) + note;
}
