/** Small pictures for hovers: SVG as a data address, of numbers only, in colours that stand on light and dark. */

export interface Bars {
  readonly lower: number;
  readonly upper: number;
  readonly counts: readonly number[];
}

const WIDTH = 240;
const HEIGHT = 56;
const BASE = HEIGHT - 12;

/** Bars of a histogram, its ends labelled. `alt` is for readers who do not see it; it must not hold user text. */
export function histogramPicture(bars: Bars, alt: string): string {
  return image(barsOf(bars, '#4c8bf5'), bars, alt);
}

/** A posterior's bars with its prior's density as a line; `prior` gives the density at a value. */
export function densityPicture(bars: Bars, prior: ((x: number) => number) | null, alt: string): string {
  return image(barsOf(bars, '#4c8bf5') + (prior === null ? '' : priorLine(bars, prior)), bars, alt);
}

function barsOf({ counts }: Bars, colour: string): string {
  const most = Math.max(1, ...counts);
  const width = WIDTH / Math.max(1, counts.length);
  return counts
    .map((count, i) => {
      const height = ((BASE - 2) * count) / most;
      return `<rect x="${fixed(i * width)}" y="${fixed(BASE - height)}" width="${fixed(Math.max(width - 1, 0.5))}" height="${fixed(height)}" fill="${colour}"/>`;
    })
    .join('');
}

function priorLine({ lower, upper, counts }: Bars, prior: (x: number) => number): string {
  const total = counts.reduce((a, b) => a + b, 0);
  const width = (upper - lower) / Math.max(1, counts.length);
  const most = Math.max(1, ...counts);
  const points: string[] = [];
  for (let i = 0; i <= 60; i++) {
    const density = prior(lower + ((upper - lower) * i) / 60);
    const height = Number.isFinite(density) ? Math.min(1, (density * total * width) / most) : 1;
    points.push(`${fixed((WIDTH * i) / 60)},${fixed(BASE - (BASE - 2) * height)}`);
  }
  return `<polyline points="${points.join(' ')}" fill="none" stroke="#d9822b" stroke-width="1.5"/>`;
}

function image(content: string, { lower, upper }: Bars, alt: string): string {
  const label = (x: number, anchor: string, at: number) =>
    `<text x="${at}" y="${HEIGHT - 2}" font-family="sans-serif" font-size="9" fill="#888" text-anchor="${anchor}">${Number(x.toPrecision(3))}</text>`;
  const svg =
    `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${HEIGHT}" viewBox="0 0 ${WIDTH} ${HEIGHT}">` +
    `${content}<line x1="0" y1="${BASE}" x2="${WIDTH}" y2="${BASE}" stroke="#888"/>` +
    `${label(lower, 'start', 0)}${label(upper, 'end', WIDTH)}</svg>`;
  return `![${alt}](data:image/svg+xml;base64,${base64(svg)})`;
}

const fixed = (x: number): string => String(Number(x.toFixed(1)));
const base64 = (text: string): string => Buffer.from(text, 'utf8').toString('base64');
