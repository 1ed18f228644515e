/** Scatters: pairs of parameters, residuals, intervals of rows, shrinkage. */
import type { ViewOf } from '../../protocol/views.ts';
import { ellipsis } from '../shared/format.ts';
import type { Theme } from '../shared/theme.ts';
import { type Chart, groupLegend, groupScale, type Row } from './chart.ts';

const AXES = 74;

export function pairChart(view: ViewOf<'pair'>, theme: Theme, width: number): Chart {
  const { x, y, divergent } = view.points;
  const rows: Row[] = Array.from(x, (value, i) => ({ x: value, y: y[i], what: divergent[i] === 1 ? 'divergent' : 'draw' }));
  const some = divergent.includes(1);
  return {
    spec: {
      data: { name: 'draws' },
      width: Math.max(80, Math.min(width - AXES, 560)),
      height: 300,
      mark: { type: 'point', filled: true },
      encoding: {
        x: { field: 'x', type: 'quantitative', title: ellipsis(view.x, 50), scale: { zero: false } },
        y: { field: 'y', type: 'quantitative', title: ellipsis(view.y, 40), scale: { zero: false } },
        color: {
          field: 'what',
          type: 'nominal',
          scale: { domain: ['draw', 'divergent'], range: [theme.accent, theme.bad] },
          legend: some ? { title: null, orient: 'top' } : null,
        },
        shape: {
          field: 'what',
          type: 'nominal',
          scale: { domain: ['draw', 'divergent'], range: ['circle', 'cross'] },
          legend: some ? { title: null, orient: 'top' } : null,
        },
        size: { condition: { test: `datum.what === 'divergent'`, value: 70 }, value: 12 },
        opacity: { condition: { test: `datum.what === 'divergent'`, value: 1 }, value: theme.highContrast ? 0.9 : 0.5 },
      },
    } as Chart['spec'],
    data: new Map([['draws', rows]]),
  };
}

interface Grouping {
  readonly groups: readonly string[];
  readonly groupTitle: string | null;
  readonly response: string;
}

/** Groups in a legend; more are drawn in one colour. */
const MOST_COLOURS = 10;

function colorOf(shown: readonly string[], { groups, groupTitle }: Grouping, theme: Theme): object {
  if (shown.length < 2 || shown.length > MOST_COLOURS) return { value: theme.accent };
  return { field: 'group', type: 'nominal', scale: groupScale(theme, shown, groups), legend: groupLegend(groupTitle, shown) };
}

export function residualsChart(view: ViewOf<'residuals'>, names: Grouping, theme: Theme, width: number): Chart {
  const rows: Row[] = Array.from(view.mean, (mean, i) => ({ mean, residual: view.residual[i], group: view.groups[view.group[i]] }));
  const shown = view.groups.filter((g) => rows.some((r) => r.group === g));
  return {
    spec: {
      width: Math.max(80, width - AXES),
      height: 220,
      layer: [
        {
          data: { name: 'zero' },
          mark: { type: 'rule', color: theme.foreground, strokeDash: [4, 3] },
          encoding: { y: { field: 'y', type: 'quantitative' } },
        },
        {
          data: { name: 'rows' },
          mark: { type: 'point', filled: true, size: 16, opacity: theme.highContrast ? 0.9 : 0.6 },
          encoding: {
            x: { field: 'mean', type: 'quantitative', title: `Predicted mean of ${ellipsis(names.response, 40)}`, scale: { zero: false } },
            y: { field: 'residual', type: 'quantitative', title: 'Observed − predicted' },
            color: colorOf(shown, names, theme),
          },
        },
      ],
    } as Chart['spec'],
    data: new Map<string, readonly Row[]>([
      ['zero', [{ y: 0 }]],
      ['rows', rows],
    ]),
  };
}

/** Rows in the order of what was observed, each with its predictive interval. */
export function rowIntervalsChart(view: ViewOf<'row_intervals'>, names: Grouping, theme: Theme, width: number): Chart {
  const rows: Row[] = Array.from(view.observed, (observed, i) => ({
    place: i + 1,
    observed,
    lower: view.lower[i],
    upper: view.upper[i],
    inside: observed >= view.lower[i] && observed <= view.upper[i] ? 'inside its interval' : 'outside',
  }));
  const x = {
    field: 'place',
    type: 'quantitative',
    title: 'Rows, from the smallest to the largest observation',
    axis: { labels: false, ticks: false, grid: false },
    scale: { nice: false },
  };
  const y = { type: 'quantitative', title: ellipsis(names.response, 40), scale: { zero: false } };
  return {
    spec: {
      data: { name: 'rows' },
      width: Math.max(80, width - AXES),
      height: 240,
      layer: [
        {
          mark: { type: 'rule', color: theme.muted, opacity: 0.55, strokeWidth: 1.2 },
          encoding: { x, y: { field: 'lower', ...y }, y2: { field: 'upper' } },
        },
        {
          mark: { type: 'point', filled: true, size: 14, opacity: 1 },
          encoding: {
            x,
            y: { field: 'observed', ...y },
            color: {
              field: 'inside',
              type: 'nominal',
              scale: { domain: ['inside its interval', 'outside'], range: [theme.accent, theme.bad] },
              legend: { title: 'Observed', orient: 'top' },
            },
            shape: {
              field: 'inside',
              type: 'nominal',
              scale: { domain: ['inside its interval', 'outside'], range: ['circle', 'triangle-up'] },
              legend: { title: 'Observed', orient: 'top' },
            },
          },
        },
      ],
    } as Chart['spec'],
    data: new Map([['rows', rows]]),
  };
}

/** Where each observation lies among its predictions: flat when the model is right. */
export function pitChart(view: ViewOf<'pit'>, theme: Theme, width: number): Chart {
  const bins = view.counts.length;
  const rows: Row[] = view.counts.map((count, k) => ({ start: k / bins, end: (k + 1) / bins, count }));
  return {
    spec: {
      width: Math.max(80, width - AXES),
      height: 160,
      layer: [
        {
          data: { name: 'bins' },
          mark: { type: 'bar', binSpacing: 1 },
          encoding: {
            x: {
              field: 'start',
              type: 'quantitative',
              bin: { binned: true },
              title: 'Share of the predictive distribution below the observation',
              axis: { tickCount: 5 },
            },
            x2: { field: 'end' },
            y: { field: 'count', type: 'quantitative', title: 'Rows' },
          },
        },
        {
          data: { name: 'band' },
          mark: { type: 'rect', color: theme.foreground, opacity: 0.16 },
          encoding: { y: { field: 'lower', type: 'quantitative' }, y2: { field: 'upper' } },
        },
      ],
    } as Chart['spec'],
    data: new Map<string, readonly Row[]>([
      ['bins', rows],
      ['band', [{ lower: view.lower, upper: view.upper }]],
    ]),
  };
}

/** Each group's coefficient alone and as pooled, drawn towards the population's mean. */
export function shrinkageChart(view: ViewOf<'shrinkage'>, most: number, theme: Theme, width: number): Chart {
  const rows: Row[] = view.groups
    .map((group, i) => ({ group, alone: view.alone[i], pooled: view.pooled[i], rows: view.rows[i] }))
    .sort((a, b) => b.rows - a.rows)
    .slice(0, most)
    .map((r) => ({ ...r, alone: Number.isFinite(r.alone) ? r.alone : null }));
  // Only Gaussian rows tell a group's own coefficient without a fit of its own.
  const told = rows.some((r) => r.alone !== null);
  const y = { field: 'group', type: 'nominal', sort: null, title: null, axis: { labelLimit: 160, grid: false } };
  const x = { type: 'quantitative', title: view.term === 'alpha' ? 'Intercept' : ellipsis(view.term, 60), scale: { zero: false } };
  const marks = told
    ? { domain: ['its rows alone', 'pooled'], range: [theme.second, theme.accent] }
    : { domain: ['pooled'], range: [theme.accent] };
  const point = (field: string, what: string): object => ({
    mark: { type: 'point', filled: true, size: 45, opacity: 1 },
    encoding: { y, x: { field, ...x }, color: { datum: what, type: 'nominal', scale: marks, legend: { title: null, orient: 'top' } } },
  });
  return {
    spec: {
      data: { name: 'groups' },
      width: Math.max(80, width - 210),
      height: { step: 18 },
      layer: [
        ...(told
          ? [
              {
                mark: { type: 'rule', color: theme.muted },
                transform: [{ filter: 'isValid(datum.alone)' }],
                encoding: { y, x: { field: 'alone', ...x }, x2: { field: 'pooled' } },
              },
              point('alone', 'its rows alone'),
            ]
          : []),
        point('pooled', 'pooled'),
        {
          data: { name: 'population' },
          mark: { type: 'rule', color: theme.foreground, strokeDash: [4, 3] },
          encoding: { x: { field: 'x', ...x } },
        },
      ],
    } as Chart['spec'],
    data: new Map<string, readonly Row[]>([
      ['groups', rows],
      ['population', [{ x: view.population }]],
    ]),
  };
}
