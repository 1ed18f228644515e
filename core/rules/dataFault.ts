import type { DataFault } from '../data/profile.ts';
import { nodeAt, type Path, rangeInString } from '../spec/json.ts';
import { didYouMean, nearest, quote } from '../spec/nearest.ts';
import type { Fix, Problem, Severity, TextRange } from '../spec/problem.ts';
import { listing, problemOf, removeAt, replaceAt, type SpecContext } from './rule.ts';

/** The code of each kind of fault. */
export const FAULT_CODES: Readonly<Record<DataFault['kind'], string>> = {
  missing: 'HM101',
  outside: 'HM102',
  not_a_file: 'HM103',
  unreadable: 'HM103',
  encoding: 'HM103',
  table: 'HM103',
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
    const name = nameInWhere(context, fault);
    const data = fault.line === null ? undefined : { file, line: fault.line, column: fault.column ?? 1 };
    const message = `${fault.message}${adviceOn(context, fault)}`;
    yield problemOf(
      fault.code ?? FAULT_CODES[fault.kind],
      severity,
      message,
      name ?? context.locate(at),
      fixesOf(context, fault, at, name),
      data,
    );
  }
}

/** What to do, where the reader of the data says only what is wrong. */
function adviceOn(context: SpecContext, fault: DataFault): string {
  const { spec } = context;
  const { kind, suggestions = [] } = fault;
  if (kind === 'empty' || kind === 'header_only') return ' Name the file that holds the rows, or export it again.';
  if (kind === 'where_empty') return ' Loosen the condition, or remove it.';
  if (kind === 'where' && fault.unknown !== undefined) {
    const { column, quoted } = meantInWhere(context, fault);
    return didYouMean(column) || (quoted ? ' A text goes in single quotes.' : ` It has ${listing(suggestions.map(quote), 6)}.`);
  }
  if (kind !== 'missing' || spec.data.kind !== 'file') return '';
  return didYouMean(nearest(spec.data.file, suggestions)) || ' Correct the path, which is relative to the spec.';
}

/** Where a name that the data lack stands in `where`; `null` when the fault is not about one, or it cannot be found. */
function nameInWhere({ spec, text, tree }: SpecContext, { kind, unknown }: DataFault): TextRange | null {
  const node = nodeAt(tree, wherePath({ spec }));
  if (kind !== 'where' || unknown === undefined || node?.type !== 'string') return null;
  const where = String(node.value);
  let start = where.indexOf(unknown);
  // Not within another word.
  const isWord = (at: number) => /\w/.test(where[at] ?? '');
  while (start >= 0 && (isWord(start - 1) || isWord(start + unknown.length))) start = where.indexOf(unknown, start + 1);
  return start < 0 ? null : rangeInString(text, node, start, start + unknown.length);
}

/** The column that a name in `where` may be meant for, and whether it may be a text in the wrong quotes. */
function meantInWhere({ spec }: SpecContext, { unknown = '', suggestions = [] }: DataFault) {
  const quoted = spec.data.where?.includes(`"${unknown}"`) === true;
  return { column: nearest(unknown, suggestions), quoted };
}

function fixesOf(context: SpecContext, fault: DataFault, at: Path, name: TextRange | null): Fix[] {
  if (fault.kind === 'where' || fault.kind === 'where_empty') {
    const { column, quoted } = meantInWhere(context, fault);
    const fixes: Fix[] = [{ title: 'Remove "where"', edits: removeAt(context, at) }];
    const { where } = context.spec.data;
    if (where === null || name === null) return fixes;
    const plain = column !== null && /^[A-Za-z_]\w*$/.test(column);
    if (column !== null && (quoted || plain))
      fixes.unshift({
        title: `Change to ${quote(column)}`,
        edits: [{ ...name, text: JSON.stringify(column).slice(1, -1) }],
        preferred: true,
      });
    const text = where.replaceAll(`"${fault.unknown}"`, `'${fault.unknown?.replaceAll("'", "''")}'`);
    if (quoted)
      fixes.splice(-1, 0, {
        ...replaceAt(context, at, JSON.stringify(text), `Make ${quote(fault.unknown ?? '')} a text, in single quotes`),
      });
    return fixes;
  }
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

const wherePath = ({ spec }: Pick<SpecContext, 'spec'>): Path =>
  spec.data.kind === 'trino' ? ['data', 'trino', 'where'] : ['data', 'where'];
