/** D18: words of formulas as covariates, responses and groups, with what is said and what the first fix writes. */
import { describe, expect, it } from 'vitest';
import { check } from '../../../core/rules/check.ts';
import { profileOfCsv } from './profileOfCsv.ts';

const DATA = `g,x,z,n,expo,y
A,1,2,9,1.5,3
A,2,1,9,2.5,5
A,3,4,9,3.5,2
B,4,1,9,1.5,1
B,5,3,9,2.5,8
B,6,2,9,3.5,4`;

const problemsOf = (rest: object, group: string | null = 'g') => {
  const text = JSON.stringify({ data: 'd.csv', response: 'y', ...(group === null ? {} : { group }), ...rest });
  return { text, problems: check(text, profileOfCsv(DATA, group === 'g' ? 'g' : null)).problems.filter((p) => p.severity === 'error') };
};

const apply = (text: string, edits: readonly { start: number; end: number; text: string }[]): string =>
  [...edits].sort((a, b) => b.start - a.start).reduce((t, e) => t.slice(0, e.start) + e.text + t.slice(e.end), text);

describe('D18: a formula among the covariates is translated', () => {
  it.each<[string, string, readonly unknown[] | null]>([
    ['x^2', '{"column": "x", "transform": "square"}', [{ column: 'x', name: 'x^2', transform: 'square' }]],
    ['x**2', '"square"', [{ column: 'x', name: 'x^2', transform: 'square' }]],
    ['I(x^2)', '"square"', [{ column: 'x', name: 'x^2', transform: 'square' }]],
    ['I(x ** 2)', '"square"', [{ column: 'x', name: 'x^2', transform: 'square' }]],
    ['x^3', '3rd power', null],
    ['x^0.5', '"sqrt"', [{ column: 'x', transform: 'sqrt', name: 'x^0.5' }]],
    ['log(x)', 'write {"column": "x", "transform": "log"}', [{ column: 'x', transform: 'log', name: 'log(x)' }]],
    ['ln(x)', '"log"', [{ column: 'x', transform: 'log', name: 'ln(x)' }]],
    ['np.log(x)', '"log"', [{ column: 'x', transform: 'log', name: 'np.log(x)' }]],
    ['log10(x)', '"log10"', [{ column: 'x', transform: 'log10', name: 'log10(x)' }]],
    ['sqrt(x)', '"sqrt"', [{ column: 'x', transform: 'sqrt', name: 'sqrt(x)' }]],
    ['scale(x)', '"standardize"', [{ column: 'x', transform: 'standardize', name: 'scale(x)' }]],
    ['center(x)', '"center"', [{ column: 'x', transform: 'center', name: 'center(x)' }]],
    ['poly(x, 2)', 'write "x" and {"column": "x", "transform": "square"}', ['x', { column: 'x', name: 'x^2', transform: 'square' }]],
    ['poly(x, 3)', 'higher powers', null],
    ['exp(x)', 'the exponential of "x"', null],
    ['factor(x)', '"levels"', null],
    ['as.factor(g)', 'write "g"', null],
    ['C(x)', '"levels"', null],
    ['offset(log(expo))', '"exposure": "expo"', null],
    ['offset(expo)', '"exposure" of the response', null],
    ['(1|g)', '"group": "g" and "pooling": "partial"', null],
    ['(1 | g)', '"group": "g" and "pooling": "partial"', null],
    ['(x|g)', 'with "x" among the covariates', null],
    ['(1 + x | g)', 'with "x" among the covariates', null],
    ['(0 + x || g)', 'with "x" among the covariates', null],
    ['x + z', 'list "x", "z" one by one', ['x', 'z']],
    ['0 + x', '"intercept": false', null],
    ['x - 1', '"intercept": false', null],
    ['-1', '"intercept": false', null],
    ['0', '"intercept": false', null],
    ['1', 'the intercept is there anyway', null],
    ['y ~ x + z', 'write "response": "y"', null],
    ['~ x', 'has no formulas', null],
    ['s(x)', 'no splines', null],
    ['bs(x, df = 4)', 'no splines', null],
    ['`x`', 'no backticks', ['x']],
    ['x/z', 'no nested formulas', null],
    ['abs(x)', 'there are the transforms "log"', null],
    ['x > 3', 'expressions are not read', null],
    ['ifelse(x > 2, 1, 0)', 'functions are not read', null],
    ['I(x + z)', 'list "x", "z"', null],
    ['.', 'one by one', null],
  ])('%s', (written, says, items) => {
    const { text, problems } = problemsOf({ covariates: [written] });
    expect(problems.map((p) => p.code)).toEqual(['HM201']);
    expect(problems[0].message).toContain(`no column "${written}"`);
    expect(problems[0].message).toContain(says);
    expect(problems[0].message).not.toContain('Did you mean');
    expect(problems[0].message.length).toBeLessThan(320);
    const [first] = problems[0].fixes!;
    const fixed = apply(text, first.edits);
    if (items !== null) expect(JSON.parse(fixed).covariates).toEqual(items);
    expect(check(fixed, profileOfCsv(DATA, 'g')).problems.filter((p) => p.severity === 'error')).toEqual([]);
  });

  it('beside the column itself, and in an object', () => {
    const { text, problems } = problemsOf({
      covariates: ['x', 'x^2', { column: 'log(z)', prior: 'normal(0, 1)' }],
      mask: { A: { 'x^2': 0 } },
    });
    expect(problems.map((p) => p.message.slice(0, 32))).toEqual(['The data have no column "x^2": w', 'The data have no column "log(z)"']);
    expect(JSON.parse(apply(text, problems[0].fixes![0].edits)).covariates[1]).toEqual({ column: 'x', name: 'x^2', transform: 'square' });
  });

  it('in a product', () => {
    const { problems } = problemsOf({ covariates: ['log(x):z'] });
    expect(problems.map((p) => p.message).join()).toContain('give it a "name", and multiply that');
  });

  it('one entry of a row of the mask does not become two', () => {
    const { problems } = problemsOf({ covariates: ['x + z'], mask: { A: [1], B: [1] } });
    expect(problems[0].fixes!.map((f) => f.title)).toEqual(['Remove the covariate "x + z"']);
  });

  it.each(['xx', 'x_2', 'x 2', 'Größe', '2020-01-01', 'x.z', 'a-b', 'x-ray', '(x', 'a'])('%s is a name like any other', (written) => {
    expect(problemsOf({ covariates: [written] }).problems[0].message).toMatch(/^The data have no column "[^"]+"\. /);
  });

  it('a column of that very name is that column', () => {
    const csv = 'log(x),y\n1,2\n2,3\n3,5\n4,4';
    const text = JSON.stringify({ data: 'd.csv', response: 'y', covariates: ['log(x)'] });
    expect(check(text, profileOfCsv(csv, null)).problems.filter((p) => p.code === 'HM201')).toEqual([]);
  });
});

describe('D18: a formula as response or group is translated', () => {
  it.each([
    [{ response: 'log(y)' }, '"response": { "column": "y", "transform": "log" }'],
    [{ response: 'y ~ x' }, 'write "response": "y"'],
    [{ response: 'y | trials(n)' }, '{ "column": "y", "trials": "n" }'],
    [{ response: 'y | trials(9)' }, '{ "column": "y", "trials": 9 }'],
    [{ response: 'y | rate(expo)' }, '{ "column": "y", "exposure": "expo" }'],
    [{ response: 'cbind(y, n - y)' }, '{ "column": "y", "trials": "n" }'],
    [{ response: 'factor(y)' }, 'name the column itself, "y"'],
    [{ group: '(1|g)' }, 'name the column itself, "g", and set "pooling" to "partial"'],
    [{ group: 'factor(g)' }, 'name the column itself, "g"'],
  ])('%o', (rest, says) => {
    const { problems } = problemsOf({ covariates: ['x'], ...rest }, 'group' in rest ? String(rest.group) : 'g');
    expect(problems.map((p) => p.code)).toEqual(['HM201']);
    expect(problems[0].message).toContain(says);
  });
});
