/** The difference of two specs the other way round. Pure. */
import type { DiffLine, SpecChanges } from '../../protocol/views/compare.ts';

/** From the second of two specs to the first: within a change, lines are still taken out before others are put in. */
export function backward({ lines, more, run }: SpecChanges): SpecChanges {
  const turned: DiffLine[] = [];
  let added: DiffLine[] = [];
  for (const line of lines) {
    if (line.kind === 'removed') added.push({ ...line, kind: 'added' });
    else if (line.kind === 'added') turned.push({ ...line, kind: 'removed' });
    else {
      turned.push(...added, line);
      added = [];
    }
  }
  turned.push(...added);
  return { lines: turned, more, run: run.map(({ name, shown, here }) => ({ name, shown: here, here: shown })) };
}
