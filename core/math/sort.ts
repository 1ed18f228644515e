/** Sorting many short arrays of doubles: the order, not only the values, without a comparator and without allocation. */

const DIGIT_BITS = 11;
const RADIX = 1 << DIGIT_BITS;
const DIGITS = 6;
/** Buckets span this many standard deviations on either side of the mean. */
const SPAN = 4;
/** More values than this in one bucket make insertion too slow. */
const FULL = 40;

/** Buffers for arrays of up to a given length; make one and use it for thousands of arrays. */
export class Sorter {
  #low = new Uint32Array(0);
  #high = new Uint32Array(0);
  #order = new Uint32Array(0);
  #other = new Uint32Array(0);
  #starts = new Uint32Array(1);
  #bits = new Uint32Array(0);
  #copy = new Float64Array(0);
  readonly #counts = new Uint32Array(DIGITS * RADIX);

  /**
   * The indices of `values` in ascending order of value, equal values in order of index; −0 equals 0. NaN has no place
   * of its own: do not pass it. The answer is a view that the next call overwrites.
   *
   * Draws that spread as draws do fall into as many buckets as there are, a few to each, and are then put in order by insertion. Where one
   * bucket holds many, as with heavy tails or ties, a radix sort takes over.
   */
  order(values: Float64Array): Uint32Array {
    this.#reserve(values.length);
    return this.#byBuckets(values) ?? this.#byRadix(values);
  }

  #byBuckets(values: Float64Array): Uint32Array | null {
    const n = values.length;
    let sum = 0;
    let squares = 0;
    for (let i = 0; i < n; i++) {
      const from = values[i] - values[0];
      sum += from;
      squares += from * from;
    }
    const mean = sum / n;
    const low = values[0] + mean - SPAN * Math.sqrt(squares / n - mean * mean);
    const scale = (0.5 * n) / (values[0] + mean - low);
    if (!(scale > 0 && scale < Number.POSITIVE_INFINITY)) return null;
    const bucket = this.#other;
    const starts = this.#starts;
    starts.fill(0, 0, n + 1);
    for (let i = 0; i < n; i++) {
      const place = (values[i] - low) * scale;
      const own = place < 0 ? 0 : place < n ? Math.floor(place) : n - 1;
      bucket[i] = own;
      if (++starts[own + 1] > FULL) return null;
    }
    for (let i = 0; i < n; i++) starts[i + 1] += starts[i];
    const order = this.#order;
    for (let i = 0; i < n; i++) order[starts[bucket[i]]++] = i;
    for (let i = 1; i < n; i++) {
      const index = order[i];
      const value = values[index];
      let j = i - 1;
      for (; j >= 0 && values[order[j]] > value; j--) order[j + 1] = order[j];
      order[j + 1] = index;
    }
    return order.subarray(0, n);
  }

  /**
   * A least-significant-digit radix sort on the 64 bits of each double (sign handled so that their order is the numbers'
   * order): six passes of 11 bits, of which those whose digit is the same everywhere are skipped.
   */
  #byRadix(values: Float64Array): Uint32Array {
    const n = values.length;
    this.#keys(values);
    let from = this.#order;
    let to = this.#other;
    for (let i = 0; i < n; i++) from[i] = i;
    for (let digit = 0; digit < DIGITS; digit++) {
      if (!this.#places(digit, n)) continue;
      this.#pass(digit, n, from, to);
      const swap = from;
      from = to;
      to = swap;
    }
    return from.subarray(0, n);
  }

  #reserve(n: number): void {
    if (this.#order.length >= n) return;
    this.#low = new Uint32Array(n);
    this.#high = new Uint32Array(n);
    this.#order = new Uint32Array(n);
    this.#other = new Uint32Array(n);
    this.#starts = new Uint32Array(n + 1);
    this.#copy = new Float64Array(n);
    this.#bits = new Uint32Array(this.#copy.buffer);
  }

  /** Fills the sortable keys and counts the digits of all passes at once. Bytes are taken as little-endian, as on every machine that runs V8. */
  #keys(values: Float64Array): void {
    const n = values.length;
    const counts = this.#counts.fill(0);
    const bits = this.#bits;
    const copy = this.#copy;
    const lows = this.#low;
    const highs = this.#high;
    for (let i = 0; i < n; i++) copy[i] = values[i] + 0;
    for (let i = 0; i < n; i++) {
      let low = bits[2 * i];
      let high = bits[2 * i + 1];
      const sign = -(high >>> 31);
      low ^= sign;
      high ^= sign | 0x80000000;
      lows[i] = low;
      highs[i] = high;
      counts[low & 2047]++;
      counts[RADIX + ((low >>> 11) & 2047)]++;
      counts[2 * RADIX + (low >>> 22)]++;
      counts[3 * RADIX + (high & 2047)]++;
      counts[4 * RADIX + ((high >>> 11) & 2047)]++;
      counts[5 * RADIX + (high >>> 22)]++;
    }
  }

  /** Turns a digit's counts into places; false when one digit holds everything, so that a pass would change nothing. */
  #places(digit: number, n: number): boolean {
    const counts = this.#counts;
    const base = digit * RADIX;
    let place = 0;
    for (let i = base; i < base + RADIX; i++) {
      const count = counts[i];
      if (count === n) return false;
      counts[i] = place;
      place += count;
    }
    return true;
  }

  #pass(digit: number, n: number, from: Uint32Array, to: Uint32Array): void {
    const counts = this.#counts;
    const base = digit * RADIX;
    const keys = digit < 3 ? this.#low : this.#high;
    const shift = (digit % 3) * DIGIT_BITS;
    for (let i = 0; i < n; i++) {
      const index = from[i];
      to[counts[base + ((keys[index] >>> shift) & 2047)]++] = index;
    }
  }
}
