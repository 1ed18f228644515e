import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  compiledMemory,
  FIRST_ADDRESS,
  KERNELS,
  type KernelMemory,
  type KernelName,
  SCRATCH,
  SUMS,
  TABLE_WORDS,
} from '../../../core/kernels/kernels.ts';
import { Rng } from '../../../core/math/rng.ts';
import { plainMemory } from './plain.ts';

interface Shape {
  readonly seed: number;
  readonly groups: readonly { readonly rows: number; readonly columns: number; readonly intercept: boolean; readonly offset: boolean }[];
  readonly parameter: number;
  readonly second: boolean;
  readonly spread: number;
}

const shapes: fc.Arbitrary<Shape> = fc.record({
  seed: fc.nat(1e6),
  groups: fc.array(
    fc.record({
      rows: fc.oneof(fc.nat(9), fc.integer({ min: 500, max: 1100 })),
      columns: fc.nat(9),
      intercept: fc.boolean(),
      offset: fc.boolean(),
    }),
    { minLength: 1, maxLength: 4 },
  ),
  parameter: fc.double({ min: 0.05, max: 200, noNaN: true }),
  second: fc.boolean(),
  spread: fc.constantFrom(0.3, 1, 20),
});

/** Lays a random problem out, runs the kernel, and returns gradient and sums. */
function run(name: KernelName, shape: Shape, make: (bytes: number) => KernelMemory): { gradient: number[]; sums: number[] } {
  const rng = Rng.of(shape.seed, 1);
  const memory = make(8 * (4096 + shape.groups.reduce((n, g) => n + (g.rows + 1) * (g.columns + 5), 0)));
  const numbers = new Float64Array(memory.buffer);
  const words = new Int32Array(memory.buffer);
  let next = FIRST_ADDRESS / 8;
  const fill = (n: number, value: () => number, pad = Number.NaN): number => {
    const at = next;
    for (let i = 0; i < n; i++) numbers[next++] = value();
    if (next & 1) numbers[next++] = pad;
    return at * 8;
  };
  const zeros = (n: number): number => fill(n, () => 0);
  const cells = shape.groups.reduce((n, g) => n + g.columns + (g.intercept ? 1 : 0), 0);
  const scratch = zeros(SCRATCH);
  const table = zeros((shape.groups.length * TABLE_WORDS) / 2 + 1);
  const beta = fill(cells, () => 0.4 * rng.normal());
  const gradient = zeros(cells);
  const sums = zeros(SUMS * shape.groups.length);
  const scales = name === 'studentT' ? fill(shape.groups.length, () => 0.2 + rng.uniform()) : 0;
  let cell = 0;
  shape.groups.forEach((g, index) => {
    const stride = 8 * (g.rows + (g.rows & 1));
    const x = next * 8;
    for (let j = 0; j < g.columns; j++) fill(g.rows, () => shape.spread * rng.normal(), 0);
    const offset = g.offset ? fill(g.rows, () => rng.normal()) : 0;
    const first = fill(g.rows, () => Math.floor(5 * rng.uniform()));
    const pairs = name === 'studentT';
    const second =
      name === 'negativeBinomial' || (pairs && shape.second) ? fill(pairs ? 2 * g.rows : g.rows, () => 0.5 + rng.uniform()) : 0;
    words.set([g.rows, g.columns, x, offset, first, second, cell, g.intercept ? 1 : 0, stride], table / 4 + index * TABLE_WORDS);
    cell += g.columns + (g.intercept ? 1 : 0);
  });
  memory.kernel(name)(table, shape.groups.length, beta, gradient, sums, scratch, shape.parameter, scales);
  return {
    gradient: [...numbers.subarray(gradient / 8, gradient / 8 + cells)],
    sums: [...numbers.subarray(sums / 8, sums / 8 + SUMS * shape.groups.length)],
  };
}

/**
 * Relative to the largest number of its kind, for sums of opposite signs cancel; and never to less than a hundredth, for a row that
 * fits to the last digit leaves nothing but rounding.
 */
function expectClose(actual: number[], expected: number[], rows: number): void {
  const size = Math.max(1e-2, ...expected.map(Math.abs));
  for (let i = 0; i < expected.length; i++) {
    if (!Number.isFinite(expected[i])) expect(actual[i]).toBe(expected[i]);
    else expect(Math.abs(actual[i] - expected[i]) / (size * Math.sqrt(1 + rows))).toBeLessThan(1e-13);
  }
}

describe.each(KERNELS)('%s', (name) => {
  it('equals its plain twin over random shapes', () => {
    fc.assert(
      fc.property(shapes, (shape) => {
        const plain = run(name, shape, plainMemory);
        const compiled = run(name, shape, compiledMemory);
        const rows = shape.groups.reduce((n, g) => n + g.rows, 0);
        expectClose(compiled.gradient, plain.gradient, rows);
        for (let i = 0; i < SUMS; i++) {
          const pick = (all: number[]): number[] => all.filter((_, j) => j % SUMS === i);
          expectClose(pick(compiled.sums), pick(plain.sums), rows);
        }
      }),
      { numRuns: 60 },
    );
  });
});

it('the bytes are what the sources compile to', async () => {
  const { KERNEL_BYTES } = await import('../../../core/kernels/bytes.ts');
  // A plain script, outside the type-checked projects.
  const script = new URL('../../../scripts/kernels.mjs', import.meta.url).href;
  const { compileKernels } = (await import(/* @vite-ignore */ script)) as { compileKernels(): Promise<string> };
  expect(await compileKernels()).toContain(KERNEL_BYTES);
});
