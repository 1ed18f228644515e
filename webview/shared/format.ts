/** Numbers and small texts as people read them. */
export { upright } from '../../core/spec/text.ts';

const MINUS = '−';
const typographic = (text: string): string => text.replace(/-/g, MINUS);

/** Three significant digits, `–` for what is not a number. */
export function short(x: number | null | undefined): string {
  if (x === null || x === undefined || Number.isNaN(x)) return '–';
  if (!Number.isFinite(x)) return x > 0 ? '∞' : `${MINUS}∞`;
  return withDecimals(x, decimalsFor(Math.abs(x), 3));
}

/** As many decimals as give the spread two significant digits: a mean is not shown finer than its sd allows. */
export function near(x: number | null | undefined, spread: number | null | undefined): string {
  if (spread === null || spread === undefined || !(spread > 0) || !Number.isFinite(spread)) return short(x);
  if (x === null || x === undefined || !Number.isFinite(x)) return short(x);
  return withDecimals(x, decimalsFor(spread, 2));
}

/** One for all: making one takes longer than writing hundreds of numbers. */
const WHOLE = new Intl.NumberFormat('en');

/** A whole number with thousands separated. */
export function whole(x: number | null | undefined): string {
  return x === null || x === undefined || !Number.isFinite(x) ? '–' : WHOLE.format(Math.round(x));
}

export const percent = (x: number): string => `${Number((100 * x).toPrecision(3))} %`;

/** A probability told by counting draws: never quite 0 or 1. */
export function probability(p: number): string {
  if (p > 0.999) return 'more than 99.9 %';
  return p < 0.001 ? 'less than 0.1 %' : percent(p);
}

/** R-hat to three decimals. */
export const rHat = (x: number | null): string => (x === null || !Number.isFinite(x) ? '–' : x.toFixed(3));

export function milliseconds(ms: number): string {
  if (ms < 1000) return `${Math.round(ms)} ms`;
  return ms < 60_000 ? `${(ms / 1000).toFixed(1)} s` : `${Math.floor(ms / 60_000)} min ${Math.round((ms % 60_000) / 1000)} s`;
}

/** `90 % equal-tailed`: what an interval's header says. */
export const intervalText = ({ kind, prob }: { readonly kind: 'eti' | 'hdi'; readonly prob: number }): string =>
  `${percent(prob)} ${kind === 'hdi' ? 'highest-density' : 'equal-tailed'}`;

export const plural = (n: number, one: string, many = `${one}s`): string => `${whole(n)} ${n === 1 ? one : many}`;

/** A long name for an axis; whole in the table beside. */
export const ellipsis = (text: string, most = 28): string => (text.length > most ? `${text.slice(0, most - 1)}…` : text);

/** A name that is safe for a file: letters, digits, hyphens. */
export const fileStem = (text: string): string =>
  text
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 60) || 'chart';

function decimalsFor(size: number, digits: number): number {
  if (!(size > 0)) return digits - 1;
  return Math.max(0, Math.min(12, digits - 1 - Math.floor(Math.log10(size))));
}

function withDecimals(x: number, decimals: number): string {
  if (x !== 0 && (Math.abs(x) >= 1e7 || Math.abs(x) < 1e-6)) return typographic(x.toExponential(2));
  const text = x.toFixed(decimals);
  return typographic(Number(text) === 0 ? text.replace('-', '') : text);
}
