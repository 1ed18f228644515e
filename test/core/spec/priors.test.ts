import fc from 'fast-check';
import { expect, test } from 'vitest';
import { formatPrior } from '../../../core/design/priors.ts';
import { distance, nearest } from '../../../core/spec/nearest.ts';
import { DISTRIBUTION_INFO, parsePrior, signatureOf } from '../../../core/spec/priors.ts';
import { DISTRIBUTIONS } from '../../../core/spec/types.ts';

test('every distribution is known, with its parameters', () => {
  expect([...DISTRIBUTION_INFO.keys()]).toEqual([...DISTRIBUTIONS]);
  expect(signatureOf('student_t')).toBe('student_t(nu, mu, sigma)');
  expect(signatureOf('flat')).toBe('flat()');
});

test('what is written is read back', () => {
  const number = fc.double({ min: 1e-3, max: 1e3, noNaN: true }).map((x) => Number(x.toPrecision(6)));
  fc.assert(
    fc.property(fc.constantFrom(...DISTRIBUTION_INFO.values()), fc.array(number, { minLength: 3, maxLength: 3 }), (info, numbers) => {
      const args = numbers.slice(0, info.parameters.length).sort((a, b) => a - b);
      fc.pre(info.name !== 'uniform' || args[0] < args[1]);
      const prior = { dist: info.name, args };
      const support = info.support === 'real' ? 'real' : 'positive';
      expect(parsePrior(formatPrior(prior), 'p', support)).toEqual({ prior, faults: [] });
    }),
  );
});

test.each([
  [' normal( 0 ,5 ) ', [0, 5]],
  ['normal(-1.5e-3, .5)', [-0.0015, 0.5]],
  ['normal(+1., 2E2)', [1, 200]],
])('%s', (text, args) => {
  expect(parsePrior(text, 'p', 'real').prior?.args).toEqual(args);
});

test.each([
  ['', 'HM601', 0, 0],
  ['normal', 'HM601', 0, 6],
  ['normal(0, x)', 'HM601', 10, 11],
  ['normal(0,, 5)', 'HM601', 8, 10],
  ['normal(0, 1e999)', 'HM601', 10, 15],
  ['Normal(0, 5)', 'HM602', 0, 6],
  ['  norml(0, 5)', 'HM602', 2, 7],
  ['flat(1)', 'HM603', 4, 7],
  ['student_t(0, 0, -1)', 'HM604', 10, 11],
  ['uniform(2, 1)', 'HM604', 8, 12],
  ['normal(1e308, 1e308)', 'HM604', 7, 12],
  ['normal(-1e51, 1)', 'HM604', 7, 12],
  ['normal(0, 1e308)', 'HM604', 10, 15],
  ['normal(0, 1e-300)', 'HM604', 10, 16],
  ['student_t(1e-60, 0, 1)', 'HM604', 10, 15],
  ['uniform(-1e308, 1e308)', 'HM604', 8, 14],
])('%s is %s', (text, code, start, end) => {
  const { prior, faults } = parsePrior(text, 'p', 'real');
  expect(prior).toBeNull();
  expect(faults[0]).toMatchObject({ code, start, end });
});

test('no text makes it throw, and a fault lies within the text', () => {
  const piece = fc.constantFrom('normal', 'flat', '(', ')', ',', '0', '-1', '1e9', ' ', 'x', '.', '\u{1F600}', '\n');
  fc.assert(
    fc.property(
      fc.array(piece, { maxLength: 12 }).map((p) => p.join('')),
      fc.constantFrom('real' as const, 'positive' as const),
      (text, support) => {
        const { prior, faults } = parsePrior(text, 'p', support);
        expect(prior === null).toBe(faults.length > 0);
        for (const f of faults) expect(0 <= f.start && f.start <= f.end && f.end <= text.length).toBe(true);
      },
    ),
    { numRuns: 2000 },
  );
});

test.each([
  ['Feed_Sped', 'Feed_Speed'],
  ['feed_speed', 'Feed_Speed'],
  ['Fede_Speed', 'Feed_Speed'],
  ['zzz', null],
  ['', null],
  ['Feed_Speed', null],
])('nearest to %s is %s', (name, expected) => {
  expect(nearest(name, ['Feed_Speed', 'Pull_Acceleration'])).toBe(expected);
});

test('the distance counts insertions, deletions, changes and swaps', () => {
  expect([distance('', 'abc'), distance('abc', 'ab'), distance('abc', 'abd'), distance('abc', 'acb')]).toEqual([3, 1, 1, 1]);
  fc.assert(
    fc.property(fc.string({ maxLength: 12 }), fc.string({ maxLength: 12 }), (a, b) => {
      const d = distance(a, b);
      expect(d).toBe(distance(b, a));
      expect(d === 0).toBe(a === b);
      expect(d).toBeLessThanOrEqual(Math.max(a.length, b.length));
    }),
  );
});
