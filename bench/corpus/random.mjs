// Random numbers of the corpus: a generator of its own, so that no change of ours changes a model or a reference.

/** sfc32 (Doty-Humphrey's PractRand), seeded by two whole numbers. */
export class Random {
  #a;
  #b;
  #c;
  #count = 1;
  #spare = null;

  constructor(seed, stream = 0) {
    this.#a = seed >>> 0;
    this.#b = stream >>> 0;
    this.#c = 0x9e3779b9;
    for (let i = 0; i < 20; i++) this.word();
  }

  word() {
    const t = (((this.#a + this.#b) | 0) + this.#count) | 0;
    this.#count = (this.#count + 1) | 0;
    this.#a = this.#b ^ (this.#b >>> 9);
    this.#b = (this.#c + (this.#c << 3)) | 0;
    this.#c = ((this.#c << 21) | (this.#c >>> 11)) + t;
    return t >>> 0;
  }

  /** Of the open interval (0, 1). */
  uniform() {
    return ((this.word() >>> 5) * 0x4000000 + (this.word() >>> 6) + 0.5) * 2 ** -53;
  }

  normal() {
    if (this.#spare !== null) {
      const value = this.#spare;
      this.#spare = null;
      return value;
    }
    const radius = Math.sqrt(-2 * Math.log(this.uniform()));
    const angle = 2 * Math.PI * this.uniform();
    this.#spare = radius * Math.sin(angle);
    return radius * Math.cos(angle);
  }

  exponential() {
    return -Math.log(this.uniform());
  }

  /** Marsaglia & Tsang (2000). */
  gamma(shape) {
    if (shape < 1) return this.gamma(shape + 1) * this.uniform() ** (1 / shape);
    const d = shape - 1 / 3;
    for (;;) {
      const x = this.normal();
      const v = (1 + x / Math.sqrt(9 * d)) ** 3;
      if (v > 0 && Math.log(this.uniform()) < 0.5 * x * x + d - d * v + d * Math.log(v)) return d * v;
    }
  }

  student(nu) {
    return this.normal() / Math.sqrt(this.gamma(nu / 2) / (nu / 2));
  }

  /** By counting arrivals; large means by halves. */
  poisson(mean) {
    if (mean > 30) return this.poisson(mean / 2) + this.poisson(mean / 2);
    let left = Math.exp(-mean);
    let n = -1;
    for (let u = 1; u > left; n++) u *= this.uniform();
    left = n;
    return Math.max(0, left);
  }

  /** A whole number from `low` to `high`. */
  integer(low, high) {
    return low + Math.floor(this.uniform() * (high - low + 1));
  }

  pick(list) {
    return list[Math.floor(this.uniform() * list.length)];
  }
}

/** `name(a, b)` as its parts. */
export function parsePrior(text) {
  const [, dist, args] = /^(\w+)\((.*)\)$/.exec(text);
  return { dist, args: args.trim() === '' ? [] : args.split(',').map(Number) };
}

/** A draw from a prior; `positive`: from its part above 0. */
export function drawFrom(rng, prior, positive = false) {
  const { dist, args } = typeof prior === 'string' ? parsePrior(prior) : prior;
  const [a, b, c] = args;
  const draws = {
    normal: () => a + b * rng.normal(),
    student_t: () => b + c * rng.student(a),
    cauchy: () => a + b * rng.student(1),
    laplace: () => a + b * rng.exponential() * (rng.uniform() < 0.5 ? -1 : 1),
    uniform: () => a + (b - a) * rng.uniform(),
    half_normal: () => Math.abs(a * rng.normal()),
    half_student_t: () => Math.abs(b * rng.student(a)),
    half_cauchy: () => Math.abs(a * rng.student(1)),
    exponential: () => rng.exponential() / a,
    gamma: () => rng.gamma(a) / b,
    inverse_gamma: () => b / rng.gamma(a),
    lognormal: () => Math.exp(a + b * rng.normal()),
  };
  for (;;) {
    const value = draws[dist]();
    if (!positive || value > 0) return value;
  }
}
