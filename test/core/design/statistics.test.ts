import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Design, GroupStatistics, Rows } from '../../../core/design/design.ts';
import { groupStatistics } from '../../../core/design/statistics.ts';

/** A design of an intercept and two slopes; only what statistics read. */
function designOf(mask: readonly number[][]): Design {
  const term = (kind: 'intercept' | 'slope') => ({ kind });
  const terms = [term('intercept'), term('slope'), term('slope')];
  return { terms, groups: mask.map((_, g) => `g${g}`), mask: Uint8Array.from(mask.flat()) } as unknown as Design;
}

function rowsOf(cells: readonly (readonly [group: number, x1: number, x2: number, y: number])[], extra: Partial<Rows> = {}): Rows {
  const n = cells.length;
  const column = (i: number) => Float64Array.from(cells, (c) => c[i]);
  return {
    n,
    read: n,
    dropped: 0,
    group: Int32Array.from(cells, (c) => c[0]),
    x: [new Float64Array(0), column(1), column(2)],
    y: column(3),
    trials: null,
    offset: null,
    se: null,
    weights: null,
    fileRow: Int32Array.from(cells.keys()),
    ...extra,
  };
}

/** Weighted residual sum of squares of y − alpha − w·x from the statistics. */
function fromStatistics(s: GroupStatistics, alpha: number, w: readonly number[]): number {
  const k = w.length;
  let within = s.yy;
  let gap = s.meanY - alpha;
  for (let a = 0; a < k; a++) {
    within -= 2 * w[a] * s.xy[a];
    gap -= w[a] * s.meanX[a];
    for (let b = 0; b < k; b++) within += w[a] * w[b] * s.xx[a * k + b];
  }
  return within + s.weight * gap * gap;
}

/** Random numbers far from 0 by 1e6 of their range. */
const far = fc.double({ min: -1, max: 1, noNaN: true }).map((e) => 1e6 + e);

describe('groupStatistics', () => {
  it('has the values of a small example', () => {
    const [a, b, c] = groupStatistics(
      designOf([
        [1, 1, 1],
        [1, 1, 0],
        [1, 1, 1],
      ]),
      rowsOf([
        [0, 1, 10, 1],
        [1, 2, 0, 2],
        [0, 3, 20, 5],
        [1, 4, 0, 8],
      ]),
    );
    expect(a).toMatchObject({
      rows: 2,
      weight: 2,
      constant: 0,
      meanY: 3,
      meanX: Float64Array.of(2, 15),
      yy: 8,
      xy: Float64Array.of(4, 20),
      xx: Float64Array.of(2, 10, 10, 50),
    });
    expect(b).toMatchObject({
      rows: 2,
      weight: 2,
      constant: 0,
      meanY: 5,
      meanX: Float64Array.of(3),
      yy: 18,
      xy: Float64Array.of(6),
      xx: Float64Array.of(2),
    });
    expect(c).toMatchObject({ rows: 0, weight: 0, meanY: 0, yy: 0, meanX: Float64Array.of(0, 0) });
  });

  it('weighs rows by their weights and known standard deviations', () => {
    const weights = Float64Array.of(2, 3);
    const se = Float64Array.of(0.5, 2);
    const [s] = groupStatistics(
      designOf([[1, 0, 0]]),
      rowsOf(
        [
          [0, 0, 0, 1],
          [0, 0, 0, 4],
        ],
        { weights, se },
      ),
    );
    expect(s.weight).toBeCloseTo(2 / 0.25 + 3 / 4, 14);
    expect(s.meanY).toBeCloseTo((8 * 1 + 0.75 * 4) / 8.75, 14);
    const constant = -2 * (0.5 * Math.log(2 * Math.PI) + Math.log(0.5)) - 3 * (0.5 * Math.log(2 * Math.PI) + Math.log(2));
    expect(s.constant).toBeCloseTo(constant, 13);
  });

  it('gives the row-wise sum of squares to 1e-9 at data with means 1e6 times their sd', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.constant(0), far, far, far), { minLength: 5, maxLength: 60 }),
        fc.tuple(
          fc.double({ min: -2, max: 2, noNaN: true }),
          fc.double({ min: -2, max: 2, noNaN: true }),
          fc.double({ min: -2, max: 2, noNaN: true }),
        ),
        fc.infiniteStream(fc.double({ min: 0.1, max: 3, noNaN: true })),
        (cells, [shift, w1, w2], stream) => {
          const weights = Float64Array.from(cells, () => stream.next().value);
          const [s] = groupStatistics(designOf([[1, 1, 1]]), rowsOf(cells, { weights }));
          // Parameters near the data, as the sampler's are; the sum of squares by rows, in small numbers.
          const alpha = s.meanY - w1 * s.meanX[0] - w2 * s.meanX[1] + shift;
          const gapAtMean = s.meanY - alpha - w1 * s.meanX[0] - w2 * s.meanX[1];
          let byRows = 0;
          cells.forEach(([, x1, x2, y], i) => {
            const e = y - s.meanY - w1 * (x1 - s.meanX[0]) - w2 * (x2 - s.meanX[1]) + gapAtMean;
            byRows += weights[i] * e * e;
          });
          const scale = s.yy + w1 * w1 * s.xx[0] + w2 * w2 * s.xx[3] + s.weight * gapAtMean ** 2;
          expect(Math.abs(fromStatistics(s, alpha, [w1, w2]) - byRows)).toBeLessThanOrEqual(1e-9 * Math.max(1, scale));
        },
      ),
      { numRuns: 200, seed: 7 },
    );
  });
});
