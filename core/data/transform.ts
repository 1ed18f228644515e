/** A column's transform, and the way back. */
import { exp, expm1, log, log1p } from '../math/elementary.ts';
import type { Transform } from '../spec/types.ts';

/** What `center` and `standardize` took off and divided by. */
export interface Moments {
  readonly mean: number;
  readonly sd: number;
}

/** A value after a covariate's transform; `column` says what `center` and `standardize` took off and divided by. */
export function transformed(value: number, transform: Transform, column: Moments | undefined): number {
  switch (transform) {
    case 'none':
      return value;
    case 'log':
      return log(value);
    case 'log10':
      return log(value) / Math.LN10;
    case 'log1p':
      return log1p(value);
    case 'sqrt':
      return Math.sqrt(value);
    case 'square':
      return value * value;
    case 'center':
      return value - (column?.mean ?? 0);
    case 'standardize':
      return (value - (column?.mean ?? 0)) / (column?.sd ?? 1);
  }
}

/**
 * The value that a transform leads to: the inverse of `transformed`, rising with `value`. Where there is none (`sqrt` of no number is
 * negative) the nearest, 0.
 */
export function untransformed(value: number, transform: Transform, column: Moments | undefined): number {
  switch (transform) {
    case 'none':
      return value;
    case 'log':
      return exp(value);
    case 'log10':
      return exp(value * Math.LN10);
    case 'log1p':
      return expm1(value);
    case 'sqrt':
      return value > 0 ? value * value : 0 * value;
    case 'square':
      return value > 0 ? Math.sqrt(value) : 0 * value;
    case 'center':
      return value + (column?.mean ?? 0);
    case 'standardize':
      return value * (column?.sd ?? 1) + (column?.mean ?? 0);
  }
}
