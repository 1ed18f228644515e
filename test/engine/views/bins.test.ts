import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  binOf,
  binsFor,
  countInto,
  groupedHistogram,
  histogramBetween,
  MOST_BINS,
  MOST_SERIES,
  niceWidth,
} from '../../../engine/views/bins.ts';
import { thin } from '../../../engine/views/state.ts';

describe('niceWidth', () => {
  it.each([
    [38, 30, 1],
    [100, 30, 5],
    [0.9, 30, 0.02],
    [6, 30, 0.2],
    [0, 30, 1],
    [Number.NaN, 30, 1],
  ])('of a range of %d for about %d bins is %d', (range, target, width) => {
    expect(niceWidth(range, target)).toBeCloseTo(width, 12);
  });
});

describe('binsFor', () => {
  it('puts edges at whole multiples of the width', () => {
    expect(binsFor(3.2, 39.7, 1)).toEqual({ lower: 3, width: 1, bins: 37 });
  });
  it('gives whole numbers no bin narrower than 1', () => {
    expect(binsFor(0, 4, null, true).width).toBe(1);
  });
  it('widens until there are not too many', () => {
    const { width, bins } = binsFor(0, 1e6, 1);
    expect(bins).toBeLessThanOrEqual(MOST_BINS);
    expect(Math.log2(width) % 1).toBe(0);
  });
  it('counts every finite value once', () => {
    const number = fc.double({ min: -1e9, max: 1e9, noNaN: true });
    fc.assert(
      fc.property(
        fc.array(number, { minLength: 1, maxLength: 50 }),
        fc.option(fc.double({ min: 1e-6, max: 1e9, noNaN: true })),
        (values, width) => {
          const edges = binsFor(Math.min(...values), Math.max(...values), width);
          expect(edges.bins).toBeLessThanOrEqual(MOST_BINS);
          expect(countInto(edges, values).reduce((a, b) => a + b, 0)).toBe(values.length);
        },
      ),
    );
  });
});

describe('binOf', () => {
  const edges = { lower: 0, width: 0.5, bins: 4 };
  it.each([
    [0, 0],
    [0.5, 1],
    [2, 3],
    [2.01, -1],
    [-0.1, -1],
    [Number.NaN, -1],
  ])('%d is in bin %d', (value, bin) => {
    expect(binOf(edges, value)).toBe(bin);
  });
});

describe('histogramBetween', () => {
  it('leaves out what lies beyond, and bears equal ends', () => {
    expect(histogramBetween(Float64Array.of(1, 2, 3, 99), 1, 3, 2)).toEqual({ lower: 1, upper: 3, counts: [1, 2] });
    expect(histogramBetween(Float64Array.of(5, 5), 5, 5, 2)).toEqual({ lower: 5, upper: 6, counts: [2, 0] });
  });
});

describe('groupedHistogram', () => {
  const of = (groups: number, rowsEach: number) => {
    const n = groups * rowsEach;
    const group = Int32Array.from({ length: n }, (_, i) => i % groups);
    const values = Float64Array.from({ length: n }, (_, i) => i % 10);
    const rows = Int32Array.from({ length: n }, (_, i) => i);
    return groupedHistogram(
      values,
      group,
      rows,
      Array.from({ length: groups }, (_, g) => `g${g}`),
      1,
    );
  };
  it('shows few groups one by one', () => {
    const h = of(3, 10);
    expect(h.series.map((s) => s.name)).toEqual(['g0', 'g1', 'g2']);
    expect(h.others).toBeNull();
  });
  it('adds up those beyond the largest', () => {
    const h = of(25, 10);
    expect(h.series).toHaveLength(MOST_SERIES);
    expect(h.others).toBe('16 other groups');
    expect(h.series.flatMap((s) => s.counts).reduce((a, b) => a + b, 0)).toBe(250);
  });
  it('adds all up when they are very many', () => {
    const h = of(200, 10);
    expect(h.series.map((s) => s.name)).toEqual(['all 200 groups']);
    expect(h.series[0].counts.reduce((a, b) => a + b, 0)).toBe(2000);
  });
  it('has no bins where there is nothing to count', () => {
    const h = groupedHistogram(Float64Array.of(Number.NaN), Int32Array.of(0), Int32Array.of(0), ['a'], null);
    expect(h).toMatchObject({ bins: 0, series: [] });
  });
});

describe('thin', () => {
  it('keeps all when few, else spreads evenly, without repeats', () => {
    const all = Int32Array.from({ length: 1000 }, (_, i) => i);
    expect(thin(all, 1000)).toBe(all);
    const some = thin(all, 300);
    expect(some).toHaveLength(300);
    expect(new Set(some).size).toBe(300);
    expect(some[0]).toBeLessThan(4);
    expect(some[299]).toBeGreaterThan(995);
  });
});
