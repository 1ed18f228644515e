/** Groups × covariates: what does not exist, what is missing, what is there. */
import type { ViewOf } from '../../protocol/views.ts';
import { plural } from '../shared/format.ts';
import type { Theme } from '../shared/theme.ts';
import type { Chart, Row } from './chart.ts';

export interface MapCell {
  readonly group: string;
  readonly covariate: string;
  readonly masked: boolean;
  readonly present: number;
  readonly missing: number;
}

const STATES = ['present', 'some missing', 'missing', 'not applicable'] as const;

export function stateOf({ masked, present, missing }: MapCell): (typeof STATES)[number] {
  if (masked) return 'not applicable';
  if (missing === 0) return 'present';
  return present === 0 ? 'missing' : 'some missing';
}

/** What stands in a cell: how many values, and how many are empty. */
export function cellText({ masked, present, missing }: MapCell): string {
  if (masked) return present > 0 ? `masked (${plural(present, 'value')} ignored)` : 'masked';
  return missing > 0 ? `${present} · ${missing} empty` : String(present);
}

/** The cells of a data map, of all groups or of one. */
export function mapCells(view: ViewOf<'data_map'>, group: string | null): MapCell[] {
  const k = view.covariates.length;
  return view.groups.flatMap((name, g) =>
    group !== null && group !== name
      ? []
      : view.covariates.map((covariate, c) => ({
          group: name,
          covariate,
          masked: view.mask[g * k + c] === 0,
          present: view.present[g * k + c],
          missing: view.missing[g * k + c],
        })),
  );
}

export function maskMapChart(cells: readonly MapCell[], theme: Theme, width: number): Chart {
  const groups = [...new Set(cells.map((c) => c.group))];
  const covariates = [...new Set(cells.map((c) => c.covariate))];
  const rows: Row[] = cells.map((c) => ({ group: c.group, covariate: c.covariate, state: stateOf(c), text: cellText(c) }));
  const cellWidth = Math.max(60, Math.min(220, (width - 180) / Math.max(1, covariates.length)));
  const colours = { present: theme.accent, 'some missing': theme.second, missing: theme.bad, 'not applicable': theme.background };
  const used = STATES.filter((s) => cells.some((c) => stateOf(c) === s));
  const color = {
    field: 'state',
    type: 'nominal',
    scale: { domain: used, range: used.map((s) => colours[s]) },
    legend: { title: null, orient: 'top', symbolType: 'square', symbolStrokeColor: theme.muted },
  };
  const x = {
    field: 'covariate',
    type: 'nominal',
    sort: covariates,
    title: null,
    axis: { orient: 'top', labelAngle: cellWidth < 110 ? -30 : 0, labelLimit: cellWidth < 110 ? 160 : cellWidth - 6, labelOverlap: false },
  };
  const y = { field: 'group', type: 'nominal', sort: groups, title: null, axis: { labelLimit: 160 } };
  const text = (filter: string, colour: string): object => ({
    transform: [{ filter }],
    mark: { type: 'text', color: colour, limit: cellWidth - 6 },
    encoding: { x, y, text: { field: 'text' } },
  });
  const onColour = theme.kind === 'light' || theme.kind === 'hc-light' ? '#ffffff' : '#000000';
  return {
    spec: {
      data: { name: 'cells' },
      width: { step: cellWidth },
      height: { step: 24 },
      layer: [
        {
          mark: { type: 'rect', stroke: theme.muted, strokeWidth: 1 },
          encoding: {
            x,
            y,
            color,
            tooltip: [
              { field: 'group', title: 'Group' },
              { field: 'covariate', title: 'Covariate' },
              { field: 'state', title: 'Values' },
              { field: 'text', title: 'Rows' },
            ],
          },
        },
        text(`datum.state !== 'not applicable'`, onColour),
        text(`datum.state === 'not applicable'`, theme.muted),
      ],
    } as Chart['spec'],
    data: new Map([['cells', rows]]),
  };
}
