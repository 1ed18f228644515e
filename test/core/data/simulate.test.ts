import { describe, expect, it } from 'vitest';
import { simulateManufacturing } from '../../../core/data/simulate.ts';

const parse = (text: string) =>
  text
    .trimEnd()
    .split('\n')
    .slice(1)
    .map((line) => line.split(','));

describe('simulateManufacturing', () => {
  it('has the header, the groups in halves and the empty cells', () => {
    const text = simulateManufacturing(7, 3);
    expect(text.split('\n')[0]).toBe('Product_Group,Feed_Speed,Pull_Acceleration,Cutting_Wait_Time,Production_Speed');
    const rows = parse(text);
    expect(rows.map((r) => r[0])).toEqual([...Array(3).fill('Product_Group_1'), ...Array(4).fill('Product_Group_2')]);
    expect(rows.map((r) => r[3] === '')).toEqual([true, true, true, false, false, false, false]);
  });

  it('is the same for a seed and another for another', () => {
    expect(simulateManufacturing()).toBe(simulateManufacturing(500, 1));
    expect(simulateManufacturing(500, 2)).not.toBe(simulateManufacturing(500, 1));
  });

  it('follows its laws', () => {
    const rows = parse(simulateManufacturing(20_000, 5)).map((r) => r.map((c, i) => (i === 0 ? Number(c.at(-1)) : Number(c))));
    const column = (i: number) => rows.map((r) => r[i]);
    const mean = (x: number[]) => x.reduce((a, b) => a + b) / x.length;
    const range = (x: number[]) => [Math.min(...x), Math.max(...x)];
    expect(range(column(1))[0]).toBeGreaterThan(1);
    expect(range(column(1))[1]).toBeLessThan(10);
    expect(mean(column(1))).toBeCloseTo(5.5, 1);
    expect(mean(column(2))).toBeCloseTo(2.75, 1);
    expect(mean(rows.filter((r) => r[0] === 2).map((r) => r[3]))).toBeCloseTo(1.05, 1);
    const noise = rows.map(([g, feed, pull, wait, y]) => y - (g === 1 ? 2.5 * feed + 3 * pull : feed + 0.5 * pull + 3 * wait));
    expect(mean(noise)).toBeCloseTo(0, 1);
    expect(Math.sqrt(mean(noise.map((e) => e * e)))).toBeCloseTo(0.5, 1);
    expect(Math.max(...noise.map(Math.abs))).toBeLessThan(3);
  });

  it('writes numbers that read back exactly', () => {
    for (const row of parse(simulateManufacturing(50, 9)))
      for (const cell of row.slice(1)) if (cell !== '') expect(String(Number(cell))).toBe(cell);
  });
});
