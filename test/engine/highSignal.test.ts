/** Whole fits of noise that is tiny beside the signal, and of rows that leave none. */
import { afterAll, describe, expect, it } from 'vitest';
import { Preparer } from '../../engine/read/prepare.ts';
import { Folder } from '../sources/folder.ts';
import { csv, fitsIn, refused, trusted } from './wholeFits.ts';

const folder = new Folder();
afterAll(() => folder.remove());

/** Six groups of ten rows. Noise is a wave that is orthogonal to nothing in particular; its residuals are found below, before it is made small. */
const noise = (i: number): number => Math.sin(1.7 * i * i + 0.3) + 0.5 * Math.cos(5.1 * i);
const covariate = (i: number): number => Math.round(64 * Math.sin(2.3 * i + 0.1 * i * i)) / 64;
const ROWS = 60;
const GROUPS = 6;

/** The sum of squares left of the noise by an intercept and a slope of each group, or of all. */
function squaresOf(groups: number): number {
  let squares = 0;
  for (let g = 0; g < groups; g++) {
    const at = Array.from({ length: ROWS }, (_, i) => i).filter((i) => i % groups === g);
    const mean = (of: (i: number) => number): number => at.reduce((s, i) => s + of(i), 0) / at.length;
    const [x, e] = [mean(covariate), mean(noise)];
    const slope = at.reduce((s, i) => s + (covariate(i) - x) * (noise(i) - e), 0) / at.reduce((s, i) => s + (covariate(i) - x) ** 2, 0);
    squares += at.reduce((s, i) => s + (noise(i) - e - slope * (covariate(i) - x)) ** 2, 0);
  }
  return squares;
}

describe('E10: noise beside the signal', () => {
  it.each((['none', 'partial', 'complete'] as const).flatMap((pooling) => [1e-4, 5e-8, 1e-8].map((ratio) => ({ pooling, ratio }))))(
    'of $ratio is found, pooling $pooling',
    async ({ pooling, ratio }) => {
      const own = pooling === 'complete' ? 1 : GROUPS;
      const rows = csv('g,x,y', ROWS, 1, (_, i) => {
        const g = own === 1 ? 0 : i % GROUPS;
        return [`g${i % GROUPS}`, covariate(i), (g - 2) / 4 + (1 + (g * g) / 8) * covariate(i) + ratio * noise(i)];
      });
      const priors = {
        intercept: 'normal(0, 10)',
        weights: 'normal(0, 10)',
        intercept_sd: 'half_normal(2)',
        weights_sd: 'half_normal(2)',
        scale: 'half_cauchy(1)',
      };
      const all = await fitsIn(folder, 'e10', rows, { response: 'y', group: 'g', covariates: ['x'], pooling, priors }, 1);
      const questioned = all.map((f) => ({ ...f, trusted: f.flags.every((id) => id === 'prior_conflict') }));
      expect(trusted(questioned), refused(all)).toBe(1);
      // With m = rows − coefficients, RSS / scale² is chi-squared with m − 1 degrees of freedom under a prior that is flat there.
      const freedom = ROWS - 2 * own - 1;
      const mean = Math.sqrt(squaresOf(own) / 2) * ratio * Math.exp(logGamma((freedom - 1) / 2) - logGamma(freedom / 2));
      const { mean: found, mcse } = all[0].summary.get('scale')!;
      expect(Math.abs(found - mean)).toBeLessThan(5 * mcse);
      expect(found / mean).toBeCloseTo(1, 1);
    },
  );
});

/** By Stirling's series. */
const logGamma = (x: number): number =>
  x < 20 ? logGamma(x + 1) - Math.log(x) : (x - 0.5) * Math.log(x) - x + 0.5 * Math.log(2 * Math.PI) + 1 / (12 * x) - 1 / (360 * x ** 3);

describe('E10: rows that are fitted exactly', () => {
  const line = Array.from({ length: 12 }, (_, i) => `${'AB'[i % 2]},${i},${2 * i + 1},2`);
  const near = Array.from({ length: 12 }, (_, i) => `${'AB'[i % 2]},${i},${2 * i + 1 + 1e-7 * noise(i)},2`);
  const three = Array.from({ length: 9 }, (_, i) => `${'ABC'[i % 3]},${i * i},${noise(i)},${1 + (i % 3)}`);
  const base = { data: 'd.csv', response: 'y', group: 'g', covariates: ['x'] };
  const weighted = { column: 'y', weights: 'n' };
  const quadratic = [
    { column: 'x', name: 'a' },
    { column: 'x', name: 'b', transform: 'log1p' },
  ];
  const byGroup = (prior: string) => ({ priors: { scale: { prior, by: 'group' } } });
  const pooled = { pooling: 'partial' };
  it.each([
    ['a response computed from its covariate', line, {}, 'fit the 12 rows without'],
    ['the same, completely pooled', line, { pooling: 'complete' }, '2 coefficients fit the 12 rows without'],
    ['the same, under a Student-t', line, { family: 'student_t' }, 'fit the 12 rows without'],
    ['the same, where the prior of the scale vanishes at 0', line, { priors: { scale: 'lognormal(0, 1)' } }, null],
    ['noise of 1e-7', near, {}, null],
    [
      'as many coefficients as weighted rows of a group',
      three,
      { covariates: quadratic, response: weighted, ...byGroup('half_cauchy(1)') },
      'of the group "B" of weight 6',
    ],
    [
      'the same, pooled',
      three,
      { covariates: quadratic, response: weighted, ...pooled, ...byGroup('half_normal(1)') },
      'of the group "B" of weight 6',
    ],
    ['the same under a gamma prior of high order', three, { covariates: quadratic, response: weighted, ...byGroup('gamma(7, 1)') }, null],
    ['the same without weights', three, { covariates: quadratic, ...byGroup('half_normal(1)') }, null],
    ['a constant response', line.map((l) => l.replace(/,\d+,2$/, ',3,2')), { covariates: [] }, 'fit the 12 rows without'],
  ])('are refused where they leave no posterior: %s', async (_, data, changed, wanted) => {
    folder.write('d.csv', `g,x,y,n\n${data.join('\n')}\n`);
    const spec = { ...base, ...changed };
    folder.write('d.hmask.json', JSON.stringify(spec));
    const source = { path: folder.specPath, text: JSON.stringify(spec), roots: [folder.path] };
    const preparer = new Preparer();
    const { problems } = await preparer.check(source);
    const errors = problems.filter((p) => p.severity === 'error');
    expect(errors.map((p) => p.code)).toEqual(wanted === null ? [] : ['HM504']);
    if (wanted !== null) expect(errors[0].message).toContain(wanted);
  });
});
