/** The rules see what covariates come to in each group: indicators, products and transforms, read from the data. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { check } from '../../../core/rules/check.ts';
import { columnsOf, levelsDeclared } from '../../../core/spec/columns.ts';
import { parseSpec } from '../../../core/spec/parse.ts';
import type { Problem, TextEdit } from '../../../core/spec/problem.ts';
import { profileData } from '../../../sources/duckdb/index.ts';
import { Folder } from '../folder.ts';

let folder: Folder;
beforeAll(() => {
  folder = new Folder();
});
afterAll(() => folder.remove());

/** Group B lacks level hi; z is 0 in B and s is ±1 there, d is 2 in B; m is k in other words. */
const ROWS = Array.from({ length: 48 }, (_, i) => {
  const isB = i % 2 === 1;
  const j = Math.floor(i / 2);
  const k = isB ? ['lo', 'p'][j % 2] : ['lo', 'p', 'hi'][j % 3];
  const x = ((j * 7) % 11) / 2 + 1;
  return [
    isB ? 'B' : 'A',
    k,
    k === 'lo' ? 'few' : 'more',
    x,
    isB ? 0 : (j * 5) % 7,
    isB ? (j % 2 === 0 ? 1 : -1) * (j % 3 === 0 ? -1 : 1) : x,
    isB ? 2 : j % 4,
    isB ? 'u' : 'uv'[j % 2],
    (j * 13) % 17,
  ];
});
const CSV = `g,k,m,x,z,s,d,t,y\n${ROWS.map((r) => r.join(',')).join('\n')}\n`;

async function problemsOf(rest: object, text = JSON.stringify({ data: 'd.csv', response: 'y', group: 'g', ...rest })) {
  folder.write('d.csv', CSV);
  const { spec } = parseSpec(text);
  if (spec === null) throw new Error(text);
  const { specPath } = folder;
  const request = {
    specPath,
    source: spec.data,
    group: spec.group,
    columns: columnsOf(spec),
    levels: levelsDeclared(spec),
    covariates: spec,
  };
  const profile = await profileData({ ...request, roots: [folder.path] });
  return { text, problems: check(text, profile).problems.filter((p) => p.severity !== 'hint') };
}

const apply = (text: string, edits: readonly TextEdit[]): string =>
  [...edits].sort((a, b) => b.start - a.start).reduce((t, e) => t.slice(0, e.start) + e.text + t.slice(e.end), text);

const told = (problems: readonly Problem[]): string[] => problems.map((p) => `${p.code} ${p.message}`);

describe('D6: the rules see derived columns', () => {
  it.each<[name: string, rest: object, code: string, mentions: string]>([
    ['an indicator', { covariates: ['k'] }, 'HM501', '"k[hi]" is 0 in all 24 rows of the group "B"'],
    [
      'of declared levels',
      { covariates: [{ column: 'k', levels: ['hi', 'p', 'lo'] }, 'x'] },
      'HM502',
      '"k[lo]" is a linear function of "k[p]" in the group "B"',
    ],
    ['a text column', { covariates: ['t', 'x'] }, 'HM501', '"t" is "u" in all 24 rows of the group "B"'],
    ['under a name', { covariates: [{ column: 't', name: 'kind' }] }, 'HM501', '"kind" is "u" in all 24 rows'],
    ['a product with a column that is 0 there', { covariates: ['x', 'x:z'] }, 'HM501', '"x:z" is 0 in all 24 rows of the group "B"'],
    [
      'a product with an indicator that is 0 there',
      { covariates: ['x', 'x:k'] },
      'HM501',
      '"x:k[hi]" is 0 in all 24 rows of the group "B"',
    ],
    ['a product of indicators', { covariates: ['k', 't', 'k:t'] }, 'HM501', 'in all 24 rows of the group "B"'],
    ['a square of 1 and -1', { covariates: [{ column: 's', transform: 'square' }] }, 'HM501', '"s" is 1 in all 24 rows of the group "B"'],
    ['a product that is a factor of it there', { covariates: ['x', 'x:d'] }, 'HM502', '"x:d" is a linear function of "x" in the group "B"'],
    ['a product of three', { covariates: ['x', 'x:d:z'] }, 'HM501', '"x:d:z" is 0 in all 24 rows of the group "B"'],
    [
      'texts that say the same',
      { covariates: ['x', 'm', { column: 'k', levels: ['lo', 'p', 'hi'] }], mask: { A: [1, 1, 1], B: [1, 1, 1] } },
      'HM502',
      'is a linear function of "m[more]"',
    ],
    [
      'an indicator of a level without rows',
      { covariates: [{ column: 'k', levels: ['p', 'lo', 'hi', 'no'] }] },
      'HM501',
      '"k[no]" does not change within any group (0 in every row)',
    ],
  ])('%s', async (_, rest, code, mentions) => {
    const { text, problems } = await problemsOf(rest);
    const found = problems.find((p) => p.code === code && p.message.includes(mentions));
    expect(found, told(problems).join('\n')).toBeDefined();
    expect(found!.severity).toBe('warning');
    expect(found!.fixes!.length).toBeGreaterThan(0);
    for (const fix of found!.fixes!) {
      const after = await problemsOf({}, apply(text, fix.edits));
      expect(told(after.problems), `${fix.title}: ${after.text}`).not.toContain(`${found!.code} ${found!.message}`);
    }
  });

  it.each<[name: string, rest: object]>([
    ['a masked group', { covariates: ['t'], mask: { B: [0] } }],
    ['pooled', { covariates: ['k', 't', 'x:z'], pooling: 'complete' }],
    ['partially pooled', { covariates: ['k', 't', 'x:z'], pooling: 'partial' }],
    ['what changes everywhere', { covariates: ['x', 'm', 'x:m', { column: 'x', name: 'x2', transform: 'square' }] }],
    ['without an intercept', { covariates: ['t'], intercept: false }],
  ])('nothing of %s', async (_, rest) => {
    const { problems } = await problemsOf(rest);
    expect(told(problems).filter((p) => /HM50[12]/.test(p))).toEqual([]);
  });

  it('rows are counted against indicators, too', async () => {
    const { problems } = await problemsOf({ covariates: ['k', 'x'], data: { file: 'd.csv', where: "g = 'A' or (x > 5 and k = 'p')" } });
    expect(told(problems).some((p) => p.startsWith('HM503') && p.includes('for 4 coefficients'))).toBe(true);
  });
});
