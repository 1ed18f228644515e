/** Variants of faults beside those of rules.test.ts: other shapes, other places, and what must not be said because of them. */
import { describe, expect, test } from 'vitest';
import { check } from '../../../core/rules/check.ts';
import { profileOfCsv } from './profileOfCsv.ts';
import { checkRow, DATA, fault, type Row, spec } from './table.ts';

const COUNTS = DATA.replace(/[\d.]+$/gm, (y) => String(Math.round(Number(y))));

const TEXTS = DATA.split('\n')
  .map((line, i) => (i === 0 ? line : line.replace(/[^,]*$/, i % 2 === 0 ? 'dead' : 'alive')))
  .join('\n');

const SQUARE = '["x1", { "column": "x1", "name": "x1sq", "transform": "square" }]';

const rows: readonly Row[] = [
  {
    name: 'a column in "where"',
    spec: spec('').replace('"d.csv"', '{ "file": "d.csv", "where": "max(x) > 1 and |xx1| > 2" }'),
    faults: [
      fault('where', '"where" names the column "xx1", which the data do not have.', { unknown: 'xx1', suggestions: ['g', 'x1', 'y'] }),
    ],
    code: 'HM107',
    mentions: 'Did you mean "x1"',
    fixed: spec('').replace('"d.csv"', '{ "file": "d.csv", "where": "max(x) > 1 and x1 > 2" }'),
  },
  {
    name: 'a text of "where" in double quotes',
    spec: spec('').replace('"d.csv"', '{ "file": "d.csv", "where": "g = \\"|A|\\"" }'),
    faults: [fault('where', '"where" names the column "A", which the data do not have.', { unknown: 'A', suggestions: ['x1', 'y'] })],
    code: 'HM107',
    mentions: 'single quotes',
    fixed: spec('').replace('"d.csv"', `{ "file": "d.csv", "where": "g = 'A'" }`),
  },
  {
    name: 'the response as the group',
    spec: spec('').replace('"group": "g"', '"group": "|y|"'),
    group: 'y',
    code: 'HM203',
    severity: 'warning',
    mentions: '"group"',
    noFix: true,
  },
  {
    name: 'the response as its own weights',
    spec: spec('').replace('"y"', '{ "column": "y", "weights": "|y|" }'),
    code: 'HM203',
    severity: 'warning',
    mentions: '"weights"',
    fixed: spec('').replace('"y"', '{ "column": "y" }'),
  },
  {
    name: 'a huge covariate',
    spec: spec('', '["|x1|", "x2"]'),
    csv: DATA.replace('2.5', '1e200'),
    code: 'HM206',
    mentions: 'larger unit',
    line: 3,
  },
  {
    name: 'binomial, the response an object',
    spec: spec('"family": "binomial"').replace('"y"', '{ "column": |"y"|, "weights": "x1" }'),
    csv: COUNTS,
    code: 'HM211',
    mentions: 'trials',
  },
  {
    name: 'weights of nothing',
    spec: spec('').replace('"y"', '{ "column": "y", "weights": "|k|" }'),
    csv: DATA.replace(/^(.),./gm, '$1,0').replace('g,0', 'g,k'),
    code: 'HM212',
    mentions: 'no row counts',
  },
  {
    name: 'a transform of text',
    spec: spec('', '["x1", { "column": "k", "transform": |"log"| }]', '"auto"'),
    code: 'HM213',
    severity: 'warning',
    mentions: 'levels',
  },
  {
    name: 'the log of a product',
    spec: spec('', '["x1", { "column": "x1:x2", "transform": |"log"| }]'),
    csv: DATA.replace('0.7', '-0.7'),
    code: 'HM213',
    mentions: '"B"',
  },
  {
    name: 'levels of a column of numbers',
    spec: spec('', '["x1", { "column": "y", "name": "yy", |"levels"|: ["2.8", "5.4"] }]')
      .replace('"y"', '"x1"')
      .replace('["x1", ', '["x2", '),
    code: 'HM214',
    mentions: '8 different values',
  },
  {
    name: 'one group, named in mask and predictions',
    spec: spec('"predictions": [{ "group": "A", "at": { "x1": 2 } }]', '["x1"]', '{ "A": [1] }').replace('"g"', '|"g"|'),
    csv: DATA.replace(/^B/gm, 'A'),
    code: 'HM301',
    severity: 'warning',
    mentions: '"A"',
    fixed: spec('"predictions": [{ "group": "all", "at": { "x1": 2 } }]', '["x1"]', '{ "all": [1] }').replace('"group": "g", ', ''),
  },
  {
    name: 'groups without a group column',
    spec: spec('"missing": "zero"', undefined, '{ |"A"|: [1, 0] }').replace('"group": "g", ', ''),
    group: null,
    code: 'HM401',
    severity: 'warning',
    mentions: 'Did you mean "all"',
  },
  {
    name: 'the group as a covariate',
    spec: spec('', '["x1", |"g"|]', '"auto"'),
    code: 'HM501',
    severity: 'warning',
    mentions: 'group column',
  },
  {
    name: 'a covariate of an object, constant',
    spec: spec('', '["x2", { "column": "x1", "name": |"n"| }]', '"auto"'),
    csv: DATA.replace(/^(.,.),[\d.]+/gm, '$1,7'),
    code: 'HM501',
    severity: 'warning',
    mentions: '"n"',
  },
  {
    name: 'the same logarithm twice',
    spec: spec('', '[{ "column": "x1", "transform": "log" }, { "column": "x1", "transform": "log", "name": |"b"| }]', '"auto"'),
    code: 'HM502',
    severity: 'warning',
    mentions: 'every group',
  },
  {
    name: 'the same product twice',
    spec: spec('"missing": "zero"', '["x1:x2", |"x2:x1"|]', '"auto"'),
    code: 'HM502',
    severity: 'warning',
    mentions: '"x1:x2"',
  },
  {
    name: 'a tiny sd of the population',
    spec: spec('"pooling": "partial", "priors": { "weights_sd": |"half_normal(1e-9)"| }'),
    code: 'HM606',
    severity: 'warning',
    mentions: 'sd of the weights',
  },
  {
    name: 'a tiny sd of the intercepts',
    spec: spec('"intercept": { "pooling": "partial", "sd": |"half_normal(1e-9)"| }'),
    code: 'HM606',
    severity: 'warning',
    mentions: 'sd of the intercepts',
  },
  {
    name: 'an sd without pooling',
    spec: spec('', '["x1", { "column": "x2", |"sd"|: "half_normal(1)" }]'),
    code: 'HM607',
    severity: 'warning',
    mentions: '"x2"',
  },
  {
    name: 'an sd of an intercept without pooling',
    spec: spec('"intercept": { |"sd"|: "half_normal(1)" }'),
    code: 'HM607',
    severity: 'warning',
    mentions: 'intercept',
  },
  {
    name: 'a prior that every covariate has its own of',
    spec: spec(
      '"priors": { |"weights"|: "normal(0, 3)" }',
      '[{ "column": "x1", "prior": "normal(0, 1)" }, { "column": "x2", "prior": "normal(0, 1)" }]',
    ),
    code: 'HM607',
    severity: 'warning',
    mentions: 'of its own',
  },
  {
    name: 'a share in per cent',
    spec: spec('"interval": { "prob": |95| }'),
    code: 'HM701',
    mentions: 'not 95',
    fixed: spec('"interval": { "prob": 0.95 }'),
  },
  {
    name: 'a seed beyond exact numbers',
    spec: spec('"sampler": { "seed": |9007199254740993| }'),
    code: 'HM701',
    mentions: 'not 9007199254740993',
  },
  {
    name: 'short trajectories',
    spec: spec('"sampler": { "max_treedepth": |2| }'),
    code: 'HM702',
    severity: 'warning',
    mentions: '4 steps',
  },
  {
    name: 'an interval wider than its draws',
    spec: spec('"interval": { "prob": |0.99999| }'),
    code: 'HM702',
    severity: 'warning',
    mentions: 'left to chance',
    fixed: spec('"interval": { "prob": 0.99 }'),
  },
  {
    name: 'a group without a group column',
    spec: spec('"missing": "zero", "predictions": [{ "group": |"A"|, "at": { "x1": 2, "x2": 1 } }]', undefined, '"auto"').replace(
      '"group": "g", ',
      '',
    ),
    group: null,
    code: 'HM801',
    mentions: 'Did you mean "all"',
  },
  {
    name: 'a factor of a product',
    spec: spec('"predictions": [{ "group": "B", |"at"|: { "x1": 2 } }]', '["x1", "x1:x2"]', '"auto"'),
    code: 'HM802',
    mentions: 'lacks "x2" for "x1:x2"',
    fixed: spec('"predictions": [{ "group": "B", "at": { "x1": 2, "x2": 1.8 } }]', '["x1", "x1:x2"]', '"auto"'),
  },
  {
    name: 'a factor far away',
    spec: spec('"predictions": [{ "group": "B", "at": { "x1": 2, "x2": |90| } }]', '["x1", "x1:x2"]', '"auto"'),
    code: 'HM804',
    severity: 'warning',
    mentions: '0.7 to 3.1',
  },
  {
    name: 'D12: two texts as a response, with the family',
    spec: spec('"family": "bernoulli"', '["x1"]').replace('"y"', '"|y|"'),
    csv: TEXTS,
    code: 'HM207',
    mentions: 'give the response "levels"',
    fixed: spec('"family": "bernoulli"', '["x1"]').replace('"y"', '{ "column": "y", "levels": ["alive", "dead"] }'),
  },
  {
    name: 'D12: two texts as a response of another family',
    spec: spec('', '["x1"]').replace('"y"', '{ "column": "|y|" }'),
    csv: TEXTS,
    code: 'HM207',
    mentions: 'for the family "bernoulli"',
    fixed: spec('"family": "bernoulli"', '["x1"]').replace('"y"', '{ "column": "y", "levels": ["alive", "dead"] }'),
  },
  {
    name: 'D12: a usual pair as a response of another family',
    spec: spec('', '["x1"]').replace('"y"', '"|y|"'),
    csv: TEXTS.replaceAll('alive', 'No').replaceAll('dead', 'yes'),
    code: 'HM207',
    mentions: 'takes it as it is',
    fixed: spec('"family": "bernoulli"', '["x1"]'),
  },
  {
    name: 'D12: three texts as a response',
    spec: spec('"family": "bernoulli"', '["x1"]').replace('"y"', '"|y|"'),
    csv: TEXTS.replace('alive', 'maybe'),
    code: 'HM207',
    mentions: 'choose another column',
  },
  {
    name: 'D12: a level of the response in another case',
    spec: spec('"family": "bernoulli"', '["x1"]').replace('"y"', '{ "column": "y", |"levels"|: ["Alive", "dead"] }'),
    csv: TEXTS,
    code: 'HM214',
    mentions: '("alive" for "Alive"?)',
    fixed: spec('"family": "bernoulli"', '["x1"]').replace('"y"', '{ "column": "y", "levels": ["alive", "dead"] }'),
  },
  {
    name: 'D12: a text of the response that "levels" leave out',
    spec: spec('"family": "bernoulli"', '["x1"]').replace('"y"', '{ "column": "y", |"levels"|: ["alive", "dead"] }'),
    csv: TEXTS.replace('alive', 'maybe'),
    code: 'HM214',
    mentions: 'leaves out "maybe"',
  },
  {
    name: 'D12: a level of the response that the data lack',
    spec: spec('"family": "bernoulli"', '["x1"]').replace('"y"', '{ "column": "y", "levels": ["alive", |"dead"|] }'),
    csv: TEXTS.replaceAll('dead', 'alive'),
    code: 'HM214',
    severity: 'warning',
    mentions: 'no cell "dead"',
  },
  {
    name: 'D12: three levels of a Bernoulli response',
    spec: spec('"family": "bernoulli"', '["x1"]').replace('"y"', '{ "column": "y", |"levels"|: ["alive", "dead", "gone"] }'),
    csv: TEXTS,
    code: 'HM214',
    mentions: 'two levels',
  },
  {
    name: 'D12: levels of a response of another family',
    spec: spec('', '["x1"]').replace('"y"', '{ "column": "y", |"levels"|: ["alive", "dead"] }'),
    csv: TEXTS,
    code: 'HM211',
    mentions: 'belong to the family "bernoulli"',
  },
  {
    name: 'D12: a response that is always yes',
    spec: spec('"family": "bernoulli"', '["x1"]').replace('"y"', '"|y|"'),
    csv: TEXTS.replaceAll('dead', 'YES').replaceAll('alive', 'YES'),
    code: 'HM210',
    severity: 'warning',
    mentions: '"YES" in all 8 rows',
  },
  {
    name: 'D2, D14: a level that the data lack, with the one meant',
    spec: spec('"predictions": [{ "group": "B", "at": { "x1": 2, "k": |"V"| } }]', '["x1", "k"]', '"auto"'),
    code: 'HM806',
    mentions: 'Did you mean "v"?',
    fixed: spec('"predictions": [{ "group": "B", "at": { "x1": 2, "k": "v" } }]', '["x1", "k"]', '"auto"'),
  },
  {
    name: 'D14: two levels at once',
    spec: spec('"predictions": [{ "group": "B", "at": { "x1": 2, "k[v]": 1, "k[w]": |1| } }]', '["x1", "k"]', '"auto"'),
    code: 'HM806',
    mentions: 'one level',
  },
  {
    name: 'D14: not the reference level, and nothing else said',
    spec: spec('"predictions": [{ "group": "B", "at": { "x1": 2, "k[u]": |0| } }]', '["x1", "k"]', '"auto"'),
    code: 'HM806',
    mentions: 'is the reference level',
    fixed: spec('"predictions": [{ "group": "B", "at": { "x1": 2, "k[u]": 1 } }]', '["x1", "k"]', '"auto"'),
  },
  {
    name: 'D14: a level and an indicator that contradict each other',
    spec: spec('"predictions": [{ "group": "B", "at": { "x1": 2, "k": "u", "k[w]": |1| } }]', '["x1", "k"]', '"auto"'),
    code: 'HM806',
    mentions: 'contradict',
  },
  {
    name: 'D10: a square given squared beside its column',
    spec: spec('"predictions": [{ "group": "B", "at": { "x1": 2, "x1sq": |4| } }]', SQUARE, '"auto"'),
    code: 'HM806',
    mentions: '"x1": 2 and "x1sq": 4 contradict',
    fixed: spec('"predictions": [{ "group": "B", "at": { "x1": 2, "x1sq": 2 } }]', SQUARE, '"auto"'),
  },
  {
    name: 'text for a number',
    spec: spec('"predictions": [{ "group": "B", "at": { "x1": |"2"| } }]', '["x1"]', '"auto"'),
    code: 'HM806',
    mentions: 'takes a number',
    fixed: spec('"predictions": [{ "group": "B", "at": { "x1": 2 } }]', '["x1"]', '"auto"'),
  },
  {
    name: 'a product given whole that its factors contradict',
    spec: spec('"predictions": [{ "group": "B", "at": { "x1": 2, "x2": 3, "x1:x2": |5| } }]', '["x1:x2"]', '"auto"'),
    code: 'HM806',
    mentions: 'from which it follows',
  },
  {
    name: 'D13: the exposure among the covariates',
    spec: spec('"family": "poisson", "predictions": [{ "group": "B", "at": { "x1": 2, |"x2"|: 10 } }]', '["x1"]', '"auto"').replace(
      '"y"',
      '{ "column": "y", "exposure": "x2" }',
    ),
    csv: COUNTS,
    code: 'HM805',
    mentions: 'as "exposure": 10',
    fixed: spec('"family": "poisson", "predictions": [{ "group": "B", "at": { "x1": 2 }, "exposure": 10 }]', '["x1"]', '"auto"').replace(
      '"y"',
      '{ "column": "y", "exposure": "x2" }',
    ),
  },
  {
    name: 'D13: an exposure of a response without',
    spec: spec('"predictions": [{ "group": "B", "at": { "x1": 2 }, |"exposure"|: 2 }]', '["x1"]', '"auto"'),
    code: 'HM807',
    mentions: 'has no "exposure"',
    fixed: spec('"predictions": [{ "group": "B", "at": { "x1": 2 } }]', '["x1"]', '"auto"'),
  },
  {
    name: 'a factor that may be two covariates',
    spec: spec(
      '',
      '[{ "column": "x1", "name": "c", "transform": "center" }, { "column": "x1", "name": "s", "transform": "square" }, "|x1|:x2"]',
      '"auto"',
    ),
    code: 'HM221',
    mentions: '"c" or "s"',
    fixed: spec(
      '',
      '[{ "column": "x1", "name": "c", "transform": "center" }, { "column": "x1", "name": "s", "transform": "square" }, "c:x2"]',
      '"auto"',
    ),
  },
];

describe('variants', () => {
  test.each(rows.map((r) => [`${r.code}: ${r.name}`, r] as const))('%s', (_, row) => checkRow(row));
});

test('a delimiter that the file has not is the one fault there is', () => {
  const text = spec('').replace('"d.csv"', '{ "file": "d.csv", "delimiter": ";" }');
  const { problems } = check(text, profileOfCsv(DATA.replaceAll(',', '.'), null));
  expect(problems.map((p) => `${p.code} ${text.slice(p.range.start, p.range.end)}`)).toEqual(['HM201 ";"']);
  const [{ start, end, text: inserted }] = problems[0].fixes![0].edits;
  expect(text.slice(0, start) + inserted + text.slice(end)).toBe(spec('').replace('"d.csv"', '{ "file": "d.csv" }'));
});

test('a covariate that cannot be read moves no other', () => {
  const text = spec('', '["", { "column": "k", "levels": ["u", "w"] }, "x1", "zz"]', '"auto"');
  const { problems } = check(text, profileOfCsv(DATA, 'g'));
  const at = (code: string) => problems.filter((p) => p.code === code).map((p) => text.slice(p.range.start, p.range.end));
  expect([at('HM003'), at('HM214'), at('HM201')]).toEqual([['""'], ['"levels"'], ['zz']]);
  const { edits } = problems.find((p) => p.code === 'HM201')!.fixes!.at(-1)!;
  expect(edits.map((e) => text.slice(e.start, e.end))).toEqual([', "zz"']);
});

test('a mask row of too many entries ends well, a comma after them or not', () => {
  for (const row of ['[2, 0 , ]', '[1]']) {
    const text = `{ "data": "d.csv", "response": "y", "covariates": [], "mask": { "all": ${row} } }`;
    const [{ edits }] = check(text, null).problems.find((p) => p.code === 'HM403')!.fixes!;
    expect(text.slice(0, edits[0].start) + edits[0].text + text.slice(edits[0].end)).toContain('"all": [] }');
  }
});

describe('one fault is told once', () => {
  test.each([
    ['a list of covariates that is none', spec('', '"x1"'), ['HM003']],
    ['covariates of which one cannot be read', spec('', '["x1", { "name": "x2" }]', '{ "A": { "x1": 1, "x2": 0 } }'), ['HM005', 'HM402']],
    ['a group that is no name', spec('').replace('"g"', '["g"]'), ['HM003']],
    [
      'a family misspelt',
      spec('"family": "posson", "priors": { "shape": "exponential(1)" }').replace('"y"', '{ "column": "y", "exposure": "x1" }'),
      ['HM003'],
    ],
    ['a misspelt way with empty cells', spec('"missing": "dropp"', undefined, '{ "A": [1, 0], "B": [1, 1] }'), ['HM003']],
    ['a mask row that is none', spec('', undefined, '{ "A": 1, "B": [1, 1] }'), ['HM003']],
    ['trials of 0', spec('"family": "binomial"').replace('"y"', '{ "column": "y", "trials": 0 }'), ['HM209', 'HM003']],
    ['a misspelt group of a prediction', spec('"predictions": [{ "group": "Q", "at": { "x1": 2 } }]'), ['HM801']],
    ['a key of a prediction misspelt', spec('"predictions": [{ "grup": "A", "at": { "x1": 2 } }]'), ['HM002']],
    ['values of a prediction that are none', spec('"predictions": [{ "group": "A", "at": [2] }]'), ['HM003']],
    ['a mask row misspelt', spec('', undefined, '{ "a": [1, 0], "B": [1, 1] }'), ['HM401']],
    ['a covariate twice', spec('', '["x1", "x1"]', '"auto"'), ['HM202']],
    ['a value twice', spec('"predictions": [{ "group": "A", "at": { "x1": 90, "x1": 90 } }]'), ['HM804', 'HM004']],
  ])('%s', (_, text, codes) => {
    const csv = text.includes('dropp') ? DATA.replace('0.7', '') : DATA;
    const profile = profileOfCsv(csv, text.includes('"group": "g"') ? 'g' : null);
    expect(check(text, profile).problems.map((p) => p.code)).toEqual(codes);
  });
});

describe('size', () => {
  // In quadratic time each would run into the test's time limit.
  const many = 20_000;
  const list = <T>(f: (i: number) => T) => Array.from({ length: many }, (_, i) => f(i));
  const text = (rest: object) => JSON.stringify({ data: 'd.csv', response: 'y', group: 'g', covariates: ['x1', 'x2'], ...rest });
  test.each<[name: string, text: string]>([
    ['unknown covariates', text({ covariates: list((i) => `c${i}`) })],
    ['one covariate again and again', text({ covariates: list(() => 'x1') })],
    ['groups that the data lack', text({ mask: Object.fromEntries(list((i) => [`g${i}`, [1, 1]])) })],
    ['rows of a wrong length', text({ mask: Object.fromEntries(list((i) => [`g${i}`, [1]])) })],
    ['predictions for nobody', text({ predictions: list((i) => ({ group: `G${i}`, at: { x1: 1 } })) })],
    ['levels that no cell has', text({ covariates: [{ column: 'k', levels: list((i) => `l${i}`) }] })],
    ['unknown keys', text(Object.fromEntries(list((i) => [`key${i}`, 1])))],
    ['one key again and again', `{ "data": "d.csv", "response": "y"${',"group": "g"'.repeat(many)} }`],
    ['words', 'x '.repeat(10 * many)],
    ['names in single quotes', `{${"'a':'b',".repeat(many)}}`],
    ['commas', `{${','.repeat(10 * many)}`],
    ['a long name', text({ covariates: ['x'.repeat(50 * many)] })],
  ])('%s', (_, spec) => {
    const { problems } = check(spec, profileOfCsv(DATA, 'g'));
    expect(problems.length).toBeGreaterThan(0);
    expect(problems.length).toBeLessThan(200);
    for (const p of problems) expect(p.message.length).toBeLessThan(600);
  });
});
