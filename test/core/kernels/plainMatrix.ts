/** Small matrices as rows of numbers, for the kernels' twins: no speed, only plainness. A matrix without rows has no columns either. */
export type Matrix = number[][];

/** The rows × length matrix whose column j has `sizes[j]` in row `places[j]`. */
export function pick(rows: number, places: Int32Array, sizes: Float64Array): Matrix {
  return Array.from({ length: rows }, (_, i) => Array.from(places, (place, j) => (place === i ? sizes[j] : 0)));
}

export const transposed = (a: Matrix): Matrix => (a.length === 0 ? [] : a[0].map((_, j) => a.map((row) => row[j])));
export const times = (a: Matrix, b: Matrix): Matrix =>
  a.map((row) => (b.length === 0 ? [] : b[0].map((_, j) => row.reduce((total, value, i) => total + value * b[i][j], 0))));
export const sum = (a: Matrix, b: Matrix, sign = 1): Matrix => a.map((row, i) => row.map((value, j) => value + sign * (b[i]?.[j] ?? 0)));
export const asColumn = (v: readonly number[]): Matrix => v.map((value) => [value]);
export const column = (a: Matrix): number[] => a.map((row) => row[0] ?? 0);
export const plus = (a: readonly number[], b: readonly number[]): number[] => a.map((value, i) => value + (b[i] ?? 0));
export const dot = (a: readonly number[], b: readonly number[]): number => a.reduce((total, value, i) => total + value * b[i], 0);
