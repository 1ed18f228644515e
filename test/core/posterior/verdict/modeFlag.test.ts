import { describe, expect, it } from 'vitest';
import type { Parameter } from '../../../../core/design/design.ts';
import { Rng } from '../../../../core/math/rng.ts';
import { assess } from '../../../../core/posterior/diagnose/summary.ts';
import { judge } from '../../../../core/posterior/verdict/verdict.ts';
import type { Mode } from '../../../../core/sampler/modes.ts';
import { makeDraws } from '../makeDraws.ts';

const DRAWS = 500;
const parameters: Parameter[] = [
  { name: 'alpha[all]', kind: 'alpha', term: 0, group: 0, masked: false, index: 0, prior: { dist: 'normal', args: [0, 100] } },
];
const mode = (at: number, share: number): Mode => ({ position: Float64Array.of(at), share, values: Float64Array.of(at) });

/** Four chains about these places; a chain with several goes from one to the other. */
function verdictOn(places: readonly (readonly number[])[], modes: readonly Mode[]) {
  const rng = Rng.of(3, 1);
  const values = Float64Array.from({ length: 4 * DRAWS }, (_, i) => {
    const of = places[Math.floor(i / DRAWS)];
    return of[Math.floor(rng.uniform() * of.length)] + rng.normal();
  });
  const draws = makeDraws(4, DRAWS, [values]);
  return judge({
    draws,
    parameters,
    assessment: assess(draws, parameters, { kind: 'eti', prob: 0.9 }),
    modes,
    sampler: { draws: DRAWS, target_accept: 0.8, max_treedepth: 10 },
    stopped: false,
    paretoK: null,
    dispersion: null,
  });
}

describe('E2: a second mode', () => {
  it.each([
    ['that one chain stays at', [[0], [9], [0], [0]], [mode(0, 0.7), mode(9, 0.3)], 'chain 2 of 4 stayed there'],
    ['that two chains stay at', [[0], [9], [0], [9]], [mode(0, 0.7), mode(9, 0.3)], 'chains 2 and 4 of 4 stayed there'],
    ['that no chain has visited', [[0], [0], [0], [0]], [mode(0, 0.97), mode(9, 0.03)], 'no chain has visited it'],
  ] as const)('%s is told', (_, places, modes, words) => {
    const verdict = verdictOn(places, modes);
    expect(verdict.trustworthy).toBe(false);
    const flag = verdict.flags.find((f) => f.id === 'modes')!;
    expect(flag.message).toContain(words);
    expect(flag.message).toContain('alpha[all] 0.00 or 9.00');
    expect(verdict.headline).not.toContain('nothing is wrong');
  });

  it.each([
    [
      'that all chains go to and from',
      [
        [0, 4],
        [4, 0],
        [0, 4],
        [0, 4],
      ],
      [mode(0, 0.5), mode(4, 0.5)],
    ],
    ['that holds next to nothing', [[0], [0], [0], [0]], [mode(0, 0.995), mode(9, 0.005)]],
    ['that there is none of', [[0], [0], [0], [0]], [mode(0, 1)]],
  ] as const)('%s is no fault', (_, places, modes) => {
    expect(verdictOn(places, modes).flags.map((f) => f.id)).not.toContain('modes');
  });
});
