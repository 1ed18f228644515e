/** Chains' results joined to the draws of a fit. */
import type { Draws, SamplerStatistics } from '../../core/sampler/types.ts';
import type { ChainResult } from './turns.ts';

/** Of a draw at a time: what is read and what is written then stay in the cache together. */
const COLUMNS = 64;

type Column = 'logDensity' | 'energy' | 'acceptance' | 'stepSize' | 'treeDepth' | 'leapfrogs' | 'diverging';

/**
 * Chains of unequal length, as after a stop, are cut to the shortest.
 * @param earlier draws of the same chains that go before these.
 */
export function joinChains(results: readonly ChainResult[], width: number, earlier: Draws | null = null): Draws {
  const chains = results.length;
  const before = earlier?.draws ?? 0;
  const made = Math.min(...results.map((r) => r.draws));
  const draws = before + made;
  const size = chains * draws;
  // In shared memory, so that a thread that makes the summary gets them without a copy.
  const values = new Float64Array(new SharedArrayBuffer(8 * width * size));
  for (let c = 0; c < chains; c++) {
    const own = results[c].values;
    if (earlier) for (let j = 0; j < width; j++) values.set(ofChain(earlier.values, j * chains + c, before), j * size + c * draws);
    for (let from = 0; from < width; from += COLUMNS) {
      const to = Math.min(width, from + COLUMNS);
      for (let i = 0; i < made; i++) {
        const row = i * width;
        for (let j = from; j < to; j++) values[j * size + c * draws + before + i] = own[row + j];
      }
    }
  }
  const gather = <A extends Float64Array | Uint8Array | Uint32Array>(out: A, column: Column): A => {
    results.forEach((r, c) => {
      if (earlier) out.set(ofChain(earlier.statistics[column], c, before), c * draws);
      out.set(r[column].subarray(0, made), c * draws + before);
    });
    return out;
  };
  const statistics: SamplerStatistics = {
    logDensity: gather(new Float64Array(size), 'logDensity'),
    energy: gather(new Float64Array(size), 'energy'),
    acceptance: gather(new Float64Array(size), 'acceptance'),
    stepSize: gather(new Float64Array(size), 'stepSize'),
    treeDepth: gather(new Uint8Array(size), 'treeDepth'),
    leapfrogs: gather(new Uint32Array(size), 'leapfrogs'),
    diverging: gather(new Uint8Array(size), 'diverging'),
  };
  const divergences = results.flatMap((r) => r.divergences);
  return {
    chains,
    draws,
    parameters: width,
    values,
    statistics,
    divergences,
    gradientEvaluations: results.reduce((n, r) => n + r.evaluations, 0),
  };
}

/** The part of an array that is chains × draws, or scalars × chains × draws. */
const ofChain = <A extends Float64Array | Uint8Array | Uint32Array>(values: A, place: number, draws: number): A =>
  values.subarray(place * draws, (place + 1) * draws) as A;

/** What a chain must keep to go on once its first draws are among those of the fit: those behind them, and where it stands. */
export function restOf(result: ChainResult, from: number): ChainResult {
  return {
    ...result,
    draws: result.draws - from,
    values: result.values.slice((from * result.values.length) / result.draws),
    logDensity: result.logDensity.slice(from),
    energy: result.energy.slice(from),
    acceptance: result.acceptance.slice(from),
    stepSize: result.stepSize.slice(from),
    treeDepth: result.treeDepth.slice(from),
    leapfrogs: result.leapfrogs.slice(from),
    diverging: result.diverging.slice(from),
  };
}

/** Earlier results with later ones of the same chains behind them. */
export function continueChains(earlier: readonly ChainResult[], later: readonly ChainResult[]): ChainResult[] {
  const joined = <A extends Float64Array | Uint8Array | Uint32Array>(a: A, b: A): A => {
    const out = new (a.constructor as { new (length: number): A })(a.length + b.length);
    out.set(a);
    out.set(b, a.length);
    return out;
  };
  return earlier.map((a, c) => {
    const b = later[c];
    return {
      draws: a.draws + b.draws,
      values: joined(a.values, b.values),
      logDensity: joined(a.logDensity, b.logDensity),
      energy: joined(a.energy, b.energy),
      acceptance: joined(a.acceptance, b.acceptance),
      stepSize: joined(a.stepSize, b.stepSize),
      treeDepth: joined(a.treeDepth, b.treeDepth),
      leapfrogs: joined(a.leapfrogs, b.leapfrogs),
      diverging: joined(a.diverging, b.diverging),
      divergences: [...a.divergences, ...b.divergences],
      evaluations: a.evaluations + b.evaluations,
      state: b.state,
    };
  });
}
