/** The Predictive section of draws from the priors: what they alone say about the response. */
import { html, nothing } from 'lit';
import { observedPredictedChart } from '../../charts/histograms.ts';
import { statisticsChart } from '../../charts/statistics.ts';
import { plural, whole } from '../../shared/format.ts';
import { withColumns } from '../../shared/tableData.ts';
import type { FittedApp } from '../app.ts';
import { observedTable, priorReading, statisticPanels, statisticsTable } from '../checks.ts';
import { emptyState, figure, numberField } from '../parts.ts';

export function priorPredictive(app: FittedApp, newRows: unknown): unknown {
  return html`${responseFigure(app)} ${statistics(app)} ${newRows}
  ${emptyState('Intervals by row, residuals, calibration and leave-one-out judge a fit, and here none has been made.')}`;
}

function responseFigure(app: FittedApp): unknown {
  const width = app.choice<number | null>('predictive.width', null);
  const { group } = app.state.selection;
  const loaded = app.view({ kind: 'observed_predicted', width, group }, 'observed');
  return figure(loaded, {
    heading: `What the priors alone say about the response${group === null ? '' : `, in ${group}`}`,
    reading: (v) => {
      const reached = v.observed.filter((o, k) => o > 0 && v.replicatedUpper[k] > 0).length;
      const there = v.observed.filter((o) => o > 0).length;
      return `The upright lines span what 90 % of data sets drawn from the priors have in a bin, over the data's range; they reach ${whole(reached)} of the ${plural(there, 'bin')} with observed rows.`;
    },
    note: ({ rows }) => `${plural(rows, 'row')}. The observed rows are shown for scale: the priors have not seen them.`,
    draw: (v) => (theme, w) => observedPredictedChart(v, app.structure.response, theme, w, false),
    table: (v) => withColumns(observedTable(v), [0, 1, 2, 4, 5]),
    controls: numberField('Bin width', width ?? loaded.value?.width ?? 1, 0, (w) => app.choose('predictive.width', w)),
  });
}

/** No share and no warning: priors are meant to be wider than the data. */
function statistics(app: FittedApp): unknown {
  const loaded = app.view({ kind: 'statistics', group: app.state.selection.group }, 'statistics');
  if (loaded.value?.statistics.length === 0) return nothing;
  return figure(loaded, {
    heading: 'Statistics of data drawn from the priors',
    reading: priorReading,
    note: ({ sets }) => `Bars: ${plural(sets, 'data set')} drawn from the priors; upright line: the observed one, for scale.`,
    draw: (v) => (theme, w) => statisticsChart(statisticPanels(v.statistics, false), theme, w),
    table: (v) => withColumns(statisticsTable(v), [0, 1, 2, 3]),
  });
}
