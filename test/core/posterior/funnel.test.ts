import { describe, expect, it } from 'vitest';
import type { Parameter } from '../../../core/design/design.ts';
import { assess } from '../../../core/posterior/diagnose/summary.ts';
import { judge } from '../../../core/posterior/verdict/verdict.ts';
import { Chain, type Target } from '../../../core/sampler/chain.ts';
import { identityMap } from '../../../core/sampler/whitening.ts';
import { makeDraws } from './makeDraws.ts';

describe('a funnel sampled centred (Neal 2003)', () => {
  // v ~ N(0, 3²), x_i ~ N(0, e^v): the sampler cannot enter the neck.
  const dimension = 10;
  const target: Target = {
    density: {
      dimension,
      evaluate(position, gradient) {
        const v = position[0];
        let value = (-0.5 * v * v) / 9;
        gradient[0] = -v / 9;
        for (let i = 1; i < dimension; i++) {
          const x = position[i];
          const precision = Math.exp(-v);
          value += -0.5 * x * x * precision - 0.5 * v;
          gradient[i] = -x * precision;
          gradient[0] += 0.5 * x * x * precision - 0.5;
        }
        return value;
      },
    },
    centre: new Float64Array(dimension),
    modes: [new Float64Array(dimension)],
    map: identityMap(dimension),
    width: dimension,
    constrain: (position, _, out) => out.set(position),
  };

  it('is flagged', () => {
    const per = 300;
    const columns = Array.from({ length: dimension }, () => new Float64Array(4 * per));
    const diverging = new Uint8Array(4 * per);
    const energy = new Float64Array(4 * per);
    const out = new Float64Array(dimension);
    for (let chain = 0; chain < 4; chain++) {
      const run = new Chain(target, { seed: 11, chain, warmup: 200, targetAccept: 0.8, maxDepth: 10 });
      for (let i = 0; i < 200; i++) run.advance(out);
      for (let s = 0; s < per; s++) {
        run.advance(out);
        columns.forEach((column, k) => {
          column[chain * per + s] = out[k];
        });
        diverging[chain * per + s] = run.last.diverging ? 1 : 0;
        energy[chain * per + s] = run.last.energy;
      }
    }
    const draws = makeDraws(4, per, columns, { diverging, energy });
    const parameters = columns.map(
      (_, index): Parameter => ({ name: `x${index}`, kind: 'w', term: 0, group: 0, masked: false, index, prior: null }),
    );
    const verdict = judge({
      draws,
      parameters,
      modes: [],
      assessment: assess(draws, parameters, { kind: 'eti', prob: 0.9 }),
      sampler: { draws: per, target_accept: 0.8, max_treedepth: 10 },
      stopped: false,
      paretoK: null,
      dispersion: null,
    });
    expect(verdict.trustworthy).toBe(false);
    const ids = verdict.flags.map((flag) => flag.id);
    expect(ids.some((id) => id === 'divergences' || id === 'ess' || id === 'bfmi')).toBe(true);
  });
});
