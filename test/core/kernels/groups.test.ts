import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { GroupKernels } from '../../../core/kernels/groups.ts';
import * as at from '../../../core/kernels/groupWords.ts';
import { choleskyInPlace, solveLower, solveLowerTransposed } from '../../../core/math/linalg.ts';
import { Rng } from '../../../core/math/rng.ts';
import type { PackedGroups } from '../../../core/model/collapsed/packed.ts';
import { build, cases, place } from '../model/collapsedCase.ts';
import { plainGroupKernels } from './plainGroups.ts';

/** Numbers of an entry that the kernels write, with what they are in n, k and s. */
const WRITTEN: readonly (readonly [number, (n: number, k: number, s: number) => number])[] = [
  [at.SCALARS, () => at.SCALARS_LENGTH],
  [at.DELTA, (n) => n + 1],
  [at.SD, (_, k) => k],
  [at.Z, (_, k) => k],
  [at.FACTOR, (_, k) => k * k],
  [at.RIGHT, (_, __, s) => s],
  [at.BORDER, (_, k, s) => k * s],
  [at.SCHUR, (_, __, s) => s * s],
];

/** Every call in the order of a solver's, on memory as it is packed; what they leave, part by part, or `null` where they fail. */
function run({ words, frame, entries, noise }: PackedGroups, kernels: Omit<GroupKernels, 'fillNormals'>, seed: number): number[][] | null {
  const numbers = new Float64Array(kernels.buffer);
  const room = (address: number, length: number): Float64Array => numbers.subarray(words[frame + address], words[frame + address] + length);
  const groups = words[frame + at.GROUPS];
  const size = words[frame + at.SHARED_COUNT];
  const parts: number[][] = [];
  const precision = room(at.SHARED_PRECISION, size * size).fill(0);
  const mean = room(at.SHARED_MEAN, size).fill(0);
  if (kernels.eliminateGroups(frame) === 0) return null;
  parts.push([...precision], [...mean]);
  for (let c = 0; c < size; c++) precision[c * size + c] += 1;
  choleskyInPlace(precision, size);
  solveLower(precision, size, mean);
  solveLowerTransposed(precision, size, mean);
  kernels.substituteGroups(frame);
  const covariance = room(at.SHARED_COVARIANCE, size * size);
  for (let c = 0; c < size; c++) {
    const unit = new Float64Array(size);
    unit[c] = 1;
    solveLower(precision, size, unit);
    solveLowerTransposed(precision, size, unit);
    covariance.set(unit, c * size);
  }
  const taus = room(at.TAU_SCORE, words[frame + at.TAU_SCORE + 1] - words[frame + at.TAU_SCORE]).fill(0);
  kernels.scoreGroups(frame);
  const rng = Rng.of(seed, 11);
  rng.normals(room(at.NOISE, noise));
  rng.normals(room(at.DEVIATION, size));
  kernels.drawGroups(frame);
  const [determinant, exponent, quadratic] = room(at.RESULTS, 3);
  parts.push([Math.log(determinant) + exponent * Math.LN2], [quadratic], [...taus], [...room(at.SCALE_SCORE, groups)]);
  let drawn = 0;
  for (let g = 0; g < groups; g++) {
    const entry = words.subarray(entries + g * at.ENTRY, entries + (g + 1) * at.ENTRY);
    const [n, k, s] = entry;
    for (const [address, length] of WRITTEN) {
      const values = [...numbers.subarray(entry[address], entry[address] + length(n, k, s))];
      parts.push(address === at.FACTOR ? values.filter((_, i) => i % k <= Math.floor(i / k)) : values);
    }
    drawn += n + 1;
  }
  parts.push([...room(at.DRAWN, drawn)]);
  return parts;
}

describe('the group kernels', () => {
  it('equal their plain twins over random shapes', () => {
    fc.assert(
      fc.property(cases, (c) => {
        const { model } = build({ ...c, far: c.far === 50 ? 2 : c.far });
        model.solveAt(place(model, c.seed));
        const { packed } = model.solver;
        const buffer = packed.kernels.buffer.slice(0);
        const compiled = run(packed, packed.kernels, c.seed);
        const plain = run(packed, { buffer, ...plainGroupKernels(buffer) }, c.seed);
        expect(compiled === null).toBe(plain === null);
        // Sums in another order round differently, by a share of the largest number that they are differences of.
        const size = Math.max(1, ...(compiled ?? []).flat().filter(Number.isFinite).map(Math.abs));
        compiled?.forEach((part, i) => {
          const other = plain![i];
          part.forEach((value, j) => {
            if (Number.isFinite(value)) expect(Math.abs(value - other[j]) / size, `${i}[${j}]`).toBeLessThan(1e-13);
            else expect(other[j]).toEqual(value);
          });
        });
      }),
      { numRuns: 300 },
    );
  });
});
