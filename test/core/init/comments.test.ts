import { describe, expect, it } from 'vitest';
import { draftSpec } from '../../../core/init/draft.ts';
import { parseSpec } from '../../../core/spec/parse.ts';
import { profileOfCsv } from '../rules/profileOfCsv.ts';

const rows = Array.from(
  { length: 60 },
  (_, i) => `g${i % 6},${Math.sin(i).toFixed(3)},${i % 2 === 0 ? '' : i},note ${i},${(2 * Math.cos(i)).toFixed(3)}`,
);
const profile = profileOfCsv(['site,x,wait,note,y', ...rows].join('\n'), 'site');
const choices = { data: 'd.csv', response: 'y', group: 'site' } as const;

describe('a first spec', () => {
  it('says why, in comments, when asked to, and is the same spec', () => {
    const plain = draftSpec(profile, choices)!;
    const { text } = draftSpec(profile, { ...choices, comments: true })!;
    expect(text).toMatch(/"data": "d.csv", \/\/ 60 rows/);
    expect(text).toMatch(/"family": "gaussian", \/\/ the response is measured numbers/);
    expect(parseSpec(text).spec).toEqual(parseSpec(plain.text).spec);
    expect(parseSpec(text).problems).toEqual([]);
  });

  it('has the covariates that were chosen, and no others', () => {
    const { covariates } = draftSpec(profile, { ...choices, covariates: ['x'] })!;
    expect(covariates).toEqual(['x']);
    expect(draftSpec(profile, { ...choices, covariates: [] })!.covariates).toEqual([]);
  });

  it('has no group where none is wanted', () => {
    const { group, text } = draftSpec(profile, { ...choices, group: false })!;
    expect(group).toBeNull();
    expect(parseSpec(text).spec!.group).toBeNull();
  });
});
