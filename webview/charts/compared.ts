/** Fits against each other: how well each foretells new rows, and how far their estimates lie apart. */
import type { ComparedFit } from '../../protocol/views/compare.ts';
import type { Theme } from '../shared/theme.ts';
import type { Chart, Row } from './chart.ts';

/** CSS pixels for the names of the lines. */
const LABELS = 160;
const nameAxis = { labelLimit: LABELS - 10, minExtent: LABELS, maxExtent: LABELS, grid: true, ticks: false, domain: false };
const across = (width: number): number => Math.max(80, width - LABELS - 30);

/** Elpd of each fit less that of the best, with twice its standard error either way; fits that cannot be ranked are left out. */
export function elpdChart(fits: readonly ComparedFit[], titles: readonly string[], theme: Theme, width: number): Chart {
  const rows: Row[] = fits.flatMap(({ difference: d }, i) =>
    d === null ? [] : [{ fit: titles[i], elpd: d.elpd, lower: d.elpd - 2 * d.se, upper: d.elpd + 2 * d.se }],
  );
  const x = { type: 'quantitative', title: 'Elpd less that of the best, ± 2 standard errors', scale: { padding: 8 } };
  const y = { field: 'fit', type: 'nominal', sort: null, title: null, axis: nameAxis };
  return {
    spec: {
      data: { name: 'fits' },
      width: across(width),
      height: { step: 24 },
      layer: [
        {
          mark: { type: 'rule', strokeWidth: 2.5, color: theme.accent },
          encoding: { y, x: { field: 'lower', ...x }, x2: { field: 'upper' } },
        },
        {
          mark: { type: 'point', filled: true, size: 70, opacity: 1, color: theme.accent },
          encoding: {
            y,
            x: { field: 'elpd', ...x },
            tooltip: [
              { field: 'fit', title: 'Fit' },
              { field: 'elpd', title: 'Difference', format: '.4~r' },
            ],
          },
        },
      ],
    } as Chart['spec'],
    data: new Map([['fits', rows]]),
  };
}

/** A parameter of another fit, in posterior sds of the fit on show, about its mean there. */
export interface Move {
  readonly name: string;
  readonly fit: string;
  readonly mean: number;
  readonly lower: number;
  readonly upper: number;
}

/** Every parameter that another fit has in common with the first, the farthest apart first. */
export function movesOf(fits: readonly ComparedFit[], titles: readonly string[], which: (name: string) => boolean): Move[] {
  const numbers = ({ report }: ComparedFit) =>
    report.parameters.flatMap((p) =>
      p.masked || p.mean === null || p.sd === null || !(p.sd > 0)
        ? []
        : [{ name: p.name, mean: p.mean, sd: p.sd, lower: p.lower, upper: p.upper }],
    );
  const here = new Map(
    fits
      .slice(0, 1)
      .flatMap(numbers)
      .map((p) => [p.name, p]),
  );
  const moves = fits.slice(1).flatMap((fit, i) =>
    numbers(fit).flatMap((p): Move[] => {
      const own = here.get(p.name);
      if (!own || !which(p.name)) return [];
      const [mean, lower, upper] = [p.mean, p.lower, p.upper].map((v) => (v - own.mean) / own.sd);
      return [{ name: p.name, fit: titles[i + 1], mean, lower, upper }];
    }),
  );
  const farthest = new Map<string, number>();
  for (const { name, mean } of moves) farthest.set(name, Math.max(farthest.get(name) ?? 0, Math.abs(mean)));
  return moves.sort((a, b) => farthest.get(b.name)! - farthest.get(a.name)!);
}

/** A line a parameter and fit; the band is the fit on show, one sd either way. */
export function movesChart(moves: readonly Move[], titles: readonly string[], theme: Theme, width: number): Chart {
  const names = [...new Set(moves.map((m) => m.name))];
  const x = { type: 'quantitative', title: 'Distance from the fit on show, in its posterior sds', scale: { padding: 8 } };
  const y = { field: 'name', type: 'nominal', sort: names, title: null, axis: nameAxis };
  const others = titles.slice(1);
  const encoding = {
    y,
    yOffset: { field: 'fit', type: 'nominal', sort: others },
    color: {
      field: 'fit',
      type: 'nominal',
      scale: { domain: others, range: others.map((_, i) => theme.categories[i % theme.categories.length]) },
      legend: { title: null, orient: 'top', columns: 1, labelLimit: 300 },
    },
    tooltip: [
      { field: 'name', title: 'Parameter' },
      { field: 'fit', title: 'Fit' },
      { field: 'mean', title: 'Distance in sds', format: '.3~r' },
    ],
  };
  return {
    spec: {
      width: across(width),
      height: { step: 10 + 8 * others.length, for: 'position' },
      layer: [
        {
          data: { name: 'here' },
          mark: { type: 'rect', color: theme.foreground, opacity: 0.14 },
          encoding: { x: { field: 'lower', ...x }, x2: { field: 'upper' } },
        },
        {
          data: { name: 'moves' },
          mark: { type: 'rule', strokeWidth: 2 },
          encoding: { ...encoding, x: { field: 'lower', ...x }, x2: { field: 'upper' } },
        },
        {
          data: { name: 'moves' },
          mark: { type: 'point', filled: true, size: 45, opacity: 1 },
          encoding: { ...encoding, x: { field: 'mean', ...x } },
        },
      ],
    } as Chart['spec'],
    data: new Map<string, readonly Row[]>([
      ['moves', moves.map((m) => ({ ...m }))],
      ['here', [{ lower: -1, upper: 1 }]],
    ]),
  };
}
