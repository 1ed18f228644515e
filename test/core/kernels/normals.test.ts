import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { groupKernels } from '../../../core/kernels/groups.ts';
import { FIRST_ADDRESS } from '../../../core/kernels/kernels.ts';
import type { DrawPlace } from '../../../core/math/drawPlace.ts';
import { fillNormals } from './plainNormals.ts';

function compiled(count: number, { seed, stream, draw }: DrawPlace): Float64Array {
  const { buffer, fillNormals: fill } = groupKernels(FIRST_ADDRESS + 8 * count);
  fill(FIRST_ADDRESS / 8, count, draw, seed, Math.floor(seed / 2 ** 32), stream);
  return new Float64Array(buffer, FIRST_ADDRESS, count);
}

function plain(count: number, place: DrawPlace): Float64Array {
  const out = new Float64Array(count);
  fillNormals(out, place);
  return out;
}

const places = fc.record({
  seed: fc.maxSafeNat(),
  stream: fc.integer({ min: 0, max: 2 ** 32 - 1 }),
  draw: fc.integer({ min: 0, max: 2 ** 32 - 1 }),
});

describe('normals for conditional draws', () => {
  it('are the plain twin’s', () => {
    fc.assert(
      fc.property(places, fc.integer({ min: 0, max: 30 }), (place, quads) => {
        const expected = plain(4 * quads, place);
        compiled(4 * quads, place).forEach((value, i) => {
          expect(Math.abs(value - expected[i])).toBeLessThan(1e-13 * (1 + Math.abs(value)));
        });
      }),
    );
  });

  it('are normal, and neighbours in a draw have nothing to do with each other', () => {
    const count = 1000;
    const draws = 400;
    const moments = new Float64Array(4);
    let products = 0;
    let squares = 0;
    for (let draw = 0; draw < draws; draw++) {
      const z = compiled(count, { seed: 3, stream: 1, draw });
      for (let i = 0; i < count; i++) {
        for (let power = 1; power <= 4; power++) moments[power - 1] += z[i] ** power / (count * draws);
        if (i === 0) continue;
        products += z[i] * z[i - 1];
        squares += (z[i] * z[i - 1]) ** 2;
      }
    }
    const n = count * draws;
    // The variances of z, z², z³ and z⁴ are 1, 2, 15 and 96.
    for (const [i, expected] of [0, 1, 0, 3].entries())
      expect(Math.abs(moments[i] - expected)).toBeLessThan(5 * Math.sqrt([1, 2, 15, 96][i] / n));
    expect(Math.abs(products)).toBeLessThan(5 * Math.sqrt(squares));
  });

  it('have nothing to do with those of the draws before', () => {
    const places = 400;
    const draws = 1000;
    const lags = new Float64Array(4);
    let before: Float64Array[] = [];
    for (let draw = 0; draw < draws; draw++) {
      const z = compiled(places, { seed: 1, stream: 9, draw });
      before.forEach((earlier, lag) => {
        for (let i = 0; i < places; i++) lags[lag] += z[i] * earlier[i];
      });
      before = [z, ...before].slice(0, lags.length);
    }
    for (const sum of lags) expect(Math.abs(sum)).toBeLessThan(5 * Math.sqrt(places * draws));
  });
});
