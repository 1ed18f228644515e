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
  const lines = [...new Set(estimates.map(line))];
  const shown = groups.filter((g) => estimates.some((e) => e.group === g));
  const rows: Row[] = estimates.map((e) => ({
    name: e.name,
    facet: facet(e),
    line: line(e),
    group: e.group ?? SHARED,
    mean: e.masked ? null : e.mean,
    lower: e.masked ? null : e.lower,
    upper: e.masked ? null : e.upper,
    masked: e.masked,
  }));
  const color =
    by === 'covariate' && shown.length > 1
      ? { field: 'group', type: 'nominal', scale: groupScale(theme, [...shown, SHARED], groups), legend: null }
      : { value: theme.accent };
  const y = {
    field: 'line',
    type: 'nominal',
    sort: lines,
    title: null,
    axis: { labelLimit: 150, grid: true, ticks: false, domain: false },
  };
  const tooltip = [
    { field: 'name', title: 'Parameter' },
    { field: 'mean', title: 'Mean', format: '.4~r' },
    { field: 'lower', title: `Lower (${interval})`, format: '.4~r' },
    { field: 'upper', title: `Upper (${interval})`, format: '.4~r' },
  ];
  const independent = !sameScale(estimates, facets, facet);
  return {
    spec: {
      data: { name: 'estimates' },
      facet: {
        row: {
          field: 'facet',
          type: 'nominal',
          sort: facets,
          title: null,
          header: { labelAngle: 0, labelAlign: 'left', labelAnchor: 'middle', labelLimit: 130, labelPadding: 6 },
        },
      },
      spec: {
        width: Math.max(120, width - 330),
        height: { step: 20 },
        layer: [
          {
            transform: [{ filter: 'datum.masked' }],
            mark: { type: 'text', text: 'masked', align: 'left', fontStyle: 'italic', color: theme.muted },
            encoding: { y, x: { value: 6 } },
          },
          {
            transform: [{ filter: '!datum.masked' }],
            mark: { type: 'rule', strokeWidth: 2.5 },
            encoding: {
              y,
              x: {
                field: 'lower',
                type: 'quantitative',
                title: independent ? null : `Mean and ${interval} interval`,
                scale: { zero: false, padding: 8 },
              },
              x2: { field: 'upper' },
              color,
              tooltip,
            },
          },
          {
            transform: [{ filter: '!datum.masked' }],
            mark: { type: 'point', filled: true, size: 60, opacity: 1 },
            encoding: { y, x: { field: 'mean', type: 'quantitative' }, color, tooltip },
          },
        ],
      },
      spacing: 8,
      resolve: { scale: { y: 'independent', ...(independent ? { x: 'independent' } : {}) } },
    } as Chart['spec'],
    data: new Map([['estimates', rows]]),
  };
}

/** Whether one axis serves all facets. */
function sameScale(estimates: readonly Estimate[], facets: readonly string[], facet: (e: Estimate) => string): boolean {
  const there = estimates.filter((e) => !e.masked);
  const range = Math.max(...there.map((e) => e.upper)) - Math.min(...there.map((e) => e.lower));
  return facets.every((f) => {
    const own = there.filter((e) => facet(e) === f);
    return own.length === 0 || Math.max(...own.map((e) => e.upper - e.lower)) >= SEEN * range;
  });
}
