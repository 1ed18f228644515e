import { join } from 'node:path';
import { FORMATS } from '../../core/export/index.ts';
import { SAMPLER_BOUNDS } from '../../core/spec/defaults.ts';
import { METHODS, type Method, type SamplerSpec } from '../../core/spec/types.ts';
import type { FitState } from '../../engine/state.ts';
import { EXIT, type Exit, reasonOf, UsageError, wholeNumber } from '../exit.ts';
import { makeFolder, writeFileWhole } from '../files.ts';
import { print, printJson } from '../output.ts';
import { renderFit } from '../print/fit.ts';
import { observedPredictedText } from '../print/histogram.ts';
import { runFit } from '../run.ts';
import { readSpec } from '../source.ts';

/** As they stand on the command line: a number is checked, anything else is text. */
export interface FitOptions {
  readonly json?: boolean;
  readonly seed?: string;
  readonly chains?: string;
  readonly warmup?: string;
  readonly draws?: string;
  readonly method?: string;
  readonly out?: string;
  readonly priorOnly?: boolean;
  readonly histogram?: boolean;
}

export async function fitCommand(spec: string, options: FitOptions): Promise<Exit> {
  const overrides = samplerOptions(options);
  const source = await readSpec(spec);
  if (options.out !== undefined) await folderFor(options.out);
  const result = await runFit(source, overrides, options.priorOnly === true);
  if (typeof result === 'number') return result;
  const { state } = result;
  try {
    await printResults(state, options);
  } finally {
    // The one place may be full and the other not.
    if (options.out !== undefined) await writeResults(state, options.out);
  }
  return result.interrupted ? EXIT.cancelled : EXIT.done;
}

async function printResults(state: FitState, { json, histogram }: FitOptions): Promise<void> {
  if (json) return printJson(FORMATS.report.text(state));
  await print(renderFit(state.report, state.design));
  if (histogram) await print(`\n${observedPredictedText(state)}`);
}

async function writeResults(state: FitState, folder: string): Promise<void> {
  await writeFileWhole(join(folder, 'report.json'), FORMATS.report.text(state));
  await writeFileWhole(join(folder, 'draws.csv'), FORMATS.draws.text(state));
}

/** Makes the folder before there is anything to lose. @throws UsageError when it cannot be made. */
async function folderFor(path: string): Promise<void> {
  await makeFolder(path).catch((error: unknown) => {
    throw new UsageError(`--out names the folder ${path}, which cannot be made: ${reasonOf(error)}.`);
  });
}

/** The options that stand in the place of the spec's `sampler`. */
export function samplerOptions(options: FitOptions): Partial<SamplerSpec> {
  const { method } = options;
  if (method !== undefined && !METHODS.includes(method as Method)) throw new UsageError(`--method is one of ${METHODS.join(', ')}.`);
  const given = {
    seed: wholeNumber('seed', options.seed, ...SAMPLER_BOUNDS.seed),
    chains: wholeNumber('chains', options.chains, ...SAMPLER_BOUNDS.chains),
    warmup: wholeNumber('warmup', options.warmup, ...SAMPLER_BOUNDS.warmup),
    // How many memory can hold depends on the model, and is told with the fit.
    draws: wholeNumber('draws', options.draws, SAMPLER_BOUNDS.draws[0]),
    method: method as Method | undefined,
  };
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
}
