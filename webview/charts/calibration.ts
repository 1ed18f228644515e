/** Pictures of a simulation-based calibration: ranks of the truth among posterior draws, a small picture a quantity. */
import type { CalibrationReport, CalibrationResult } from '../../core/posterior/calibrate/sbc.ts';
import { ellipsis } from '../shared/format.ts';
import type { Theme } from '../shared/theme.ts';
import type { Chart, Row } from './chart.ts';

const COLUMNS = { wide: 3, narrow: 2 } as const;

interface Grid {
  readonly columns: number;
  readonly each: number;
}

function gridOf(count: number, width: number): Grid {
  const columns = Math.max(1, Math.min(count, width > 640 ? COLUMNS.wide : COLUMNS.narrow));
  return { columns, each: Math.max(90, Math.floor((width - 60) / columns) - 26) };
}

/** A facet a quantity, in the order given; a title says in words which is not uniform. */
function facets(results: readonly CalibrationResult[], { columns, each }: Grid): object {
  return {
    columns,
    facet: {
      field: 'quantity',
      type: 'nominal',
      title: null,
      sort: results.map((r) => titleOf(r, each)),
      header: { labelLimit: each },
    },
  };
}

const titleOf = ({ name, uniform }: CalibrationResult, each: number): string =>
  uniform ? ellipsis(name, Math.floor(each / 7)) : `✗ ${ellipsis(name, Math.floor(each / 7) - 2)}`;

/** Rounds by the rank of the truth: flat where fit and model agree. The band holds 99 % of bars. */
export function rankHistogramsChart(report: CalibrationReport, results: readonly CalibrationResult[], theme: Theme, width: number): Chart {
  const grid = gridOf(results.length, width);
  const rows: Row[] = results.flatMap((r) =>
    r.counts.map((count, k) => ({
      quantity: titleOf(r, grid.each),
      start: k / report.bins,
      end: (k + 1) / report.bins,
      count,
      off: count < report.binLower || count > report.binUpper,
    })),
  );
  return {
    spec: {
      data: { name: 'ranks' },
      ...facets(results, grid),
      spec: {
        width: grid.each,
        height: 100,
        layer: [
          {
            mark: { type: 'bar', binSpacing: 1 },
            encoding: {
              x: {
                field: 'start',
                type: 'quantitative',
                bin: { binned: true },
                title: 'Rank of the truth',
                axis: { tickCount: 3, grid: false, labelFlush: true },
              },
              x2: { field: 'end' },
              y: { field: 'count', type: 'quantitative', title: 'Rounds', axis: { tickCount: 3 } },
              color: { condition: { test: 'datum.off', value: theme.bad }, value: theme.accent },
              tooltip: [{ field: 'count', title: 'Rounds' }],
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
    data: new Map<string, readonly Row[]>([
      ['ranks', rows],
      ['band', [{ lower: report.binLower, upper: report.binUpper }]],
    ]),
  };
}

/** How far the ranks' distribution function is from that of uniform ones, with the envelope that all of it stays in. */
export function ecdfDifferenceChart(report: CalibrationReport, results: readonly CalibrationResult[], theme: Theme, width: number): Chart {
  const { rounds, points, band } = report;
  const grid = gridOf(results.length, width);
  const above = (count: number, k: number): number => count / rounds - (k + 1) / points;
  const ends = { difference: 0, lower: 0, upper: 0 };
  const rows: Row[] = results.flatMap((r) => {
    const quantity = titleOf(r, grid.each);
    return [
      { quantity, rank: 0, ...ends },
      ...Array.from(r.below, (count, k) => ({
        quantity,
        rank: (k + 1) / points,
        difference: above(count, k),
        lower: above(band.lower[k], k),
        upper: above(band.upper[k], k),
      })),
      { quantity, rank: 1, ...ends },
    ];
  });
  const x = { field: 'rank', type: 'quantitative', title: 'Rank of the truth', axis: { tickCount: 3, grid: false, labelFlush: true } };
  const y = { type: 'quantitative', title: 'ECDF difference', axis: { tickCount: 3 } };
  return {
    spec: {
      data: { name: 'ecdf' },
      ...facets(results, grid),
      spec: {
        width: grid.each,
        height: 100,
        layer: [
          {
            mark: { type: 'area', color: theme.foreground, opacity: 0.16 },
            encoding: { x, y: { field: 'lower', ...y }, y2: { field: 'upper' } },
          },
          { mark: { type: 'line', color: theme.accent, strokeWidth: 1.8 }, encoding: { x, y: { field: 'difference', ...y } } },
        ],
      },
    } as Chart['spec'],
    data: new Map([['ecdf', rows]]),
  };
}
