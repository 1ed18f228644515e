import { basename, dirname, extname, join, relative, resolve } from 'node:path';
import { draftSpec } from '../../core/spec/draft.ts';
import { ALL } from '../../core/spec/types.ts';
import { visible } from '../../core/text.ts';
import { profileData } from '../../sources/duckdb.ts';
import { EXIT, type Exit, UsageError } from '../exit.ts';
import { writeNewFile } from '../files.ts';
import { print, tell } from '../output.ts';

/** Writes NAME.hmask.json beside NAME.csv. */
export async function initCommand(file: string, options: { readonly response?: string; readonly group?: string }): Promise<Exit> {
  const path = resolve(file);
  const out = join(dirname(path), `${basename(path, extname(path)).replace(/\.csv$/, '')}.hmask.json`);
  const data = basename(path);
  const source = { kind: 'file', file: data, where: null, delimiter: null } as const;
  const look = (group: string | null) => profileData({ specPath: out, source, group, roots: [dirname(path)] });
  const first = await look(options.group ?? null);
  const fault = first.faults.find((f) => f.fatal);
  if (fault) {
    tell(visible(`${relative(process.cwd(), path) || path}:${fault.line ?? 1}:${fault.column ?? 1}: error HM101 ${fault.message}`));
    return EXIT.fault;
  }
  for (const name of [options.group, options.response]) {
    if (name !== undefined && !first.columns.some((c) => c.name === name)) throw new UsageError(`${data} has no column "${name}".`);
  }
  const drafted = draftSpec(first, { data, response: options.response ?? null, group: options.group ?? null });
  if (drafted === null) throw new UsageError(`${data} has no column of numbers that could be the response; say --response.`);
  // The groups of a guessed column are known only after a second look.
  const profile = drafted.group !== first.groupColumn ? await look(drafted.group) : first;
  await writeNewFile(out, draftSpec(profile, { data, response: drafted.response, group: drafted.group })!.text);
  await print(visible(`${relative(process.cwd(), out)}: response ${drafted.response}, group ${drafted.group ?? ALL}`));
  return EXIT.done;
}
