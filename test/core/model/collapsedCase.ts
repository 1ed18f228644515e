/** Random collapsed Gaussians of every shape, with their rows. */
import fc from 'fast-check';
import { Rng } from '../../../core/math/rng.ts';
import { CollapsedModel } from '../../../core/model/collapsed/model.ts';
import type { Pooling, Prior } from '../../../core/spec/types.ts';
import { gaussianDesign, gaussianRows, statisticsByHand } from './gaussianCase.ts';

const normal = (mu: number, sigma: number): Prior => ({ dist: 'normal', args: [mu, sigma] });
const half: Prior = { dist: 'half_normal', args: [2] };
const pooling = fc.constantFrom<Pooling>('none', 'partial', 'complete');
/** A fixed or a flat prior has the numbers of the normal one that they leave aside. */
const kind = fc.constantFrom<'normal' | 'fixed' | 'flat'>('normal', 'normal', 'fixed', 'flat');
const term = fc.record({
  pooling,
  kind,
  tau: fc.constantFrom<number | null>(null, null, 0.4),
  mean: fc.double({ min: -2, max: 2, noNaN: true }),
  sd: fc.double({ min: 0.2, max: 5, noNaN: true }),
});
type TermCase = typeof term extends fc.Arbitrary<infer T> ? T : never;
export const cases = fc.record({
  seed: fc.integer({ min: 1, max: 1e6 }),
  intercept: fc.option(term, { nil: null }),
  terms: fc.array(term, { minLength: 0, maxLength: 3 }),
  groups: fc.integer({ min: 1, max: 4 }),
  rows: fc.integer({ min: 1, max: 12 }),
  scale: fc.constantFrom<'all' | 'group' | 'fixed' | 'se'>('all', 'group', 'fixed', 'se'),
  weighted: fc.boolean(),
  far: fc.constantFrom(0, 2, 50),
});

export type Case = typeof cases extends fc.Arbitrary<infer T> ? T : never;

const priorOf = (t: TermCase): Prior => {
  if (t.kind === 'fixed') return { fixed: t.mean };
  return t.kind === 'flat' ? { dist: 'flat', args: [] } : normal(t.mean, t.sd);
};
export const hasFlat = (c: Case): boolean => [c.intercept, ...c.terms].some((t) => t?.kind === 'flat');

export function build(c: Case) {
  const choice = (t: TermCase) => ({ pooling: t.pooling, prior: priorOf(t), sd: t.tau === null ? half : { fixed: t.tau } });
  const design = gaussianDesign({
    seed: c.seed,
    groups: c.groups,
    intercept: c.intercept && choice(c.intercept),
    slopes: c.terms.map(choice),
    scale: c.scale === 'se' ? null : { prior: c.scale === 'fixed' ? { fixed: 0.7 } : half, by: c.scale === 'group' ? 'group' : 'all' },
  });
  // Flat coefficients want rows enough to be determined, and near, as the reference knows them only nearly.
  const n = hasFlat(c) ? 12 * c.groups : c.rows;
  const rng = Rng.of(c.seed, 10);
  const rows = {
    ...gaussianRows(design, n, c.seed, hasFlat(c) ? Math.min(c.far, 2) : c.far),
    se: c.scale === 'se' ? Float64Array.from({ length: n }, () => 0.3 + rng.uniform()) : null,
    weights: c.weighted ? Float64Array.from({ length: n }, () => Math.floor(3 * rng.uniform())) : null,
  };
  return { design, rows, model: new CollapsedModel(design, statisticsByHand(design, rows)) };
}

/** Scales somewhere near 1. */
export function place(model: CollapsedModel, seed: number): Float64Array {
  const rng = Rng.of(seed, 9);
  return new Float64Array(model.dimension).map(() => 0.7 * rng.normal());
}
