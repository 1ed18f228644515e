/**
 * A table a rule: a spec with a caret (`|` at both ends of the expected range), its data, the code, a word of the message. Every
 * fix is applied, and the text it leaves must be clean of the code; `fixed` is what the first fix leaves, where it is telling.
 */
import { describe, expect, test } from 'vitest';
import { check } from '../../../core/rules/check.ts';
import { profileOfCsv } from './profileOfCsv.ts';
import { checkRow, DATA, fault, type Row, spec } from './table.ts';

const rows: readonly Row[] = [
  {
    name: 'a data file that is not there',
    spec: spec('').replace('"d.csv"', '|"d.cvs"|'),
    faults: [fault('missing', 'There is no file "d.cvs".', { suggestions: ['other.csv', 'd.csv'] })],
    code: 'HM101',
    mentions: 'd.cvs',
  },
  {
    name: 'a data file outside the workspace',
    spec: spec('').replace('"d.csv"', '|"../d.csv"|'),
    faults: [fault('outside', 'The file "../d.csv" is outside the workspace.')],
    code: 'HM102',
    mentions: 'outside',
    noFix: true,
  },
  {
    name: 'a data file that is a folder',
    spec: spec('').replace('"d.csv"', '{ "file": |"d"| }'),
    faults: [fault('not_a_file', 'd is a folder.')],
    code: 'HM103',
    mentions: 'folder',
    noFix: true,
  },
  {
    name: 'a header only',
    spec: spec('').replace('"d.csv"', '|"d.csv"|'),
    faults: [fault('header_only', 'd.csv has a header and no rows.', { line: 1, column: 1 })],
    code: 'HM104',
    mentions: 'no rows',
    line: 1,
    noFix: true,
  },
  {
    name: 'a duplicate header',
    spec: spec('').replace('"d.csv"', '|"d.csv"|'),
    faults: [fault('duplicate_header', 'Two columns are named "x1".', { line: 1, column: 5 })],
    code: 'HM105',
    mentions: 'x1',
    line: 1,
    noFix: true,
  },
  {
    name: 'a ragged row',
    spec: spec('').replace('"d.csv"', '|"d.csv"|'),
    faults: [fault('ragged', 'Line 7 has 3 cells, not 4.', { line: 7, column: 1 })],
    code: 'HM106',
    mentions: '7',
    line: 7,
    noFix: true,
  },
  {
    name: 'a where that is no SQL',
    spec: spec('').replace('"d.csv"', '{ "file": "d.csv", "where": |"x1 >"| }'),
    faults: [fault('where', 'The predicate "x1 >" is not valid SQL.')],
    code: 'HM107',
    mentions: 'x1 >',
  },
  {
    name: 'a where that matches nothing',
    spec: spec('').replace('"d.csv"', '{ "file": "d.csv", "where": |"x1 > 9"| }'),
    faults: [fault('where_empty', 'No row satisfies "x1 > 9".')],
    code: 'HM108',
    mentions: 'No row',
  },
  { name: 'an unknown response', spec: spec('').replace('"y"', '"|yy|"'), code: 'HM201', mentions: 'Did you mean "y"' },
  { name: 'an unknown group column', spec: spec('').replace('"g"', '"|gg|"'), group: null, code: 'HM201', mentions: '"gg"' },
  { name: 'an unknown covariate', spec: spec('', '["|x11|", "x2"]'), code: 'HM201', mentions: 'Did you mean "x1"' },
  { name: 'an unknown factor', spec: spec('', '["x1", "x1:|x22|"]'), code: 'HM201', mentions: '"x22"' },
  {
    name: 'an unknown covariate that the mask names',
    spec: spec('', '["x1", "|x3|"]', '{ "A": { "x3": 0 } }'),
    code: 'HM201',
    mentions: 'x3',
    fixed: spec('', '["x1", "x1"]', '{ "A": { "x1": 0 } }').replace('"x1", "x1"', '"x1", "x2"').replace('{ "x1"', '{ "x2"'),
  },
  {
    name: 'a covariate twice',
    spec: spec('', '["x1", |"x1"|]', '{ "A": [1, 0], "B": [1, 1] }'),
    code: 'HM202',
    mentions: 'x1',
    fixed: spec('', '["x1"]', '{ "A": [1], "B": [1] }'),
  },
  { name: 'D20: the response as covariate', spec: spec('', '["x1", "|y|"]'), code: 'HM203', mentions: '"y"' },
  { name: 'D20: the response within a product', spec: spec('', '["x1", "x1:|y|"]'), code: 'HM203', mentions: '"y"' },
  {
    name: 'D20: a denormal covariate',
    spec: spec('', '["|x1|", "x2"]'),
    csv: DATA.replace(/^(A|B),(.),([\d.]+)/gm, '$1,$2,$3e-310'),
    code: 'HM206',
    mentions: 'smaller unit',
    line: 6,
  },
  {
    name: 'D20: a response of hardly anything',
    spec: spec('').replace('"y"', '"|y|"'),
    csv: DATA.replace(/[\d.]+$/gm, (y) => `-${y}e-200`).replace('-ye-200', 'y'),
    code: 'HM206',
    mentions: 'smaller unit',
    noFix: true,
  },
  {
    name: 'D20: a flat nu',
    spec: spec('"family": "student_t", "priors": { "nu": |"flat()"| }'),
    code: 'HM504',
    mentions: 'tends to a normal',
  },
  {
    name: 'D20: a flat shape',
    spec: spec('"family": "negative_binomial", "priors": { "shape": |"flat()"| }'),
    csv: DATA.replace(/[\d.]+$/gm, (y) => String(Math.round(Number(y)))),
    code: 'HM504',
    mentions: 'tends to a Poisson',
  },
  {
    name: 'D20: a flat sd of two groups',
    spec: spec('"pooling": "partial", "priors": { "intercept_sd": |"flat()"| }'),
    code: 'HM504',
    mentions: 'at least 3 groups with rows, but there are 2',
  },
  {
    name: 'D20: a flat sd of a weight that one group has',
    spec: spec('"pooling": "partial"', '["x1", { "column": "x2", "sd": |"flat()"| }]'),
    code: 'HM504',
    mentions: 'there are 1',
  },
  {
    name: 'D20: a flat scale of few rows',
    spec: spec('"priors": { "intercept": "flat()", "weights": "flat()", "scale": { "prior": |"flat()"|, "by": "group" } }'),
    code: 'HM504',
    mentions: 'the scale of the group "B"',
  },
  {
    name: 'text among numbers',
    spec: spec('', '["|x1|", "x2"]'),
    csv: DATA.replace('2.5', '12abc'),
    code: 'HM204',
    mentions: '12abc',
    line: 3,
  },
  {
    name: 'an infinite value',
    spec: spec('', '["|x1|", "x2"]'),
    csv: DATA.replace('2.5', '1e999'),
    code: 'HM205',
    mentions: 'line 3',
    line: 3,
  },
  {
    name: 'an infinite response',
    spec: spec('').replace('"y"', '"|y|"'),
    csv: DATA.replace('2.8', 'inf'),
    code: 'HM205',
    mentions: 'inf',
    line: 2,
    noFix: true,
  },
  {
    name: 'a huge value',
    spec: spec('', '["|x1|", "x2"]'),
    csv: DATA.replace('2.5', '1e300'),
    code: 'HM206',
    mentions: 'x1',
    line: 3,
  },
  { name: 'a response of text', spec: spec('').replace('"y"', '"|k|"'), code: 'HM207', mentions: 'line 2', line: 2 },
  {
    name: 'trials of text',
    spec: spec('"family": "binomial"').replace('"y"', '{ "column": "y", "trials": "|k|" }'),
    code: 'HM207',
    mentions: 'trials',
  },
  {
    name: 'an empty response cell',
    spec: spec('').replace('"y"', '"|y|"'),
    csv: DATA.replace('2.8', ''),
    code: 'HM208',
    mentions: '1 row',
    line: 2,
  },
  {
    name: 'a response that is no 0 or 1',
    spec: spec('"family": "bernoulli"').replace('"y"', '"|y|"'),
    code: 'HM209',
    mentions: 'bernoulli',
    line: 7,
    fixed: spec('"family": "gaussian"'),
  },
  {
    name: 'a negative count',
    spec: spec('"family": "poisson"').replace('"y"', '"|y|"'),
    csv: DATA.replace('2.8', '-3'),
    code: 'HM209',
    mentions: '-3',
    line: 2,
  },
  {
    name: 'more successes than trials',
    spec: spec('"family": "binomial"').replace('"y"', '{ "column": "|y|", "trials": 2 }'),
    code: 'HM209',
    mentions: '8.2',
  },
  {
    name: 'a constant response',
    spec: spec('').replace('"y"', '"|y|"'),
    csv: DATA.replace(/[\d.]+$/gm, '3'),
    code: 'HM210',
    severity: 'warning',
    mentions: '8 rows',
    noFix: true,
  },
  { name: 'binomial without trials', spec: spec('"family": "binomial"').replace('"y"', '|"y"|'), code: 'HM211', mentions: 'trials' },
  {
    name: 'exposure of a Gaussian',
    spec: spec('').replace('"y"', '{ "column": "y", |"exposure"|: "x1" }'),
    code: 'HM211',
    mentions: 'poisson',
  },
  {
    name: 'a transformed count',
    spec: spec('"family": "poisson"').replace('"y"', '{ "column": "y", "transform": |"log"| }'),
    code: 'HM211',
    mentions: 'transform',
  },
  {
    name: 'an exposure of 0',
    spec: spec('"family": "poisson"').replace('"y"', '{ "column": "y", "exposure": "|x1|" }'),
    csv: DATA.replace('2.5', '0'),
    code: 'HM212',
    mentions: 'line 3',
    line: 3,
  },
  {
    name: 'the log of a negative number',
    spec: spec('', '[{ "column": "x1", "transform": |"log"| }, "x2"]'),
    csv: DATA.replace('2.5', '-2.5'),
    code: 'HM213',
    mentions: '-2.5',
    line: 3,
  },
  {
    name: 'a level that no row has',
    spec: spec('', '["x1", { "column": "k", "levels": ["u", "v", "w", |"ww"|] }]'),
    code: 'HM214',
    severity: 'warning',
    mentions: 'ww',
  },
  { name: 'a level left out', spec: spec('', '["x1", { "column": "k", |"levels"|: ["u", "v"] }]'), code: 'HM214', mentions: '"w"' },
  {
    name: 'imputation',
    spec: spec('"missing": |"impute"|'),
    code: 'HM215',
    mentions: 'drop',
    fixed: spec('"missing": "drop"'),
  },
  {
    name: 'collapsed counts',
    spec: spec('"family": "poisson", "sampler": { "method": |"collapsed"| }'),
    csv: DATA.replace(/[\d.]+$/gm, (y) => String(Math.round(Number(y)))),
    code: 'HM703',
    mentions: 'poisson',
    fixed: spec('"family": "poisson", "sampler": { "method": "auto" }'),
  },
  {
    name: 'one group',
    spec: `{ "data": "d.csv", "response": "y", "group": |"g"|, "covariates": ["x1"] }`,
    csv: DATA.replace(/^B/gm, 'A'),
    code: 'HM301',
    severity: 'warning',
    mentions: '"A"',
  },
  {
    name: 'as many groups as rows',
    spec: `{ "data": "d.csv", "response": "y", "group": |"g"|, "covariates": ["x1"] }`,
    csv: `g,k,x1,y\n${Array.from({ length: 12 }, (_, i) => `r${i},${i % 2},${i * i},${i}`).join('\n')}`,
    code: 'HM302',
    severity: 'warning',
    mentions: '12 values',
  },
  {
    name: 'an empty group cell',
    spec: spec('').replace('"g"', '|"g"|'),
    csv: DATA.replace('A,u,2.5', ',u,2.5'),
    code: 'HM303',
    mentions: 'line 3',
    line: 3,
  },
  {
    name: 'groups that look alike',
    spec: spec('', '["x1"]', '{ "\u00e9": [1], |"e\u0301"|: [1] }'),
    csv: DATA.replace(/^A/gm, '\u00e9').replace(/^B/gm, 'e\u0301'),
    code: 'HM304',
    severity: 'warning',
    mentions: 'look alike',
    noFix: true,
  },
  {
    name: 'an unknown group',
    spec: spec('', undefined, '{ "A": [1, 0], |"BB"|: [1, 1] }'),
    code: 'HM401',
    severity: 'warning',
    mentions: 'Did you mean "B"',
  },
  {
    name: 'a group left out',
    spec: spec('', undefined, '{ "B": [1, 1] }').replace('"mask"', '|"mask"|'),
    code: 'HM402',
    severity: 'info',
    mentions: '"A"',
    fixed: spec('', undefined, '{ "B": [1, 1], "A": [1, 0] }'),
  },
  {
    name: 'a short row',
    spec: spec('', undefined, '{ "A": [1, 0], "B": |[1]| }'),
    code: 'HM403',
    mentions: '1 entry for 2',
    fixed: spec(''),
  },
  {
    name: 'a long row',
    spec: spec('', undefined, '{ "A": [1, 0], "B": |[1, 1, 1]| }'),
    code: 'HM403',
    mentions: '3 entries',
    fixed: spec(''),
  },
  { name: 'an empty row', spec: spec('', undefined, '{ "A": [1, 0], "B": |[]| }'), code: 'HM403', mentions: '0 entries', fixed: spec('') },
  { name: 'a mask of 2', spec: spec('', undefined, '{ "A": [1, 0], "B": [1, |2|] }'), code: 'HM404', mentions: '"B"' },
  { name: 'a mask of true', spec: spec('', undefined, '{ "A": [1, 0], "B": [|true|, 1] }'), code: 'HM404', mentions: 'true' },
  {
    name: 'a mask of text',
    spec: spec('', undefined, '{ "A": { "x2": |"0"| }, "B": [1, 1] }'),
    code: 'HM404',
    mentions: '"0"',
    fixed: spec('', undefined, '{ "A": { "x2": 0 }, "B": [1, 1] }'),
  },
  {
    name: 'a mask of an unknown covariate',
    spec: spec('', undefined, '{ "A": { |"x3"|: 0, "x2": 0 }, "B": [1, 1] }'),
    code: 'HM405',
    mentions: 'x3',
  },
  {
    name: 'an empty cell where the mask is 1',
    spec: spec('', undefined, '{ "A": [1, 0], "B": [1, |1|] }'),
    csv: DATA.replace('0.7', ''),
    code: 'HM406',
    mentions: '1 of the 4 rows',
    line: 7,
  },
  {
    name: 'an empty cell under the automatic mask',
    spec: spec('', '["x1", |"x2"|]', '"auto"'),
    csv: DATA.replace('0.7', ''),
    code: 'HM406',
    mentions: '"B"',
    line: 7,
  },
  {
    name: 'no cell where the mask is 1',
    spec: spec('', undefined, '{ "A": [1, |1|], "B": [1, 1] }'),
    code: 'HM407',
    mentions: '4 rows',
    fixed: spec(''),
  },
  {
    name: 'values where the mask is 0',
    spec: spec('', undefined, '{ "A": [1, 0], "B": [1, |0|] }'),
    code: 'HM408',
    severity: 'hint',
    mentions: '4 values',
    fixed: spec(''),
  },
  {
    name: 'masked everywhere',
    spec: spec('', '["x1", |"x2"|]', '{ "A": [1, 0], "B": [1, 0] }'),
    code: 'HM409',
    severity: 'warning',
    mentions: 'x2',
  },
  {
    name: 'constant everywhere',
    spec: spec('', '[|"x1"|, "x2"]'),
    csv: DATA.replace(/^(.,.),[\d.]+/gm, '$1,7'),
    code: 'HM501',
    severity: 'warning',
    mentions: '7 in every row',
  },
  {
    name: 'constant in a group',
    spec: spec('', undefined, '{ "A": [|1|, 0], "B": [1, 1] }'),
    csv: DATA.replace(/^(A,.),[\d.]+/gm, '$1,7'),
    code: 'HM501',
    severity: 'warning',
    mentions: '"A"',
  },
  {
    name: 'collinear in a group',
    spec: spec('', undefined, '{ "A": [1, 0], "B": [1, |1|] }'),
    csv: DATA.replace(/^B,(.),([\d.]+),[\d.]+/gm, (_, k, x) => `B,${k},${x},${2 * x + 1}`),
    code: 'HM502',
    severity: 'warning',
    mentions: '"x2" is a linear function of "x1"',
  },
  {
    name: 'collinear everywhere',
    spec: spec('', '["x1", |"x2"|]', '"auto"'),
    csv: DATA.replace(/^(.),(.),([\d.]+),[\d.]*/gm, (_, g, k, x) => `${g},${k},${x},${2 * x}`),
    code: 'HM502',
    severity: 'warning',
    mentions: 'every group',
  },
  {
    name: 'fewer rows than coefficients',
    spec: spec('', undefined, '{ "A": [1, 0], |"B"|: [1, 1] }'),
    csv: DATA.split('\n').slice(0, 7).join('\n'),
    code: 'HM503',
    severity: 'warning',
    mentions: '2 rows for 3 coefficients',
  },
  {
    name: 'fewer rows than coefficients under flat priors',
    spec: spec('"priors": { "intercept": "flat()", "weights": "flat()" }', undefined, '{ "A": [1, 0], |"B"|: [1, 1] }'),
    csv: DATA.split('\n').slice(0, 7).join('\n'),
    code: 'HM503',
    severity: 'error',
    mentions: 'flat',
  },
  {
    name: 'a prior far too narrow',
    spec: spec('"priors": { "weights": |"normal(0, 0.00001)"| }'),
    code: 'HM606',
    severity: 'warning',
    mentions: 'narrower',
  },
  {
    name: 'a prior far away',
    spec: spec('"priors": { "intercept": |"normal(9000, 1)"| }'),
    code: 'HM606',
    severity: 'warning',
    mentions: 'away',
  },
  {
    name: 'a prior without its parameter',
    spec: spec('"priors": { |"nu"|: "gamma(2, 0.1)" }'),
    code: 'HM607',
    severity: 'warning',
    mentions: 'student_t',
  },
  { name: 'no chains', spec: spec('"sampler": { "chains": |0| }'), code: 'HM701', mentions: 'chains' },
  {
    name: 'E12: a warm-up without end',
    spec: spec('"sampler": { "warmup": |1e12| }'),
    code: 'HM701',
    mentions: 'from 0 to 1000000',
  },
  { name: 'E12: draws without end', spec: spec('"sampler": { "draws": |1e15| }'), code: 'HM701', mentions: 'from 1 to 10000000' },
  { name: 'E12: chains without end', spec: spec('"sampler": { "chains": |1e6| }'), code: 'HM701', mentions: 'from 1 to 256' },
  {
    name: 'a zero character in a name',
    spec: spec('"mask": { |"A\\u0000"|: [1, 1] }'),
    code: 'HM003',
    mentions: 'zero character',
  },
  { name: 'half a draw', spec: spec('"sampler": { "draws": |0.5| }'), code: 'HM701', mentions: 'draws' },
  { name: 'a target of 1', spec: spec('"sampler": { "target_accept": |1| }'), code: 'HM701', mentions: 'between 0 and 1' },
  { name: 'an interval of 90', spec: spec('"interval": { "prob": |90| }'), code: 'HM701', mentions: '0.9' },
  { name: 'one chain', spec: spec('"sampler": { "chains": |1| }'), code: 'HM702', severity: 'warning', mentions: 'R-hat' },
  { name: 'few draws', spec: spec('"sampler": { "draws": |20| }'), code: 'HM702', severity: 'warning', mentions: '400' },
  { name: 'no warm-up', spec: spec('"sampler": { "warmup": |0| }'), code: 'HM702', severity: 'warning', mentions: 'warm-up' },
  {
    name: 'a prediction for nobody',
    spec: spec('"predictions": [{ "group": |"AA"|, "at": { "x1": 2 } }]'),
    code: 'HM801',
    mentions: 'Did you mean "A"',
  },
  {
    name: 'a prediction from the population',
    spec: spec('"pooling": "partial", "predictions": [{ "group": |"ZZ"|, "at": { "x1": 2, "x2": 1 } }]'),
    code: 'HM801',
    severity: 'info',
    mentions: 'population',
  },
  {
    name: 'a covariate missing',
    spec: spec('"predictions": [{ "group": "B", |"at"|: { "x1": 2 } }]'),
    code: 'HM802',
    mentions: '"x2"',
    fixed: spec('"predictions": [{ "group": "B", "at": { "x1": 2, "x2": 1.8 } }]'),
  },
  { name: 'no values at all', spec: spec('"predictions": [|{| "group": "A" }]'), code: 'HM802', mentions: '"x1"' },
  {
    name: 'a masked covariate',
    spec: spec('"predictions": [{ "group": "A", "at": { "x1": 2, |"x2"|: 9 } }]'),
    code: 'HM803',
    severity: 'hint',
    mentions: 'ignored',
  },
  {
    name: 'outside the data',
    spec: spec('"predictions": [{ "group": "A", "at": { "x1": |200| } }]'),
    code: 'HM804',
    severity: 'warning',
    mentions: '1.5 to 4.1',
  },
  {
    name: 'no such covariate',
    spec: spec('"predictions": [{ "group": "A", "at": { "x1": 2, |"X2"|: 9 } }]'),
    code: 'HM805',
    mentions: 'Did you mean "x2"',
  },
];

describe('rules', () => {
  test.each(rows.map((r) => [`${r.code}: ${r.name}`, r] as const))('%s', (_, row) => checkRow(row));

  test('a good spec has no problem, with data and without', () => {
    const text = spec('"predictions": [{ "group": "B", "at": { "x1": 2, "x2": 1 } }]');
    expect(check(text, profileOfCsv(DATA, 'g')).problems).toEqual([]);
    expect(check(text, null).problems).toEqual([]);
  });

  test.each([
    ['the group column', spec('"predictions": [{ "group": "A", "at": { "x1": 2 } }]').replace('"g"', '"q"'), null],
    ['a covariate', spec('"predictions": [{ "group": "A", "at": { "q": 2 } }]', '["q", "x2"]'), 'g'],
    [
      'every column',
      spec('"predictions": [{ "group": "A", "at": { "q": 2 } }]', '["q", "r"]').replace('"y"', '"s"').replace('"g"', '"t"'),
      null,
    ],
  ])('a wrong name of %s is told once for each mention, and nothing that follows from it', (_, text, group) => {
    const { problems } = check(text, profileOfCsv(DATA, group));
    expect(new Set(problems.map((p) => p.code))).toEqual(new Set(['HM201']));
  });

  test('a mask row of the wrong length is told once', () => {
    const { problems } = check(spec('', '["k", "x1", "x2"]', '{ "A": [1, 0], "B": [1, 1, 1] }'), profileOfCsv(DATA, 'g'));
    expect(problems.map((p) => p.code).filter((c) => c !== 'HM503')).toEqual(['HM403']);
  });

  test('what is masked is never read: any text, infinity or huge number there is legal', () => {
    const cells = ['abc', 'inf', '1e300', ''];
    let i = 0;
    const csv = DATA.replace(/^(A,.,[\d.]+),/gm, (_, start) => `${start},${cells[i++]}`);
    const { problems } = check(spec(''), profileOfCsv(csv, 'g'));
    expect(problems.filter((p) => p.severity !== 'hint')).toEqual([]);
  });

  test('a flood of one kind is summed up', () => {
    const csv = `g,x1,y\n${Array.from({ length: 300 }, (_, i) => `g${i >> 1},${i & 1 ? '' : i},${i}`).join('\n')}`;
    const text = '{ "data": "d.csv", "response": "y", "group": "g", "covariates": ["x1"] }';
    const { problems } = check(text, profileOfCsv(csv, 'g'));
    const empty = problems.filter((p) => p.code === 'HM406');
    // At one place a few are enough; each place of its own is told, up to fifty.
    expect(empty.length).toBe(5);
    expect(empty.at(-1)?.message).toContain('145 more');
    const rows = Array.from({ length: 150 }, (_, i) => `"g${i}": [1]`).join(', ');
    const named = check(text.replace('] }', `], "mask": { ${rows} } }`), profileOfCsv(csv, 'g'));
    const cells = named.problems.filter((p) => p.code === 'HM406');
    expect(cells.length).toBe(51);
    expect(cells.at(-1)?.message).toContain('99 more');
  });
});
