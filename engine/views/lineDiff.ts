/** Two texts line by line: the fewest lines taken out and put in, with a little of what is around them. */
import type { DiffLine } from '../../protocol/views/compare.ts';

/** Equal lines shown on either side of a change. */
const AROUND = 2;
/** Pairs of lines looked at; of larger differences everything between the equal ends is shown as taken out and put in. */
const MOST_PAIRS = 4_000_000;

/** From `before` to `after`; empty when they are the same. */
export function lineDiff(before: string, after: string): DiffLine[] {
  const a = linesOf(before);
  const b = linesOf(after);
  let start = 0;
  while (start < a.length && start < b.length && a[start] === b[start]) start++;
  let end = 0;
  while (end < a.length - start && end < b.length - start && a[a.length - 1 - end] === b[b.length - 1 - end]) end++;
  const changed = between(a.slice(start, a.length - end), b.slice(start, b.length - end));
  if (changed.length === 0) return [];
  const same = (text: string): DiffLine => ({ kind: 'same', text });
  return shortened([...a.slice(0, start).map(same), ...changed, ...a.slice(a.length - end).map(same)]);
}

const linesOf = (text: string): string[] => text.replace(/\s+$/, '').split(/\r?\n/);

/** Along a longest common subsequence; lines are taken out before others are put in. */
function between(a: readonly string[], b: readonly string[]): DiffLine[] {
  const removed = (text: string): DiffLine => ({ kind: 'removed', text });
  const added = (text: string): DiffLine => ({ kind: 'added', text });
  if (a.length === 0 || b.length === 0 || a.length * b.length > MOST_PAIRS) return [...a.map(removed), ...b.map(added)];
  // common[i × width + j]: length of the longest common subsequence of a from i and b from j.
  const width = b.length + 1;
  const common = new Uint16Array((a.length + 1) * width);
  for (let i = a.length - 1; i >= 0; i--)
    for (let j = b.length - 1; j >= 0; j--)
      common[i * width + j] =
        a[i] === b[j] ? common[(i + 1) * width + j + 1] + 1 : Math.max(common[(i + 1) * width + j], common[i * width + j + 1]);
  const lines: DiffLine[] = [];
  let i = 0;
  let j = 0;
  while (i < a.length || j < b.length) {
    if (i < a.length && j < b.length && a[i] === b[j]) {
      lines.push({ kind: 'same', text: a[i++] });
      j++;
    } else if (i < a.length && (j === b.length || common[(i + 1) * width + j] >= common[i * width + j + 1])) lines.push(removed(a[i++]));
    else lines.push(added(b[j++]));
  }
  return lines;
}

/** Equal lines far from any change become a gap. */
function shortened(lines: readonly DiffLine[]): DiffLine[] {
  const near = new Uint8Array(lines.length);
  lines.forEach((line, i) => {
    if (line.kind !== 'same') near.fill(1, Math.max(0, i - AROUND), i + AROUND + 1);
  });
  const out: DiffLine[] = [];
  let hidden = 0;
  const close = (): void => {
    if (hidden > 0) out.push({ kind: 'gap', count: hidden });
    hidden = 0;
  };
  lines.forEach((line, i) => {
    if (near[i] === 0) hidden++;
    else {
      close();
      out.push(line);
    }
  });
  close();
  return out;
}
