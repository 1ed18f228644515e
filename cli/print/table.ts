/** Plain text tables: columns as wide as their cells, numbers to the right. */
import { visible } from '../../core/spec/text.ts';

/** Digits enough to tell values of this spread apart. */
export function formatNumber(x: number | null, digits = 3): string {
  if (x === null || Number.isNaN(x)) return '–';
  if (x === 0) return '0';
  const size = Math.abs(x);
  if (size >= 1e6 || size < 1e-3) return x.toExponential(2);
  if (size >= 1000) return x.toFixed(1);
  return x.toFixed(digits);
}

/** The first column to the left, the others to the right; a cell of `null` is left blank. */
export function renderTable(header: readonly string[], given: readonly (readonly (string | null)[])[]): string {
  const rows = given.map((cells) => cells.map((cell) => cell && visible(cell)));
  const widths = header.map((h, c) => Math.max(width(h), ...rows.map((r) => width(r[c] ?? ''))));
  const line = (cells: readonly (string | null)[]): string =>
    cells
      .map((cell, c) => {
        const space = ' '.repeat(Math.max(0, widths[c] - width(cell ?? '')));
        return c === 0 ? `${cell ?? ''}${space}` : `${space}${cell ?? ''}`;
      })
      .join('  ')
      .trimEnd();
  return [line(header), line(widths.map((w) => '─'.repeat(w))), ...rows.map(line)].join('\n');
}

const width = (text: string): number => [...text].length;
