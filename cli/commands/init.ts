import { basename, dirname, extname, join, relative, resolve } from 'node:path';
import { draftSpec } from '../../core/spec/draft.ts';
import { ALL } from '../../core/spec/types.ts';
import { profileData } from '../../sources/duckdb.ts';
import { EXIT, type Exit, UsageError } from '../exit.ts';
import { writeNew } from './simulate.ts';

/** Writes NAME.hmask.json beside NAME.csv. */
export async function initCommand(file: string, options: { readonly response?: unknown; readonly group?: unknown }): Promise<Exit> {
  const path = resolve(String(file));
  const out = join(dirname(path), `${basename(path, extname(path)).replace(/\.csv$/, '')}.hmask.json`);
  const data = basename(path);
  const source = { kind: 'file', file: data, where: null, delimiter: null } as const;
  const look = (group: string | null) => profileData({ specPath: out, source, group, roots: [dirname(path)] });
  const text = (value: unknown): string | null => (value === undefined ? null : String(value));
  const first = await look(text(options.group));
  const fault = first.faults.find((f) => f.fatal);
  if (fault) {
    process.stderr.write(
      `${relative(process.cwd(), path) || path}:${fault.line ?? 1}:${fault.column ?? 1}: error HM101 ${fault.message}\n`,
    );
    return EXIT.fault;
  }
  for (const name of [options.group, options.response]) {
    if (name !== undefined && !first.columns.some((c) => c.name === String(name)))
      throw new UsageError(`${data} has no column "${String(name)}".`);
  }
  const drafted = draftSpec(first, { data, response: text(options.response), group: text(options.group) });
  if (drafted === null) throw new UsageError(`${data} has no column of numbers that could be the response; say --response.`);
  // The groups of a guessed column are known only after a second look.
  const profile = drafted.group !== first.groupColumn ? await look(drafted.group) : first;
  await writeNew(out, draftSpec(profile, { data, response: drafted.response, group: drafted.group })!.text);
  process.stdout.write(`${relative(process.cwd(), out)}: response ${drafted.response}, group ${drafted.group ?? ALL}\n`);
  return EXIT.done;
}
