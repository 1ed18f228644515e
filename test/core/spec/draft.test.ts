import { describe, expect, it } from 'vitest';
import { check } from '../../../core/check.ts';
import { draftSpec } from '../../../core/spec/draft.ts';
import { isError } from '../../../core/spec/problem.ts';
import { profileOfCsv } from '../rules/profileOfCsv.ts';

const lines = (header: string, row: (i: number) => string): string =>
  `${header}\n${Array.from({ length: 40 }, (_, i) => row(i)).join('\n')}\n`;
const GROUPED = lines('g,x,m,y', (i) => `${'AB'[i % 2]},${(i * 7) % 11},${i % 2 === 0 ? (i * 5) % 13 : ''},${(i * 3) % 17}.5`);

describe('a drafted spec', () => {
  it('guesses the group, takes the last number for the response and infers the mask', () => {
    const drafted = draftSpec(profileOfCsv(GROUPED, 'g'), { data: 'd.csv', response: null, group: null })!;
    expect(drafted).toMatchObject({ response: 'y', group: 'g' });
    expect(JSON.parse(drafted.text)).toEqual({
      data: 'd.csv',
      response: 'y',
      group: 'g',
      covariates: ['x', 'm'],
      mask: { A: [1, 1], B: [1, 0] },
      family: 'gaussian',
    });
    expect(check(drafted.text, profileOfCsv(GROUPED, 'g')).problems.filter(isError)).toEqual([]);
  });

  it('prefers a response that is known in every row', () => {
    const csv = lines('x,y,late', (i) => `${i % 9},${(i * 3) % 17}.5,${i % 4 === 0 ? '' : i}`);
    expect(draftSpec(profileOfCsv(csv, null), { data: 'd.csv', response: null, group: null })?.response).toBe('y');
  });

  it('keeps to what it is told', () => {
    const drafted = draftSpec(profileOfCsv(GROUPED, null), { data: 'd.csv', response: 'x', group: null })!;
    expect(JSON.parse(drafted.text)).toMatchObject({ response: 'x', group: 'g', covariates: ['m', 'y'] });
    expect(JSON.parse(drafted.text).mask).toBeUndefined();
  });

  it.each([
    ['0 or 1', (i: number) => i % 2, 'bernoulli'],
    ['counts', (i: number) => (i * 3) % 7, 'poisson'],
    ['whole numbers far from 0', (i: number) => 100 + i, 'gaussian'],
    ['numbers below 0', (i: number) => i - 20, 'gaussian'],
    ['fractions', (i: number) => i / 8, 'gaussian'],
  ])('takes for %s the family that fits', (_, value, family) => {
    const profile = profileOfCsv(
      lines('x,y', (i) => `${i}.5,${value(i)}`),
      null,
    );
    expect(JSON.parse(draftSpec(profile, { data: 'd.csv', response: 'y', group: null })!.text).family).toBe(family);
  });

  it('is none where no column holds numbers', () => {
    const profile = profileOfCsv(
      lines('a,b', (i) => `x${i},y${i}`),
      null,
    );
    expect(draftSpec(profile, { data: 'd.csv', response: null, group: null })).toBeNull();
  });
});
