/** Whole fits of data that a test makes, with many seeds. */
import type { Parameter } from '../../core/design/design.ts';
import { listParameters } from '../../core/design/parameters.ts';
import { Rng } from '../../core/math/rng.ts';
import { toEnd } from '../../core/math/steps.ts';
import { assess } from '../../core/posterior/diagnose/summary.ts';
import { judge } from '../../core/posterior/verdict/verdict.ts';
import { joinChains } from '../../engine/sample/draws.ts';
import { type ChainResult, runChain } from '../../engine/sample/turns.ts';
import { targetOf, workFor } from '../../engine/sample/work.ts';
import type { Folder } from '../sources/folder.ts';

const WARMUP = 500;
const DRAWS = 1000;

export interface Fit {
  readonly trusted: boolean;
  readonly flags: readonly string[];
  readonly chains: readonly ChainResult[];
  readonly summary: ReadonlyMap<string, { readonly mean: number; readonly sd: number; readonly mcse: number }>;
  readonly parameters: readonly Parameter[];
  readonly longestRun: number;
}

/** Rows of a CSV from a seed: `row(rng, i)` gives the cells. */
export function csv(header: string, n: number, seed: number, row: (rng: Rng, i: number) => readonly (string | number)[]): string {
  const rng = Rng.of(seed, 12);
  return `${[header, ...Array.from({ length: n }, (_, i) => row(rng, i).join(','))].join('\n')}\n`;
}

/** Fits with the seeds 1, 2, …; the data go to a file of that name in the folder. */
export async function fitsIn(
  folder: Folder,
  name: string,
  data: string,
  spec: Readonly<Record<string, unknown>>,
  seeds: number,
): Promise<Fit[]> {
  folder.write(`${name}.csv`, data);
  const whole = { ...spec, data: `${name}.csv` };
  const { design } = await folder.design(whole);
  const work = toEnd(workFor(design, await folder.load(whole)));
  const target = targetOf(work);
  const parameters = listParameters(design);
  return Array.from({ length: seeds }, (_, s) => {
    const chains = [0, 1, 2, 3].map((chain) => {
      const settings = { seed: s + 1, chain, warmup: WARMUP, targetAccept: 0.8, maxDepth: 10 };
      return toEnd(runChain(target, { settings, draws: DRAWS, resume: null }, () => false));
    });
    const draws = joinChains(chains, target.width);
    const assessment = assess(draws, parameters, { kind: 'eti', prob: 0.9 });
    const sampler = { draws: DRAWS, target_accept: 0.8, max_treedepth: 10 };
    const verdict = judge({
      draws,
      parameters,
      assessment,
      modes: work.plan.modes,
      sampler,
      stopped: false,
      paretoK: null,
      dispersion: null,
    });
    return {
      trusted: verdict.trustworthy,
      flags: verdict.flags.map((f) => f.id),
      chains,
      parameters,
      summary: new Map(
        assessment.summaries.flatMap((p) =>
          p.masked ? [] : [[p.name, { mean: p.mean ?? Number.NaN, sd: p.sd ?? Number.NaN, mcse: p.mcse_mean ?? Number.NaN }] as const],
        ),
      ),
      longestRun: Math.max(...chains.map((c) => longestRun(c.logDensity))),
    };
  });
}

function longestRun(values: Float64Array): number {
  let longest = 1;
  let run = 1;
  for (let i = 1; i < values.length; i++) {
    run = values[i] === values[i - 1] ? run + 1 : 1;
    longest = Math.max(longest, run);
  }
  return longest;
}

export const trusted = (all: readonly Fit[]): number => all.filter((f) => f.trusted).length;
/** The flags of those that are not. */
export const refused = (all: readonly Fit[]): string => all.flatMap((f) => (f.trusted ? [] : f.flags)).join(' ');
