import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { METHODS, type Method, type SamplerSpec } from '../../core/spec/types.ts';
import { drawsCsv } from '../drawsCsv.ts';
import { EXIT, type Exit, UsageError, wholeNumber } from '../exit.ts';
import { renderFit } from '../print/fit.ts';
import { observedPredictedText } from '../print/histogram.ts';
import { runFit } from '../run.ts';
import { readSpec } from '../source.ts';

export interface FitOptions {
  readonly json?: boolean;
  readonly seed?: unknown;
  readonly chains?: unknown;
  readonly warmup?: unknown;
  readonly draws?: unknown;
  readonly method?: unknown;
  readonly out?: unknown;
  readonly priorOnly?: boolean;
  readonly histogram?: boolean;
}

export async function fitCommand(spec: string, options: FitOptions): Promise<Exit> {
  const overrides = samplerOptions(options);
  const source = await readSpec(spec);
  const folder = options.out === undefined ? null : await folderFor(String(options.out));
  const result = await runFit(source, overrides, options.priorOnly === true);
  if (typeof result === 'number') return result;
  const { state } = result;
  if (folder !== null) {
    await writeFile(join(folder, 'report.json'), `${JSON.stringify(state.report, null, 1)}\n`);
    await writeFile(join(folder, 'draws.csv'), drawsCsv(state));
  }
  process.stdout.write(options.json ? `${JSON.stringify(state.report)}\n` : `${renderFit(state.report)}\n`);
  if (options.histogram && !options.json) process.stdout.write(`\n${observedPredictedText(state)}\n`);
  return state.report.sampling.stopped ? EXIT.cancelled : EXIT.done;
}

/** Makes the folder before there is anything to lose. */
async function folderFor(path: string): Promise<string> {
  await mkdir(path, { recursive: true }).catch((error: NodeJS.ErrnoException) => {
    throw new UsageError(`--out names the folder ${path}, which cannot be made (${error.code}).`);
  });
  return path;
}

/** The options that stand in the place of the spec's `sampler`. */
export function samplerOptions(options: FitOptions): Partial<SamplerSpec> {
  const { method } = options;
  if (method !== undefined && !METHODS.includes(method as Method)) throw new UsageError(`--method is one of ${METHODS.join(', ')}.`);
  const given = {
    seed: wholeNumber('seed', options.seed, 0),
    chains: wholeNumber('chains', options.chains, 1),
    warmup: wholeNumber('warmup', options.warmup, 0),
    draws: wholeNumber('draws', options.draws, 1),
    method: method as Method | undefined,
  };
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
}
