// What a model's posterior is, found without the sampler under test: long runs of plain NUTS from dispersed starts, partially pooled models in
// their centred and non-centred parametrisations, which must agree. Each reference says how far it is to be trusted.
import { isCollapsible, sampleCollapsed } from './collapsed.mjs';
import { densityOf } from './density.mjs';
import { keptNames } from './fits.mjs';
import { sampleChain } from './nuts.mjs';

const CHAINS = 4;
const WARMUP = 800;
const DRAWS = 2000;
const BATCHES = 20;
/** CPU seconds that one chain may take. */
const LONGEST = 4;
/** Below this a reference adds too much of its own error. */
const LEAST_ESS = 1500;
/** Probabilities of the quantiles that stand for a distribution: 0.005 to 0.995. */
export const GRID = Array.from({ length: 199 }, (_, i) => (i + 1) / 200);

/** One parametrisation, chain after chain. */
class Way {
  chains = [];
  divergent = 0;
  draws = 0;
  cpu = 0;

  constructor(problem, centred, seed) {
    this.centred = centred;
    this.seed = seed;
    this.density = densityOf(problem, centred);
    this.kept = keptNames(this.density.names);
    this.place = this.kept.map((name) => this.density.names.indexOf(name));
  }

  get divergences() {
    return this.divergent / this.draws;
  }

  run(chains) {
    const { density, place, kept } = this;
    const one = new Float64Array(density.names.length);
    for (let chain = 0; chain < chains; chain++) {
      const since = process.cpuUsage();
      const used = () => {
        const { user, system } = process.cpuUsage(since);
        return (user + system) / 1e6;
      };
      const columns = kept.map(() => []);
      const settings = {
        warmup: WARMUP,
        draws: DRAWS,
        seed: this.seed,
        stream: this.chains.length,
        targetAccept: 0.85,
        until: () => used() > LONGEST,
      };
      const found = sampleChain(density, settings, (q) => {
        density.constrain(q, one);
        for (let j = 0; j < place.length; j++) columns[j].push(one[place[j]]);
      });
      this.divergent += found.divergences;
      this.draws += columns[0].length;
      this.cpu += used();
      this.chains.push(columns);
    }
  }

  /** Summaries of its own draws. */
  summaries() {
    return this.kept.map((_, j) => summaryOfScalar(this.chains.map((c) => c[j])));
  }
}

const meanOf = (x) => x.reduce((a, b) => a + b, 0) / x.length;

/** Mean of a function of draws with its standard error from means of batches, within and between chains. */
function batched(chains, f) {
  const means = [];
  for (const x of chains) {
    const size = Math.floor(x.length / BATCHES);
    for (let b = 0; b < BATCHES; b++) means.push(meanOf(x.slice(b * size, (b + 1) * size).map(f)));
  }
  const mean = meanOf(means);
  const variance = means.reduce((s, m) => s + (m - mean) ** 2, 0) / (means.length - 1);
  const ofChains = chains.map((x) => meanOf(x.map(f)));
  const centre = meanOf(ofChains);
  const between = ofChains.reduce((s, m) => s + (m - centre) ** 2, 0) / Math.max(1, ofChains.length - 1) / ofChains.length;
  return { mean, error: Math.sqrt(Math.max(variance / means.length, between / 3)), between };
}

/** The ESS of the mean by batches, as a share of the draws' own variance; and R-hat of whole chains. */
function summaryOfScalar(chains) {
  const all = chains.flat().sort((a, b) => a - b);
  const n = all.length;
  const { mean, error, between } = batched(chains, (v) => v);
  const variance = all.reduce((s, v) => s + (v - mean) ** 2, 0) / n;
  const sd = Math.sqrt(variance);
  const square = batched(chains, (v) => (v - mean) ** 2);
  const fourth = all.reduce((s, v) => s + (v - mean) ** 4, 0) / n / variance ** 2;
  const quantile = (p) => {
    const at = Math.min(Math.max(p, 0), 1) * (n - 1);
    const low = Math.floor(at);
    return all[low] + (at - low) * (all[Math.min(low + 1, n - 1)] - all[low]);
  };
  const errorOf = (p) => {
    const q = quantile(p);
    const { error: e } = batched(chains, (v) => (v <= q ? 1 : 0));
    return (quantile(p + e) - quantile(p - e)) / 2;
  };
  const median = quantile(0.5);
  const rank = batched(chains, (v) => (v <= median ? 1 : 0));
  return {
    mean,
    sd,
    mean_error: error,
    sd_error: square.error / (2 * sd),
    grid: GRID.map(quantile),
    errors: [errorOf(0.05), errorOf(0.5), errorOf(0.95)],
    kurtosis: fourth,
    ess: 0.25 / rank.error ** 2,
    r_hat: Math.sqrt(1 + (between * chains.length) / variance),
  };
}

const short = (v) => Number(v.toPrecision(8));

/** By importance sampling. */
function weighted(problem, seed) {
  const since = process.cpuUsage();
  const { names, draws, weights, share, heaviest } = sampleCollapsed(problem, seed);
  const parameters = {};
  for (const name of keptNames(names)) {
    const x = Float64Array.from(draws, (row) => row[names.indexOf(name)]);
    const mean = x.reduce((s, v, i) => s + weights[i] * v, 0);
    const variance = x.reduce((s, v, i) => s + weights[i] * (v - mean) ** 2, 0);
    const sd = Math.sqrt(variance);
    const errorOf = (f) => Math.sqrt(x.reduce((s, v, i) => s + (weights[i] * f(v)) ** 2, 0));
    const order = Uint32Array.from(x.keys()).sort((a, b) => x[a] - x[b]);
    const reached = new Float64Array(order.length);
    let sum = 0;
    order.forEach((at, i) => {
      sum += weights[at];
      reached[i] = sum - 0.5 * weights[at];
    });
    const quantile = (p) => {
      let low = 0;
      let high = order.length - 1;
      while (high - low > 1) {
        const middle = (low + high) >> 1;
        if (reached[middle] <= p) low = middle;
        else high = middle;
      }
      const width = reached[high] - reached[low];
      const part = width > 0 ? Math.min(1, Math.max(0, (p - reached[low]) / width)) : 0;
      return x[order[low]] + part * (x[order[high]] - x[order[low]]);
    };
    const quantileError = (p) => {
      const q = quantile(p);
      const e = errorOf((v) => (v <= q ? 1 : 0) - p);
      return (quantile(p + e) - quantile(p - e)) / 2;
    };
    const numbers = [
      mean,
      sd,
      errorOf((v) => v - mean),
      errorOf((v) => (v - mean) ** 2 - variance) / (2 * sd),
      ...[0.05, 0.5, 0.95].map(quantileError),
    ];
    const kurtosis = x.reduce((s, v, i) => s + weights[i] * (v - mean) ** 4, 0) / variance ** 2;
    parameters[name] = {
      numbers: numbers.map(short),
      grid: GRID.map((p) => Number(quantile(p).toPrecision(7))),
      kurtosis: short(kurtosis),
    };
  }
  const { user, system } = process.cpuUsage(since);
  return {
    parameters,
    doubts: [],
    ways: [{ collapsed: true, share: short(share), heaviest: short(heaviest), cpu: (user + system) / 1e6 }],
  };
}

/** { parameters: name → numbers, doubts: [why], ways: [what was run] }. */
export function referenceOf(problem, seed = 20_260) {
  if (isCollapsible(problem)) {
    const found = weighted(problem, seed);
    if (found.ways[0].share > 0.05 && found.ways[0].heaviest < 0.01) return found;
  }
  const pooled = problem.terms.some((t) => t.pooling === 'partial');
  const ways = [new Way(problem, true, seed), new Way(problem, !pooled, seed + 1)];
  for (const way of ways) way.run(1);
  const pilots = ways.map((w) => Math.min(...w.summaries().map((p) => p.ess)));
  // A way that diverges or mixes much worse than the other is no check of it.
  const poor = (i) => ways[i].divergences > Math.max(2e-4, 3 * ways[1 - i].divergences) || pilots[i] < 0.1 * pilots[1 - i];
  const used = poor(0) !== poor(1) ? [poor(0) ? ways[1] : ways[0]] : ways;
  for (const way of used) way.run((2 * CHAINS) / used.length - 1);
  const doubts = [];
  const { kept } = used[0];
  const own = used.map((w) => w.summaries());
  if (used.length === 2) {
    kept.forEach((name, j) => {
      const [a, b] = own.map((s) => s[j]);
      const z = Math.abs(a.grid[99] - b.grid[99]) / Math.hypot(a.errors[1], b.errors[1]);
      if (z > 5) doubts.push(`${name}: the two ways differ by ${z.toFixed(1)} standard errors`);
    });
  }
  const parameters = {};
  kept.forEach((name, j) => {
    const s = used.length === 1 ? own[0][j] : summaryOfScalar(used.flatMap((w) => w.chains.map((c) => c[j])));
    if (s.r_hat > 1.01) doubts.push(`${name}: R-hat ${s.r_hat.toFixed(3)}`);
    if (s.ess < LEAST_ESS) doubts.push(`${name}: ESS ${s.ess.toFixed(0)}`);
    const numbers = [s.mean, s.sd, s.mean_error, s.sd_error, ...s.errors].map(short);
    parameters[name] = { numbers, grid: s.grid.map((v) => Number(v.toPrecision(6))), kurtosis: short(s.kurtosis) };
  });
  const divergent = Math.max(...used.map((w) => w.divergences));
  if (divergent > 1e-3) doubts.push(`${(100 * divergent).toFixed(2)} % of the draws diverged`);
  const report = ways.map((w, i) => ({
    centred: w.centred,
    used: used.includes(w),
    divergences: w.divergences,
    pilot: short(pilots[i]),
    cpu: w.cpu,
    draws: w.draws,
  }));
  return { parameters, doubts, ways: report };
}
