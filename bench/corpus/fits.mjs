// Fits of a model of the corpus by the engine under test, whole or without its accelerators, or by the plain NUTS of nuts.mjs; and what is
// kept of each: one record.
import { readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { densityOf } from './density.mjs';
import { sampleChain } from './nuts.mjs';

export const CHAINS = 4;
/** Probabilities of the quantiles that are kept. */
export const PROBABILITIES = [0.01, 0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99];
/** Those whose standard errors are judged. */
export const JUDGED = [0.05, 0.5, 0.95];
/** Parameters of a model that are kept, at most. */
const MOST = 24;
const FIRST = 25;

/** What can be left out of the engine, each a change of its chains' settings. */
export const ABLATIONS = {
  /** No trajectories of a set length: plain NUTS from the first iteration. */
  quarter: { kernel: 'nuts' },
};

/** Reads a model as the product does. `method`: as in a spec, "auto" unless collapsing is to be left out. */
export async function prepareModel(ours, path, method) {
  const source = { path, text: readFileSync(path, 'utf8'), roots: [dirname(path)] };
  const prepared = await new ours.Preparer().prepare(source, method ? { method } : {});
  if (!('design' in prepared)) throw new Error(`${path}: ${prepared.map((p) => p.message).join(' ')}`);
  return prepared;
}

const text = (prior) => ('fixed' in prior ? String(prior.fixed) : `${prior.dist}(${prior.args.join(', ')})`);

/** The problem with its automatic priors written out, as the reader resolved them. */
export function withPriors(problem, { design }) {
  const of = (name, given) => (given === 'auto' ? text(design[name].prior) : given);
  return {
    ...problem,
    terms: problem.terms.map((t) => {
      const term = design.terms.find((o) => o.name === t.name);
      return { ...t, prior: t.prior === 'auto' ? text(term.prior) : t.prior, sd: t.sd === 'auto' ? text(term.sd) : t.sd };
    }),
    scale: problem.scale && { ...problem.scale, prior: of('scale', problem.scale.prior) },
    nu: problem.nu && of('nu', problem.nu),
    shape: problem.shape && of('shape', problem.shape),
  };
}

/** Names of the parameters that are kept: all that groups share, and others evenly. */
export function keptNames(names) {
  const shared = names.filter((n) => /^(mu_|tau_|nu$|shape$|scale$)/.test(n));
  const others = names.filter((n) => !shared.includes(n));
  const room = Math.min(others.length, MOST - shared.length);
  return [...shared, ...Array.from({ length: room }, (_, i) => others[Math.floor((i * others.length) / room)])];
}

function toEnd(run) {
  let step = run.next();
  while (!step.done) step = run.next();
  return step.value;
}

const seconds = (since) => {
  const used = process.cpuUsage(since);
  return (used.user + used.system) / 1e6;
};

/** The engine's fit, all chains in this thread: { draws, sampling (CPU s, mode and warm-up included), method }. */
export function fitEngine(ours, { design, data }, { seed, warmup, draws, ablate = [] }) {
  const since = process.cpuUsage();
  const work = toEnd(ours.workFor(design, data));
  const target = ours.targetOf(work);
  const changes = Object.assign({}, ...ablate.map((name) => ABLATIONS[name]));
  const chains = Array.from({ length: CHAINS }, (_, chain) => {
    const settings = { seed, chain, warmup, targetAccept: 0.8, maxDepth: 10, ...changes };
    return toEnd(ours.runChain(target, { settings, draws, resume: null }, () => false));
  });
  const sampling = seconds(since);
  const kernels = [...new Set(chains.map((c) => c.state?.kernel ?? 'none'))].join('+');
  return { draws: ours.joinChains(chains, target.width), sampling, method: `${work.method}/${kernels}`, modes: work.plan.modes };
}

/** Plain NUTS on the rows: non-centred where groups have few rows, else centred. */
export function fitPlain(ours, problem, { design }, { seed, warmup, draws }) {
  const since = process.cpuUsage();
  const density = densityOf(problem, problem.group.length / problem.groups.length >= 40);
  const names = ours.listParameters(design).filter((p) => !p.masked);
  const place = names.map((p) => density.names.indexOf(p.name));
  const size = CHAINS * draws;
  const values = new Float64Array(names.length * size);
  const one = new Float64Array(density.names.length);
  const statistics = { energy: [], treeDepth: [], diverging: [] };
  let gradients = 0;
  for (let chain = 0; chain < CHAINS; chain++) {
    let i = chain * draws;
    const found = sampleChain(density, { warmup, draws, seed, stream: 100 + chain }, (q) => {
      density.constrain(q, one);
      for (let j = 0; j < names.length; j++) values[j * size + i] = one[place[j]];
      i++;
    });
    statistics.energy.push(...found.energies);
    statistics.treeDepth.push(...found.depths);
    statistics.diverging.push(...found.diverging);
    gradients += found.gradients;
  }
  const typed = {
    energy: Float64Array.from(statistics.energy),
    treeDepth: Uint8Array.from(statistics.treeDepth),
    diverging: Uint8Array.from(statistics.diverging),
  };
  const joined = {
    chains: CHAINS,
    draws,
    parameters: names.length,
    values,
    statistics: typed,
    divergences: [],
    gradientEvaluations: gradients,
  };
  return { draws: joined, sampling: seconds(since), method: 'plain' };
}

const short = (v) => (Number.isFinite(v) ? Number(v.toPrecision(8)) : null);

/** Flags that question the model, not the draws. */
const OF_THE_MODEL = ['prior_conflict', 'overdispersion', 'pareto_k'];

/**
 * One line of results. `parameters`: name → [mean, sd, quantiles (PROBABILITIES), MCSE of mean, of sd, of quantiles (JUDGED), bulk ESS, tail ESS, R-hat,
 * mean of each chain's first 25 draws].
 */
export function recordOf(ours, { design }, { draws, sampling, method, modes = [] }, kept) {
  const since = process.cpuUsage();
  const parameters = ours.listParameters(design);
  const assessment = ours.assess(draws, parameters, { kind: 'eti', prob: 0.9 });
  const summarising = seconds(since);
  const sampler = { draws: draws.draws, target_accept: 0.8, max_treedepth: 10 };
  const verdict = ours.judge({ draws, parameters, assessment, modes, sampler, stopped: false, paretoK: null, dispersion: null });
  const flags = verdict.flags.filter((f) => f.severity !== 'info' && !OF_THE_MODEL.includes(f.id)).map((f) => f.id);
  const live = assessment.summaries.filter((s) => !s.masked);
  const diagnostician = new ours.Diagnostician();
  const out = {};
  for (const p of parameters) {
    if (p.masked || !kept.includes(p.name)) continue;
    const values = draws.values.subarray(p.index * draws.chains * draws.draws, (p.index + 1) * draws.chains * draws.draws);
    const s = assessment.summaries[parameters.indexOf(p)];
    const sorted = values.slice().sort();
    const quantile = (q) => {
      const at = q * (sorted.length - 1);
      const low = Math.floor(at);
      return sorted[low] + (at - low) * (sorted[Math.min(low + 1, sorted.length - 1)] - sorted[low]);
    };
    let first = 0;
    for (let c = 0; c < draws.chains; c++) for (let i = 0; i < FIRST; i++) first += values[c * draws.draws + i] / (draws.chains * FIRST);
    const errors = JUDGED.map((q) => diagnostician.mcseQuantile(values, draws.chains, draws.draws, q));
    out[p.name] = [
      s.mean,
      s.sd,
      ...PROBABILITIES.map(quantile),
      s.mcse_mean,
      s.mcse_sd,
      ...errors,
      s.ess_bulk,
      s.ess_tail,
      s.r_hat ?? 1,
      first,
    ].map(short);
  }
  return {
    trusted: flags.length === 0,
    flags,
    sampling: short(sampling),
    whole: short(sampling + summarising),
    bulk: short(Math.min(...live.map((s) => s.ess_bulk))),
    tail: short(Math.min(...live.map((s) => s.ess_tail))),
    r_hat: short(Math.max(...live.map((s) => s.r_hat ?? 1))),
    divergences: draws.statistics.diverging.reduce((a, b) => a + b, 0),
    gradients: draws.gradientEvaluations,
    run: longestRun(draws),
    method,
    parameters: out,
  };
}

/** The longest run of equal draws in any chain of any scalar that moves at all. */
function longestRun({ values, chains, draws, parameters }) {
  let longest = 0;
  for (let j = 0; j < parameters; j++) {
    for (let c = 0; c < chains; c++) {
      const from = (j * chains + c) * draws;
      let run = 1;
      let moved = false;
      let most = 1;
      for (let i = from + 1; i < from + draws; i++) {
        run = values[i] === values[i - 1] ? run + 1 : 1;
        if (run === 1) moved = true;
        if (run > most) most = run;
      }
      if ((moved || j > 0) && most > longest && most < draws) longest = most;
    }
  }
  return longest;
}
