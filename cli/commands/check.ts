import { jsonParts } from '../../core/export/json.ts';
import { isError } from '../../core/spec/problem.ts';
import { Preparer } from '../../engine/read/prepare.ts';
import type { SpecSource } from '../../protocol/engine.ts';
import { EXIT, type Exit } from '../exit.ts';
import { interruptible } from '../interrupt.ts';
import { print, printJson } from '../output.ts';
import { placeProblems, printProblems } from '../print/problems.ts';
import { readSpec } from '../source.ts';

export async function checkCommand(spec: string, options: { readonly json?: boolean }): Promise<Exit> {
  const source = await readSpec(spec);
  return interruptible((signal) => checkSource(spec, source, options, signal));
}

async function checkSource(spec: string, source: SpecSource, options: { readonly json?: boolean }, signal: AbortSignal): Promise<Exit> {
  const { problems } = await new Preparer().check(source, signal);
  printProblems(source, problems);
  if (options.json) await printJson(jsonParts({ spec, problems: placeProblems(source, problems) }));
  else if (problems.length === 0) await print('No problems.');
  return problems.some(isError) ? EXIT.fault : EXIT.done;
}
