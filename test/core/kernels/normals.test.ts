import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { groupKernels } from '../../../core/kernels/groups.ts';
import { FIRST_ADDRESS } from '../../../core/kernels/kernels.ts';
import { type DrawPlace, fillNormals } from '../../../core/kernels/normals.ts';

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

  it('take a number from each quarter of the distribution in four draws, whatever the place', () => {
    const quarter = (z: number): number => (z < -0.6744897501960817 ? 0 : z < 0 ? 1 : z < 0.6744897501960817 ? 2 : 3);
    fc.assert(
      fc.property(places, (place) => {
        const first = place.draw - (place.draw % 4);
        const four = [0, 1, 2, 3].map((i) => compiled(12, { ...place, draw: first + i }));
        for (let j = 0; j < 12; j++) expect(four.map((z) => quarter(z[j])).sort()).toEqual([0, 1, 2, 3]);
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

  it('has pairs of draws none of which lies nearer than another', () => {
    // Products of two places over a block of four: by the field's orders, every pair of draws is as any other.
    const pairs = new Float64Array(6);
    const blocks = 3000;
    for (let block = 0; block < blocks; block++) {
      const z = [0, 1, 2, 3].map((i) => compiled(8, { seed: 1, stream: 9, draw: 4 * block + i }));
      let pair = 0;
      for (let a = 0; a < 4; a++) {
        for (let b = 0; b < a; b++, pair++) for (let j = 0; j < 8; j++) pairs[pair] += (z[a][j] * z[b][j]) / (8 * blocks);
      }
    }
    // −⅓ of the variance that the quarters explain, 0.8614.
    for (const value of pairs) expect(Math.abs(value + 0.2871)).toBeLessThan(0.02);
  });
});
