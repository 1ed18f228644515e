/** Estimates with their intervals, one line a coefficient; masked ones keep their line and say so. */
import type { Theme } from '../shared/theme.ts';
import { type Chart, groupScale, type Row } from './chart.ts';

export interface Estimate {
  readonly name: string;
  /** Coefficient without its group: `alpha`, `Feed_Speed`, `scale`. */
  readonly term: string;
  /** `null` for what all groups share. */
  readonly group: string | null;
  readonly mean: number;
  readonly lower: number;
  readonly upper: number;
  readonly masked: boolean;
}

export interface ForestOptions {
  readonly by: 'covariate' | 'group';
  readonly groups: readonly string[];
  readonly interval: string;
}

const SHARED = 'all groups';
/** One axis serves all facets while the widest interval of each takes at least this share of it. */
const SEEN = 1 / 80;

export function forestChart(estimates: readonly Estimate[], { by, groups, interval }: ForestOptions, theme: Theme, width: number): Chart {
  const facet = (e: Estimate): string => (by === 'covariate' ? e.term : (e.group ?? SHARED));
  const line = (e: Estimate): string => (by === 'covariate' ? (e.group ?? SHARED) : e.term);
  const facets = [...new Set(estimates.map(facet))];
  const coloured = by === 'covariate' && new Set(estimates.map((e) => e.group)).size > 1;
  const shown = [...groups.filter((g) => estimates.some((e) => e.group === g)), SHARED];
  const color = coloured
    ? { field: 'group', type: 'nominal', scale: groupScale(theme, shown, groups), legend: null }
    : { value: theme.accent };
  const tooltip = [
    { field: 'name', title: 'Parameter' },
    { field: 'mean', title: 'Mean', format: '.4~r' },
    { field: 'lower', title: `Lower (${interval})`, format: '.4~r' },
    { field: 'upper', title: `Upper (${interval})`, format: '.4~r' },
  ];
  const together = sameScale(estimates, facets, facet);
  const data = new Map<string, readonly Row[]>();
  const panels = facets.map((name, k) => {
    const own = estimates.filter((e) => facet(e) === name);
    const last = k === facets.length - 1;
    data.set(
      `there${k}`,
      own
        .filter((e) => !e.masked)
        .map((e) => ({ name: e.name, line: line(e), group: e.group ?? SHARED, mean: e.mean, lower: e.lower, upper: e.upper })),
    );
    data.set(
      `masked${k}`,
      own.filter((e) => e.masked).map((e) => ({ line: line(e) })),
    );
    const lines = [...new Set(own.map(line))];
    const axis = { title: null, labelLimit: LABELS - 10, minExtent: LABELS, maxExtent: LABELS, grid: true, ticks: false, domain: false };
    const y = { field: 'line', type: 'nominal', scale: { domain: lines }, axis };
    const title = last ? `Mean and ${interval} interval` : null;
    const x = {
      type: 'quantitative',
      scale: { zero: false, padding: 8 },
      axis: together && !last ? { title, labels: false, ticks: false, domain: false } : { title },
    };
    const there = { name: `there${k}` };
    return {
      title: { text: name, anchor: 'start', frame: 'bounds', limit: width - 20, offset: 2 },
      width: Math.max(120, width - LABELS - 40),
      height: { step: 20 },
      layer: [
        {
          data: there,
          mark: { type: 'rule', strokeWidth: 2.5 },
          encoding: { y, x: { field: 'lower', ...x }, x2: { field: 'upper' }, color, tooltip },
        },
        {
          data: there,
          mark: { type: 'point', filled: true, size: 60, opacity: 1 },
          encoding: { y, x: { field: 'mean', ...x }, color, tooltip },
        },
        {
          data: { name: `masked${k}` },
          mark: { type: 'text', text: 'masked', align: 'left', fontStyle: 'italic', color: theme.muted },
          encoding: { y, x: { value: 6 } },
        },
      ],
    };
  });
  return { spec: { spacing: 6, vconcat: panels, resolve: { scale: { x: together ? 'shared' : 'independent' } } } as Chart['spec'], data };
}

/** CSS pixels for the names of the lines. */
const LABELS = 150;

/** Whether one axis serves all facets. */
function sameScale(estimates: readonly Estimate[], facets: readonly string[], facet: (e: Estimate) => string): boolean {
  const there = estimates.filter((e) => !e.masked);
  const range = Math.max(...there.map((e) => e.upper)) - Math.min(...there.map((e) => e.lower));
  return facets.every((f) => {
    const own = there.filter((e) => facet(e) === f);
    return own.length === 0 || Math.max(...own.map((e) => e.upper - e.lower)) >= SEEN * range;
  });
}
