/** Effective sample size from the autocorrelation within and the variance between chains. */
import { Fft } from '../../math/fft.ts';
import type { Halves } from './chains.ts';

/** Lags summed directly before a Fourier transform is the cheaper way; nearly independent draws need only a few. */
const DIRECT_LAGS = 40;
/** A half chain shorter than this has no autocorrelation to speak of. */
const SHORTEST = 2;

/** Buffers for autocovariances; make one and use it for all scalars of a fit. */
export class EssWorkspace {
  #centred = new Float64Array(0);
  #covariance = new Float64Array(0);
  #rho = new Float64Array(0);
  #real = new Float64Array(0);
  #imaginary = new Float64Array(0);
  #power = new Float64Array(0);
  #fft: Fft | null = null;
  #known = 0;

  /**
   * The number of independent draws that would give the mean of `values` (over `halves`) the same error: Geyer's initial
   * monotone sequence over chains (Vehtari et al. 2021, equations 10 to 13), as ArviZ computes it. It may exceed the number of
   * draws, by a factor of at most log10 of that number. The number of draws when all are equal; NaN when one is not finite.
   */
  ess(values: Float64Array, halves: Halves): number {
    const { starts, length: n } = halves;
    const m = starts.length;
    if (n < SHORTEST) return Number.NaN;
    const varianceOfMeans = this.#centre(values, halves);
    if (Number.isNaN(varianceOfMeans)) return Number.NaN;
    if (varianceOfMeans < 0) return m * n;
    const c0 = this.#lag(0, m, n);
    const within = (c0 * n) / (n - 1);
    const total = c0 + varianceOfMeans;
    const rho = this.#rho;
    rho.fill(0, 0, n);
    const correlation = (t: number): number => 1 - (within - this.#lag(t, m, n)) / total;
    let even = 1;
    let odd = correlation(1);
    rho[0] = even;
    rho[1] = odd;
    let t = 1;
    while (t < n - 3 && even + odd > 0) {
      even = correlation(t + 1);
      odd = correlation(t + 2);
      if (even + odd >= 0) {
        rho[t + 1] = even;
        rho[t + 2] = odd;
      }
      t += 2;
    }
    const last = t - 2;
    if (even > 0) rho[last + 1] = even;
    for (let s = 1; s <= last - 2; s += 2) {
      if (rho[s + 1] + rho[s + 2] > rho[s - 1] + rho[s]) {
        rho[s + 1] = (rho[s - 1] + rho[s]) / 2;
        rho[s + 2] = rho[s + 1];
      }
    }
    let sum = 0;
    for (let s = 0; s <= last; s++) sum += rho[s];
    const tau = Math.max(-1 + 2 * sum + rho[last + 1], 1 / Math.log10(m * n));
    return (m * n) / tau;
  }

  /** Copies the halves about their means; the variance of the means (0 for one), −1 when all values are equal, NaN when one is not finite. */
  #centre(values: Float64Array, { starts, length: n }: Halves): number {
    const m = starts.length;
    if (this.#centred.length < m * n) this.#centred = new Float64Array(m * n);
    if (this.#covariance.length < n) {
      this.#covariance = new Float64Array(n);
      this.#rho = new Float64Array(n + 1);
    }
    this.#known = 0;
    const centred = this.#centred;
    const first = values[starts[0]];
    let equal = true;
    let sum = 0;
    let squares = 0;
    for (let half = 0; half < m; half++) {
      let total = 0;
      for (let i = 0; i < n; i++) total += values[starts[half] + i];
      const mean = total / n;
      if (!Number.isFinite(mean)) return Number.NaN;
      for (let i = 0; i < n; i++) {
        const value = values[starts[half] + i];
        if (value !== first) equal = false;
        centred[half * n + i] = value - mean;
      }
      const step = mean - sum;
      sum += step / (half + 1);
      squares += step * (mean - sum);
    }
    if (equal) return -1;
    return m > 1 ? squares / (m - 1) : 0;
  }

  /** The autocovariance at lag t, divisor n, averaged over the halves. Lags are asked for in order. */
  #lag(t: number, m: number, n: number): number {
    if (t < this.#known) return this.#covariance[t];
    if (t === DIRECT_LAGS) {
      this.#transform(m, n);
      return this.#covariance[t];
    }
    const x = this.#centred;
    let sum = 0;
    for (let half = 0; half < m; half++) {
      const end = (half + 1) * n;
      let a = 0;
      let b = 0;
      let i = half * n;
      for (; i + t + 1 < end; i += 2) {
        a += x[i] * x[i + t];
        b += x[i + 1] * x[i + t + 1];
      }
      if (i + t < end) a += x[i] * x[i + t];
      sum += a + b;
    }
    this.#covariance[t] = sum / (m * n);
    this.#known = t + 1;
    return this.#covariance[t];
  }

  /**
   * All lags at once. Two halves share a transform: with z = a + ib, |Z_k|² + |Z_−k|² = 2 (|A_k|² + |B_k|²); and the power
   * spectrum is even and real, so that its inverse is one more forward transform.
   */
  #transform(m: number, n: number): void {
    const size = 2 ** Math.ceil(Math.log2(2 * n));
    if (this.#fft?.size !== size) {
      this.#fft = new Fft(size);
      this.#real = new Float64Array(size);
      this.#imaginary = new Float64Array(size);
      this.#power = new Float64Array(size);
    }
    const fft = this.#fft;
    const re = this.#real;
    const im = this.#imaginary;
    const power = this.#power.fill(0);
    for (let half = 0; half < m; half += 2) {
      re.fill(0).set(this.#centred.subarray(half * n, (half + 1) * n));
      im.fill(0);
      if (half + 1 < m) im.set(this.#centred.subarray((half + 1) * n, (half + 2) * n));
      fft.forward(re, im);
      for (let k = 0; k < size; k++) power[k] += re[k] * re[k] + im[k] * im[k];
    }
    for (let k = 0; k < size; k++) re[k] = (power[k] + power[(size - k) & (size - 1)]) / 2;
    im.fill(0);
    fft.forward(re, im);
    for (let t = 0; t < n; t++) this.#covariance[t] = re[t] / (size * m * n);
    this.#known = n;
  }
}
