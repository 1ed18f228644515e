/** How sampling went: every parameter at a glance, the picked one in detail, the sampler as a whole. */
import { html } from 'lit';
import { autocorrelationChart, energyChart, essGrowthChart, ranksChart, traceChart, treeDepthChart } from '../../charts/chains.ts';
import { convergenceChart, isOff } from '../../charts/convergence.ts';
import { pairChart } from '../../charts/points.ts';
import { near, percent, plural, rHat, short, whole } from '../../shared/format.ts';
import { number, type Table, text, withColumns } from '../../shared/tableData.ts';
import type { FittedApp, Section } from '../app.ts';
import { calibrationPart } from '../calibration.ts';
import { ESS_PER_CHAIN, estimatesTable, R_HAT_LIMIT, type Scalar, scalarRows, worstFirst } from '../estimates.ts';
import { emptyState, figure } from '../parts.ts';

export const diagnostics: Section = { id: 'diagnostics', title: 'Diagnostics', render };

/** Rows of the table of parameters that deserve a look first. */
const WORST = 200;

/** What is looked at here stands first: the name, R-hat, both effective sample sizes, mean and sd. */
const FIRST = [0, 9, 7, 8, 2, 3];

function render(app: FittedApp): unknown {
  if (app.report.method === 'prior')
    return html`${emptyState('Draws from the priors are independent of each other: there are no chains to diagnose.')} ${calibrationPart(app)}`;
  const { group, parameter } = app.state.selection;
  const scalars = scalarRows(app.report, app.structure).filter((s) => group === null || s.group === null || s.group === group);
  const worst = worstFirst(scalars, app.report);
  const picked = worst.find((s) => s.name === parameter) ?? worst[0];
  return html`${worstTable(app, worst, picked)} ${convergence(app, worst)} ${picked ? ofParameter(app, picked, worst) : ''} ${energyFigure(app)} ${depthFigure(app)} ${calibrationPart(app)}`;
}

function worstTable(app: FittedApp, worst: readonly Scalar[], picked: Scalar | undefined): unknown {
  const table = withColumns(estimatesTable(worst.slice(0, WORST), app.report), FIRST);
  const highest = Math.max(...worst.map((s) => s.summary?.r_hat ?? 1), 1);
  const least = Math.min(...worst.map((s) => Math.min(s.summary!.ess_bulk, s.summary!.ess_tail)));
  return html`<section class="figure" aria-labelledby="worst-first">
    <header><h2 id="worst-first">Parameters, worst first</h2></header>
    <p class="reading">
      R-hat is at most ${rHat(highest)} (it should be below 1.01); the smallest effective sample size is ${whole(least)} (it should be above
      ${whole(100 * app.report.sampling.chains)}); ${plural(app.report.sampling.divergences, 'divergence')}.
    </p>
    <div class="wide">
      <hm-table
        .table=${table}
        .label=${'Parameters, worst first'}
        .pickable=${true}
        .picked=${picked?.name ?? null}
        @hm-pick=${(e: CustomEvent<string>) => app.selectParameter(e.detail)}
      ></hm-table>
    </div>
    ${worst.length > WORST ? html`<p class="note">The first ${WORST} of ${whole(worst.length)}; pick a group to see its own.</p>` : ''}
  </section>`;
}

/** Points in a picture; the worst are among them. */
const MOST_POINTS = 1500;

function convergence(app: FittedApp, worst: readonly Scalar[]): unknown {
  const limits = { rHat: R_HAT_LIMIT, ess: ESS_PER_CHAIN * app.report.sampling.chains };
  const all = worst.map(({ name, summary: s }) => ({ name, rHat: s!.r_hat, ess: Math.min(s!.ess_bulk, s!.ess_tail) }));
  const shown = all.slice(0, MOST_POINTS);
  const off = all.filter((p) => isOff(p, limits)).length;
  return figure(
    { value: app.report, error: null, waiting: false },
    {
      heading: 'R-hat and effective sample size of all parameters',
      reading: () =>
        off === 0
          ? `All ${plural(all.length, 'parameter')} keep to the limits (dashed): R-hat below ${limits.rHat}, effective sample size above ${whole(limits.ess)}.`
          : `${plural(off, 'parameter')} of ${whole(all.length)} ${off === 1 ? 'is' : 'are'} over a limit (dashed): R-hat below ${limits.rHat}, effective sample size above ${whole(limits.ess)}.`,
      note: () =>
        `Good ones lie low and to the right; the smaller of bulk and tail counts. A click picks a parameter.${shown.length < all.length ? ` The worst ${whole(shown.length)} of ${whole(all.length)} are shown.` : ''}`,
      draw: () => (theme, w) => convergenceChart(shown, limits, theme, w),
      table: () => withColumns(estimatesTable(worst, app.report), FIRST.slice(0, 4)),
      inputs: [app.state.selection.group],
    },
  );
}

function ofParameter(app: FittedApp, picked: Scalar, worst: readonly Scalar[]): unknown {
  const parameter = picked.name;
  const s = picked.summary!;
  const partner =
    worst.find((other) => other.name !== parameter && (other.kind === 'scale' || other.kind === 'tau')) ??
    worst.find((other) => other.name !== parameter);
  return html`
    ${figure(app.view({ kind: 'trace', parameter }, 'trace'), {
      heading: `Trace of ${parameter}`,
      reading: (v) =>
        `The chains should look alike and have no trend. ${s.mean === null || s.sd === null ? `${parameter} has the median ${near(s.median, s.upper - s.lower)}, and no mean or sd` : `${parameter} is ${near(s.mean, s.sd)} ± ${near(s.sd, s.sd)}`}${v.divergent.length > 0 ? `; crosses are divergent draws` : ''}.`,
      note: (v) =>
        v.stride > 1 ? `Each point is the mean of ${whole(v.stride)} neighbouring draws, the band their smallest and largest.` : '',
      draw: (v) => (theme, w) => traceChart(v, theme, w),
      table: (v) =>
        perChain(
          ['Draw', ...v.chains.map((_, c) => `Chain ${c + 1}`)],
          Array.from(v.iteration, (i, k) => [i, ...v.chains.map((c) => c.mean[k])]),
        ),
    })}
    ${figure(app.view({ kind: 'ranks', parameter }, 'ranks'), {
      heading: `Ranks of ${parameter}`,
      reading: (v) => {
        const outside = v.counts.flat().filter((c) => c < v.lower || c > v.upper).length;
        return `Flat when the chains agree: ${plural(outside, 'bar')} of ${v.counts.flat().length} lie outside the band that holds 99 % of independent draws.`;
      },
      draw: (v) => (theme, w) => ranksChart(v, theme, w),
      table: (v) =>
        perChain(
          ['Bin', ...v.counts.map((_, c) => `Chain ${c + 1}`)],
          Array.from({ length: v.bins }, (_, k) => [k + 1, ...v.counts.map((c) => c[k])]),
        ),
    })}
    ${figure(app.view({ kind: 'autocorrelation', parameter }, 'autocorrelation'), {
      heading: `Autocorrelation of ${parameter}`,
      reading: (v) =>
        `Should fall to about 0 within a few draws; at lag 1 it is ${short(meanOf(v.chains.map((c) => c[1] ?? Number.NaN)))} on average.`,
      note: (v) => (v.stride > 1 ? `From one draw in ${whole(v.stride)} of each chain, and those after it.` : ''),
      draw: (v) => (theme, w) => autocorrelationChart(v, theme, w),
      table: (v) =>
        perChain(
          ['Lag', ...v.chains.map((_, c) => `Chain ${c + 1}`)],
          Array.from(v.chains[0] ?? [], (_, k) => [k, ...v.chains.map((c) => c[k])]),
        ),
    })}
    ${figure(app.view({ kind: 'ess_growth', parameter }, 'ess_growth'), {
      heading: `Effective sample size of ${parameter} as draws came in`,
      reading: (v) =>
        `Should grow in a straight line and end above ${whole(v.wanted)} (the dashed line): it ends at ${whole(v.bulk.at(-1))} (bulk) and ${whole(v.tail.at(-1))} (tail).`,
      note: (v) =>
        `The last point is that of the table${v.block > 1 ? `; those before it come from means of ${whole(v.block)} neighbouring draws` : ''}.`,
      draw: (v) => (theme, w) => essGrowthChart(v, theme, w),
      table: (v) =>
        perChain(
          ['Draws', 'Bulk', 'Tail'],
          v.total.map((t, k) => [t, v.bulk[k], v.tail[k]]),
        ),
    })}
    ${
      partner
        ? figure(app.view({ kind: 'pair', x: parameter, y: partner.name }, 'diagnostics.pair'), {
            heading: `${parameter} against ${partner.name}`,
            reading: (v) => {
              const bad = v.points.divergent.reduce((a, b) => a + b, 0);
              return bad === 0
                ? 'No draw diverged.'
                : `Crosses are divergent draws (${bad}): where they gather, the sampler could not follow the posterior.`;
            },
            draw: (v) => (theme, w) => pairChart(v, theme, w),
            table: (v) =>
              perChain(
                [v.x, v.y],
                Array.from(v.points.x, (x, i) => [x, v.points.y[i]]),
              ),
          })
        : ''
    }
  `;
}

function energyFigure(app: FittedApp): unknown {
  const { bfmi } = app.report.sampling;
  return figure(app.view({ kind: 'energy' }), {
    heading: 'Energy',
    reading: () => `The two should be alike. E-BFMI is ${bfmi.map(short).join(', ')} by chain; below 0.3 the tails are not explored.`,
    draw: (v) => (theme, w) => energyChart(v, theme, w),
    table: (v) =>
      perChain(
        ['From', 'To', 'Energy about its mean', 'Change from draw to draw'],
        v.marginal.map((m, k) => [v.lower + k * v.width, v.lower + (k + 1) * v.width, m, v.transition[k]]),
      ),
  });
}

function depthFigure(app: FittedApp): unknown {
  return figure(app.view({ kind: 'tree_depth' }), {
    heading: 'Length of trajectories',
    reading: (v) => {
      const all = v.chains.flat().reduce((a, b) => a + b, 0);
      if (v.unit === 'gradients') return 'Every trajectory had the length set for it: as many gradients as warm-up found to be needed.';
      return v.hits === 0
        ? 'No trajectory was cut short by the largest tree depth.'
        : `${percent(v.hits / Math.max(1, all))} of the trajectories reached the largest tree depth: raise max_treedepth.`;
    },
    draw: (v) => (theme, w) => treeDepthChart(v, theme, w),
    table: (v) =>
      perChain(
        [v.unit === 'depth' ? 'Tree depth' : 'Gradients a draw', ...v.chains.map((_, c) => `Chain ${c + 1}`)],
        v.lengths.map((d, k) => [d, ...v.chains.map((c) => c[k])]),
      ),
  });
}

const meanOf = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length;

/** A table of numbers only. */
export function perChain(titles: readonly string[], rows: readonly (readonly (number | null)[])[]): Table {
  return {
    columns: titles.map((title) => ({ title, number: true })),
    rows: rows.map((row, i) => ({ key: String(i), cells: row.map((x) => (x === null ? text('–') : number(x, short))) })),
  };
}
