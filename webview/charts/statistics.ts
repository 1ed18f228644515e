/** Test statistics of replicated data sets, a small picture each, with the observed one marked. */
import type { ReplicatedStatistic } from '../../protocol/views/predictive.ts';
import type { Theme } from '../shared/theme.ts';
import type { Chart, Row } from './chart.ts';

export interface StatisticPanel extends ReplicatedStatistic {
  readonly title: string;
  /** Its p, where it is judged. */
  readonly subtitle: string | null;
  /** Whether replicated data sets hardly ever have it. */
  readonly far: boolean;
}

const HEIGHT = 100;

export function statisticsChart(panels: readonly StatisticPanel[], theme: Theme, width: number): Chart {
  const columns = Math.max(1, Math.min(panels.length, width > 640 ? 3 : width > 320 ? 2 : 1));
  const each = Math.max(110, Math.floor(width / columns) - 50);
  const data = new Map<string, readonly Row[]>();
  const concat = panels.map(({ title, subtitle, far, observed, histogram: { lower, upper, counts } }, k) => {
    const step = (upper - lower) / counts.length;
    const [bins, mark] = [`bins${k}`, `observed${k}`];
    data.set(
      bins,
      counts.map((count, i) => ({ start: lower + i * step, end: lower + (i + 1) * step, count })),
    );
    data.set(mark, [{ observed }]);
    return {
      title: {
        text: title,
        ...(subtitle === null ? {} : { subtitle: far ? `✗ ${subtitle}` : subtitle, subtitleColor: far ? theme.bad : theme.muted }),
        anchor: 'start',
        fontSize: theme.fontSize,
        subtitleFontSize: theme.fontSize,
        limit: each + 30,
      },
      width: each,
      height: HEIGHT,
      layer: [
        {
          data: { name: bins },
          mark: { type: 'bar', binSpacing: 1, color: theme.accent, opacity: 0.75 },
          encoding: {
            x: {
              field: 'start',
              type: 'quantitative',
              bin: { binned: true },
              title: null,
              scale: { zero: false, nice: false },
              axis: { grid: false, tickCount: 4 },
            },
            x2: { field: 'end' },
            y: { field: 'count', type: 'quantitative', title: k % columns === 0 ? 'Data sets' : null, axis: { tickCount: 3 } },
            tooltip: [
              { field: 'start', title: 'From', format: '.4~r' },
              { field: 'end', title: 'To', format: '.4~r' },
              { field: 'count', title: 'Replicated data sets' },
            ],
          },
        },
        {
          data: { name: mark },
          mark: { type: 'rule', strokeWidth: 2.5, color: far ? theme.bad : theme.foreground },
          encoding: {
            x: { field: 'observed', type: 'quantitative' },
            tooltip: [{ field: 'observed', title: 'Observed', format: '.4~r' }],
          },
        },
      ],
    };
  });
  return { spec: { columns, spacing: 20, concat } as Chart['spec'], data };
}
