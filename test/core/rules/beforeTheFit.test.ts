/** What a spec is told before its fit: each row as in rules.test.ts. */
import { describe, expect, test } from 'vitest';
import { check } from '../../../core/rules/check.ts';
import { profileOfCsv } from './profileOfCsv.ts';
import { checkRow, type Row, spec } from './table.ts';

const BY_GROUP = '"priors": { "scale": { "prior": "half_normal(5)", "by": |"group"| } }';
const dates = (make: (day: number) => string): string =>
  `g,when,y\n${Array.from({ length: 24 }, (_, i) => `${'AB'[i % 2]},${make(i + 1)},${((i * 5) % 7) + 0.5}`).join('\n')}`;
const two = (n: number) => String(n).padStart(2, '0');
const plainSpec = (covariates: string, rest = '') =>
  `{ "data": "d.csv", "response": "y", "group": "g", "covariates": ${covariates}${rest} }`;
const groups = (n: number, x: (i: number) => number = (i) => i % 5): string =>
  `g,x,y\n${Array.from({ length: 4 * n }, (_, i) => `g${i % n},${x(i)},${((i * 5) % 7) + 0.5}`).join('\n')}`;

const rows: readonly Row[] = [
  {
    name: 'D18: a response that is constant in a group with a scale of its own',
    spec: spec(BY_GROUP, '["x1"]', '"auto"'),
    csv: 'g,x1,y\nA,1,3\nA,2,3\nA,3,3\nB,1,2\nB,2,5\nB,3,4',
    code: 'HM210',
    severity: 'warning',
    mentions: 'is 3 in all 3 rows of the group "A", so that its scale runs to 0',
  },
  {
    name: 'D18: constant in several groups',
    spec: spec(BY_GROUP, '["x1"]', '"auto"'),
    csv: 'g,x1,y\nA,1,3\nA,2,3\nA,3,3\nB,1,2\nB,2,2\nB,3,2',
    code: 'HM210',
    severity: 'warning',
    mentions: 'does not change within the groups "A" and "B"',
  },
  {
    name: 'D18: one row in a group with a scale of its own',
    spec: spec(BY_GROUP, '["x1"]', '"auto"'),
    csv: 'g,x1,y\nA,1,3\nB,1,2\nB,2,5\nB,3,4',
    code: 'HM210',
    severity: 'warning',
    mentions: 'only the prior tells its scale',
  },
  {
    name: 'D18: ISO dates as a covariate',
    spec: plainSpec('["|when|"]'),
    csv: dates((d) => `2021-03-${two(d)}`),
    code: 'HM216',
    severity: 'warning',
    mentions: 'holds dates (such as "2021-03-01"), which would become 23 indicators',
  },
  {
    name: 'D18: dates with points',
    spec: plainSpec('["|when|"]'),
    csv: dates((d) => `${two(d)}.03.2021`),
    code: 'HM216',
    severity: 'warning',
    mentions: 'write "dates": { "when": "days" } in "data"',
  },
  {
    name: 'D18: times',
    spec: plainSpec('["|when|"]'),
    csv: dates((d) => `2021-03-${two(d)} 08:30:00`),
    code: 'HM216',
    severity: 'warning',
    mentions: 'which would become 23 indicators',
  },
  {
    name: 'five groups without a word on pooling',
    spec: plainSpec('["x"]').replace('"g"', '|"g"|'),
    csv: groups(5),
    code: 'HM305',
    severity: 'hint',
    mentions: 'Each of the 5 groups',
    fixed: plainSpec('["x"]', ', "pooling": "partial"'),
  },
  {
    name: 'D17: years under partial pooling',
    spec: plainSpec('[|"x"|]', ', "pooling": "partial"'),
    csv: groups(5, (i) => 2000 + (i % 20)),
    code: 'HM505',
    severity: 'hint',
    mentions: '2000 to 2019, far from 0',
    fixed: plainSpec('[{ "column": "x", "transform": "center" }]', ', "pooling": "partial"'),
  },
];

describe('what is told before the fit', () => {
  test.each(rows)('$name', checkRow);

  test.each<[string, string, string, string]>([
    ['four groups', plainSpec('["x"]'), groups(4), 'HM305'],
    ['pooling by term', plainSpec('[{ "column": "x", "pooling": "partial" }]'), groups(6), 'HM305'],
    ['no pooling, said', plainSpec('["x"]', ', "pooling": "none"'), groups(6), 'HM305'],
    ['years under no pooling', plainSpec('["x"]', ', "pooling": "none"'), groups(6, (i) => 2000 + (i % 20)), 'HM505'],
    [
      'years centred',
      plainSpec('[{ "column": "x", "transform": "center" }]', ', "pooling": "partial"'),
      groups(6, (i) => 2000 + (i % 20)),
      'HM505',
    ],
    [
      'years of one slope for all',
      plainSpec('[{ "column": "x", "pooling": "complete" }]', ', "pooling": "partial"'),
      groups(6, (i) => 2000 + (i % 20)),
      'HM505',
    ],
    ['ages', plainSpec('["x"]', ', "pooling": "partial"'), groups(6, (i) => 30 + ((i * 7) % 40)), 'HM505'],
    ['a scale for all', spec('', '["x1"]', '"auto"'), 'g,x1,y\nA,1,3\nA,2,3\nB,1,2\nB,2,5', 'HM210'],
    ['three dates', plainSpec('["when"]'), dates((d) => `2021-03-0${1 + (d % 3)}`), 'HM216'],
    ['names with digits', plainSpec('["when"]'), dates((d) => `2021-${d}`), 'HM216'],
    [
      'levels given',
      plainSpec('[{ "column": "when", "levels": ["2021-03-01", "2021-03-02"] }]'),
      dates((d) => `2021-03-${two(d)}`),
      'HM216',
    ],
  ])('%s: nothing', (_, text, csv, code) => {
    expect(check(text, profileOfCsv(csv, 'g')).problems.filter((p) => p.code === code)).toEqual([]);
  });
});
