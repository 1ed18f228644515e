/** Markdown of which no user text can be part: names go in as code, so that neither HTML, links nor icons come of them. */

import { upright } from '../../core/spec/text.ts';

/** Names longer than this are cut. */
const LONGEST = 120;

/** Any text as an inline code span. */
export function code(text: string): string {
  const line = [...upright(text.slice(0, 4 * LONGEST)).replace(/\s+/g, ' ')].slice(0, LONGEST).join('');
  const clean = line.length === 0 ? ' ' : line;
  const longest = Math.max(0, ...(clean.match(/`+/g) ?? []).map((run) => run.length));
  const fence = '`'.repeat(longest + 1);
  return `${fence}${clean.startsWith('`') || clean.endsWith('`') ? ` ${clean} ` : clean}${fence}`;
}

/** The same inside a table's cell. */
export const cellCode = (text: string): string => code(text.replaceAll('|', '¦'));

/** A table; cells are Markdown already. */
export function table(header: readonly string[], rows: readonly (readonly string[])[], alignRight = 1): string {
  const align = header.map((_, i) => (i < alignRight ? ':--' : '--:'));
  return [header, align, ...rows].map((row) => `| ${row.join(' | ')} |`).join('\n');
}

/** A number for people: four significant digits; `–` for one that does not exist. */
export function number(x: number | null): string {
  if (x === null || !Number.isFinite(x)) return '–';
  const rounded = Number(x.toPrecision(4));
  return Math.abs(rounded) >= 1e7 || (rounded !== 0 && Math.abs(rounded) < 1e-4) ? rounded.toExponential(2) : String(rounded);
}

export const percent = (share: number): string => `${share > 0 && share < 0.01 ? '< 1' : Math.round(100 * share)} %`;
