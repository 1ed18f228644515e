import { describe, expect, it } from 'vitest';
import { check } from '../../../core/rules/check.ts';
import { profileOfCsv } from './profileOfCsv.ts';

/** A file of text columns with so many levels each, and the spec that takes them all. */
function casesOf(levels: readonly number[], rest: object = {}): { spec: string; csv: string } {
  const names = levels.map((_, i) => `t${i}`);
  const rows = Math.max(4, ...levels);
  const lines = Array.from({ length: rows }, (_, r) => `${r % 2 ? 'A' : 'B'},${r * 1.5},${levels.map((n) => `l${r % n}`).join(',')}`);
  const spec = JSON.stringify({ data: 'd.csv', response: 'y', group: 'g', covariates: names, ...rest });
  return { spec, csv: `g,y,${names.join(',')}\n${lines.join('\n')}\n` };
}

const codesOf = ({ spec, csv }: { spec: string; csv: string }) =>
  check(spec, profileOfCsv(csv, 'g')).problems.filter((p) => p.code === 'HM506' && p.severity === 'error');

describe('M: more coefficients than a model may have are refused with the limit', () => {
  it.each<[string, readonly number[], object]>([
    ['a text of 600 levels', [600], {}],
    ['a text of 5,000 levels', [5_000], {}],
    ['three texts of 200 levels', [200, 201, 202], {}],
    ['a product of two texts', [30, 40], { covariates: ['t0:t1'] }],
  ])('%s', (_, levels, rest) => {
    const found = codesOf(casesOf(levels, rest));
    expect(found).toHaveLength(1);
    expect(found[0].message).toMatch(/500/);
  });

  it.each<[string, readonly number[]]>([
    ['a text of 400 levels', [400]],
    ['two texts of 20 levels', [20, 21]],
  ])('but not %s', (_, levels) => expect(codesOf(casesOf(levels))).toEqual([]));

  it.each([501, 2_000, 20_000])('%i covariates are refused before any data are read', (n) => {
    const covariates = Array.from({ length: n }, (_, i) => `x${i}`);
    const { problems } = check(JSON.stringify({ data: 'd.csv', response: 'y', covariates }), null);
    const found = problems.filter((p) => p.code === 'HM506');
    expect(found.map((p) => p.message)).toEqual([expect.stringContaining(`has ${n} covariates; a model may have 500`)]);
  });
});
