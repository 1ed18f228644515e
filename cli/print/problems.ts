/** Problems as `file:line:column: severity CODE message` lines. */
import { dirname, join, relative } from 'node:path';
import type { Problem } from '../../core/spec/problem.ts';
import type { SpecSource } from '../../protocol/engine.ts';

const LONGEST = 500;

/** Names and cells from the user's files must not break the line or steer the terminal. */
const printable = (text: string): string => {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is taken out
  const clean = text.replace(/[\u0000-\u001f\u007f-\u009f]/g, (c) => (c === '\n' ? '\\n' : c === '\t' ? '\\t' : '�'));
  return clean.length > LONGEST ? `${clean.slice(0, LONGEST)}…` : clean;
};

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
  const shown = (path: string): string => relative(process.cwd(), path) || path;
  return problems.map(({ range, data, severity, code, message }) => {
    const rest = { severity, code, message: printable(message) };
    if (data) return { file: shown(join(dirname(source.path), data.file)), line: data.line, column: data.column, ...rest };
    const line = lineOf(starts, range.start);
    return { file: shown(source.path), line: line + 1, column: range.start - starts[line] + 1, ...rest };
  });
}

export function printProblems(source: SpecSource, problems: readonly Problem[]): void {
  for (const p of placeProblems(source, problems))
    process.stderr.write(`${p.file}:${p.line}:${p.column}: ${p.severity} ${p.code} ${p.message}\n`);
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
