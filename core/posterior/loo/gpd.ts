/** The generalised Pareto distribution, which the tails of importance ratios and of draws are judged and smoothed by. */
export interface GeneralisedPareto {
  /** Shape: moments of order 1 / k and above do not exist. NaN when the values admit no fit. */
  readonly k: number;
  readonly sigma: number;
}

const PRIOR_B = 3;
/** Weakly informative: as ten more exceedances of a tail with k = ½. */
const PRIOR_K_WEIGHT = 10;
const PRIOR_K = 0.5;
const NEGLIGIBLE = 10 * 2.220446049250313e-16;

/**
 * The empirical Bayes estimate of Zhang & Stephens (2009), its k drawn towards ½ as in Vehtari et al. (2024).
 * @param sorted exceedances over a threshold, ascending, all ≥ 0, at least five.
 */
export function fitGeneralisedPareto(sorted: Float64Array): GeneralisedPareto {
  const n = sorted.length;
  const grid = 30 + Math.floor(Math.sqrt(n));
  const quartile = sorted[Math.floor(n / 4 + 0.5) - 1];
  const largest = sorted[n - 1];
  if (!(quartile > 0) || !Number.isFinite(largest)) return { k: Number.NaN, sigma: Number.NaN };
  const b = new Float64Array(grid);
  const profile = new Float64Array(grid);
  for (let j = 0; j < grid; j++) {
    b[j] = (1 - Math.sqrt(grid / (j + 0.5))) / (PRIOR_B * quartile) + 1 / largest;
    const k = meanLog(b[j], sorted);
    profile[j] = n * (Math.log(-(b[j] / k)) - k - 1);
  }
  const top = profile.reduce((largest, value) => (value > largest ? value : largest), Number.NEGATIVE_INFINITY);
  let whole = 0;
  for (let j = 0; j < grid; j++) {
    profile[j] = Math.exp(profile[j] - top);
    whole += profile[j];
  }
  let total = 0;
  let sum = 0;
  for (let j = 0; j < grid; j++) {
    if (profile[j] < NEGLIGIBLE * whole) continue;
    total += profile[j];
    sum += profile[j] * b[j];
  }
  const posterior = sum / total;
  const k = meanLog(posterior, sorted);
  return { k: (n * k + PRIOR_K_WEIGHT * PRIOR_K) / (n + PRIOR_K_WEIGHT), sigma: -k / posterior };
}

/** The mean of log(1 − b x), x ascending; as the log of products of up to 16 factors where none of these can overflow. */
function meanLog(b: number, x: Float64Array): number {
  const n = x.length;
  const extreme = Math.max(Math.abs(Math.log(1 - b * x[0])), Math.abs(Math.log(1 - b * x[n - 1])));
  const step = extreme < 40 ? 16 : 1;
  let sum = 0;
  for (let start = 0; start < n; start += step) {
    const end = start + step < n ? start + step : n;
    let product = 1;
    for (let i = start; i < end; i++) product *= 1 - b * x[i];
    sum += Math.log(product);
  }
  return sum / n;
}

/** The quantile at −log(1 − p) = t. */
export function generalisedParetoQuantile(t: number, { k, sigma }: GeneralisedPareto): number {
  return sigma * (Math.abs(k) < 2.3e-16 ? t : Math.expm1(k * t) / k);
}

/**
 * k-hat of one tail of draws: the shape of a generalised Pareto fitted to the largest 3 √n of them. NaN when the tail is too short or
 * too tied to say. Above ½ the variance, above 1 the mean does not exist.
 * @param sorted ascending; for the lower tail pass the negated draws.
 */
export function tailShape(sorted: Float64Array): number {
  const n = sorted.length;
  const length = Math.min(Math.ceil(3 * Math.sqrt(n)), Math.floor(n / 5));
  if (length < 5) return Number.NaN;
  const cutoff = sorted[n - length - 1];
  return fitGeneralisedPareto(sorted.subarray(n - length).map((x) => x - cutoff)).k;
}
