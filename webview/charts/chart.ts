/** What a picture is: a Vega-Lite spec over named data, kept apart so that new data need no new embedding. */
import type { Config, TopLevelSpec } from 'vega-lite';
import type { Theme } from '../shared/theme.ts';

/** Field names are ours, never a user's. */
export type Row = Readonly<Record<string, string | number | boolean | null>>;

export interface Chart {
  /** Refers to its data by name. */
  readonly spec: TopLevelSpec;
  readonly data: ReadonlyMap<string, readonly Row[]>;
}

/** Drawn for a theme and for the width there is, in CSS pixels. */
export type Draw = (theme: Theme, width: number) => Chart;

export const SCHEMA = 'https://vega.github.io/schema/vega-lite/v6.json';

/** The spec with its data inside, as it is saved and as an editor opens it. */
export function wholeSpec({ spec, data }: Chart, config: Config): TopLevelSpec {
  return { $schema: SCHEMA, ...spec, config: { ...config, ...spec.config }, datasets: Object.fromEntries(data) } as TopLevelSpec;
}

/** Colours and type of every picture. */
export function vegaConfig(theme: Theme): Config {
  const text = { labelFont: theme.font, titleFont: theme.font, labelColor: theme.muted, titleColor: theme.foreground };
  const small = Math.max(10, theme.fontSize - 2);
  return {
    background: theme.background,
    font: theme.font,
    // The picture as a whole has a description, and its numbers are in the table beside.
    aria: false,
    view: { stroke: null },
    axis: {
      ...text,
      labelFontSize: small,
      titleFontSize: small + 1,
      titleFontWeight: 'normal',
      gridColor: theme.grid,
      domainColor: theme.muted,
      tickColor: theme.muted,
      labelLimit: 180,
      titleLimit: 400,
      labelOverlap: 'parity',
      labelSeparation: 6,
      labelFlush: false,
    },
    // Pictures are about as high: a longer title would be cut at both ends.
    axisY: { titleLimit: 160 },
    header: { ...text, labelFontSize: small + 1, titleFontSize: small + 1, labelLimit: 240 },
    legend: { ...text, labelFontSize: small, titleFontSize: small, titleFontWeight: 'normal', labelLimit: 220, symbolOpacity: 1 },
    title: { color: theme.foreground, font: theme.font, fontSize: theme.fontSize, fontWeight: 'normal' },
    text: { color: theme.foreground, font: theme.font, fontSize: small },
    rule: { color: theme.foreground },
    bar: { color: theme.accent },
    line: { color: theme.accent },
    point: { color: theme.accent },
    range: { category: [...theme.categories] },
  };
}

/** A scale that gives each group its colour, wherever it is shown. */
export function groupScale(theme: Theme, shown: readonly string[], all: readonly string[]): { domain: string[]; range: string[] } {
  const place = new Map(all.map((name, i) => [name, i]));
  return {
    domain: [...shown],
    range: shown.map((name) => {
      const i = place.get(name);
      return i === undefined ? theme.muted : theme.categories[i % theme.categories.length];
    }),
  };
}

/** CSS pixels that the names of a row of a legend have together, and what a symbol with its space takes of them. */
const LEGEND = 560;
const SYMBOL = 30;

/** A legend that long names and many groups do not widen. */
export function groupLegend(title: string | null, shown: readonly string[]): object | null {
  if (shown.length < 2) return null;
  const columns = Math.min(4, shown.length);
  return { title, orient: 'top', columns, symbolType: 'square', labelLimit: Math.floor(LEGEND / columns) - SYMBOL, titleLimit: LEGEND };
}
