import { expect, it } from 'vitest';
import { priorDraws } from '../../../../core/posterior/calibrate/prior.ts';
import { priorPredictive } from '../../../../core/posterior/check/priorPredictive.ts';
import { design, listParameters, rows, term } from '../fixtures.ts';

// alpha ~ N(0, 5²) and noise of sd 12 make N(0, 13²).
const d = design('gaussian', [term('alpha')], 1, { scale: { prior: { fixed: 12 }, by: 'all', auto: false } });
const parameters = listParameters(d);
const prior = { design: d, parameters, draws: priorDraws(d, parameters, 4000, 1) };

it.each([2, 500, 1700])('an interval of the response of %i rows has the closed form’s ends, and the data their place in it', (n) => {
  const y = Array.from({ length: n }, (_, i) => (i === n - 1 ? 13 : -13));
  const report = priorPredictive(prior, rows(new Array(n).fill(0), [[]], y), 3)!;
  expect(report.observed).toEqual({ min: -13, max: 13 });
  for (const end of [-report.lower, report.upper]) expect(Math.abs(end / (1.645 * 13) - 1)).toBeLessThan(0.12);
  // Within one standard deviation.
  expect(Math.abs(report.within - 0.683)).toBeLessThan(0.05);
});

it('without rows there is nothing to say', () => {
  expect(priorPredictive(prior, rows([], [[]], []), 3)).toBeNull();
});
