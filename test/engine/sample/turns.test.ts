import { describe, expect, it } from 'vitest';
import { Rng } from '../../../core/math/rng.ts';
import type { ChainState, Target } from '../../../core/sampler/chain.ts';
import type { LogDensity } from '../../../core/sampler/types.ts';
import { identityMap } from '../../../core/sampler/whitening.ts';
import { continueChains } from '../../../engine/sample/draws.ts';
import { type ChainResult, runChain } from '../../../engine/sample/turns.ts';

const DIMENSION = 3;
const settings = { seed: 8, chain: 1, warmup: 60, targetAccept: 0.8, maxDepth: 8 };

/** A density far from normal where it is bent, so that NUTS takes over. */
const banana = (bend: number): LogDensity => ({
  dimension: DIMENSION,
  evaluate([x, y, z], gradient) {
    const off = y - bend * (x * x - 1);
    gradient[0] = -x + 2 * bend * x * off * 10;
    gradient[1] = -10 * off;
    gradient[2] = -z;
    return -0.5 * (x * x + 10 * off * off + z * z);
  },
});

function targetOf(bend = 1): { readonly target: Target; readonly evaluations: () => number } {
  let evaluations = 0;
  const counted = (density: LogDensity): LogDensity => ({
    dimension: DIMENSION,
    evaluate(position, gradient) {
      evaluations++;
      return density.evaluate(position, gradient);
    },
  });
  const target: Target = {
    density: counted(banana(bend)),
    centre: new Float64Array(DIMENSION),
    modes: [new Float64Array(DIMENSION)],
    map: identityMap(DIMENSION),
    width: DIMENSION,
    constrain: (position, { seed, stream, draw }, out) => {
      out.set(position);
      out[0] += Rng.of(seed + draw, stream).normal();
    },
  };
  return { target, evaluations: () => evaluations };
}

function run(target: Target, draws: number, resume: ChainState | null, stopped = () => false): ChainResult {
  const chain = runChain(target, { settings, draws, resume }, stopped);
  let step = chain.next();
  while (!step.done) step = chain.next();
  return step.value;
}

describe('a stopped chain', () => {
  it.each([
    ['of a bent density', 1],
    ['of a nearly normal density', 0.05],
  ])('%s ends between two gradients and goes on as if it had not', (_, bend) => {
    const draws = 80;
    const whole = run(targetOf(bend).target, draws, null);
    const first = targetOf(bend);
    run(first.target, draws, null);
    const all = first.evaluations();
    for (let limit = Math.round(0.6 * all); limit < 0.6 * all + 23; limit++) {
      const { target, evaluations } = targetOf(bend);
      const part = run(target, draws, null, () => evaluations() >= limit);
      expect(evaluations()).toBe(limit);
      expect(part.state).not.toBeNull();
      expect(part.draws).toBeGreaterThan(0);
      expect(part.draws).toBeLessThan(draws);
      const rest = run(target, draws - part.draws, part.state);
      const [joined] = continueChains([part], [rest]);
      expect(joined.values).toEqual(whole.values);
      expect(joined.energy).toEqual(whole.energy);
      expect(joined.treeDepth).toEqual(whole.treeDepth);
    }
  });

  it('has no place to go on from when it was stopped during warm-up', () => {
    const { target, evaluations } = targetOf();
    const part = run(target, 10, null, () => evaluations() >= 20);
    expect(part.draws).toBe(0);
    expect(part.state).toBeNull();
  });

  it('keeps its place when it is stopped before it has gone on', () => {
    const { target } = targetOf();
    const { state } = run(target, 5, null);
    const none = run(target, 5, state, () => true);
    expect(none.draws).toBe(0);
    expect(none.state).toEqual(state);
  });
});
