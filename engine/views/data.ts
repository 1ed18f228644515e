/** Views of the data as the model reads them: response by group, pairs of columns, what is there and what is masked. */
import { responseText } from '../../core/design/notation.ts';
import type { ViewOf, ViewRequest } from '../../protocol/views.ts';
import { groupedHistogram } from './bins.ts';
import { rowsOf, thin, type ViewState } from './state.ts';

type Ask<K extends ViewRequest['kind']> = Extract<ViewRequest, { readonly kind: K }>;

/** Marks of a pair plot over all its panels together. */
const PAIR_MARKS = 2400;
const DIAGONAL_BINS = 15;
const MOST_COLUMNS = 6;
const DEFAULT_COLUMNS = 5;

export function responseHistogram(state: ViewState, ask: Ask<'response_histogram'>): ViewOf<'response_histogram'> {
  const { rows } = state.data;
  const whole = isWhole(rows.y);
  const histogram = groupedHistogram(rows.y, rows.group, rowsOf(state, ask.groups), state.design.groups, ask.width, whole);
  return { kind: 'response_histogram', column: responseText(state.design), histogram };
}

const isWhole = (values: Float64Array): boolean => values.every(Number.isInteger);

/** The columns of a pair plot: covariates that are columns of their own, and the response. */
function pairColumns(state: ViewState): { name: string; values: Float64Array; term: number }[] {
  const { design, data } = state;
  const columns = design.terms.flatMap((t, k) =>
    t.kind === 'slope' && t.factors.length === 1 ? [{ name: t.name, values: data.rows.x[k], term: k }] : [],
  );
  return [...columns, { name: responseText(design), values: data.rows.y, term: -1 }];
}

export function pairPlot(state: ViewState, ask: Ask<'pair_plot'>): ViewOf<'pair_plot'> {
  const { design, data } = state;
  const all = pairColumns(state);
  const wanted = ask.columns?.slice(0, MOST_COLUMNS) ?? null;
  const covariates = all.slice(0, -1).slice(0, DEFAULT_COLUMNS - 1);
  const columns = wanted ? all.filter((c) => wanted.includes(c.name)) : [...covariates, all[all.length - 1]];
  const rows = rowsOf(state, ask.groups);
  const panels = Math.max(1, (columns.length * (columns.length - 1)) / 2);
  const most = Math.floor(PAIR_MARKS / panels);
  const masked = (i: number, term: number): boolean => term >= 0 && design.mask[data.rows.group[i] * design.terms.length + term] === 0;
  // A panel shows only rows that have both columns, so fewer marks than rows where something is masked.
  const share = columns.length < 2 ? 1 : visibleShare(state, columns, rows, masked);
  const shown = thin(rows, Math.floor(most / Math.max(share, 1e-3)));
  const cells = columns.map((c) => {
    const values = c.values.slice();
    for (const i of rows) if (masked(i, c.term)) values[i] = Number.NaN;
    return values;
  });
  return {
    kind: 'pair_plot',
    columns: columns.map((c) => c.name),
    available: all.map((c) => c.name),
    groups: design.groups,
    group: Uint16Array.from(shown, (i) => data.rows.group[i]),
    values: cells.map((values) => Float64Array.from(shown, (i) => values[i])),
    histograms: cells.map((values) => groupedHistogram(values, data.rows.group, rows, design.groups, null, false, DIAGONAL_BINS)),
    rows: { shown: shown.length, used: rows.length },
  };
}

/** The share of panel marks that masks leave, over all pairs of columns. */
function visibleShare(
  state: ViewState,
  columns: readonly { readonly term: number }[],
  rows: Int32Array,
  masked: (row: number, term: number) => boolean,
): number {
  const sample = thin(rows, 500);
  let there = 0;
  for (const i of sample) {
    const c = columns.filter(({ term }) => !masked(i, term)).length;
    there += (c * (c - 1)) / 2;
  }
  const panels = (columns.length * (columns.length - 1)) / 2;
  return sample.length === 0 || state.data.rows.n === 0 ? 1 : there / (sample.length * panels);
}

export function dataMap({ design, profile }: ViewState): ViewOf<'data_map'> {
  const slopes = design.terms.map((term, t) => ({ term, t })).filter(({ term }) => term.kind === 'slope');
  const columns = new Map(profile.columns.map((c, i) => [c.name, i]));
  const profiles = new Map(profile.groups.map((g) => [g.name, g]));
  const size = design.groups.length * slopes.length;
  const mask = new Uint8Array(size);
  const present = new Uint32Array(size);
  const missing = new Uint32Array(size);
  design.groups.forEach((name, g) => {
    const group = profiles.get(name);
    slopes.forEach(({ term, t }, s) => {
      const cell = g * slopes.length + s;
      mask[cell] = design.mask[g * design.terms.length + t];
      if (!group) return;
      for (const factor of term.factors) {
        const column = group.columns[columns.get(factor.column) ?? -1];
        if (column) missing[cell] = Math.max(missing[cell], column.empty);
      }
      present[cell] = group.rows - missing[cell];
    });
  });
  const groupRows = design.groups.map((name) => profiles.get(name)?.rows ?? 0);
  return { kind: 'data_map', groups: design.groups, groupRows, covariates: slopes.map(({ term }) => term.name), mask, present, missing };
}
