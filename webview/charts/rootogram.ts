/** Counts observed against counts replicated: a hanging rootogram (Tukey; Kleiber & Zeileis 2016). */
import type { RootogramReport } from '../../core/posterior/check/rootogram.ts';
import { ellipsis } from '../shared/format.ts';
import type { Theme } from '../shared/theme.ts';
import type { Chart, Row } from './chart.ts';

const AXES = 74;

export interface RootogramBin {
  /** The counts in the bin, both included; the last bin has all above, too. */
  readonly from: number;
  readonly to: number;
  readonly observed: number;
  readonly expected: number;
  readonly lower: number;
  readonly upper: number;
  /** Whether 90 % of replicated data sets have fewer rows in the bin, or more. */
  readonly off: boolean;
}

/** The bins up to the last that holds anything. */
export function rootogramBins({ width, observed, expected, lower, upper }: RootogramReport): RootogramBin[] {
  const bins = Array.from(observed, (count, k) => ({
    from: k * width,
    to: (k + 1) * width - 1,
    observed: count,
    expected: expected[k],
    lower: lower[k],
    upper: upper[k],
    off: count < lower[k] || count > upper[k],
  }));
  return bins.slice(0, bins.findLastIndex((b) => b.observed > 0 || b.upper > 0) + 1);
}

/**
 * Each bar is as long as the square root of the rows observed and hangs from the square root of those expected; where the model is right
 * it ends near 0, inside the band of replicated data sets.
 */
export function rootogramChart(bins: readonly RootogramBin[], column: string, theme: Theme, width: number): Chart {
  const rows: Row[] = bins.map((b) => {
    const top = Math.sqrt(b.expected);
    return {
      start: b.from - 0.5,
      end: b.to + 0.5,
      middle: (b.from + b.to) / 2,
      counts: b.from === b.to ? String(b.from) : `${b.from} to ${b.to}`,
      top,
      foot: top - Math.sqrt(b.observed),
      low: top - Math.sqrt(b.upper),
      high: top - Math.sqrt(b.lower),
      off: b.off,
      observed: b.observed,
      expected: b.expected,
    };
  });
  const place = { field: 'start', type: 'quantitative', bin: { binned: true }, title: ellipsis(column, 60), scale: { nice: false } };
  const x = { ...place, axis: { grid: false, tickMinStep: 1 } };
  const y = { type: 'quantitative', title: 'Square root of rows' };
  const middle = { field: 'middle', type: 'quantitative' };
  return {
    spec: {
      data: { name: 'bins' },
      width: Math.max(80, width - AXES),
      height: 240,
      layer: [
        {
          mark: { type: 'bar', opacity: 0.75, binSpacing: 1, ...(theme.highContrast ? { stroke: theme.foreground } : {}) },
          encoding: {
            x,
            x2: { field: 'end' },
            y: { field: 'top', ...y },
            y2: { field: 'foot' },
            tooltip: [
              { field: 'counts', title: 'Count' },
              { field: 'observed', title: 'Rows observed' },
              { field: 'expected', title: 'Rows expected', format: '.4~r' },
            ],
          },
        },
        {
          mark: { type: 'rect', color: theme.foreground, opacity: 0.2 },
          encoding: { x, x2: { field: 'end' }, y: { field: 'low', ...y }, y2: { field: 'high' } },
        },
        { mark: { type: 'rule', color: theme.foreground }, encoding: { y: { datum: 0, ...y } } },
        {
          mark: { type: 'line', color: theme.second, strokeWidth: 2, point: { color: theme.second, size: 24 } },
          encoding: { x: middle, y: { field: 'top', ...y } },
        },
        {
          transform: [{ filter: 'datum.off' }],
          mark: { type: 'point', shape: 'diamond', filled: true, size: 70, opacity: 1, color: theme.bad },
          encoding: { x: middle, y: { field: 'foot', ...y } },
        },
      ],
    } as Chart['spec'],
    data: new Map([['bins', rows]]),
  };
}
