/** How well each group is foretold by all the others. */
import type { Theme } from '../shared/theme.ts';
import type { Chart } from './chart.ts';

export interface GroupOut {
  readonly group: string;
  readonly rows: number;
  /** Of the group's rows together, given all other groups. */
  readonly elpd: number;
  /** The same a row, so that large groups and small ones stand side by side. */
  readonly each: number;
}

/** CSS pixels for the names of the groups. */
const LABELS = 170;

/** A line a group, in the order given, with the mean over all rows beside. */
export function groupsOutChart(groups: readonly GroupOut[], mean: number, theme: Theme, width: number): Chart {
  const x = { type: 'quantitative', title: 'Elpd a row, the group left out (further right is better)', scale: { zero: false, padding: 8 } };
  return {
    spec: {
      width: Math.max(80, width - LABELS - 30),
      height: { step: 18 },
      layer: [
        {
          data: { name: 'mean' },
          mark: { type: 'rule', strokeDash: [4, 3], color: theme.foreground },
          encoding: { x: { field: 'each', ...x } },
        },
        {
          data: { name: 'groups' },
          mark: { type: 'point', filled: true, size: 60, opacity: 1 },
          encoding: {
            x: { field: 'each', ...x },
            y: {
              field: 'group',
              type: 'nominal',
              title: null,
              sort: null,
              axis: { labelLimit: LABELS - 10, minExtent: LABELS, maxExtent: LABELS, grid: true, ticks: false, domain: false },
            },
            tooltip: [
              { field: 'group', title: 'Group' },
              { field: 'rows', title: 'Rows' },
              { field: 'elpd', title: 'Elpd', format: '.4~r' },
              { field: 'each', title: 'Elpd a row', format: '.4~r' },
            ],
          },
        },
      ],
    } as Chart['spec'],
    data: new Map<string, readonly Record<string, string | number>[]>([
      ['groups', groups.map((g) => ({ ...g }))],
      ['mean', [{ each: mean }]],
    ]),
  };
}
