/** The posterior itself: densities beside their priors, any pair, any contrast, how far groups are drawn together. */
import { html, nothing } from 'lit';
import { contrastChart, densitiesChart } from '../../charts/curves.ts';
import { pairChart, shrinkageChart } from '../../charts/points.ts';
import { intervalText, near, plural, probability, short, whole } from '../../shared/format.ts';
import { pick } from '../../shared/pick.ts';
import { number, type Table, text } from '../../shared/tableData.ts';
import type { FittedApp, Section } from '../app.ts';
import { sensitivityReading, sensitivityTable } from '../checks.ts';
import { estimatesTable, offeredScalars, readingOf, type Scalar, scalarRows } from '../estimates.ts';
import { emptyState, figure, tableSection } from '../parts.ts';
import { perChain } from './diagnostics.ts';

export const posterior: Section = { id: 'posterior', title: 'Posterior', render };

const MOST_DENSITIES = 9;
const MOST_GROUPS = 60;

function render(app: FittedApp): unknown {
  if (app.report.method === 'prior')
    return emptyState('The data have not been used, so there is no posterior: Overview has what the priors say of each parameter.');
  const { group } = app.state.selection;
  const scalars = scalarRows(app.report, app.structure).filter(
    (s) => s.summary !== null && (group === null || s.group === null || s.group === group),
  );
  if (scalars.length === 0) return emptyState('Every parameter here is masked.');
  const offered = offeredScalars(scalars, app.structure, app.state.selection.parameter);
  return html`${densities(app, scalars)} ${contrast(app, offered)} ${pair(app, offered)} ${shrinkage(app)} ${sensitivity(app)}`;
}

/** The picked one first, then those of the picked group, then what all groups share. */
function shownDensities(app: FittedApp, scalars: readonly Scalar[]): Scalar[] {
  const { group, parameter } = app.state.selection;
  const rank = (s: Scalar): number => (s.name === parameter ? 0 : group !== null && s.group === group ? 1 : 2);
  return [...scalars].sort((a, b) => rank(a) - rank(b)).slice(0, MOST_DENSITIES);
}

function densities(app: FittedApp, scalars: readonly Scalar[]): unknown {
  const shown = shownDensities(app, scalars);
  return figure(app.view({ kind: 'densities', parameters: shown.map((s) => s.name) }, 'densities'), {
    heading: 'Posterior and prior',
    reading: () =>
      `${readingOf(shown[0].summary!, app.report)} Dashed: the prior. The thick line is the ${intervalText(app.report.interval)} interval.`,
    note: () =>
      shown.length < scalars.length
        ? `${whole(shown.length)} of ${plural(scalars.length, 'parameter')}; pick a group or a parameter above to see others.`
        : '',
    draw: (v) => (theme, w) => densitiesChart(v, theme, w),
    table: () => estimatesTable(shown, app.report),
  });
}

function parameterPick(
  app: FittedApp,
  label: string,
  name: string,
  scalars: readonly Scalar[],
  otherwise: string,
): { value: string; control: unknown } {
  const kept = app.choice<string>(name, otherwise);
  const value = scalars.some((s) => s.name === kept) ? kept : otherwise;
  const options = scalars.map((s) => ({ value: s.name, label: s.name }));
  return { value, control: pick({ label, value, options, picked: (v) => app.choose(name, v) }) };
}

/** Two that are worth a contrast: the same covariate in two groups, else two covariates of a group, where there are such. */
function firstContrast(scalars: readonly Scalar[]): [string, string] {
  const slopes = scalars.filter((s) => s.kind === 'w' && s.group !== null);
  for (const a of slopes) {
    const b = slopes.find((s) => s.term === a.term && s.group !== a.group);
    if (b) return [a.name, b.name];
  }
  const [a, b] = slopes.length > 1 ? slopes : scalars;
  return [a.name, (b ?? a).name];
}

function contrast(app: FittedApp, scalars: readonly Scalar[]): unknown {
  const [first, second] = firstContrast(scalars);
  const a = parameterPick(app, 'First', 'posterior.contrast.a', scalars, first);
  const b = parameterPick(app, 'minus second', 'posterior.contrast.b', scalars, second);
  return figure(app.view({ kind: 'contrast', a: a.value, b: b.value }, 'contrast'), {
    heading: 'Contrast',
    reading: ({ difference: d, ...v }) =>
      `${v.a} − ${v.b} is ${near(d.mean, d.sd)}; ${intervalText(app.report.interval)} interval ${near(d.lower, d.sd)} to ${near(d.upper, d.sd)}. It is above 0 with a probability of ${probability(v.probability)}.`,
    note: ({ draws }) =>
      draws.shown < draws.all
        ? `The curve and the interval come from ${whole(draws.shown)} of ${plural(draws.all, 'draw')}, the rest from all.`
        : '',
    draw: (v) => (theme, w) => contrastChart(v, theme, w),
    table: ({ difference: d, probability }) =>
      perChain(['Mean', 'SD', 'Lower', 'Upper', 'P(> 0)'], [[d.mean, d.sd, d.lower, d.upper, probability]]),
    controls: html`${a.control} ${b.control}`,
  });
}

function pair(app: FittedApp, scalars: readonly Scalar[]): unknown {
  if (scalars.length < 2) return nothing;
  const picked = scalars.find((s) => s.name === app.state.selection.parameter)?.name;
  const x = parameterPick(app, 'Across', 'posterior.pair.x', scalars, picked ?? scalars[0].name);
  const y = parameterPick(app, 'Up', 'posterior.pair.y', scalars, scalars.find((s) => s.name !== x.value)!.name);
  return figure(app.view({ kind: 'pair', x: x.value, y: y.value }, 'posterior.pair'), {
    heading: 'Any two parameters',
    reading: (v) => `${v.x} and ${v.y}: correlation ${v.correlation === null ? 'undefined, one of them is fixed' : short(v.correlation)}.`,
    note: (v) => (v.draws.shown < v.draws.all ? `${whole(v.draws.shown)} of ${plural(v.draws.all, 'draw')} are shown.` : ''),
    draw: (v) => (theme, w) => pairChart(v, theme, w),
    table: (v) =>
      perChain(
        [v.x, v.y],
        Array.from(v.points.x, (value, i) => [value, v.points.y[i]]),
      ),
    controls: html`${x.control} ${y.control}`,
  });
}

function sensitivity({ report }: FittedApp): unknown {
  const rows = report.sensitivity;
  if (rows === null || rows.length === 0) return nothing;
  return tableSection('What is owed to the priors', sensitivityReading(rows), sensitivityTable(rows));
}

function shrinkage(app: FittedApp): unknown {
  const pooled = app.structure.terms.filter((t) => t.pooling === 'partial').map((t) => t.name);
  if (pooled.length === 0) return nothing;
  const kept = app.choice<string>('posterior.term', pooled[0]);
  const term = pooled.includes(kept) ? kept : pooled[0];
  return figure(app.view({ kind: 'shrinkage', term }, 'shrinkage'), {
    heading: 'How far groups are drawn together',
    reading: (v) =>
      `Each group's ${v.term === 'alpha' ? 'intercept' : v.term}${v.alone.some(Number.isFinite) ? ' by its own rows alone, and pooled:' : ' as pooled:'} drawn towards the population's mean, ${short(v.population)} (dashed).`,
    note: (v) =>
      v.groups.length > MOST_GROUPS ? `The ${MOST_GROUPS} groups with most rows; the table has all ${whole(v.groups.length)}.` : '',
    draw: (v) => (theme, w) => shrinkageChart(v, MOST_GROUPS, theme, w),
    table: (v): Table => ({
      columns: [
        { title: 'Group', share: 2 },
        { title: 'Rows', number: true },
        { title: 'Alone', number: true },
        { title: 'Pooled', number: true },
      ],
      rows: v.groups.map((g, i) => ({
        key: g,
        cells: [text(g), number(v.rows[i], whole), number(v.alone[i], short), number(v.pooled[i], short)],
      })),
    }),
    controls: pick({
      label: 'Term',
      value: term,
      options: pooled.map((t) => ({ value: t, label: t === 'alpha' ? 'Intercept' : t })),
      picked: (v) => app.choose('posterior.term', v),
    }),
  });
}
