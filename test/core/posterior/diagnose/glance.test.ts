import { describe, expect, it } from 'vitest';
import type { Parameter } from '../../../../core/design/design.ts';
import { Rng } from '../../../../core/math/rng.ts';
import { glanceAt } from '../../../../core/posterior/diagnose/glance.ts';
import { assess } from '../../../../core/posterior/diagnose/summary.ts';
import { judge } from '../../../../core/posterior/verdict/verdict.ts';
import { drawsOf } from '../../../../core/sampler/types.ts';
import { makeDraws } from '../makeDraws.ts';

const rng = Rng.of(2, 2);
const column = (n: number): Float64Array => Float64Array.from({ length: n }, () => rng.normal());
const draws = makeDraws(4, 100, [column(400), column(400)]);
const parameters = ['a', 'b'].map(
  (name, index): Parameter => ({ name, kind: 'w', term: 0, group: 0, index, masked: false, prior: { dist: 'normal', args: [0, 1] } }),
);

describe('a glance at draws', () => {
  it('has draws of every chain, evenly spaced', () => {
    const few = glanceAt(draws, 10);
    expect([few.chains, few.draws, few.values.length]).toEqual([4, 10, 80]);
    for (const index of [0, 1]) {
      const expected = [0, 1, 2, 3].flatMap((c) => [5, 15, 25, 35, 45, 55, 65, 75, 85, 95].map((i) => drawsOf(draws, index)[100 * c + i]));
      expect([...drawsOf(few, index)]).toEqual(expected);
    }
  });

  it('is all draws where there are no more', () => {
    expect(glanceAt(draws, 100)).toBe(draws);
  });

  it('is never called trustworthy, and says from how many draws it is', () => {
    const few = glanceAt(draws, 10);
    const verdict = judge({
      draws,
      parameters,
      modes: [],
      assessment: assess(few, parameters, { kind: 'eti', prob: 0.9 }),
      sampler: { draws: 300, target_accept: 0.8, max_treedepth: 10 },
      stopped: true,
      glance: few.draws,
      paretoK: null,
      dispersion: null,
    });
    expect(verdict.trustworthy).toBe(false);
    const stopped = verdict.flags.find((f) => f.id === 'stopped')!;
    expect(stopped.message).toContain('only 10 of the 100 draws');
    expect(stopped.action).toEqual({ kind: 'more_draws', draws: 200 });
  });
});
