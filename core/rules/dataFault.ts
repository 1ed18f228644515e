import type { DataFault } from '../data/profile.ts';
import type { Path } from '../spec/json.ts';
import { nearest, quote } from '../spec/nearest.ts';
import type { Fix, Problem, Severity } from '../spec/problem.ts';
import { problemOf, removeAt, replaceAt, type SpecContext } from './rule.ts';

/** The code of each kind of fault. */
export const FAULT_CODES: Readonly<Record<DataFault['kind'], string>> = {
  missing: 'HM101',
  outside: 'HM102',
  not_a_file: 'HM103',
  unreadable: 'HM103',
  encoding: 'HM103',
  too_long: 'HM103',
  unsupported: 'HM103',
  empty: 'HM104',
  header_only: 'HM104',
  duplicate_header: 'HM105',
  ragged: 'HM106',
  where: 'HM107',
  where_empty: 'HM108',
  // Found only when the rows of a model are read; the rules on the profile have the same codes.
  column: 'HM201',
  cell: 'HM204',
};

/**
 * HM101–HM108: what is wrong with the data file or the `where` over it, at the spec's path to it and at the place in the data.
 * The reader of the data finds these and says each in one sentence.
 */
export function* dataFault(context: SpecContext, faults: readonly DataFault[], file: string): Iterable<Problem> {
  const path = filePath(context);
  for (const fault of faults) {
    const where = fault.kind === 'where' || fault.kind === 'where_empty';
    const at = where ? wherePath(context) : path;
    const severity: Severity = fault.fatal ? 'error' : 'warning';
    const data = fault.line === null ? undefined : { file, line: fault.line, column: fault.column ?? 1 };
    yield problemOf(FAULT_CODES[fault.kind], severity, fault.message, context.locate(at), fixesOf(context, fault, at), data);
  }
}

function fixesOf(context: SpecContext, fault: DataFault, at: Path): Fix[] {
  if (fault.kind === 'where' || fault.kind === 'where_empty') return [{ title: 'Remove "where"', edits: removeAt(context, at) }];
  if (fault.kind !== 'missing' || context.spec.data.kind !== 'file') return [];
  const all = fault.suggestions ?? [];
  const best = nearest(context.spec.data.file, all);
  const ordered = best === null ? all : [best, ...all.filter((f) => f !== best)];
  return ordered.slice(0, 5).map((f) => ({ ...replaceAt(context, at, JSON.stringify(f), `Use ${quote(f)}`), preferred: f === best }));
}

/** Where the spec names its data. */
export function filePath({ spec, tree }: SpecContext): Path {
  if (spec.data.kind === 'trino') return ['data', 'trino', 'table'];
  const data = tree.children?.find((p) => p.children?.[0].value === 'data')?.children?.[1];
  return data?.type === 'object' ? ['data', 'file'] : ['data'];
}

const wherePath = ({ spec }: SpecContext): Path => (spec.data.kind === 'trino' ? ['data', 'trino', 'where'] : ['data', 'where']);
