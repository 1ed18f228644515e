/** Densities and other curves. */

import type { Curve } from '../../protocol/views/parts.ts';
import type { ViewOf } from '../../protocol/views.ts';
import { ellipsis, probability } from '../shared/format.ts';
import type { Theme } from '../shared/theme.ts';
import { type Chart, groupLegend, groupScale, type Row } from './chart.ts';

/** The points of a curve, with what else each carries. */
export function curveRows({ lower, upper, values }: Curve, more: Row = {}): Row[] {
  const n = values.length;
  return Array.from(values, (y, i) => ({
    ...more,
    x: lower + ((upper - lower) * i) / Math.max(1, n - 1),
    y: Number.isFinite(y) ? y : null,
  }));
}

const AXES = 64;
const densityAxis = { title: 'Density', labels: false, ticks: false, grid: false };

/** One small picture a parameter: what the prior said, and what is known now. */
export function densitiesChart(view: ViewOf<'densities'>, theme: Theme, width: number): Chart {
  const data = new Map<string, readonly Row[]>();
  const columns = width > 700 ? 3 : width > 420 ? 2 : 1;
  const each = Math.max(120, Math.floor((width - 40 * columns) / columns) - 10);
  const scale = { domain: [POSTERIOR, PRIOR], range: [theme.accent, theme.second] };
  const panels = view.densities.map(({ parameter, posterior, prior, summary }, k) => {
    const name = `density${k}`;
    data.set(name, [...curveRows(posterior, { what: POSTERIOR }), ...(prior ? curveRows(prior, { what: PRIOR }) : [])]);
    const interval = `interval${k}`;
    data.set(interval, [{ lower: summary.lower, upper: summary.upper, mean: summary.mean }]);
    const x = {
      type: 'quantitative',
      title: ellipsis(parameter, Math.floor(each / 7)),
      scale: { zero: false, nice: false },
      axis: { grid: false, tickCount: 4 },
    };
    return {
      width: each,
      height: 110,
      layer: [
        {
          data: { name },
          mark: { type: 'line', strokeWidth: 2 },
          encoding: {
            x: { field: 'x', ...x },
            y: { field: 'y', type: 'quantitative', axis: k % columns === 0 ? densityAxis : { ...densityAxis, title: null } },
            color: { field: 'what', type: 'nominal', scale, legend: { title: null, orient: 'top', symbolType: 'stroke' } },
            strokeDash: {
              field: 'what',
              type: 'nominal',
              scale: {
                domain: [POSTERIOR, PRIOR],
                range: [
                  [1, 0],
                  [5, 3],
                ],
              },
              legend: { title: null, orient: 'top', symbolType: 'stroke' },
            },
          },
        },
        {
          data: { name: interval },
          mark: { type: 'rule', strokeWidth: 4, color: theme.accent },
          encoding: { x: { field: 'lower', ...x }, x2: { field: 'upper' }, y: { value: 110 } },
        },
        {
          data: { name: interval },
          mark: { type: 'rule', color: theme.foreground, strokeWidth: 1 },
          encoding: { x: { field: 'mean', ...x } },
        },
      ],
    };
  });
  return { spec: { columns, spacing: 24, concat: panels } as Chart['spec'], data };
}

const POSTERIOR = 'Posterior';
const PRIOR = 'Prior';

/** The difference of two parameters, with zero marked: how much of it lies on either side. */
export function contrastChart(view: ViewOf<'contrast'>, theme: Theme, width: number): Chart {
  const title = ellipsis(`${view.a} − ${view.b}`, 70);
  const above = `above zero: ${probability(view.probability)}`;
  const below = `below zero: ${probability(1 - view.probability)}`;
  const x = { type: 'quantitative', title, scale: { zero: false, nice: false } };
  return {
    spec: {
      width: Math.max(80, width - AXES),
      height: 190,
      layer: [
        {
          data: { name: 'density' },
          mark: { type: 'area', opacity: 0.75, line: true },
          encoding: {
            x: { field: 'x', ...x },
            y: { field: 'y', type: 'quantitative', axis: densityAxis, stack: null },
            color: {
              field: 'side',
              type: 'nominal',
              scale: { domain: [below, above], range: [theme.second, theme.accent] },
              legend: { title: null, orient: 'top', symbolType: 'square', columns: width < 480 ? 1 : 2 },
            },
          },
        },
        {
          data: { name: 'zero' },
          mark: { type: 'rule', color: theme.foreground, strokeDash: [4, 3] },
          encoding: { x: { field: 'x', ...x } },
        },
      ],
    } as Chart['spec'],
    data: new Map<string, readonly Row[]>([
      ['density', curveRows(view.density).map((r) => ({ ...r, side: (r.x as number) > 0 ? above : below }))],
      ['zero', [{ x: 0 }]],
    ]),
  };
}

/** The observed density among those of replicated data sets. */
export function overlayChart(view: ViewOf<'density_overlay'>, column: string, theme: Theme, width: number): Chart {
  const copies = view.replicated.flatMap((curve, copy) => curveRows(curve, { copy }));
  const encoding = {
    x: { field: 'x', type: 'quantitative', title: ellipsis(column, 60), scale: { zero: false, nice: false } },
    y: { field: 'y', type: 'quantitative', axis: densityAxis },
  };
  const color = (what: string): object => ({
    color: {
      datum: what,
      type: 'nominal',
      scale: { domain: ['Observed', 'Replicated'], range: [theme.accent, theme.second] },
      legend: { title: null, orient: 'top', symbolType: 'stroke' },
    },
  });
  return {
    spec: {
      width: Math.max(80, width - AXES),
      height: 220,
      layer: [
        {
          data: { name: 'copies' },
          mark: { type: 'line', strokeWidth: 0.8, opacity: 0.45 },
          encoding: { ...encoding, detail: { field: 'copy' }, ...color('Replicated') },
        },
        { data: { name: 'observed' }, mark: { type: 'line', strokeWidth: 2.5 }, encoding: { ...encoding, ...color('Observed') } },
      ],
    } as Chart['spec'],
    data: new Map([
      ['copies', copies],
      ['observed', curveRows(view.observed)],
    ]),
  };
}

/** The mean response along a covariate, a band a group. */
export function conditionalChart(
  view: ViewOf<'conditional'>,
  names: { covariate: string; response: string; groups: readonly string[]; groupTitle: string | null },
  theme: Theme,
  width: number,
): Chart {
  const there = view.curves.filter((c) => !c.masked);
  const shown = there.map((c) => c.group);
  const rows: Row[] = there.flatMap(({ group, x, mean, lower, upper }) =>
    Array.from(x, (value, i) => ({ group, x: value, mean: mean[i], lower: lower[i], upper: upper[i] })),
  );
  const color = {
    field: 'group',
    type: 'nominal',
    scale: groupScale(theme, shown, names.groups),
    legend: groupLegend(names.groupTitle, shown),
  };
  const x = { field: 'x', type: 'quantitative', title: ellipsis(names.covariate, 60), scale: { zero: false, nice: false } };
  const y = { type: 'quantitative', title: `Mean of ${ellipsis(names.response, 40)}`, scale: { zero: false } };
  return {
    spec: {
      data: { name: 'effects' },
      width: Math.max(80, width - AXES),
      height: 220,
      layer: [
        { mark: { type: 'area', opacity: 0.25 }, encoding: { x, y: { field: 'lower', ...y }, y2: { field: 'upper' }, color } },
        {
          mark: { type: 'line', strokeWidth: 2 },
          encoding: {
            x,
            y: { field: 'mean', ...y },
            color,
            ...(theme.highContrast
              ? { strokeDash: { field: 'group', type: 'nominal', scale: { domain: shown }, legend: groupLegend(names.groupTitle, shown) } }
              : {}),
          },
        },
      ],
    } as Chart['spec'],
    data: new Map([['effects', rows]]),
  };
}
