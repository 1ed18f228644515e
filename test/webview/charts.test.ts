import { compile } from 'vega-lite';
import { describe, expect, it } from 'vitest';
import type { CalibrationReport } from '../../core/posterior/calibrate/sbc.ts';
import { answerView } from '../../engine/views/answer.ts';
import type { ViewState } from '../../engine/views/state.ts';
import type { ViewOf, ViewRequest } from '../../protocol/views.ts';
import { ecdfDifferenceChart, rankHistogramsChart } from '../../webview/charts/calibration.ts';
import { autocorrelationChart, energyChart, essGrowthChart, ranksChart, traceChart, treeDepthChart } from '../../webview/charts/chains.ts';
import { type Chart, vegaConfig, wholeSpec } from '../../webview/charts/chart.ts';
import { elpdChart, movesChart, movesOf } from '../../webview/charts/compared.ts';
import { type Converged, convergenceChart, isOff } from '../../webview/charts/convergence.ts';
import { conditionalChart, contrastChart, densitiesChart, overlayChart } from '../../webview/charts/curves.ts';
import { forestChart } from '../../webview/charts/forest.ts';
import { groupsOutChart } from '../../webview/charts/groupsOut.ts';
import { groupedChart, observedPredictedChart, predictiveChart } from '../../webview/charts/histograms.ts';
import { mapCells, maskMapChart } from '../../webview/charts/maskMap.ts';
import { pairPlotChart } from '../../webview/charts/pairPlot.ts';
import { pairChart, pitChart, residualsChart, rowIntervalsChart, shrinkageChart } from '../../webview/charts/points.ts';
import { rootogramBins, rootogramChart } from '../../webview/charts/rootogram.ts';
import { statisticsChart } from '../../webview/charts/statistics.ts';
import { calibrationTable, doubtfulFirst, statisticPanels } from '../../webview/panel/checks.ts';
import { asEstimate, scalarRows, topScalars } from '../../webview/panel/estimates.ts';
import { type Theme, type ThemeKind, themeFrom } from '../../webview/shared/theme.ts';
import { counts, manufacturing, manyGroups } from '../engine/views/fixture.ts';

const HOSTILE: [string, string] = ['<img src=x onerror=alert(1)>', '"]; datum.x\\ [link](command:evil) &amp; \''];
const THEMES: ThemeKind[] = ['light', 'dark', 'hc-light', 'hc-dark'];
const WIDTH = 800;

function ask<R extends ViewRequest>(state: ViewState, request: R): ViewOf<R['kind']> {
  return answerView(request, state, { fit: 'f', title: 'fit' }, () => undefined) as ViewOf<R['kind']>;
}

const LIMITS = { rHat: 1.01, ess: 400 };
const converged = (scalars: ReturnType<typeof scalarRows>): Converged[] =>
  scalars.flatMap(({ name, summary: s }) => (s ? [{ name, rHat: s.r_hat, ess: Math.min(s.ess_bulk, s.ess_tail) }] : []));

/** Every picture of the panel for one fit. */
function pictures(state: ViewState): [name: string, draw: (theme: Theme) => Chart][] {
  const structure = ask(state, { kind: 'structure' });
  const { groups } = structure;
  const group = groups[groups.length - 1];
  const scalars = scalarRows(state.report, structure);
  const names = scalars.filter((s) => s.summary !== null).map((s) => s.name);
  const [first, second] = names;
  const out = groups.map((g, i) => ({ group: g, rows: 5, elpd: -i, each: -i / 5 }));
  const inputs = ask(state, { kind: 'inputs', group }).inputs;
  const at = inputs.filter((i) => i.masked === null).map((i) => [i.name, i.mean] as const);
  const whatif = ask(state, { kind: 'whatif', group, at, bins: 40 });
  const grouping = { groups, groupTitle: structure.groupColumn, response: structure.response };
  const pooled = structure.terms.find((t) => t.pooling === 'partial')?.name;
  const histogram = ask(state, { kind: 'response_histogram', width: null, groups: null });
  const estimates = topScalars(scalars, structure).map(asEstimate);
  const forest = (by: 'covariate' | 'group') => (theme: Theme) => forestChart(estimates, { by, groups, interval: '90 %' }, theme, WIDTH);
  return [
    ['forest by covariate', forest('covariate')],
    ['forest by group', forest('group')],
    [
      'response',
      (t) => groupedChart(histogram.histogram, { column: histogram.column, groups, groupTitle: structure.groupColumn }, t, WIDTH),
    ],
    ['pair plot', (t) => pairPlotChart(ask(state, { kind: 'pair_plot', columns: null, groups: null }), structure.groupColumn, t, WIDTH)],
    ['mask map', (t) => maskMapChart(mapCells(ask(state, { kind: 'data_map' }), null).slice(0, 300), t, WIDTH)],
    [
      'observed and predicted',
      (t) => observedPredictedChart(ask(state, { kind: 'observed_predicted', width: null, group: null }), structure.response, t, WIDTH),
    ],
    ['overlay', (t) => overlayChart(ask(state, { kind: 'density_overlay', group: null }), structure.response, t, WIDTH)],
    ['row intervals', (t) => rowIntervalsChart(ask(state, { kind: 'row_intervals', group: null }), grouping, t, WIDTH)],
    ['residuals', (t) => residualsChart(ask(state, { kind: 'residuals', group: null }), grouping, t, WIDTH)],
    ['calibration', (t) => pitChart(ask(state, { kind: 'pit', group: null }), t, WIDTH)],
    ['statistics', (t) => statisticsChart(statisticPanels(ask(state, { kind: 'statistics', group: null }).statistics), t, WIDTH)],
    ['groups out', (t) => groupsOutChart(out.slice(0, 40), -1, t, WIDTH)],
    ['convergence', (t) => convergenceChart(converged(scalars).slice(0, 1500), LIMITS, t, WIDTH)],
    ['trace', (t) => traceChart(ask(state, { kind: 'trace', parameter: first }), t, WIDTH)],
    ['ranks', (t) => ranksChart(ask(state, { kind: 'ranks', parameter: first }), t, WIDTH)],
    ['autocorrelation', (t) => autocorrelationChart(ask(state, { kind: 'autocorrelation', parameter: first }), t, WIDTH)],
    ['ess', (t) => essGrowthChart(ask(state, { kind: 'ess_growth', parameter: first }), t, WIDTH)],
    ['energy', (t) => energyChart(ask(state, { kind: 'energy' }), t, WIDTH)],
    ['tree depth', (t) => treeDepthChart(ask(state, { kind: 'tree_depth' }), t, WIDTH)],
    ['densities', (t) => densitiesChart(ask(state, { kind: 'densities', parameters: names.slice(0, 9) }), t, WIDTH)],
    ['contrast', (t) => contrastChart(ask(state, { kind: 'contrast', a: first, b: second }), t, WIDTH)],
    ['pair', (t) => pairChart(ask(state, { kind: 'pair', x: first, y: second }), t, WIDTH)],
    ['what-if', (t) => predictiveChart(whatif.histogram, whatif.predictive, structure.response, t, WIDTH)],
    [
      'effect',
      (t) =>
        conditionalChart(
          ask(state, { kind: 'conditional', covariate: inputs[0].name, groups: groups.slice(0, 6), at: [] }),
          { covariate: inputs[0].name, ...grouping },
          t,
          WIDTH,
        ),
    ],
    ...(pooled
      ? [
          ['shrinkage', (t: Theme) => shrinkageChart(ask(state, { kind: 'shrinkage', term: pooled }), 60, t, WIDTH)] as [
            string,
            (t: Theme) => Chart,
          ],
        ]
      : []),
  ];
}

const FITS: [string, ViewState][] = [
  ['the reference problem', manufacturing({ divergent: 30 })],
  ['the reference problem, no divergence', manufacturing()],
  ['hostile names', manufacturing({ names: HOSTILE })],
  ['200 groups', manyGroups(200)],
];

const theme = (kind: ThemeKind): Theme => themeFrom(kind, () => '');

function compileWarnings(chart: Chart, kind: ThemeKind): string[] {
  const warnings: string[] = [];
  const note = (...args: readonly unknown[]): unknown => {
    warnings.push(args.join(' '));
    return logger;
  };
  const logger = { level: () => logger, error: note, warn: note, info: () => logger, debug: () => logger } as never; // Chainable, as Vega has it.
  compile(wholeSpec(chart, vegaConfig(theme(kind))), { logger });
  return warnings;
}

describe.each(FITS)('pictures of %s', (_, state) => {
  it.each(pictures(state))('%s compiles without a warning in every theme', (_name, draw) => {
    for (const kind of THEMES) expect(compileWarnings(draw(theme(kind)), kind)).toEqual([]);
  });

  it.each(pictures(state))('%s has no more marks than a picture can bear', (_name, draw) => {
    const chart = draw(theme('light'));
    const marks = [...chart.data.values()].reduce((sum, rows) => sum + rows.length, 0);
    // Curves cross as points but draw as one mark each.
    expect(marks).toBeLessThanOrEqual(_name === 'overlay' ? 5000 : 3200);
  });

  it.each(pictures(state))('%s names no field after what a user wrote', (_name, draw) => {
    const chart = draw(theme('light'));
    for (const rows of chart.data.values())
      for (const row of rows.slice(0, 5)) for (const key of Object.keys(row)) expect(key).toMatch(/^[a-z]+$/);
    for (const name of chart.data.keys()) expect(name).toMatch(/^[a-z]+[\d_]*$/);
  });
});

describe('R-hat and effective sample size of all parameters', () => {
  it.each([
    [{ name: 'good', rHat: 1.002, ess: 900 }, false],
    [{ name: 'R-hat', rHat: 1.02, ess: 900 }, true],
    [{ name: 'few', rHat: 1, ess: 399 }, true],
    [{ name: 'one chain', rHat: null, ess: 900 }, false],
    [{ name: 'broken', rHat: null, ess: Number.NaN }, true],
  ])('%o is over a limit: %s', (parameter, off) => {
    expect(isOff(parameter, LIMITS)).toBe(off);
    const chart = convergenceChart([parameter], LIMITS, theme('dark'), WIDTH);
    // A logarithm has no place for what has no effective draws.
    const points = chart.data.get('parameters')!.map((r) => r.what);
    expect(points).toEqual(Number.isNaN(parameter.ess) ? [] : [off ? 'over a limit' : 'within the limits']);
  });
});

describe('fits against each other', () => {
  const here = manufacturing();
  const shift = (by: number): ViewState => ({
    ...here,
    report: {
      ...here.report,
      parameters: here.report.parameters.map((p) => (p.masked ? p : { ...p, mean: p.mean! + by * p.sd!, name: p.name })),
    },
  });
  const { fits } = answerView({ kind: 'compare', others: ['b', 'c'] }, here, { fit: 'a', title: 'a' }, (fit) => ({
    fit,
    title: fit,
    state: shift(fit === 'b' ? 1 : -3),
  })) as ViewOf<'compare'>;
  const titles = ['first', HOSTILE[0], 'third'];
  const moves = movesOf(fits, titles, () => true);

  it('move by their distance in sds of the first', () => {
    const unmasked = here.report.parameters.filter((p) => !p.masked);
    expect(moves.length).toBe(2 * unmasked.length);
    for (const { fit, mean } of moves) expect(mean).toBeCloseTo(fit === 'third' ? -3 : 1, 9);
    expect(movesOf(fits, titles, (name) => name === 'scale').map((m) => m.name)).toEqual(['scale', 'scale']);
  });

  it.each(THEMES)('compile without a warning in %s', (kind) => {
    expect(compileWarnings(movesChart(moves, titles, theme(kind), WIDTH), kind)).toEqual([]);
    const ranked = fits.map((f, i) => ({ ...f, difference: { elpd: -i, se: 0.5 * i } }));
    const chart = elpdChart(ranked, titles, theme(kind), WIDTH);
    expect(compileWarnings(chart, kind)).toEqual([]);
    expect(chart.data.get('fits')!.map((r) => [r.fit, r.lower, r.upper])[2]).toEqual(['third', -4, 0]);
  });
});

describe('test statistics', () => {
  const view = ask(counts(), { kind: 'statistics', group: null });
  it('have every replicated data set in a histogram and the observed one beside it', () => {
    expect(view.statistics.map((s) => s.name)).toEqual(['mean', 'sd', 'min', 'max', 'zeros']);
    for (const { histogram, observed } of view.statistics) {
      expect(histogram.counts.reduce((a, b) => a + b, 0)).toBe(view.sets);
      expect(observed).toBeGreaterThanOrEqual(histogram.lower);
      expect(observed).toBeLessThanOrEqual(histogram.upper);
    }
  });
  it('say their p in the title, and mark the ones that the model misses', () => {
    const [first] = view.statistics;
    type Spec = { readonly concat: readonly { readonly title: { readonly text: string; readonly subtitle?: string } }[] };
    const titles = (statistics: typeof view.statistics, judged = true): string[] => {
      const { spec } = statisticsChart(statisticPanels(statistics, judged), theme('dark'), WIDTH);
      return (spec as unknown as Spec).concat.map(({ title }) => `${title.text}, ${title.subtitle}`);
    };
    expect(titles([{ ...first, p: 0.4 }])).toEqual(['Mean, p = 0.400']);
    expect(titles([{ ...first, p: 0.001 }])).toEqual(['Mean, ✗ p = 0.001']);
    expect(titles([{ ...first, p: 0.001 }], false)).toEqual(['Mean, undefined']);
  });
  it.each([300, 460, 900])('stand beside each other within %i pixels', (width) => {
    const { concat, columns } = statisticsChart(statisticPanels(view.statistics), theme('light'), width).spec as {
      columns: number;
      concat: { width: number }[];
    };
    expect(columns * (concat[0].width + 30)).toBeLessThanOrEqual(width + 20);
  });
});

describe('a rootogram', () => {
  const { rootogram } = ask(counts(), { kind: 'rootogram', group: null });
  const draw = (kind: ThemeKind): Chart => rootogramChart(rootogramBins(rootogram!), HOSTILE[0], theme(kind), WIDTH);
  it('compiles without a warning in every theme', () => {
    for (const kind of THEMES) expect(compileWarnings(draw(kind), kind)).toEqual([]);
  });
  it('hangs each bar from the root of what is expected, as long as the root of what is observed', () => {
    for (const row of draw('light').data.get('bins')!) {
      expect(row.top).toBeCloseTo(Math.sqrt(row.expected as number), 12);
      expect((row.top as number) - (row.foot as number)).toBeCloseTo(Math.sqrt(row.observed as number), 12);
    }
  });
});

describe('pictures of a calibration', () => {
  const report: CalibrationReport = {
    rounds: 40,
    skipped: 0,
    bins: 4,
    binLower: 4,
    binUpper: 16,
    points: 4,
    band: { lower: Int32Array.of(4, 12, 22), upper: Int32Array.of(17, 28, 36), gamma: 0.01 },
    results: [
      { name: 'scale', counts: [10, 10, 10, 10], p: 1, below: Int32Array.of(10, 20, 30), uniform: true },
      { name: HOSTILE[0], counts: [30, 5, 3, 2], p: 0, below: Int32Array.of(30, 35, 38), uniform: false },
    ],
    calibrated: false,
    verdict: 'Not calibrated.',
  };
  const results = doubtfulFirst(report.results);
  it.each([
    ['rank histograms', rankHistogramsChart],
    ['distribution functions', ecdfDifferenceChart],
  ])('%s compile without a warning in every theme', (_, draw) => {
    for (const kind of THEMES) expect(compileWarnings(draw(report, results, theme(kind), WIDTH), kind)).toEqual([]);
  });
  it('begin with what is not uniform, and say so in words', () => {
    expect(results.map((r) => r.uniform)).toEqual([false, true]);
    const rows = rankHistogramsChart(report, results, theme('light'), WIDTH).data.get('ranks')!;
    expect(rows.filter((r) => r.off).map((r) => r.count)).toEqual([30, 3, 2]);
    expect(rows[0].quantity).toMatch(/^✗ /);
    expect(calibrationTable(report, results).rows.map((r) => r.cells[1].text)).toEqual(['not uniform', 'uniform']);
  });
  it('lines are what is above the uniform distribution, and begin and end at 0', () => {
    const rows = ecdfDifferenceChart(report, results.slice(1), theme('light'), WIDTH).data.get('ecdf')!;
    expect(rows.map((r) => r.difference)).toEqual([0, 0, 0, 0, 0]);
    expect(rows[1].lower).toBeCloseTo(-0.15, 12);
    expect(rows[1].upper).toBeCloseTo(0.175, 12);
  });
});

describe('vegaConfig', () => {
  it.each(THEMES)('keeps text and marks of the %s theme apart from its ground', (kind) => {
    const t = theme(kind);
    for (const colour of [t.foreground, t.muted, t.accent, t.second, t.bad, ...t.categories])
      expect(contrast(colour, t.background)).toBeGreaterThan(3);
    expect(contrast(t.foreground, t.background)).toBeGreaterThan(4.5);
  });
});

/** WCAG 2.2's contrast ratio of two `#rrggbb`. */
function contrast(a: string, b: string): number {
  const light = (hex: string): number => {
    const [r, g, bl] = [1, 3, 5].map((i) => {
      const c = Number.parseInt(hex.slice(i, i + 2), 16) / 255;
      return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * bl;
  };
  const [high, low] = [light(a), light(b)].sort((x, y) => y - x);
  return (high + 0.05) / (low + 0.05);
}
