import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AxisSurrogate, expandAlongAxes } from '../../../core/sampler/axisSurrogate.ts';
import { precisionAt } from '../../../core/sampler/mode.ts';
import type { LogDensity } from '../../../core/sampler/types.ts';
import { toEnd } from '../../../core/steps.ts';

/** Σ log Gamma(shape) densities of log scales, with a pull between neighbours: Σ shape x − e^x − bond (x_i − x_{i+1})² / 2. */
function skewed(shapes: readonly number[], bond: number): LogDensity {
  return {
    dimension: shapes.length,
    evaluate(x, gradient) {
      let value = 0;
      shapes.forEach((shape, i) => {
        value += shape * x[i] - Math.exp(x[i]);
        gradient[i] = shape - Math.exp(x[i]);
      });
      for (let i = 0; i + 1 < shapes.length; i++) {
        const apart = x[i] - x[i + 1];
        value -= 0.5 * bond * apart * apart;
        gradient[i] -= bond * apart;
        gradient[i + 1] += bond * apart;
      }
      return value;
    },
  };
}

/** A ridge that bends, far from any sum of functions of one coordinate each. */
const banana: LogDensity = {
  dimension: 2,
  evaluate([x, y], gradient) {
    const off = y - x * x;
    gradient[0] = -x + 40 * x * off;
    gradient[1] = -20 * off;
    return -0.5 * x * x - 10 * off * off;
  },
};

/** −½ f(x)². */
const half = (f: (x: number) => number): LogDensity => ({
  dimension: 1,
  evaluate([x], gradient) {
    gradient[0] = -f(x);
    return -0.5 * f(x) ** 2;
  },
});

function surrogateOf(density: LogDensity, mode: Float64Array): LogDensity | null {
  const expansion = toEnd(expandAlongAxes(density, mode, toEnd(precisionAt(density, mode))));
  return expansion && new AxisSurrogate(expansion);
}

const valueIn = (density: LogDensity, x: Float64Array): number => density.evaluate(x, new Float64Array(x.length));

describe('a surrogate along the axes', () => {
  const shapes = [3, 8, 40];
  const mode = Float64Array.from(shapes, Math.log);

  it('is near the density where its draws lie', () => {
    const density = skewed(shapes, 0);
    const surrogate = surrogateOf(density, mode)!;
    fc.assert(
      fc.property(fc.array(fc.double({ min: -2.5, max: 2.5, noNaN: true }), { minLength: 3, maxLength: 3 }), (z) => {
        const x = mode.map((m, i) => m + z[i] / Math.sqrt(shapes[i]));
        expect(Math.abs(valueIn(surrogate, x) - valueIn(density, x))).toBeLessThan(0.02);
      }),
    );
  });

  it('knows what pairs of coordinates make of each other', () => {
    const centre = new Float64Array(2);
    // x² y has no second derivative at the mode.
    const twisted: LogDensity = {
      dimension: 2,
      evaluate([x, y], gradient) {
        gradient[0] = -x - 0.3 * y - 0.2 * x * y;
        gradient[1] = -y - 0.3 * x - 0.1 * x * x;
        return -0.5 * (x * x + y * y) - 0.3 * x * y - 0.1 * x * x * y;
      },
    };
    const surrogate = surrogateOf(twisted, centre)!;
    for (const [x, y] of [
      [1, 1],
      [-1.5, 2],
      [0.3, -2],
    ]) {
      const at = Float64Array.of(x, y);
      expect(valueIn(surrogate, at)).toBeCloseTo(valueIn(twisted, at), 5);
    }
  });

  it('has the gradient of its value, within and beyond its ends', () => {
    const surrogate = surrogateOf(skewed(shapes, 0.5), mode)!;
    const gradient = new Float64Array(3);
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -700, max: 700 }), { minLength: 3, maxLength: 3 }), (z) => {
        // Never on a knot.
        const x = mode.map((m, i) => m + (z[i] + 0.37) / 100 / Math.sqrt(shapes[i]));
        surrogate.evaluate(x, gradient);
        for (let i = 0; i < 3; i++) {
          const at = (h: number): number =>
            valueIn(
              surrogate,
              x.map((v, j) => (j === i ? v + h : v)),
            );
          expect(Math.abs(gradient[i] - (at(1e-6) - at(-1e-6)) / 2e-6)).toBeLessThan(1e-5 * (1 + Math.abs(gradient[i])));
        }
      }),
    );
  });

  it('falls on all sides, however far', () => {
    const surrogate = surrogateOf(skewed(shapes, 0.5), mode)!;
    for (const far of [-50, 50]) {
      for (let i = 0; i < 3; i++) {
        const x = mode.slice();
        x[i] += far;
        expect(valueIn(surrogate, x)).toBeLessThan(valueIn(surrogate, mode) - 16);
      }
    }
  });

  it.each([
    ['bends', banana],
    ['is as high at the far end of an axis as in the middle', half((x) => (x > 0 ? 0 : x))],
    ['is nowhere finite but at the mode', half((x) => (Math.abs(x) > 0.5 ? Number.NaN : x))],
  ])('is not made of a density that %s', (_, density) => {
    expect(surrogateOf(density, new Float64Array(density.dimension))).toBeNull();
  });
});
