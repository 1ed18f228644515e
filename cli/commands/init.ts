import { basename, dirname, extname, join, relative, resolve } from 'node:path';
import type { DataProfile } from '../../core/data/profile.ts';
import { keysText } from '../../core/data/readable.ts';
import type { Draft } from '../../core/init/draft.ts';
import { FAULT_CODES } from '../../core/rules/dataFault.ts';
import { listing } from '../../core/rules/rule.ts';
import { quote } from '../../core/spec/nearest.ts';
import { visible } from '../../core/spec/text.ts';
import { ALL } from '../../core/spec/types.ts';
import { draftFor } from '../../engine/read/draft.ts';
import { EXIT, type Exit, UsageError } from '../exit.ts';
import { writeNewFile } from '../files.ts';
import { interruptible } from '../interrupt.ts';
import { print, tell } from '../output.ts';
import { printProblems } from '../print/problems.ts';

/** Writes NAME.hmask.json beside NAME.csv, and says what was guessed and why. */
export function initCommand(file: string, options: Roles): Promise<Exit> {
  return interruptible((signal) => init(file, options, signal));
}

interface Roles {
  readonly response?: string;
  readonly group?: string;
}

async function init(file: string, options: Roles, signal: AbortSignal): Promise<Exit> {
  const path = resolve(file);
  const out = join(dirname(path), `${basename(path, extname(path)).replace(/\.(csv|tsv)$/, '')}.hmask.json`);
  const data = basename(path);
  const asked = { response: options.response ?? null, group: options.group ?? null };
  const { draft, profile, needed } = await draftFor(out, path, asked, signal);
  if (tellFaults(profile, path)) return EXIT.fault;
  for (const name of [options.group, options.response]) {
    if (name !== undefined && !profile.columns.some((c) => c.name === name)) throw new UsageError(`${data} has no column "${name}".`);
  }
  if (options.group !== undefined && options.group === options.response)
    throw new UsageError(`"${options.group}" cannot be the response and the group.`);
  if (draft === null) throw new UsageError(`${data} has no column of numbers that could be the response; say --response.`);
  if (draft.problems.length > 0) {
    printProblems({ path: out, text: draft.text, roots: [] }, draft.problems);
    tell('hmask: nothing was written; name other columns with --response and --group.');
    return EXIT.fault;
  }
  await writeNewFile(out, draft.text);
  await print(visible(`${relative(process.cwd(), out)}: response ${draft.response.column}, group ${draft.group?.column ?? ALL}`));
  for (const { keys, reason } of needed) await print(visible(`  data: ${keysText(keys)}, ${reason}`));
  for (const line of reasonsOf(draft)) await print(visible(`  ${line}`));
  return EXIT.done;
}

/** Whether the file cannot be read; why is told with its own code. */
function tellFaults(profile: DataProfile, path: string): boolean {
  const fault = profile.faults.find((f) => f.fatal);
  if (fault === undefined) return false;
  const place = `${relative(process.cwd(), path) || path}:${fault.line ?? 1}:${fault.column ?? 1}`;
  tell(visible(`${place}: error ${FAULT_CODES[fault.kind]} ${fault.message}`));
  return true;
}

function reasonsOf({ response, group, family, pooling, covariates, leftOut, drops }: Draft): string[] {
  return [
    `response ${response.column}: ${response.reason} (--response names another)`,
    group === null
      ? 'no group: no column looks like one (--group names it)'
      : `group ${group.column}: ${group.reason} (--group names another)`,
    `family ${family.family}: ${family.reason}`,
    ...(pooling === 'partial' ? ['pooling partial: with five groups or more they can learn from each other'] : []),
    `covariates: ${covariates.length === 0 ? 'none' : listing(covariates, 20)}`,
    ...(drops ? ['missing drop: rows with empty cells where the mask is 1 are left out'] : []),
    ...[...new Set(leftOut.map((l) => l.reason))].map((reason) => {
      const names = leftOut
        .filter((l) => l.reason === reason)
        .map((l) => (l.column.trim() === '' ? 'a column without a name' : quote(l.column)));
      return `left out ${listing(names)}: ${reason}`;
    }),
  ];
}
