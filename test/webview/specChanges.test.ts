import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { lineDiff } from '../../engine/views/lineDiff.ts';
import type { DiffLine } from '../../protocol/views/compare.ts';
import { backward } from '../../webview/panel/specChanges.ts';

const of = (lines: readonly DiffLine[]) => ({ lines, more: 0, run: [{ name: 'seed', shown: '1', here: '2' }] });

describe('backward', () => {
  it('turns lines and values, and takes lines out before it puts others in', () => {
    const there = of(lineDiff('{\n "seed": 1,\n "draws": 5\n}', '{\n "seed": 2,\n "draws": 5,\n "chains": 4\n}'));
    const { lines, run } = backward(there);
    expect(lines.filter((l) => l.kind !== 'same' && l.kind !== 'gap').map((l) => l.kind)).toEqual([
      'removed',
      'removed',
      'removed',
      'added',
      'added',
    ]);
    expect(run).toEqual([{ name: 'seed', shown: '2', here: '1' }]);
  });

  it('is the difference of the texts in the other order, up to which equal lines are paired', () => {
    const text = fc.array(fc.constantFrom('a', 'b', 'c', 'd'), { maxLength: 12 }).map((lines) => lines.join('\n'));
    fc.assert(
      fc.property(text, text, (a, b) => {
        const turned = backward(of(lineDiff(a, b))).lines;
        const there = lineDiff(b, a);
        for (const kind of ['added', 'removed'] as const) {
          expect(turned.filter((l) => l.kind === kind).length).toBe(there.filter((l) => l.kind === kind).length);
        }
      }),
    );
  });

  it('turned twice is what it was', () => {
    const there = of(lineDiff('a\nb\nc', 'a\nx\ny\nc'));
    expect(backward(backward(there))).toEqual(there);
  });
});
