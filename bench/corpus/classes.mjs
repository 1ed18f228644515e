// The classes of the corpus: each a function (rng, variant 0 to 9) → what models.mjs makes a model of.

const times = (n, make) => Array.from({ length: n }, (_, i) => make(i));
const slopes = (n, options = {}) => times(n, () => ({ ...options }));
/** The variant's entry of a list, over and over. */
const at = (variant, list) => list[variant % list.length];

export const CLASSES = {
  /** Few groups with few rows, partially pooled: what hierarchical models are taught with. */
  'small pooled': (rng, k) => ({
    family: 'gaussian',
    groups: at(k, [8, 5, 10, 6]),
    rows: at(k, [4, 3, 4, 2, 6]),
    pooling: 'partial',
    intercept: { sd: at(k, ['half_cauchy(2)', 'half_normal(2)']) },
    covariates: slopes(at(k, [1, 1, 0, 2]), { sd: 'half_normal(1)' }),
    scale: 'half_normal(3)',
    ...(k % 3 === 1 ? { truth: { tau_alpha: 0.05, tau_x1: 0.05, scale: 1, mu_alpha: 1 } } : {}),
    ...(k % 3 === 2 ? { truth: { tau_alpha: 1, tau_x1: 0.3, scale: 1, mu_alpha: rng.normal() } } : {}),
  }),

  /** One row a group; with known standard errors, or with noise that only the prior tells from tau. */
  'one row a group': (_, k) => ({
    family: 'gaussian',
    groups: at(k, [8, 20, 12, 40, 8]),
    rows: 1,
    pooling: 'partial',
    intercept: { prior: 'normal(0, 10)', sd: at(k, ['half_cauchy(5)', 'half_normal(5)', 'half_student_t(3, 5)']) },
    covariates: slopes(k % 5 === 3 ? 1 : 0, { pooling: 'complete' }),
    ...(k % 2 === 0 ? { se: (r) => 3 + 7 * r.uniform() } : { scale: at(k, ['half_normal(0.5)', 'gamma(20, 20)']) }),
    ...(k % 3 === 0 ? { truth: { tau_alpha: 3, mu_alpha: 5, scale: 1 } } : {}),
  }),

  /** Independent groups with enough rows, as the reference problem. */
  'unpooled gaussian': (_, k) => ({
    family: 'gaussian',
    groups: at(k, [2, 3, 1, 5]),
    rows: at(k, [250, 40, 100, 12, 800]),
    covariates: slopes(at(k, [3, 2, 4, 1])),
    masked: 0.25,
    scale: at(k, ['half_normal(5)', 'exponential(1)', 'half_cauchy(2)']),
  }),

  /** Partial pooling of intercepts and slopes with enough rows, sparsely masked. */
  'pooled gaussian': (_, k) => ({
    family: 'gaussian',
    groups: at(k, [20, 12, 40]),
    rows: (g) => at(k, [50, 20, 8]) + (g % 5),
    pooling: 'partial',
    covariates: slopes(at(k, [2, 4, 1, 3])),
    masked: at(k, [0.3, 0.6, 0]),
  }),

  /** Hundreds of groups with a handful of rows each. */
  'many groups': (_, k) => ({
    family: at(k, ['gaussian', 'poisson', 'bernoulli', 'binomial']),
    groups: at(k, [200, 250]),
    rows: (g) => 2 + (g % 7),
    pooling: 'partial',
    intercept: { prior: 'normal(0, 1.5)', sd: 'half_normal(1)' },
    covariates: slopes(1, { prior: 'normal(0, 1)', sd: 'half_normal(0.5)' }),
    masked: k < 5 ? 0 : 0.5,
    trials: k % 4 === 3 ? (r) => r.integer(1, 10) : undefined,
  }),

  /** Covariates far from zero: years, and numbers with a mean of a thousand sds. */
  uncentred: (rng, k) => {
    const family = at(k, ['gaussian', 'bernoulli', 'gaussian', 'poisson', 'student_t']);
    const linear = family === 'gaussian' || family === 'student_t';
    const years = k % 2 === 0;
    const slope = linear ? 'normal(0, 1)' : 'normal(0, 0.3)';
    return {
      family,
      groups: at(k, [6, 4, 10]),
      rows: at(k, [12, 30, 20]),
      pooling: at(k, ['partial', 'none', 'partial']),
      intercept: { prior: `normal(0, ${years ? 2000 : 1000})`, sd: 'half_normal(2)', pooling: k % 3 === 2 ? 'partial' : undefined },
      covariates: [
        {
          make: years ? () => 2010 + rng.integer(0, 12) : () => 1000 + rng.normal(),
          prior: slope,
          sd: 'half_normal(0.2)',
          pooling: at(k, ['complete', 'none']),
        },
      ],
      truth: {
        ...(years ? { mu_alpha: -0.1 * 2015, alpha: k % 2 === 1 ? 1 : undefined, x1: 0.1 } : { x1: 0.5 }),
        ...(years ? {} : { alpha: (g) => -500 + 0.3 * g, mu_alpha: -500 }),
        tau_alpha: 0.5,
        scale: 1,
        nu: 6,
      },
    };
  },

  /** Bernoulli responses that a covariate or a group separates: the prior alone keeps coefficients finite. */
  separated: (rng, k) => ({
    family: 'bernoulli',
    groups: at(k, [3, 7, 1, 10]),
    rows: at(k, [10, 8, 40, 5]),
    pooling: at(k, ['none', 'partial']),
    intercept: { prior: at(k, ['normal(0, 5)', 'student_t(3, 0, 2.5)', 'normal(0, 10)']), sd: 'half_normal(2)' },
    covariates: slopes(at(k, [1, 2]), {
      prior: at(k, ['normal(0, 5)', 'student_t(4, 0, 3)']),
      sd: 'half_normal(1)',
      make: () => rng.normal(),
    }),
    truth: { alpha: (g) => (g % 2 === 0 ? 8 : -8), x1: (g) => (g === 1 ? 0 : 20), x2: 1, tau_alpha: 2 },
  }),

  /** Chances and counts out of trials, pooled, as they come. */
  logistic: (_, k) => ({
    family: at(k, ['bernoulli', 'binomial']),
    groups: at(k, [7, 20, 10]),
    rows: at(k, [8, 60, 20, 150]),
    pooling: at(k, ['partial', 'partial', 'none']),
    intercept: { prior: 'normal(0, 1.5)', sd: at(k, ['half_normal(1)', 'exponential(1)']) },
    covariates: slopes(at(k, [2, 1, 3]), { prior: 'normal(0, 1)', sd: 'half_normal(0.5)' }),
    masked: at(k, [0, 0.3]),
    trials: k % 2 === 1 ? (r) => r.integer(1, 20) : undefined,
  }),

  /** Counts, with exposures and weights. */
  poisson: (_, k) => ({
    family: 'poisson',
    groups: at(k, [8, 20, 4]),
    rows: at(k, [10, 40, 5, 100]),
    pooling: at(k, ['partial', 'none', 'partial']),
    intercept: { prior: 'normal(0.5, 1)', sd: 'half_normal(0.5)' },
    covariates: slopes(at(k, [1, 2]), { prior: 'normal(0, 0.5)', sd: 'half_normal(0.3)' }),
    masked: at(k, [0, 0.4]),
    exposure: k % 3 === 0 ? (r) => 0.5 + 4 * r.uniform() : undefined,
    weights: k % 4 === 3 ? (r) => r.integer(1, 3) : undefined,
  }),

  /** Counts that are zero in some groups, or in all. */
  zeros: (_, k) => ({
    family: at(k, ['poisson', 'negative_binomial', 'binomial']),
    groups: at(k, [4, 1, 8]),
    rows: at(k, [8, 20, 4]),
    pooling: at(k, ['partial', 'none']),
    intercept: { prior: 'normal(0, 2.5)', sd: 'half_normal(1)' },
    covariates: slopes(at(k, [1, 0]), { prior: 'normal(0, 1)', sd: 'half_normal(0.5)' }),
    trials: k % 3 === 2 ? () => 6 : undefined,
    truth: { mu_alpha: -1, alpha: k < 5 ? -30 : (g) => (g % 2 === 0 ? -30 : 1), x1: 0.2, shape: 1 },
  }),

  /** Overdispersed counts. */
  'negative binomial': (_, k) => ({
    family: 'negative_binomial',
    groups: at(k, [6, 15, 3]),
    rows: at(k, [12, 30, 5]),
    pooling: at(k, ['partial', 'none']),
    intercept: { prior: 'normal(1, 1)', sd: 'half_normal(0.5)' },
    covariates: slopes(at(k, [1, 2]), { prior: 'normal(0, 0.5)', sd: 'half_normal(0.3)' }),
    shape: at(k, ['exponential(1)', 'gamma(2, 0.5)', 'inverse_gamma(2, 2)']),
    exposure: k % 3 === 1 ? (r) => 0.5 + r.uniform() : undefined,
  }),

  /** Responses with heavy tails. */
  'student t': (_, k) => ({
    family: 'student_t',
    groups: at(k, [3, 8, 1]),
    rows: at(k, [30, 10, 100]),
    pooling: at(k, ['none', 'partial']),
    covariates: slopes(at(k, [1, 2])),
    scale: 'half_normal(2)',
    scaleBy: k % 4 === 3 ? 'group' : 'all',
    nu: at(k, ['gamma(2, 0.1)', 'gamma(3, 1)']),
    ...(k % 3 === 0 ? { truth: { nu: 1.2, scale: 1 } } : {}),
  }),

  /** Gaussian rows under priors with heavy tails or corners, as brms's defaults have them. */
  'heavy-tailed priors': (_, k) => ({
    family: 'gaussian',
    groups: at(k, [1, 3, 8]),
    rows: at(k, [50, 15, 6]),
    pooling: at(k, ['none', 'none', 'partial']),
    intercept: { prior: at(k, ['student_t(3, 10, 2.5)', 'cauchy(0, 10)', 'laplace(0, 5)']), sd: 'half_student_t(3, 2.5)' },
    covariates: slopes(at(k, [0, 1, 2]), { prior: at(k, ['cauchy(0, 2.5)', 'student_t(3, 0, 2)', 'laplace(0, 1)']), sd: 'half_cauchy(1)' }),
    scale: at(k, ['half_student_t(3, 2.5)', 'half_cauchy(1)', 'exponential(1)']),
    truth: { alpha: 10, mu_alpha: 10, x1: 1, x2: 0, tau_alpha: 1, scale: 1 },
  }),

  /** Uniform priors, the posterior inside, across an edge, or against it. */
  'bounded priors': (_, k) => ({
    family: at(k, ['gaussian', 'gaussian', 'bernoulli', 'gaussian', 'poisson']),
    groups: at(k, [1, 2, 4]),
    rows: at(k, [30, 12]),
    pooling: 'none',
    intercept: { prior: at(k, ['uniform(-20, 20)', 'uniform(0, 2)', 'uniform(-1, 4)']) },
    covariates: slopes(1, { prior: at(k, ['uniform(-10, 10)', 'uniform(0, 1)', 'normal(0, 1)']) }),
    scale: at(k, ['uniform(0, 10)', 'uniform(0, 1.2)', 'half_normal(2)']),
    truth: { alpha: at(k, [1, 2, 0, 2.2]), x1: at(k, [0.5, 0.9, 0, 1.1]), scale: 1 },
  }),

  /** Data far from where the priors put them. */
  conflict: (_, k) => ({
    family: at(k, ['gaussian', 'student_t', 'poisson', 'gaussian', 'bernoulli']),
    groups: at(k, [3, 1, 6]),
    rows: at(k, [20, 60]),
    pooling: at(k, ['none', 'none', 'partial']),
    intercept: { prior: 'normal(0, 1)', sd: 'half_normal(0.5)' },
    covariates: slopes(1, { prior: 'normal(0, 0.3)', sd: 'half_normal(0.3)' }),
    scale: at(k, ['half_normal(0.3)', 'half_normal(1)']),
    nu: 'gamma(2, 0.1)',
    truth: { alpha: at(k, [12, 6, 3, 15, 3]), mu_alpha: 4, x1: at(k, [2, 1.5, 1]), tau_alpha: 1, tau_x1: 0.3, scale: 1, nu: 5 },
  }),

  /** Hardly any noise: R² near 1. */
  'high r2': (_, k) => {
    const noise = at(k, [1e-2, 1e-3, 1e-4, 1e-5]);
    return {
      family: k % 5 === 4 ? 'student_t' : 'gaussian',
      groups: at(k, [2, 5, 1]),
      rows: at(k, [30, 10, 300]),
      pooling: at(k, ['none', 'partial', 'none']),
      intercept: { prior: 'normal(0, 5)', sd: 'half_normal(2)' },
      covariates: slopes(at(k, [2, 1])),
      scale: at(k, ['half_normal(1)', 'half_cauchy(1)', 'exponential(10)']),
      nu: 'gamma(2, 0.1)',
      truth: { scale: noise, nu: 8 },
    };
  },

  /** Covariates that are nearly the same, or fewer rows than coefficients. */
  collinear: (rng, k) => ({
    family: at(k, ['gaussian', 'bernoulli', 'gaussian', 'poisson']),
    groups: at(k, [2, 5, 1]),
    rows: at(k, [30, 4, 60]),
    pooling: at(k, ['none', 'partial', 'complete']),
    intercept: { prior: 'normal(0, 2)', sd: 'half_normal(1)' },
    covariates: [
      { make: () => rng.normal(), prior: 'normal(0, 1)', sd: 'half_normal(0.5)' },
      { make: (_i, _g, x) => x(1) + at(k, [0.03, 0.1, 0.003]) * rng.normal(), prior: 'normal(0, 1)', sd: 'half_normal(0.5)' },
      { make: (_i, _g, x) => x(1) - x(2) + rng.normal(), prior: 'normal(0, 1)', sd: 'half_normal(0.5)' },
    ],
    truth: { alpha: 0.5, mu_alpha: 0.5, mu_x1: 0.5, mu_x2: 0, mu_x3: 0.2, x1: k % 3 === 2 ? 0.5 : undefined, scale: 1 },
  }),

  /** Noise of its own in each group; rows with weights. */
  'scale by group': (_, k) => ({
    family: 'gaussian',
    groups: at(k, [4, 10, 25]),
    rows: (g) => at(k, [20, 6, 3]) + (g % 3),
    pooling: at(k, ['none', 'partial']),
    covariates: slopes(at(k, [1, 0, 2])),
    scale: at(k, ['half_normal(2)', 'lognormal(0, 1)', 'half_cauchy(1)']),
    scaleBy: 'group',
    weights: k % 3 === 2 ? (r) => r.integer(1, 4) : undefined,
  }),

  /** Nothing chosen: every prior automatic, small data. */
  defaults: (rng, k) => ({
    family: at(k, ['bernoulli', 'gaussian', 'poisson', 'student_t', 'negative_binomial', 'binomial']),
    groups: at(k, [7, 3, 5]),
    rows: at(k, [8, 15, 5]),
    pooling: at(k, ['partial', 'none']),
    intercept: { prior: 'auto', sd: 'auto' },
    covariates: [{ prior: 'auto', sd: 'auto', make: at(k, [() => rng.normal(), () => 50 + 10 * rng.normal(), () => rng.uniform()]) }],
    scale: 'auto',
    nu: 'auto',
    shape: 'auto',
    defaults: true,
    trials: k % 6 === 5 ? (r) => r.integer(2, 8) : undefined,
    truth: { alpha: 0.3, mu_alpha: 0.3, x1: 0.02, mu_x1: 0.02, tau_alpha: 0.3, tau_x1: 0.02, scale: 1, nu: 5, shape: 2 },
  }),

  /** Groups that do not differ, and wide priors of how much they might: log tau has a tail that never ends. */
  funnel: (_, k) => ({
    family: at(k, ['gaussian', 'bernoulli', 'poisson', 'gaussian']),
    groups: at(k, [10, 30, 6]),
    rows: at(k, [5, 3]),
    pooling: 'partial',
    intercept: { prior: 'normal(0, 2)', sd: at(k, ['half_cauchy(2)', 'half_normal(2)']) },
    covariates: slopes(at(k, [0, 1]), { prior: 'normal(0, 1)', sd: 'half_cauchy(1)' }),
    scale: 'half_normal(2)',
    truth: { mu_alpha: 0.3, tau_alpha: 1e-3, tau_x1: 1e-3, scale: 1 },
  }),

  /** Terms pooled in different ways in one model. */
  'mixed pooling': (_, k) => ({
    family: at(k, ['gaussian', 'student_t', 'bernoulli', 'negative_binomial', 'binomial', 'poisson']),
    groups: at(k, [6, 12]),
    rows: at(k, [15, 30, 6]),
    pooling: 'partial',
    intercept: { prior: 'normal(0, 1.5)', sd: 'half_normal(1)' },
    covariates: [
      { pooling: 'complete', prior: 'normal(0, 1)' },
      { pooling: 'none', prior: 'normal(0, 1)' },
      ...(k % 2 === 1 ? [{ prior: 'normal(0, 1)', sd: 'half_normal(0.5)' }] : []),
    ],
    masked: at(k, [0.2, 0]),
    trials: k % 6 === 4 ? (r) => r.integer(1, 5) : undefined,
  }),
};
