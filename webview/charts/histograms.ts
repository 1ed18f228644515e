/** Histograms: by group, and of what was observed against what was predicted. */
import type { GroupedHistogram, HistogramBins } from '../../protocol/views/parts.ts';
import type { ObservedPredicted } from '../../protocol/views/predictive.ts';
import { ellipsis } from '../shared/format.ts';
import type { Theme } from '../shared/theme.ts';
import { type Chart, groupLegend, groupScale, type Row } from './chart.ts';

/** Up to so many groups lie over each other; more are stacked. */
const OVERLAID = 3;

/** Rows of the bins that are not empty. */
export function binRows({ lower, width, series }: GroupedHistogram): Row[] {
  return series.flatMap(({ name, counts }) =>
    counts.flatMap((count, k) => (count === 0 ? [] : [{ group: name, start: lower + k * width, end: lower + (k + 1) * width, count }])),
  );
}

export interface GroupedOptions {
  /** Name of the column, for the axis. */
  readonly column: string;
  readonly groups: readonly string[];
  readonly groupTitle: string | null;
  readonly height?: number;
  readonly axes?: boolean;
}

export function groupedChart(histogram: GroupedHistogram, options: GroupedOptions, theme: Theme, width: number): Chart {
  const shown = histogram.series.map((s) => s.name);
  const overlaid = shown.length <= OVERLAID;
  return {
    spec: {
      data: { name: 'bins' },
      width: Math.max(80, width - 70),
      height: options.height ?? 240,
      mark: {
        type: 'bar',
        opacity: overlaid && shown.length > 1 ? 0.72 : 1,
        binSpacing: 1,
        ...(theme.highContrast ? { stroke: theme.foreground } : {}),
      },
      encoding: {
        x: { field: 'start', type: 'quantitative', bin: { binned: true, step: histogram.width }, title: ellipsis(options.column, 60) },
        x2: { field: 'end' },
        y: { field: 'count', type: 'quantitative', title: 'Rows', stack: overlaid ? null : 'zero' },
        color:
          shown.length > 1
            ? {
                field: 'group',
                type: 'nominal',
                scale: groupScale(theme, shown, options.groups),
                legend: groupLegend(options.groupTitle, shown),
              }
            : { value: theme.accent },
        tooltip: [
          { field: 'group', title: 'Group' },
          { field: 'start', title: 'From', format: '.4~r' },
          { field: 'end', title: 'To', format: '.4~r' },
          { field: 'count', title: 'Rows' },
        ],
      },
    } as Chart['spec'],
    data: new Map([['bins', binRows(histogram)]]),
  };
}

/**
 * What a whole data set looks like against its predictive means, and how much replicated data sets vary.
 * @param means Whether the predictive means are shown: those of the priors alone say nothing of single rows.
 */
export function observedPredictedChart(view: ObservedPredicted, column: string, theme: Theme, width: number, means = true): Chart {
  const bins = view.observed.map((observed, k) => {
    const start = view.lower + k * view.width;
    const end = start + view.width;
    const [low, high] = [view.replicatedLower[k], view.replicatedUpper[k]];
    return { start, end, middle: (start + end) / 2, observed, predicted: view.predicted[k], low, high };
  });
  const rows: Row[] = bins.flatMap(({ observed, predicted, ...place }) => [
    { ...place, what: OBSERVED, count: observed },
    ...(means ? [{ ...place, what: PREDICTED, count: predicted }] : []),
  ]);
  const domain = means ? [OBSERVED, PREDICTED] : [OBSERVED];
  const scale = { domain, range: [theme.accent, theme.second] };
  const x = { field: 'start', type: 'quantitative', bin: { binned: true, step: view.width }, title: ellipsis(column, 60) };
  return {
    spec: {
      data: { name: 'bins' },
      width: Math.max(80, width - 70),
      height: 260,
      layer: [
        {
          mark: { type: 'bar', opacity: 0.7, binSpacing: 1 },
          encoding: {
            x,
            x2: { field: 'end' },
            y: { field: 'count', type: 'quantitative', title: 'Rows', stack: null },
            color: { field: 'what', type: 'nominal', scale, legend: { title: null, orient: 'top', symbolType: 'square' } },
            tooltip: [
              { field: 'what', title: 'Histogram' },
              { field: 'start', title: 'From', format: '.4~r' },
              { field: 'end', title: 'To', format: '.4~r' },
              { field: 'count', title: 'Rows' },
              { field: 'low', title: 'Replicated, 5 %' },
              { field: 'high', title: 'Replicated, 95 %' },
            ],
          },
        },
        {
          transform: [{ filter: `datum.what === '${OBSERVED}'` }],
          mark: { type: 'rule', color: theme.foreground, opacity: 0.85 },
          encoding: { x: { field: 'middle', type: 'quantitative' }, y: { field: 'low', type: 'quantitative' }, y2: { field: 'high' } },
        },
      ],
    } as Chart['spec'],
    data: new Map([['bins', rows]]),
  };
}

const OBSERVED = 'Observed';
const PREDICTED = 'Predicted mean';

/** One predictive distribution with its mean, where it has one, and interval; made for being redrawn while a slider moves. */
export function predictiveChart(
  histogram: HistogramBins,
  marks: { readonly mean: number | null; readonly lower: number; readonly upper: number },
  column: string,
  theme: Theme,
  width: number,
  height = 150,
): Chart {
  const step = (histogram.upper - histogram.lower) / histogram.counts.length;
  const rows: Row[] = histogram.counts.map((count, k) => ({
    start: histogram.lower + k * step,
    end: histogram.lower + (k + 1) * step,
    count,
    inside: histogram.lower + (k + 0.5) * step >= marks.lower && histogram.lower + (k + 0.5) * step <= marks.upper,
  }));
  return {
    spec: {
      width: Math.max(80, width - 20),
      height,
      layer: [
        {
          data: { name: 'bins' },
          mark: { type: 'bar', binSpacing: 0 },
          encoding: {
            x: {
              field: 'start',
              type: 'quantitative',
              bin: { binned: true },
              title: ellipsis(column, 40),
              scale: { zero: false, nice: false },
              axis: { grid: false, tickCount: 5 },
            },
            x2: { field: 'end' },
            y: { field: 'count', type: 'quantitative', axis: null },
            opacity: { condition: { test: 'datum.inside', value: 1 }, value: 0.4 },
          },
        },
        {
          data: { name: 'marks' },
          mark: { type: 'rule', strokeWidth: 2, color: theme.foreground },
          encoding: { x: { field: 'mean', type: 'quantitative' } },
        },
      ],
    } as Chart['spec'],
    data: new Map<string, readonly Row[]>([
      ['bins', rows],
      ['marks', marks.mean === null ? [] : [{ mean: marks.mean }]],
    ]),
  };
}
