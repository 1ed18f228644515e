import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Draft, draftSpec, guessRoles } from '../../../core/init/draft.ts';
import { check } from '../../../core/rules/check.ts';
import { profileOfCsv } from '../rules/profileOfCsv.ts';

const lines = (header: string, row: (i: number) => string, n = 40): string =>
  `${header}\n${Array.from({ length: n }, (_, i) => row(i)).join('\n')}\n`;
const wave = (i: number, k = 1): string => (10 * Math.sin(1.3 * i * k + k)).toFixed(2);

/** As `hmask init` drafts: the groups of a guessed column are known after a second look. */
function draft(csv: string, given: { response?: string; group?: string } = {}): Draft | null {
  const choices = { data: 'd.csv', response: given.response ?? null, group: given.group ?? null };
  const roles = guessRoles(profileOfCsv(csv, choices.group), choices);
  return roles && draftSpec(profileOfCsv(csv, roles.group?.column ?? null), choices);
}
const written = (csv: string, given = {}) => JSON.parse(draft(csv, given)!.text);
const reasonFor = (drafted: Draft, column: string) => drafted.leftOut.find((l) => l.column === column)?.reason;

const GROUPED = lines('g,x,m,y', (i) => `${'AB'[i % 2]},${(i * 7) % 11},${i % 2 === 0 ? (i * 5) % 13 : ''},${(i * 3) % 17}.5`);

describe('a drafted spec', () => {
  it('guesses the group, takes the last number for the response and infers the mask', () => {
    expect(written(GROUPED)).toEqual({
      data: 'd.csv',
      response: 'y',
      group: 'g',
      covariates: ['x', 'm'],
      mask: { A: [1, 1], B: [1, 0] },
      family: 'gaussian',
    });
  });

  it('prefers a response that is known in every row', () => {
    expect(draft(lines('x,v,late', (i) => `${i % 9},${(i * 3) % 17}.5,${i % 4 === 0 ? '' : (i * i) % 7}`))?.response.column).toBe('v');
  });

  it('D19: keeps to what it is told', () => {
    expect(written(GROUPED, { response: 'x' })).toMatchObject({ response: 'x', group: 'g', covariates: ['m', 'y'] });
    const csv = lines('a,b,x,y', (i) => `a${i % 4},b${i % 8},${wave(i)},${wave(i, 3)}`);
    expect(written(csv, { group: 'b' })).toMatchObject({ group: 'b', covariates: ['a', 'x'], pooling: 'partial' });
  });

  it.each([
    ['0 or 1', (i: number) => i % 2, 'bernoulli'],
    ['counts', (i: number) => (i * 3) % 7, 'poisson'],
    ['counts that vary much', (i: number) => (i % 5 === 0 ? 30 : i % 2), 'negative_binomial'],
    ['whole numbers far from 0', (i: number) => 100 + ((i * 7) % 40), 'gaussian'],
    ['numbers below 0', (i: number) => ((i * 7) % 40) - 20, 'gaussian'],
    ['fractions', (i: number) => ((i * 7) % 40) / 8, 'gaussian'],
    ['shares', (i: number) => ((i * 7) % 40) / 41, 'gaussian'],
  ])('D19: takes for %s the family that fits, and says why', (_, value, family) => {
    const drafted = draft(
      lines('x,y', (i) => `${wave(i)},${value(i)}`),
      { response: 'y' },
    )!;
    expect(JSON.parse(drafted.text).family).toBe(family);
    expect(drafted.family.reason).toContain('the response is');
  });

  it.each<[string, string, Partial<Record<'response' | 'group', string | null>>]>([
    [
      'a sleep study',
      lines('Reaction,Days,Subject', (i) => `${250 + i * 3.5},${i % 10},${300 + Math.floor(i / 10)}`, 100),
      { response: 'Reaction', group: 'Subject' },
    ],
    [
      'students in schools',
      lines('student,school,ses,score', (i) => `${i},${(i % 12) + 1},${wave(i)},${40 + ((i * 7) % 50)}`, 120),
      { response: 'score', group: 'school' },
    ],
    [
      'a count after a period',
      lines('count,period,site', (i) => `${(i * 3) % 7},${(i % 4) + 1},s${i % 6}`, 60),
      { response: 'count', group: 'site' },
    ],
    [
      'ids as the last column',
      lines('x,height,patient_id', (i) => `${wave(i)},${wave(i, 2)},${1000 + (i % 8)}`, 64),
      { response: 'height', group: 'patient_id' },
    ],
    ['no group', lines('x,height', (i) => `${wave(i)},${wave(i, 2)}`), { response: 'height', group: null }],
    [
      'a treatment is no group',
      lines('sex,x,height', (i) => `${'mf'[i % 2]},${wave(i)},${wave(i, 2)}`),
      { response: 'height', group: null },
    ],
    [
      'diet is none either where a chick is',
      lines('weight,Time,Chick,Diet', (i) => `${40 + i},${i % 12},${Math.floor(i / 12) + 1},${1 + (Math.floor(i / 12) % 4)}`, 144),
      { response: 'weight', group: 'Chick' },
    ],
  ])('D19: the roles of %s', (_, csv, expected) => {
    const drafted = draft(csv)!;
    expect({ response: drafted.response.column, group: drafted.group?.column ?? null }).toEqual(expected);
  });

  it.each<[string, string, (i: number) => string, RegExp]>([
    ['D4: an index without a name', '', (i) => String(i), /no name/],
    ['D4: an index of blanks', ' ', (i) => String(i), /no name/],
    ['D19: row numbers', 'n', (i) => String(i + 1), /numbers the rows/],
    ['D19: identifiers', 'order_id', (i) => String(70_000 + i * 13), /identifier/],
    ['D19: a constant', 'k', () => '3', /same in every row/],
    ['D19: one text', 'k', () => 'a', /same in every row/],
    ['D19: an empty column', 'k', () => '', /empty/],
    ['D19: dates', 'when', (i) => `2021-03-${String((i % 28) + 1).padStart(2, '0')}`, /dates/],
    ['D19: free text', 'note', (i) => `note ${i}`, /40 different texts/],
    ['text among numbers', 'k', (i) => (i === 7 ? 'abc' : String((i * 7) % 9)), /text among its numbers/],
    ['denormal numbers', 'k', (i) => `${1 + (i % 9)}e-310`, /too large or too small/],
    ['the double of another', 'k', (i) => String(2 * Number(wave(i))), /linear function/],
  ])('leaves out, with the reason, %s', (_, name, cell, reason) => {
    const drafted = draft(lines(`${name},x,y`, (i) => `${cell(i)},${wave(i)},${wave(i, 2)}`))!;
    const column = name === 'k' && /linear/.test(reason.source) ? 'x' : name;
    expect(reasonFor(drafted, column)).toMatch(reason);
    expect(JSON.parse(drafted.text).covariates).not.toContain(column);
  });

  it('D19: pools from five groups on', () => {
    const csv = (n: number) => lines('g,x,y', (i) => `g${i % n},${wave(i)},${wave(i, 2)}`, 80);
    expect(written(csv(4)).pooling).toBeUndefined();
    expect(written(csv(5)).pooling).toBe('partial');
  });

  it('D19: takes no more covariates than a fit has time and rows for', () => {
    const wide = lines(
      ['g', ...Array.from({ length: 60 }, (_, k) => `x${k}`), 'y'].join(','),
      (i) => [`g${i % 40}`, ...Array.from({ length: 60 }, (_, k) => wave(i, k + 2)), wave(i, 99)].join(','),
      400,
    );
    const drafted = draft(wide)!;
    expect(drafted.covariates.length).toBe(10);
    expect(reasonFor(drafted, 'x59')).toContain('beyond the first 10');
  });

  it('leaves rows with empty cells out, and says so', () => {
    const drafted = draft(lines('x,y', (i) => `${i === 3 ? '' : wave(i)},${i === 5 ? 'NA' : wave(i, 2)}`))!;
    expect([drafted.drops, JSON.parse(drafted.text).missing]).toEqual([true, 'drop']);
  });

  it('is none where no column holds numbers', () => {
    expect(draft(lines('a,b', (i) => `x${i},y${i}`))).toBeNull();
  });

  it('says what is wrong with a response that was asked for', () => {
    const drafted = draft(
      lines('a,x', (i) => `t${i % 3},${wave(i)}`),
      { response: 'a' },
    )!;
    expect(drafted.problems.map((p) => p.code)).toContain('HM207');
  });
});

/** A column of a file as people have them: a header and 3 to 30 cells. */
const cells: Readonly<Record<string, (i: number, k: number) => string>> = {
  measured: (i, k) => wave(i, k),
  whole: (i, k) => String((i * (k + 2)) % 17),
  binary: (i, k) => String(((i * k) >> 1) % 2),
  share: (i, k) => String(((i * (k + 3)) % 20) / 20),
  ids: (i) => String(i + 1),
  codes: (i, k) => String(100 + (i % (k + 2))),
  texts: (i, k) => `t${i % (k + 2)}`,
  free: (i) => `some words ${i}`,
  dates: (i) => `2020-01-${String((i % 28) + 1).padStart(2, '0')}`,
  constant: () => '7',
  empty: () => '',
  gaps: (i, k) => (i % 4 === k % 4 ? '' : wave(i, k)),
  halves: (i, k) => (i % 2 === 0 ? wave(i, k) : ''),
  mixed: (i) => (i % 7 === 3 ? '?' : String(i)),
  huge: (i, k) => `${wave(i, k)}e200`,
  tiny: (i, k) => `${wave(i, k)}e-310`,
  infinite: (i, k) => (i === 2 ? 'inf' : wave(i, k)),
  years: (i) => String(1990 + (i % 20)),
  words: (i) => ['yes', 'no'][i % 2],
};
const HEADERS = [
  '',
  ' ',
  'y',
  'x',
  'id',
  'Group',
  'subject',
  'a:b',
  'log(x)',
  '(1|g)',
  'x*z',
  '__proto__',
  'constructor',
  'Größe in cm',
  '2020',
  '.',
  '`q`',
  'é',
  'x^2',
  '1',
  'null',
  '{"a"}',
  "it's",
  'year',
  'score',
];

describe('whatever is drafted', () => {
  it('D4: checks clean, or says what it cannot mend', () => {
    const column = fc.record({ kind: fc.constantFrom(...Object.keys(cells)), k: fc.integer({ min: 1, max: 12 }) });
    const table = fc.record({
      headers: fc.uniqueArray(fc.constantFrom(...HEADERS), { minLength: 1, maxLength: 8 }),
      columns: fc.array(column, { minLength: 8, maxLength: 8 }),
      rows: fc.integer({ min: 2, max: 60 }),
    });
    fc.assert(
      fc.property(table, ({ headers, columns, rows }) => {
        const csv = lines(headers.join(','), (i) => headers.map((_, c) => cells[columns[c].kind](i, columns[c].k)).join(','), rows);
        const drafted = draft(csv);
        if (drafted === null) return;
        const spec = JSON.parse(drafted.text);
        const { problems } = check(drafted.text, profileOfCsv(csv, spec.group ?? null));
        expect(
          problems.filter((p) => p.severity === 'error').map((p) => `${p.code} ${p.message}`),
          `${drafted.text}\n${csv}`,
        ).toEqual([]);
        const inList = problems.filter((p) => p.severity === 'warning' && /^HM(2|5)/.test(p.code) && !['HM210', 'HM503'].includes(p.code));
        expect(
          inList.map((p) => `${p.code} ${p.message}`),
          drafted.text,
        ).toEqual([]);
        expect(spec.covariates).not.toContain('');
        const known = [spec.response, spec.group, ...spec.covariates, ...drafted.leftOut.map((l) => l.column)].filter(
          (n) => n !== undefined,
        );
        expect(known.sort()).toEqual([...headers].sort());
      }),
      { numRuns: 400 },
    );
  });
});
