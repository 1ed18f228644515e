import fc from 'fast-check';
import { type ParseError, parseTree } from 'jsonc-parser';
import { describe, expect, test } from 'vitest';
import { nearest } from '../../../core/spec/nearest.ts';
import { parseSpec } from '../../../core/spec/parse.ts';

const MANUFACTURING = `{
  "$schema": "./hmask.schema.json",
  "data": "manufacturing.csv",
  "response": "Production_Speed",
  "group": "Product_Group",
  "covariates": ["Feed_Speed", "Pull_Acceleration", "Cutting_Wait_Time"],
  "mask": {
    "Product_Group_1": [1, 1, 0],          // Cutting_Wait_Time does not exist for this group
    "Product_Group_2": [1, 1, 1]
  },
  "family": "gaussian",
  "priors": { "intercept": "normal(0, 5)", "weights": "normal(0, 5)", "scale": "half_normal(5)" },
  "sampler": { "chains": 4, "warmup": 200, "draws": 300, "seed": 42 },
  "predictions": [
    { "group": "Product_Group_1", "at": { "Feed_Speed": 3, "Pull_Acceleration": 2 } }
  ]
}`;

/** `|` marks the ends of the expected range. */
function unmark(marked: string): { text: string; start: number; end: number } {
  const start = marked.indexOf('|');
  const end = marked.indexOf('|', start + 1) - 1;
  return { text: marked.replaceAll('|', ''), start, end };
}

/** A spec with `rest` after its required keys. */
const spec = (rest: string) => `{ "data": "d.csv", "response": "y", ${rest} }`;

describe('a whole spec', () => {
  test('reads with defaults filled in', () => {
    const { spec: s, problems } = parseSpec(MANUFACTURING);
    expect(problems).toEqual([]);
    expect(s).toMatchObject({
      data: { kind: 'file', file: 'manufacturing.csv', where: null },
      response: { column: 'Production_Speed', transform: 'none', trials: null },
      group: 'Product_Group',
      pooling: 'none',
      missing: 'error',
      interval: { kind: 'eti', prob: 0.9 },
      sampler: { method: 'auto', chains: 4, warmup: 200, draws: 300, seed: 42, target_accept: 0.8, max_treedepth: 10 },
      priors: { scale: { prior: { dist: 'half_normal', args: [5] }, by: 'all' }, nu: 'auto' },
    });
    expect([...(s!.mask as Map<string, unknown>)]).toEqual([
      ['Product_Group_1', [1, 1, 0]],
      ['Product_Group_2', [1, 1, 1]],
    ]);
    expect([...s!.predictions[0].at]).toEqual([
      ['Feed_Speed', 3],
      ['Pull_Acceleration', 2],
    ]);
  });

  test('a byte order mark and CRLF change nothing', () => {
    const crlf = parseSpec(`\uFEFF${MANUFACTURING.replaceAll('\n', '\r\n')}`);
    expect(crlf.problems).toEqual([]);
    expect(crlf.spec).toEqual(parseSpec(MANUFACTURING).spec);
  });

  test('numeric group names keep the order of the text', () => {
    const { spec: s } = parseSpec(spec('"covariates": ["x"], "mask": { "10": [1], "2": [0], "01": [1] }'));
    expect([...(s!.mask as Map<string, unknown>).keys()]).toEqual(['10', '2', '01']);
  });

  test('products, names and options of covariates', () => {
    const { spec: s, problems } = parseSpec(
      spec(
        '"covariates": ["a:b", {"column": "x", "name": "X", "transform": "log", "pooling": "partial", "prior": 2, "sd": "exponential(1)"}]',
      ),
    );
    expect(problems).toEqual([]);
    expect(s?.covariates).toMatchObject([
      { name: 'a:b', columns: ['a', 'b'], transform: 'none', pooling: null },
      { name: 'X', columns: ['x'], transform: 'log', pooling: 'partial', prior: { fixed: 2 }, sd: { dist: 'exponential', args: [1] } },
    ]);
  });

  test('mask rows by name leave the rest to the automatic mask', () => {
    const { spec: s } = parseSpec(spec('"covariates": ["a", "b"], "mask": { "g": { "b": 0 } }'));
    expect((s!.mask as Map<string, unknown>).get('g')).toEqual([null, 0]);
  });
});

describe('faults of form', () => {
  const cases: readonly [name: string, marked: string, code: string, mentions: string][] = [
    ['truncated', '{ "data": "d.csv", "mask": { "A": [|1|', 'HM001', 'not closed'],
    ['empty', '||', 'HM001', 'empty'],
    ['a list', '|[]|', 'HM001', 'object'],
    ['a missing comma', '{ "data": "d" |"response"|: "y" }', 'HM001', 'comma'],
    ['an unknown key', spec('|"covarites"|: []'), 'HM002', '"covariates"'],
    ['a hopeless key', spec('|"zzzzzz"|: []'), 'HM002', 'nearest'],
    ['an unknown key below', spec('"sampler": { |"chain"|: 4 }'), 'HM002', '"chains"'],
    ['__proto__', spec('|"__proto__"|: { "family": "poisson" }'), 'HM002', '__proto__'],
    ['constructor', spec('"priors": { |"constructor"|: 1 }'), 'HM002', 'constructor'],
    ['a prior on an unknown term', spec('"priors": { |"x9"|: "normal(0, 1)" }'), 'HM002', 'x9'],
    ['a wrong type', spec('"group": |3|'), 'HM003', '"group"'],
    ['a wrong word', spec('"family": |"gausian"|'), 'HM003', '"gaussian"'],
    ['an infinite number', spec('"sampler": { "draws": |1e999| }'), 'HM003', 'too large'],
    ['a duplicate key', spec('"group": "a", |"group"|: "b"'), 'HM004', 'twice'],
    ['no response', '|{| "data": "d.csv" }', 'HM005', '"response"'],
    ['trino lacks keys', '{ "data": { "trino": |{| "server": "s" } }, "response": "y" }', 'HM005', '"catalog"'],
    ['no prior', spec('"priors": { "weights": "|5|" }'), 'HM601', 'without quotes'],
    ['an unknown prior', spec('"priors": { "weights": "|norml|(0, 5)" }'), 'HM602', 'normal'],
    ['too few arguments', spec('"priors": { "weights": "normal|(5)|" }'), 'HM603', 'normal(mu, sigma)'],
    ['a negative sd', spec('"priors": { "weights": "normal(0, |-1|)" }'), 'HM604', 'normal(0, -1)'],
    ['an argument after an escape', spec('"priors": { "weights": "\\u006eormal(0, |0|)" }'), 'HM604', 'sigma'],
    ['wrong support', spec('"priors": { "scale": "|normal(0, 5)|" }'), 'HM605', 'half_normal(5)'],
    ['a scale of 0', spec('"priors": { "scale": |0| }'), 'HM604', 'scale'],
    ['a half prior on weights', spec('"priors": { "weights": "|half_cauchy(1)|" }'), 'HM605', 'cauchy(0, 1)'],
  ];
  test.each(cases)('%s', (_, marked, code, mentions) => {
    const { text, start, end } = unmark(marked);
    const { problems } = parseSpec(text);
    expect(problems.map((p) => p.code)).toEqual([code]);
    expect(problems[0].message).toContain(mentions);
    expect({ start: problems[0].range.start, end: problems[0].range.end }).toEqual({ start, end });
  });

  test('200,000 nested lists are an error, not a stack overflow', () => {
    const { problems, spec: s } = parseSpec(`{"data":"d.csv","response":"y","covariates":${'['.repeat(200_000)}`);
    expect(problems.map((p) => p.code)).toEqual(['HM001']);
    expect(s).toBeNull();
  });

  test('long hostile priors are answered at once', () => {
    // In quadratic time this would run into the test's time limit.
    const long = 1_000_000;
    for (const prior of [
      `normal(0, ${'1'.repeat(long)}x)`,
      `${' '.repeat(long)}(`,
      `${'a'.repeat(long)}`,
      `normal(${','.repeat(long)})`,
      '('.repeat(long),
    ]) {
      expect(parseSpec(spec(`"priors": { "weights": ${JSON.stringify(prior)} }`)).problems.length).toBeGreaterThan(0);
    }
  });

  test('no prototype is touched', () => {
    const { spec: s } = parseSpec(spec('"mask": { "__proto__": [], "constructor": [] }, "__proto__": { "polluted": true }'));
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
    expect([...(s!.mask as Map<string, unknown>).keys()]).toEqual(['__proto__', 'constructor']);
  });
});

/** Every fix applied, its edits from the last to the first. */
const applied = (text: string, edits: readonly { start: number; end: number; text: string }[]): string =>
  [...edits].sort((a, b) => b.start - a.start).reduce((t, e) => t.slice(0, e.start) + e.text + t.slice(e.end), text);

describe('what is meant is offered', () => {
  const cases: readonly [name: string, marked: string, code: string, fixed: string][] = [
    ['single quotes and bare names', `{ |data|: 'd.csv', 'response': 'the y' }`, 'HM001', '{ "data": "d.csv", "response": "the y" }'],
    ['words of Python', '{ "data": "d.csv", "response": "y", "intercept": |False| }', 'HM001', spec('"intercept": false')],
    ['a number with a plus', spec('"sampler": { "seed": |+4| }'), 'HM001', spec('"sampler": { "seed": 4 }')],
    [
      'a list closed as an object',
      '{ "data": "d.csv", "response": "y", "covariates": ["x"|}|',
      'HM001',
      '{ "data": "d.csv", "response": "y", "covariates": ["x"]}',
    ],
    ['null', spec('"covariates": ["x"], "group": |null|'), 'HM003', spec('"covariates": ["x"]')],
    ['an empty name', spec('"covariates": ["x"], "group": |""|'), 'HM003', spec('"covariates": ["x"]')],
    ['a name in brackets', spec('"group": |["g"]|'), 'HM003', spec('"group": "g"')],
    ['0 for false', spec('"intercept": |0|'), 'HM003', spec('"intercept": false')],
    ['a number for a name', spec('"group": |3|'), 'HM003', spec('"group": "3"')],
    ['a bare probability', spec('"interval": |0.5|'), 'HM003', spec('"interval": { "prob": 0.5 }')],
    [
      'levels without quotes',
      spec('"covariates": [{ "column": "x", "levels": |[1, 02.50, 3]| }]').replace('02.50', '2.50'),
      'HM003',
      spec('"covariates": [{ "column": "x", "levels": ["1", "2.50", "3"] }]'),
    ],
    [
      'a delimiter spelled out',
      '{ "data": { "file": "d.csv", "delimiter": |"\\\\t"| }, "response": "y" }',
      'HM003',
      '{ "data": { "file": "d.csv", "delimiter": "\\t" }, "response": "y" }',
    ],
    ["another tool's family", spec('"family": |"normal"|'), 'HM003', spec('"family": "gaussian"')],
    [
      "another tool's transform",
      spec('"response": { "column": "y", "transform": |"ln"| }').replace('"response": "y", ', ''),
      'HM003',
      spec('"response": { "column": "y", "transform": "log" }').replace('"response": "y", ', ''),
    ],
    ['the one word there is', spec('"mask": |"all"|'), 'HM003', spec('"mask": "auto"')],
    ['a file', '{ "data": |{| }, "response": "y" }', 'HM005', '{ "data": { "file": "data.csv" }, "response": "y" }'],
    [
      'the group of a prediction',
      spec('"covariates": ["x"], "group": "g", "mask": { "A": [1] }, "predictions": [|{| "at": { "x": 1 } }]'),
      'HM005',
      spec('"covariates": ["x"], "group": "g", "mask": { "A": [1] }, "predictions": [{ "group": "A", "at": { "x": 1 } }]'),
    ],
    [
      'a prior without its comma',
      spec('"priors": { "weights": "normal(|0 5|)" }'),
      'HM601',
      spec('"priors": { "weights": "normal(0, 5)" }'),
    ],
    [
      'a prior with the names of its arguments',
      spec('"priors": { "weights": "normal(|mu=0|, sigma=5)" }'),
      'HM601',
      spec('"priors": { "weights": "normal(0, 5)" }'),
    ],
    [
      'a prior without parentheses',
      spec('"priors": { "scale": "|HalfNormal 5|" }'),
      'HM601',
      spec('"priors": { "scale": "half_normal(5)" }'),
    ],
    [
      "another tool's prior",
      spec('"priors": { "weights": "|t|(3, 0, 5)" }'),
      'HM602',
      spec('"priors": { "weights": "student_t(3, 0, 5)" }'),
    ],
    ['one end of two', spec('"priors": { "weights": "uniform|(3)|" }'), 'HM603', spec('"priors": { "weights": "uniform(3, 4)" }')],
  ];
  test.each(cases)('%s', (_, marked, code, fixed) => {
    const { text, start, end } = unmark(marked);
    const [problem] = parseSpec(text).problems;
    expect([problem.code, problem.range]).toEqual([code, { start, end }]);
    expect(applied(text, problem.fixes![0].edits)).toBe(fixed);
    expect(parseSpec(fixed).problems).toEqual([]);
  });

  test('a bracket too many can be removed', () => {
    const text = '{ "data": "d.csv", "response": "y", "predictions": [{ "at": { "x": 1 } } }] }';
    const [{ message, range, fixes }] = parseSpec(text).problems;
    expect([message, text.slice(range.start, range.end)]).toEqual(['This bracket closes nothing that is open; remove it.', '}']);
    expect(applied(text, fixes![0].edits)).toBe(text.replace('} } }', '} } '));
  });

  test('of a value over several lines its bracket is marked', () => {
    const text = spec('"mask": [\n[1, 0],\n[1, 1]]');
    const [{ range }] = parseSpec(text).problems;
    expect(text.slice(range.start, range.end)).toBe('[');
  });

  test('a key that stands twice may be kept either way', () => {
    const text = spec('"group": "a", "group": "b"');
    const [{ fixes }] = parseSpec(text).problems;
    expect(fixes!.map((f) => applied(text, f.edits))).toEqual([spec('"group": "a"'), spec('"group": "b"')]);
  });

  test('an unknown key that was taken for a required one is told once', () => {
    expect(parseSpec('{ "data": "d.csv", "respons": "y" }').problems.map((p) => p.code)).toEqual(['HM002']);
    expect(parseSpec('{ "data": { "fil": "d.csv" }, "response": "y" }').problems.map((p) => p.code)).toEqual(['HM002']);
  });

  test('a comment that is not closed, and an object at the end, stay within the text', () => {
    for (const text of ['{ "data": "d.csv", /*', '{ "data": "d.csv", "response": {', '{ "data": {']) {
      const { problems } = parseSpec(text);
      expect(problems.map((p) => p.code)).toEqual(expect.arrayContaining(['HM001']));
      for (const p of problems) expect(p.range.end).toBeLessThanOrEqual(text.length);
      expect(problems.some((p) => p.code === 'HM005')).toBe(false);
    }
  });

  test('no number stands for nothing', () => {
    for (const word of ['NaN', 'Infinity', '-inf']) expect(parseSpec(spec(`"sampler": { "seed": ${word} }`)).problems[0].fixes).toEqual([]);
    expect(parseSpec(spec('"priors": { "weights": "normal(0, inf)" }')).problems[0].fixes).toEqual([]);
  });

  test('a lone letter is near no other', () => {
    expect(nearest('q', ['x', 'y', 'xy'])).toBeNull();
    expect(nearest('x', ['a', 'X'])).toBe('X');
  });
});

test('locate falls back to the nearest thing that is there', () => {
  const { text, locate } = parseSpec(MANUFACTURING);
  const at = (path: (string | number)[], part?: 'key') => {
    const r = locate(path, part);
    return text.slice(r.start, r.end);
  };
  expect(at(['mask', 'Product_Group_1', 2])).toBe('0');
  expect(at(['mask', 'Product_Group_1'], 'key')).toBe('"Product_Group_1"');
  expect(at(['mask', 'nobody'])).toBe('"mask"');
  expect(at(['covariates', 7])).toBe('"covariates"');
  expect(at(['missing'])).toBe('{');
});

test('every fix makes its problem go away', () => {
  const texts = [
    spec('"covarites": []'),
    spec('"group": "a", "group": "b"'),
    spec('"family": "gausian"'),
    spec('"zzzzzz": [],'),
    spec('"priors": { "weights": "norml(0, 5)", "scale": "normal(0, 5)" }'),
    spec('"priors": { "weights": "normal(5)", "intercept": "laplace(0, -2)", "nu": "uniform(3, 1)", "shape": -1 }'),
    spec('"priors": { "weights": "half_student_t(3, 2)", "scale": "student_t(3, 0, 2)", "nu": "uniform(-1, 2)" }'),
    spec('"sampler": { "chains": "4" }, "covariates": "x"'),
    '{ "data": "d.csv", "response": "y", "mask": { "A": [1',
    '{ "data": "d" "response": "y" }',
    '{ "data": "d", "response": "y" } }',
    '{}',
  ];
  for (const text of texts) {
    for (const problem of parseSpec(text).problems) {
      for (const fix of problem.fixes ?? []) {
        const fixed = applied(text, fix.edits);
        const same = parseSpec(fixed).problems.filter((p) => p.code === problem.code && p.message === problem.message);
        expect(same, `${fix.title}: ${fixed}`).toEqual([]);
      }
    }
  }
});

test('what is not JSON always has a problem', () => {
  const piece = fc.constantFrom('{', '}', '[', ']', ',', ':', '"a"', '1', 'x', "'b'", ' ', '/*', '//', '\n', 'True', '-', '+1', '"', '\\');
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 14 }), (pieces) => {
      const text = `{"k":${pieces.join('')}}`;
      const errors: ParseError[] = [];
      parseTree(text, errors, { allowTrailingComma: true });
      const parsed = parseSpec(text);
      expect(parsed.wellFormed).toBe(errors.length === 0);
      for (const p of parsed.problems) expect(p.range.start <= p.range.end && p.range.end <= text.length).toBe(true);
    }),
    { numRuns: 5000 },
  );
});

test('no cut or edit of a spec makes the parser throw', () => {
  fc.assert(
    fc.property(fc.nat(MANUFACTURING.length), fc.nat(40), fc.string({ maxLength: 4 }), (start, length, insert) => {
      const text = MANUFACTURING.slice(0, start) + insert + MANUFACTURING.slice(start + length);
      const { problems } = parseSpec(text);
      for (const p of problems) expect(p.range.start <= p.range.end && p.range.end <= text.length).toBe(true);
    }),
    { numRuns: 2000 },
  );
});
