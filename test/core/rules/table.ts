/** The table that rules are tested by: a marked spec, its data, what must be said of it, and what every fix must leave. */
import { expect } from 'vitest';
import type { DataFault, DataProfile } from '../../../core/data/profile.ts';
import { check } from '../../../core/rules/check.ts';
import type { Problem, TextEdit } from '../../../core/spec/problem.ts';
import { profileOfCsv } from './profileOfCsv.ts';

export const DATA = `g,k,x1,x2,y
A,u,1.5,,2.8
A,u,2.5,,5.4
A,v,4.1,,2.1
A,v,3.3,,2.4
B,u,5.2,1.2,3.5
B,v,1.9,0.7,8.2
B,w,2.2,3.1,4.1
B,u,3.7,2.2,6.6`;

export interface Row {
  readonly name: string;
  readonly spec: string;
  readonly csv?: string;
  readonly group?: string | null;
  readonly faults?: readonly DataFault[];
  readonly code: string;
  readonly severity?: Problem['severity'];
  readonly mentions: string;
  readonly line?: number;
  readonly fixed?: string;
  /** Why there is no fix to offer. */
  readonly noFix?: boolean;
}

export const spec = (rest: string, covariates = '["x1", "x2"]', mask = '{ "A": [1, 0], "B": [1, 1] }') =>
  `{ "data": "d.csv", "response": "y", "group": "g", "covariates": ${covariates}, "mask": ${mask}${rest === '' ? '' : `, ${rest}`} }`;
export const fault = (kind: DataFault['kind'], message: string, rest: Partial<DataFault> = {}): DataFault => ({
  kind,
  fatal: true,
  message,
  line: null,
  column: null,
  ...rest,
});

/** Applies edits, none of which overlaps another. */
function apply(text: string, edits: readonly TextEdit[]): string {
  const sorted = [...edits].sort((a, b) => b.start - a.start);
  for (let i = 1; i < sorted.length; i++) expect(sorted[i].end, 'edits overlap').toBeLessThanOrEqual(sorted[i - 1].start);
  return sorted.reduce((t, e) => t.slice(0, e.start) + e.text + t.slice(e.end), text);
}

function profileFor(row: Row): DataProfile {
  const group = row.group === undefined ? 'g' : row.group;
  return { ...profileOfCsv(row.csv ?? DATA, group), faults: row.faults ?? [] };
}

/** Holds a row of the table: one problem of its code, where the marks are, and each of its fixes leaves a text clean of it. */
export function checkRow(row: Row): void {
  const start = row.spec.indexOf('|');
  const end = row.spec.indexOf('|', start + 1) - 1;
  const text = row.spec.replaceAll('|', '');
  const { problems } = check(text, profileFor(row));
  const found = problems.filter((p) => p.code === row.code);
  expect(found.length, problems.map((p) => `${p.code} ${p.message}`).join('\n')).toBe(1);
  const [problem] = found;
  expect(problem.range).toEqual({ start, end });
  expect(problem.severity).toBe(row.severity ?? 'error');
  expect(problem.message).toContain(row.mentions);
  expect(problem.message.length).toBeLessThan(260);
  if (row.line !== undefined) expect(problem.data?.line).toBe(row.line);
  expect((problem.fixes ?? []).length > 0).toBe(row.noFix !== true);
  for (const fix of problem.fixes ?? []) {
    expect(fix.edits.length, fix.title).toBeGreaterThan(0);
    const fixed = apply(text, fix.edits);
    // What lies with the file itself is not changed by the text: its faults are not given again.
    const profile = { ...profileFor(row), faults: [], groupColumn: /"group":/.test(fixed) ? 'g' : null };
    const after = check(fixed, profile).problems.filter((p) => p.code === row.code && p.severity === problem.severity);
    expect(after, `${fix.title}: ${fixed}`).toEqual([]);
    expect(check(fixed, profile).problems.filter((p) => p.code === 'HM001')).toEqual([]);
  }
  if (row.fixed !== undefined) expect(apply(text, problem.fixes![0].edits)).toBe(row.fixed.replaceAll('|', ''));
}
