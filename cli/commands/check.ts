import { isError } from '../../core/spec/problem.ts';
import { Preparer } from '../../engine/prepare.ts';
import { EXIT, type Exit } from '../exit.ts';
import { placeProblems, printProblems } from '../print/problems.ts';
import { readSpec } from '../source.ts';

export async function checkCommand(spec: string, options: { readonly json?: boolean }): Promise<Exit> {
  const source = await readSpec(spec);
  const { problems } = await new Preparer().check(source);
  printProblems(source, problems);
  if (options.json) process.stdout.write(`${JSON.stringify({ spec, problems: placeProblems(source, problems) })}\n`);
  else if (problems.length === 0) process.stdout.write('No problems.\n');
  return problems.some(isError) ? EXIT.fault : EXIT.done;
}
