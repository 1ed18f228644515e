/** The discrete Fourier transform of lengths that are powers of two. */

/** Twiddle factors and bit-reversed indices of one length; kept by the caller, used for many transforms. */
export class Fft {
  readonly #cos: Float64Array;
  readonly #sin: Float64Array;
  readonly #reversed: Uint32Array;

  /** @param size a power of two, at least 2. */
  constructor(readonly size: number) {
    if (size < 2 || (size & (size - 1)) !== 0) throw new RangeError(`The length of a transform must be a power of two, not ${size}.`);
    this.#cos = new Float64Array(size / 2);
    this.#sin = new Float64Array(size / 2);
    for (let i = 0; i < size / 2; i++) {
      this.#cos[i] = Math.cos((2 * Math.PI * i) / size);
      this.#sin[i] = -Math.sin((2 * Math.PI * i) / size);
    }
    this.#reversed = new Uint32Array(size);
    for (let i = 1; i < size; i++) this.#reversed[i] = (this.#reversed[i >> 1] >> 1) | (i & 1 ? size >> 1 : 0);
  }

  /** X_k = Σ_j x_j e^(−2πijk/size), in place, by the iterative algorithm of Cooley and Tukey (1965). */
  forward(real: Float64Array, imaginary: Float64Array): void {
    this.#permute(real);
    this.#permute(imaginary);
    const n = this.size;
    for (let half = 1, step = n >> 1; half < n; half <<= 1, step >>= 1) {
      for (let start = 0; start < n; start += 2 * half) {
        for (let i = start, twiddle = 0; i < start + half; i++, twiddle += step) {
          const c = this.#cos[twiddle];
          const s = this.#sin[twiddle];
          const j = i + half;
          const re = real[j] * c - imaginary[j] * s;
          const im = real[j] * s + imaginary[j] * c;
          real[j] = real[i] - re;
          imaginary[j] = imaginary[i] - im;
          real[i] += re;
          imaginary[i] += im;
        }
      }
    }
  }

  #permute(x: Float64Array): void {
    for (let i = 0; i < this.size; i++) {
      const j = this.#reversed[i];
      if (j <= i) continue;
      const swap = x[i];
      x[i] = x[j];
      x[j] = swap;
    }
  }
}
