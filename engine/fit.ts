/** A fit from end to end: read, compile, sample, summarise. */
import { listParameters } from '../core/model/parameters.ts';
import type { ChainSettings } from '../core/sampler/chain.ts';
import type { Problem } from '../core/spec/problem.ts';
import type { SamplerSpec } from '../core/spec/types.ts';
import type { ChainProgress, FitPhase, SpecSource } from '../protocol/engine.ts';
import type { ChainOrder, ChainResult } from './chainRun.ts';
import { runChains } from './chains.ts';
import { continueChains } from './draws.ts';
import { targetOf, workFor } from './model.ts';
import type { Prepared, Preparer } from './prepare.ts';
import type { FitState } from './state.ts';
import { summariseFit } from './summarise.ts';

export interface FitWatch {
  readonly progress: (phase: FitPhase, chains: readonly ChainProgress[]) => void;
  /** Shared; 1 stops: the draws so far become the fit. */
  readonly stop: Int32Array;
}

export type FitResult =
  | { readonly kind: 'fitted'; readonly state: FitState }
  | { readonly kind: 'refused'; readonly problems: readonly Problem[] }
  | { readonly kind: 'cancelled' };

export async function fitSpec(
  preparer: Preparer,
  source: SpecSource,
  overrides: Partial<SamplerSpec>,
  watch: FitWatch,
): Promise<FitResult> {
  watch.progress('reading', []);
  const prepared = await preparer.prepare(source, overrides);
  if (!('spec' in prepared)) return { kind: 'refused', problems: prepared };
  if (stopped(watch)) return { kind: 'cancelled' };
  watch.progress('compiling', []);
  const start = performance.now();
  const { design, data, spec } = prepared;
  const work = workFor(design, data);
  const target = targetOf(work);
  const compileMs = performance.now() - start;
  const orders = ordersOf(spec.sampler, spec.sampler.draws, null);
  const chains = await runChains(work, target, orders, { stop: watch.stop, report: (c) => watch.progress('sampling', c) });
  if (chains.some((c) => c.draws === 0)) return { kind: 'cancelled' };
  const sampleMs = performance.now() - start - compileMs;
  return finish(prepared, { source, work, target, chains }, { read: prepared.readMs, compile: compileMs, sample: sampleMs }, watch);
}

/** Adds draws to a fit, without new warm-up: stopping and going on gives what one long run would have given. */
export async function continueFit(state: FitState, draws: number, watch: FitWatch): Promise<FitResult> {
  if (state.chains.some((c) => c.state === null)) throw new Error('This fit was stopped during warm-up and cannot go on; fit again.');
  watch.progress('sampling', []);
  const start = performance.now();
  const shortest = Math.min(...state.chains.map((c) => c.draws));
  const longest = Math.max(...state.chains.map((c) => c.draws));
  const orders = ordersOf(state.sampler, draws, state.chains).map((order, c) => ({
    ...order,
    draws: draws + longest - state.chains[c].draws,
  }));
  const later = await runChains(state.work, state.target, orders, { stop: watch.stop, report: (c) => watch.progress('sampling', c) });
  const chains = continueChains(state.chains, later);
  if (Math.min(...chains.map((c) => c.draws)) === shortest) return { kind: 'cancelled' };
  const sampler = { ...state.sampler, draws: longest + draws };
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
    { source: state.source, work: state.work, target: state.target, chains },
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

async function finish(
  prepared: Prepared,
  sampled: Pick<FitState, 'source' | 'work' | 'target' | 'chains'>,
  timing: { readonly read: number; readonly compile: number; readonly sample: number },
  watch: FitWatch,
): Promise<FitResult> {
  watch.progress('summarising', []);
  const { spec, design, data, profile, problems } = prepared;
  const parameters = listParameters(design);
  const { draws, report, loo } = summariseFit(prepared, parameters, sampled, timing);
  return {
    kind: 'fitted',
    state: { ...sampled, spec, design, data, profile, problems, parameters, draws, report, loo, sampler: spec.sampler },
  };
}

const stopped = (watch: FitWatch): boolean => Atomics.load(watch.stop, 0) === 1;
