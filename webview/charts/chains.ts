/** Pictures of how sampling went. */
import type { ViewOf } from '../../protocol/views.ts';
import { ellipsis } from '../shared/format.ts';
import type { Theme } from '../shared/theme.ts';
import type { Chart, Row } from './chart.ts';

const AXES = 74;
const chainName = (c: number): string => `chain ${c + 1}`;
const chainColor = (count: number, theme: Theme, symbolType = 'stroke'): object => ({
  field: 'chain',
  type: 'nominal',
  scale: {
    domain: Array.from({ length: count }, (_, c) => chainName(c)),
    range: Array.from({ length: count }, (_, c) => theme.categories[c % theme.categories.length]),
  },
  legend: count < 2 ? null : { title: null, orient: 'top', symbolType },
});

export function traceChart(view: ViewOf<'trace'>, theme: Theme, width: number): Chart {
  const rows: Row[] = view.chains.flatMap(({ mean, lower, upper }, c) =>
    Array.from(mean, (value, k) => ({ chain: chainName(c), iteration: view.iteration[k], mean: value, lower: lower[k], upper: upper[k] })),
  );
  const x = { field: 'iteration', type: 'quantitative', title: 'Draw within the chain', scale: { nice: false } };
  const y = { type: 'quantitative', title: ellipsis(view.draws.parameter, 34), scale: { zero: false } };
  const color = chainColor(view.chains.length, theme);
  return {
    spec: {
      width: Math.max(80, width - AXES),
      height: 200,
      layer: [
        ...(view.stride > 1
          ? [
              {
                data: { name: 'trace' },
                mark: { type: 'area', opacity: 0.2 },
                encoding: { x, y: { field: 'lower', ...y }, y2: { field: 'upper' }, color },
              },
            ]
          : []),
        {
          data: { name: 'trace' },
          mark: { type: 'line', strokeWidth: 1, opacity: 0.85 },
          encoding: { x, y: { field: 'mean', ...y }, color },
        },
        ...(view.divergent.length > 0
          ? [
              {
                data: { name: 'divergent' },
                mark: { type: 'point', shape: 'cross', filled: true, color: theme.bad, size: 50 },
                encoding: { x, y: { field: 'value', ...y } },
              },
            ]
          : []),
      ],
    } as Chart['spec'],
    data: new Map<string, readonly Row[]>([
      ['trace', rows],
      ['divergent', view.divergent.map((d) => ({ iteration: d.iteration, value: d.value }))],
    ]),
  };
}

/** Histograms of ranks, a small one a chain: flat when the chains agree. */
export function ranksChart(view: ViewOf<'ranks'>, theme: Theme, width: number): Chart {
  const chains = view.counts.length;
  const columns = Math.max(1, Math.min(chains, width > 600 ? 4 : 2));
  const rows: Row[] = view.counts.flatMap((counts, c) =>
    counts.map((count, k) => ({ chain: chainName(c), start: (100 * k) / view.bins, end: (100 * (k + 1)) / view.bins, count })),
  );
  const band: Row[] = view.counts.map((_, c) => ({ chain: chainName(c), lower: view.lower, upper: view.upper }));
  return {
    spec: {
      data: { name: 'ranks' },
      columns,
      facet: { field: 'chain', type: 'nominal', title: null, sort: view.counts.map((_, c) => chainName(c)) },
      spec: {
        width: Math.max(90, Math.floor((width - 60) / columns) - 24),
        height: 110,
        layer: [
          {
            mark: { type: 'bar', color: theme.accent, binSpacing: 1 },
            encoding: {
              x: {
                field: 'start',
                type: 'quantitative',
                bin: { binned: true },
                title: 'Rank among all draws (%)',
                axis: { tickCount: 3, grid: false },
              },
              x2: { field: 'end' },
              y: { field: 'count', type: 'quantitative', title: 'Draws', axis: { tickCount: 3 } },
            },
          },
          {
            data: { name: 'band' },
            mark: { type: 'rect', color: theme.foreground, opacity: 0.16 },
            encoding: { y: { field: 'lower', type: 'quantitative' }, y2: { field: 'upper' } },
          },
        ],
      },
    } as Chart['spec'],
    data: new Map([
      ['ranks', rows],
      ['band', band.slice(0, 1)],
    ]),
  };
}

export function autocorrelationChart(view: ViewOf<'autocorrelation'>, theme: Theme, width: number): Chart {
  const rows: Row[] = view.chains.flatMap((values, c) =>
    Array.from(values, (value, lag) => ({ chain: chainName(c), lag, value: Number.isFinite(value) ? value : null })),
  );
  return {
    spec: {
      data: { name: 'lags' },
      width: Math.max(80, width - AXES),
      height: 160,
      mark: { type: 'line', point: { size: 14 }, strokeWidth: 1.2 },
      encoding: {
        x: { field: 'lag', type: 'quantitative', title: 'Lag (draws)', axis: { tickMinStep: 1 } },
        y: { field: 'value', type: 'quantitative', title: 'Autocorrelation', scale: { domainMax: 1 } },
        color: chainColor(view.chains.length, theme),
      },
    } as Chart['spec'],
    data: new Map([['lags', rows]]),
  };
}

export function essGrowthChart(view: ViewOf<'ess_growth'>, theme: Theme, width: number): Chart {
  const rows: Row[] = view.total.flatMap((total, k) => [
    { total, what: 'bulk', ess: view.bulk[k] },
    { total, what: 'tail', ess: view.tail[k] },
  ]);
  return {
    spec: {
      width: Math.max(80, width - AXES),
      height: 160,
      layer: [
        {
          data: { name: 'growth' },
          mark: { type: 'line', point: { size: 30 }, strokeWidth: 1.5 },
          encoding: {
            x: { field: 'total', type: 'quantitative', title: 'Draws of all chains', scale: { zero: true } },
            y: { field: 'ess', type: 'quantitative', title: 'Effective sample size' },
            color: {
              field: 'what',
              type: 'nominal',
              scale: { domain: ['bulk', 'tail'], range: [theme.accent, theme.second] },
              legend: { title: null, orient: 'top' },
            },
          },
        },
        {
          data: { name: 'wanted' },
          mark: { type: 'rule', strokeDash: [4, 3], color: theme.foreground },
          encoding: { y: { field: 'ess', type: 'quantitative' } },
        },
      ],
    } as Chart['spec'],
    data: new Map<string, readonly Row[]>([
      ['growth', rows],
      ['wanted', [{ ess: view.wanted }]],
    ]),
  };
}

export function energyChart(view: ViewOf<'energy'>, theme: Theme, width: number): Chart {
  const all = view.marginal.reduce((a, b) => a + b, 0);
  const steps = view.transition.reduce((a, b) => a + b, 0);
  const names = ['energy about its mean', 'change from draw to draw'];
  const rows: Row[] = view.marginal.flatMap((count, k) => {
    const place = { start: view.lower + k * view.width, end: view.lower + (k + 1) * view.width };
    return [
      { ...place, what: names[0], share: all > 0 ? count / all : 0 },
      { ...place, what: names[1], share: steps > 0 ? view.transition[k] / steps : 0 },
    ];
  });
  return {
    spec: {
      data: { name: 'energy' },
      width: Math.max(80, width - AXES),
      height: 160,
      mark: { type: 'bar', opacity: 0.65, binSpacing: 0 },
      encoding: {
        x: { field: 'start', type: 'quantitative', bin: { binned: true }, title: 'Energy', axis: { tickCount: 8 } },
        x2: { field: 'end' },
        y: { field: 'share', type: 'quantitative', title: 'Share of draws', stack: null, axis: { format: '%' } },
        color: {
          field: 'what',
          type: 'nominal',
          scale: { domain: names, range: [theme.accent, theme.second] },
          legend: { title: null, orient: 'top', symbolType: 'square' },
        },
      },
    } as Chart['spec'],
    data: new Map([['energy', rows]]),
  };
}

export function treeDepthChart(view: ViewOf<'tree_depth'>, theme: Theme, width: number): Chart {
  const rows: Row[] = view.chains.flatMap((counts, c) =>
    counts.map((count, k) => ({ chain: chainName(c), length: view.lengths[k], count })),
  );
  return {
    spec: {
      data: { name: 'depths' },
      width: Math.max(80, width - AXES),
      height: 140,
      mark: { type: 'bar' },
      encoding: {
        x: { field: 'length', type: 'ordinal', title: view.unit === 'depth' ? 'Tree depth' : 'Gradients a draw', axis: { labelAngle: 0 } },
        y: { field: 'count', type: 'quantitative', title: 'Draws' },
        color: chainColor(view.chains.length, theme, 'square'),
      },
    } as Chart['spec'],
    data: new Map([['depths', rows]]),
  };
}
