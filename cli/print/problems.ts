/** Problems as `file:line:column: severity CODE message` lines. */
import { dirname, relative, resolve } from 'node:path';
import type { Problem } from '../../core/spec/problem.ts';
import { visible } from '../../core/spec/text.ts';
import type { SpecSource } from '../../protocol/engine.ts';
import { tell } from '../output.ts';

const LONGEST = 500;

const shortened = (text: string): string => (text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text);

export interface PlacedProblem {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly severity: Problem['severity'];
  readonly code: string;
  readonly message: string;
}

/** Problems with their places; a fault in the data is placed in the data file. */
export function placeProblems(source: SpecSource, problems: readonly Problem[]): PlacedProblem[] {
  const starts = lineStarts(source.text);
  const shown = (path: string): string => visible(relative(process.cwd(), path) || path);
  return problems.map(({ range, data, severity, code, message }) => {
    const rest = { severity, code, message: shortened(visible(message)) };
    if (data) return { file: shown(resolve(dirname(source.path), data.file)), line: data.line, column: data.column, ...rest };
    const line = lineOf(starts, range.start);
    return { file: shown(source.path), line: line + 1, column: range.start - starts[line] + 1, ...rest };
  });
}

export function printProblems(source: SpecSource, problems: readonly Problem[]): void {
  for (const p of placeProblems(source, problems)) tell(`${p.file}:${p.line}:${p.column}: ${p.severity} ${p.code} ${p.message}`);
}

function lineStarts(text: string): number[] {
  const starts = [0];
  for (let i = text.indexOf('\n'); i >= 0; i = text.indexOf('\n', i + 1)) starts.push(i + 1);
  return starts;
}

function lineOf(starts: readonly number[], offset: number): number {
  let low = 0;
  let high = starts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (starts[middle] <= offset) low = middle;
    else high = middle - 1;
  }
  return low;
}
