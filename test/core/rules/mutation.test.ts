/**
 * Thousands of single faults planted in the shipped example, in its text or in its data: each must be told with the right code.
 * The faults come from a fixed seed; what a fault of a kind must be told as is written beside it.
 */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { DataProfile } from '../../../core/data/profile.ts';
import { check } from '../../../core/rules/check.ts';
import { profileOfCsv } from './profileOfCsv.ts';

const folder = new URL('../../../examples/manufacturing/', import.meta.url);
const SPEC = readFileSync(new URL('manufacturing.hmask.json', folder), 'utf8');
const CSV = readFileSync(new URL('manufacturing.csv', folder), 'utf8').replaceAll('\r', '').trim();
const GROUPS = ['Product_Group_1', 'Product_Group_2'];
const COVARIATES = ['Feed_Speed', 'Pull_Acceleration', 'Cutting_Wait_Time'];
const COLUMNS = CSV.split('\n')[0].split(',');
const FAULTS_OF_A_KIND = 84;

/** A small generator; the same faults every time. */
class Random {
  constructor(private state: number) {}
  below(n: number): number {
    this.state = (Math.imul(this.state, 1664525) + 1013904223) >>> 0;
    return Math.floor((n * this.state) / 2 ** 32);
  }
  of<T>(list: readonly T[]): T {
    return list[this.below(list.length)];
  }
}

const LETTERS = 'abcdefghijklmnopqrstuvwxyz_0123456789';

/** The name with one letter more, less, other, or two swapped; never one of the names that mean something. */
function misspelt(r: Random, name: string, legal: readonly string[]): string {
  for (;;) {
    const i = r.below(name.length);
    const letter = r.of([...LETTERS]);
    const wrong = r.of([
      name.slice(0, i) + letter + name.slice(i),
      name.slice(0, i) + name.slice(i + 1),
      name.slice(0, i) + letter + name.slice(i + 1),
      i + 1 < name.length ? name.slice(0, i) + name[i + 1] + name[i] + name.slice(i + 2) : `${name}x`,
    ]);
    if (wrong !== '' && wrong !== name && !legal.includes(wrong) && !/^\d/.test(wrong)) return wrong;
  }
}

/** Replaces the n-th occurrence of a text, n at random. */
function replaceOne(r: Random, text: string, from: string | RegExp, to: (found: string) => string): string {
  const all = [...text.matchAll(typeof from === 'string' ? new RegExp(from.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'), 'g') : from)];
  const one = r.of(all);
  return text.slice(0, one.index) + to(one[0]) + text.slice(one.index + one[0].length);
}

interface Kind {
  readonly name: string;
  readonly code: string;
  readonly spec?: (r: Random) => string;
  readonly data?: (r: Random, rows: string[][]) => void;
}

const KEYS = ['group', 'covariates', 'mask', 'family', 'priors', 'sampler', 'predictions'];
const mask = (r: Random, to: (row: string, r: Random) => string) => replaceOne(r, SPEC, /\[[01], [01], [01]\]/g, (row) => to(row, r));
const priorString = (r: Random, to: (s: string) => string) => replaceOne(r, SPEC, /(half_)?normal\([\d, ]+\)/g, to);
const column = (name: string) => COLUMNS.indexOf(name);

const kinds: readonly Kind[] = [
  { name: 'a key misspelt', code: 'HM002', spec: (r) => key(r, r.of(KEYS)) },
  { name: 'a sampler key misspelt', code: 'HM002', spec: (r) => key(r, r.of(['chains', 'warmup', 'draws', 'seed'])) },
  { name: 'a prior key misspelt', code: 'HM002', spec: (r) => key(r, r.of(['intercept', 'weights', 'scale'])) },
  { name: 'a required key misspelt', code: 'HM002', spec: (r) => key(r, r.of(['data', 'response'])) },
  {
    name: 'a structural character lost',
    code: 'HM001',
    spec: (r) => replaceOne(r, SPEC.replace(/\/\/.*/, ''), /[:[\]{}]|,(?=\s+["{])/g, () => ''),
  },
  { name: 'a quote lost', code: 'HM001', spec: (r) => replaceOne(r, SPEC.replace(/\/\/.*/, ''), '"', () => '') },
  { name: 'the end lost', code: 'HM001', spec: (r) => SPEC.slice(0, 1 + r.below(SPEC.trimEnd().length - 1)) },
  {
    name: 'a line twice',
    code: 'HM004',
    spec: (r) => replaceOne(r, SPEC, /\n {2}"(data|response|group|family|sampler|priors)".*/g, (line) => line + line),
  },
  { name: 'a wrong type', code: 'HM003', spec: (r) => wrongType(r) },
  { name: 'a word misspelt', code: 'HM003', spec: (r) => SPEC.replace('"gaussian"', `"${misspelt(r, 'gaussian', [])}"`) },
  { name: 'a column misspelt', code: 'HM201', spec: (r) => columnTypo(r) },
  {
    name: 'a covariate twice',
    code: 'HM202',
    spec: (r) => replaceOne(r, SPEC, /(?<=\[.*)"(Pull_Acceleration|Cutting_Wait_Time)"(?=.*\],)/g, () => '"Feed_Speed"'),
  },
  {
    name: 'a mask entry',
    code: 'HM404',
    spec: (r) => mask(r, (row) => replaceOne(r, row, /[01]/g, () => r.of(['2', '-1', 'true', 'false', 'null', '"1"', '0.5', '[1]']))),
  },
  {
    name: 'a mask row shorter',
    code: 'HM403',
    spec: (r) => mask(r, (row) => r.of([row.replace(/, [01]\]/, ']'), row.replace(/\[[01], /, '['), '[]'])),
  },
  { name: 'a mask row longer', code: 'HM403', spec: (r) => mask(r, (row) => row.replace(']', r.of([', 1]', ', 0]', ', 1, 1]']))) },
  {
    name: 'a mask group misspelt',
    code: 'HM401',
    spec: (r) => replaceOne(r, SPEC, /"Product_Group_[12]"(?=: \[)/g, (g) => `"${misspelt(r, g.slice(1, -1), GROUPS)}"`),
  },
  {
    name: 'a mask row lost',
    code: 'HM402',
    spec: (r) => r.of([SPEC.replace(/\n.*"Product_Group_1": \[.*/, ''), SPEC.replace(/\],(.*)\n.*"Product_Group_2": \[.*/, ']$1')]),
  },
  { name: 'the mask 1 where nothing is', code: 'HM407', spec: () => SPEC.replace('[1, 1, 0]', '[1, 1, 1]') },
  { name: 'the mask 0 where values are', code: 'HM408', spec: (r) => replaceOne(r, SPEC, /1(?=[01, ]*\][,\s])/g, () => '0') },
  {
    name: 'a family of counts',
    code: 'HM209',
    spec: (r) => SPEC.replace('"gaussian"', r.of(['"poisson"', '"bernoulli"', '"negative_binomial"'])),
  },
  { name: 'binomial without trials', code: 'HM211', spec: () => SPEC.replace('"gaussian"', '"binomial"') },
  {
    name: 'a prior without parentheses',
    code: 'HM601',
    spec: (r) => priorString(r, (s) => r.of([s.replace('(', ''), s.replace(')', ''), s.replace(/\d/, 'five'), s.replace(/\(.*/, '')])),
  },
  {
    name: 'a prior misspelt',
    code: 'HM602',
    spec: (r) => priorString(r, (s) => s.replace(/^\w+/, (n) => misspelt(r, n, ['normal', 'half_normal']))),
  },
  {
    name: 'an argument more or less',
    code: 'HM603',
    spec: (r) => priorString(r, (s) => r.of([s.replace(')', ', 2)'), s.replace(/\(.*\)/, '()'), s.replace(')', ', 0, 1)')])),
  },
  { name: 'a negative sd', code: 'HM604', spec: (r) => priorString(r, (s) => s.replace(/5\)/, `${r.of(['-5', '0', '-0.1', '-1e3'])})`)) },
  {
    name: 'the wrong support',
    code: 'HM605',
    spec: (r) =>
      r.of([
        SPEC.replace('"half_normal(5)"', r.of(['"normal(0, 5)"', '"cauchy(0, 2)"', '"laplace(0, 1)"'])),
        replaceOne(r, SPEC, '"normal(0, 5)"', () => r.of(['"half_normal(5)"', '"gamma(2, 1)"', '"exponential(1)"'])),
      ]),
  },
  {
    name: 'a prior of the wrong size',
    code: 'HM606',
    spec: (r) => priorString(r, (s) => s.replace('5)', r.of(['0.00001)', '1e-9)', '1e12)']))),
  },
  {
    name: 'a prior without its parameter',
    code: 'HM607',
    spec: (r) =>
      SPEC.replace('"half_normal(5)"', `"half_normal(5)", "${r.of(['nu', 'shape', 'intercept_sd', 'weights_sd'])}": "exponential(1)"`),
  },
  {
    name: 'an impossible sampler',
    code: 'HM701',
    spec: (r) => replaceOne(r, SPEC, /(?<="(chains|warmup|draws|seed)": )\d+/g, () => r.of(['-1', '0.5', '-100', '1e300'])),
  },
  {
    name: 'an unreliable sampler',
    code: 'HM702',
    spec: (r) =>
      r.of([
        SPEC.replace('"chains": 4', '"chains": 1'),
        SPEC.replace('"draws": 300', `"draws": ${1 + r.below(99)}`),
        SPEC.replace('"warmup": 200', `"warmup": ${r.below(49)}`),
      ]),
  },
  {
    name: 'a prediction group misspelt',
    code: 'HM801',
    spec: (r) => replaceOne(r, SPEC, /(?<="group": )"Product_Group_[12]"/g, (g) => `"${misspelt(r, g.slice(1, -1), GROUPS)}"`),
  },
  {
    name: 'a prediction covariate lost',
    code: 'HM802',
    spec: (r) => replaceOne(r, SPEC, /"(Feed_Speed|Pull_Acceleration)": \d+,? ?/g, () => ''),
  },
  {
    name: 'a prediction covariate misspelt',
    code: 'HM805',
    spec: (r) =>
      replaceOne(
        r,
        SPEC,
        /"(Feed_Speed|Pull_Acceleration|Cutting_Wait_Time)"(?=: \d)/g,
        (c) => `"${misspelt(r, c.slice(1, -1), COVARIATES)}"`,
      ),
  },
  {
    name: 'a prediction far away',
    code: 'HM804',
    spec: (r) => replaceOne(r, SPEC, /(?<="(Feed_Speed|Pull_Acceleration)": )\d+/g, () => String(r.of([1, -1]) * (50 + r.below(1000)))),
  },
  {
    name: 'an empty covariate cell',
    code: 'HM406',
    data: (r, rows) => put(r.of(rows), column(r.of(COVARIATES.slice(0, 2))), r.of(['', 'NA', 'nan'])),
  },
  {
    name: 'text in a covariate',
    code: 'HM204',
    data: (r, rows) => put(r.of(rows), column(r.of(COVARIATES.slice(0, 2))), r.of(['abc', '1.2.3', '12abc', '?'])),
  },
  {
    name: 'an infinite covariate',
    code: 'HM205',
    data: (r, rows) => put(r.of(rows), column(r.of(COVARIATES.slice(0, 2))), r.of(['inf', '-Infinity', '1e999'])),
  },
  {
    name: 'a huge number',
    code: 'HM206',
    data: (r, rows) => put(r.of(rows), column(r.of(['Feed_Speed', 'Production_Speed'])), r.of(['1e300', '-1e200', '9e307'])),
  },
  {
    name: 'text in the response',
    code: 'HM207',
    data: (r, rows) => put(r.of(rows), column('Production_Speed'), r.of(['yes', '--', '3;5'])),
  },
  {
    name: 'an empty response',
    code: 'HM208',
    data: (r, rows) => put(r.of(rows), column('Production_Speed'), r.of(['', 'NaN', 'NULL'])),
  },
  { name: 'an empty group', code: 'HM303', data: (r, rows) => put(r.of(rows), column('Product_Group'), '') },
  {
    name: 'a group misspelt',
    code: 'HM402',
    data: (r, rows) => put(r.of(rows), column('Product_Group'), misspelt(r, r.of(GROUPS), GROUPS)),
  },
  { name: 'a constant covariate', code: 'HM501', data: (r, rows) => inGroup(r, rows, (row) => put(row, column('Feed_Speed'), '4')) },
  {
    name: 'a collinear covariate',
    code: 'HM502',
    data: (r, rows) => inGroup(r, rows, (row) => put(row, column('Pull_Acceleration'), String(2 * Number(row[column('Feed_Speed')]) + 1))),
  },
  {
    name: 'a constant response',
    code: 'HM210',
    data: (_, rows) => {
      for (const row of rows) put(row, column('Production_Speed'), '3');
    },
  },
  { name: 'a group almost without rows', code: 'HM503', data: (r, rows) => thin(r, rows) },
];

const put = (row: string[], at: number, cell: string): void => {
  row[at] = cell;
};

function key(r: Random, name: string): string {
  return SPEC.replace(
    `"${name}":`,
    `"${misspelt(r, name, ['data', 'response', 'group', 'missing', 'interval', 'pooling', 'intercept'])}":`,
  );
}

function wrongType(r: Random): string {
  const at = r.of([
    '"group": "Product_Group",',
    '"family": "gaussian",',
    '"seed": 42',
    '"draws": 300',
    '"response": "Production_Speed"',
    '"data": "manufacturing.csv"',
  ]);
  const [name] = at.split(':');
  const wrong = name === '"seed"' || name === '"draws"' ? ['"many"', 'true', '[1]', 'null'] : ['7', 'true', '[1]', 'null'];
  return SPEC.replace(at, `${name}: ${r.of(wrong)}${at.endsWith(',') ? ',' : ''}`);
}

function columnTypo(r: Random): string {
  const name = r.of([
    '"response": "Production_Speed"',
    '"group": "Product_Group"',
    '["Feed_Speed"',
    '"Pull_Acceleration", "C',
    '"Cutting_Wait_Time"],',
  ]);
  const word = /"([A-Z][A-Za-z_]+)"/.exec(name)![1];
  return SPEC.replace(name, name.replace(word, misspelt(r, word, COLUMNS)));
}

function inGroup(r: Random, rows: string[][], change: (row: string[]) => void): void {
  const group = r.of(GROUPS);
  for (const row of rows) if (row[column('Product_Group')] === group) change(row);
}

function thin(r: Random, rows: string[][]): void {
  const group = r.of(GROUPS);
  const keep = 1 + r.below(2);
  let seen = 0;
  for (let i = rows.length - 1; i >= 0; i--) if (rows[i][column('Product_Group')] === group && seen++ >= keep) rows.splice(i, 1);
}

const profiles = new Map<string, DataProfile>();

/** As the reader of the data gives it for a spec's text. */
function profileFor(text: string, csv: string): DataProfile {
  const group = /"group": "(\w+)",\n/.exec(text)?.[1] ?? null;
  const known = group !== null && COLUMNS.includes(group) ? group : null;
  if (csv !== CSV) return profileOfCsv(csv, known, 'manufacturing.csv');
  let profile = profiles.get(String(known));
  if (profile === undefined) {
    profile = profileOfCsv(csv, known, 'manufacturing.csv');
    profiles.set(String(known), profile);
  }
  return profile;
}

describe('single faults', () => {
  test('the example as it is has none but hints', () => {
    const { problems } = check(SPEC, profileFor(SPEC, CSV));
    expect(problems.filter((p) => p.severity !== 'hint')).toEqual([]);
  });

  test.each(kinds.filter((k) => k.spec !== undefined))('$name: every quick fix leaves none of its code', (kind) => {
    const r = new Random(104_729 + kind.name.length);
    for (let n = 0; n < 12; n++) {
      const text = kind.spec!(r);
      for (const problem of check(text, profileFor(text, CSV)).problems) {
        if (problem.code !== kind.code) continue;
        for (const fix of problem.fixes ?? []) {
          const edits = [...fix.edits].sort((a, b) => b.start - a.start);
          const fixed = edits.reduce((t, e) => t.slice(0, e.start) + e.text + t.slice(e.end), text);
          const left = check(fixed, profileFor(fixed, CSV)).problems.filter((p) => p.code === kind.code);
          const before = kind.code === 'HM001' ? 1 : check(text, profileFor(text, CSV)).problems.filter((p) => p.code === kind.code).length;
          expect(left.length, `${fix.title}\n${diff(text)}\nbecame\n${diff(fixed)}`).toBeLessThan(before);
        }
      }
    }
  });

  test('at least 99 of 100 are told with the right code', () => {
    const missed: string[] = [];
    let planted = 0;
    for (const [i, kind] of kinds.entries()) {
      const r = new Random(7919 * (i + 1));
      const count = kind.data === undefined ? FAULTS_OF_A_KIND : Math.ceil(FAULTS_OF_A_KIND / 4);
      for (let n = 0; n < count; n++) {
        let csv = CSV;
        const text = kind.spec?.(r) ?? SPEC;
        if (kind.data !== undefined) {
          const rows = CSV.split('\n')
            .slice(1)
            .map((line) => line.split(','));
          kind.data(r, rows);
          csv = [CSV.split('\n')[0], ...rows.map((row) => row.join(','))].join('\n');
        }
        planted += 1;
        const { problems } = check(text, profileFor(text, csv));
        if (!problems.some((p) => p.code === kind.code)) {
          missed.push(`${kind.name}: ${problems.map((p) => p.code).join(' ')}\n${kind.spec === undefined ? '' : diff(text)}`);
        }
        for (const p of problems) expect(p.range.start >= 0 && p.range.end <= text.length && p.range.start <= p.range.end).toBe(true);
      }
    }
    expect(planted).toBeGreaterThan(3000);
    expect(missed.length / planted, missed.slice(0, 12).join('\n')).toBeLessThan(0.01);
  });
});

const diff = (text: string): string => {
  const lines = SPEC.split('\n');
  return text
    .split('\n')
    .filter((line) => !lines.includes(line))
    .slice(0, 3)
    .join('\n');
};
