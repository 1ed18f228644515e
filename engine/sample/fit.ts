/** A fit from end to end: read, compile, sample, summarise. */
import { listParameters } from '../../core/design/parameters.ts';
import { flatParameters, priorDraws } from '../../core/posterior/calibrate/prior.ts';
import type { ChainSettings, Target } from '../../core/sampler/chain.ts';
import type { Draws } from '../../core/sampler/types.ts';
import type { Problem } from '../../core/spec/problem.ts';
import type { SamplerSpec } from '../../core/spec/types.ts';
import type { ChainProgress, FitPhase, SpecSource } from '../../protocol/engine.ts';
import { makeSummary } from '../assess/summaries.ts';
import type { Timing } from '../assess/summarise.ts';
import { ProblemError } from '../errors.ts';
import type { Prepared, Preparer } from '../read/prepare.ts';
import type { FitState } from '../state.ts';
import { unlessStopped } from '../stoppable.ts';
import { atLeisure } from '../threads/leisure.ts';
import { continueChains, joinChains, restOf } from './draws.ts';
import { runChains } from './lanes.ts';
import type { ChainOrder, ChainResult } from './turns.ts';
import { type ModelWork, targetOf, workFor } from './work.ts';

export interface FitWatch {
  readonly progress: (phase: FitPhase, chains: readonly ChainProgress[]) => void;
  /** Shared; 1 stops: the draws so far become the fit. */
  readonly stop: Int32Array;
}

export type FitResult =
  | { readonly kind: 'fitted'; readonly state: FitState }
  | { readonly kind: 'refused'; readonly problems: readonly Problem[] }
  | { readonly kind: 'cancelled' };

export interface FitOptions {
  readonly overrides: Partial<SamplerSpec>;
  /** Draw from the priors, and leave the responses unread. */
  readonly priorOnly: boolean;
}

/** More scalars than this, 2 GB of them, are refused before they are made. */
const MOST_SCALARS = 250_000_000;
/** What a draw keeps beside the model's scalars. */
const STATISTICS = 7;

/** @throws ProblemError when that many draws would not fit into memory. */
function refuseTooMany(sampler: SamplerSpec, draws: number, width: number): void {
  if (sampler.chains * draws * (width + STATISTICS) <= MOST_SCALARS) return;
  const most = Math.floor(MOST_SCALARS / (sampler.chains * (width + STATISTICS)));
  const advice = most > 0 ? `ask for at most ${most} draws a chain` : 'ask for fewer chains';
  throw new ProblemError(`${sampler.chains} chains × ${draws} draws of ${width} parameters are more than memory can hold; ${advice}.`);
}

export async function fitSpec(preparer: Preparer, source: SpecSource, options: FitOptions, watch: FitWatch): Promise<FitResult> {
  watch.progress('reading', []);
  const prepared = await unlessStopped((signal) => preparer.prepare(source, options.overrides, signal), watch.stop);
  if (prepared === null) return { kind: 'cancelled' };
  if (!('spec' in prepared)) return { kind: 'refused', problems: prepared };
  const { sampler } = prepared.spec;
  refuseTooMany(sampler, sampler.draws, listParameters(prepared.design).filter((p) => !p.masked).length);
  if (options.priorOnly) return fromPriors(prepared, source, watch);
  watch.progress('compiling', []);
  const start = performance.now();
  const { design, data, spec } = prepared;
  const work = await atLeisure(workFor(design, data), () => stopped(watch));
  if (work === null) return { kind: 'cancelled' };
  const target = targetOf(work);
  const compileMs = performance.now() - start;
  const orders = ordersOf(spec.sampler, spec.sampler.draws, null);
  const made = await runChains(work, target, orders, { stop: watch.stop, report: (c) => watch.progress('sampling', c) });
  // A chain that was stopped in its warm-up has nothing to keep; the others do.
  const chains = made.filter((c) => c.draws > 0);
  if (chains.length === 0) return { kind: 'cancelled' };
  const sampleMs = performance.now() - start - compileMs;
  const kept: Prepared = { ...prepared, spec: { ...spec, sampler: { ...sampler, chains: chains.length } } };
  return finish(
    kept,
    { source, work, target, chains, earlier: null },
    { read: prepared.readMs, compile: compileMs, sample: sampleMs },
    watch,
  );
}

/** Adds draws to a fit, without new warm-up: stopping and going on gives what one long run would have given. */
export async function continueFit(state: FitState, draws: number, watch: FitWatch): Promise<FitResult> {
  const { target, work } = state;
  if (target === null || work === null || state.chains.some((c) => c.state === null))
    throw new ProblemError('This fit cannot go on: it has draws of the priors alone, or was stopped during warm-up; fit again.');
  const longest = Math.max(...state.chains.map((c) => c.draws));
  const kept = state.draws.draws;
  refuseTooMany(state.sampler, kept + longest + draws, target.width);
  watch.progress('sampling', []);
  const start = performance.now();
  const orders = ordersOf(state.sampler, draws, state.chains).map((order, c) => ({
    ...order,
    draws: draws + longest - state.chains[c].draws,
  }));
  const later = await runChains(work, target, orders, { stop: watch.stop, report: (c) => watch.progress('sampling', c) });
  const chains = continueChains(state.chains, later);
  if (Math.min(...chains.map((c) => c.draws)) === 0) return { kind: 'cancelled' };
  const sampler = { ...state.sampler, draws: kept + longest + draws };
  const prepared: Prepared = {
    spec: { ...state.spec, sampler },
    profile: state.profile,
    design: state.design,
    data: state.data,
    problems: state.problems,
    readMs: 0,
  };
  return finish(
    prepared,
    { source: state.source, work, target, chains, earlier: state.draws },
    { read: 0, compile: 0, sample: performance.now() - start },
    watch,
  );
}

function ordersOf(sampler: SamplerSpec, draws: number, earlier: readonly ChainResult[] | null): ChainOrder[] {
  return Array.from({ length: sampler.chains }, (_, chain) => {
    const settings: ChainSettings = {
      seed: sampler.seed,
      chain,
      warmup: sampler.warmup,
      targetAccept: sampler.target_accept,
      maxDepth: sampler.max_treedepth,
    };
    return { settings, draws, resume: earlier?.[chain].state ?? null };
  });
}

interface Sampled {
  readonly work: ModelWork;
  readonly target: Target;
  readonly chains: readonly ChainResult[];
  /** Draws of the same chains from before. */
  readonly earlier: Draws | null;
}

async function finish(
  prepared: Prepared,
  { chains, earlier, ...sampled }: Pick<FitState, 'source'> & Sampled,
  timing: Timing,
  watch: FitWatch,
): Promise<FitResult> {
  watch.progress('summarising', []);
  const { readMs: _, ...kept } = prepared;
  const parameters = listParameters(prepared.design);
  const draws = joinChains(chains, sampled.target.width, earlier);
  const job = { prepared, parameters, draws, specPath: sampled.source.path, work: sampled.work, timing };
  const { report, checked, sketches } = await makeSummary(
    job,
    () => sampled.target,
    () => stopped(watch),
  );
  return {
    kind: 'fitted',
    state: {
      ...kept,
      ...sampled,
      chains: chains.map((c) => restOf(c, draws.draws - (earlier?.draws ?? 0))),
      parameters,
      draws,
      report,
      sketches,
      loo: checked.pointwise,
      predicted: null,
      sampler: prepared.spec.sampler,
    },
  };
}

/** What the priors alone say: draws of every parameter with the data unseen. */
async function fromPriors(prepared: Prepared, source: SpecSource, watch: FitWatch): Promise<FitResult> {
  watch.progress('summarising', []);
  const { readMs, ...kept } = prepared;
  const { spec, design } = prepared;
  const parameters = listParameters(design);
  const flat = flatParameters(parameters);
  if (flat.length > 0)
    throw new ProblemError(
      `A flat prior cannot be drawn from: give ${flat.slice(0, 3).join(', ')} a proper one to see what the priors say.`,
    );
  const start = performance.now();
  const draws = priorDraws(design, parameters, spec.sampler.chains * spec.sampler.draws, spec.sampler.seed);
  const timing = { read: readMs, compile: 0, sample: performance.now() - start };
  const job = { prepared, parameters, draws, specPath: source.path, work: null, timing };
  const { report, sketches } = await makeSummary(job, null, () => stopped(watch));
  return {
    kind: 'fitted',
    state: {
      ...kept,
      source,
      work: null,
      target: null,
      chains: [],
      parameters,
      draws,
      report,
      sketches,
      loo: null,
      predicted: null,
      sampler: spec.sampler,
    },
  };
}

const stopped = (watch: FitWatch): boolean => Atomics.load(watch.stop, 0) === 1;
