import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { lineDiff } from '../../../engine/views/lineDiff.ts';
import type { DiffLine } from '../../../protocol/views/compare.ts';

const SIGNS = { same: ' ', added: '+', removed: '-' };
const shown = (lines: readonly DiffLine[]): string[] => lines.map((l) => (l.kind === 'gap' ? `(${l.count})` : SIGNS[l.kind] + l.text));
const text = (letters: string): string => letters.split('').join('\n');

describe('lineDiff', () => {
  it.each<[string, string, string, string[]]>([
    ['equal texts', 'abc', 'abc', []],
    ['a changed line', 'abcdefgh', 'abcdXfgh', ['(2)', ' c', ' d', '-e', '+X', ' f', ' g', '(1)']],
    ['a line put in at the start', 'abc', 'Xabc', ['+X', ' a', ' b', '(1)']],
    ['a line taken out at the end', 'abc', 'ab', [' a', ' b', '-c']],
    ['two changes far apart', 'a12345678b', 'X12345678Y', ['-a', '+X', ' 1', ' 2', '(4)', ' 7', ' 8', '-b', '+Y']],
    ['a moved line', 'abc', 'bca', ['-a', ' b', ' c', '+a']],
  ])('%s', (_, before, after, lines) => {
    expect(shown(lineDiff(text(before), text(after)))).toEqual(lines);
  });

  it('does not mind line ends and blank lines at the end', () => {
    expect(lineDiff('a\r\nb\r\n\n', 'a\nb')).toEqual([]);
  });

  it('has all lines taken out and put in, in order, and no more of them than there need be', () => {
    const lines = fc.array(fc.constantFrom('a', 'b', 'c', 'd'), { minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(lines, lines, (a, b) => {
        const diff = lineDiff(a.join('\n'), b.join('\n'));
        const count = (kind: DiffLine['kind']): number => diff.filter((l) => l.kind === kind).length;
        expect(a.length - count('removed')).toBe(b.length - count('added'));
        expect(a.length - count('removed')).toBe(longestCommon(a, b));
        const rest = [...b];
        for (const line of diff) if (line.kind === 'added') expect(rest).toContain(line.text);
      }),
    );
  });
});

/** By its definition. */
function longestCommon(a: readonly string[], b: readonly string[]): number {
  if (a.length === 0 || b.length === 0) return 0;
  const known = new Map<string, number>();
  const from = (i: number, j: number): number => {
    if (i === a.length || j === b.length) return 0;
    const key = `${i},${j}`;
    const before = known.get(key);
    if (before !== undefined) return before;
    const value = a[i] === b[j] ? 1 + from(i + 1, j + 1) : Math.max(from(i + 1, j), from(i, j + 1));
    known.set(key, value);
    return value;
  };
  return from(0, 0);
}
