import type { DataFault } from '../data/profile.ts';
import { itemsOf, nodeAt, type Path, rangeInString } from '../spec/json.ts';
import { didYouMean, nearest, quote } from '../spec/nearest.ts';
import type { Fix, Problem, Severity, TextRange } from '../spec/problem.ts';
import { keysFix } from './dataKeys.ts';
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
  const path = filePath(context, file);
  for (const fault of faults) {
    const where = fault.kind === 'where' || fault.kind === 'where_empty';
    const at = where ? wherePath(context) : fault.kind === 'table' ? tablePath(context, path) : path;
    const severity: Severity = fault.fatal ? 'error' : 'warning';
    const name = nameInWhere(context, fault);
    const part = name ?? partOfWhere(context, fault);
    const data = fault.line === null ? undefined : { file, line: fault.line, column: fault.column ?? 1 };
    const message = `${fault.message}${adviceOn(context, fault, file)}`;
    yield problemOf(
      fault.code ?? FAULT_CODES[fault.kind],
      severity,
      message,
      part ?? context.locate(at),
      fixesOf(context, fault, file, at, name),
      data,
    );
  }
}

/** What to do, where the reader of the data says only what is wrong. */
function adviceOn(context: SpecContext, fault: DataFault, file: string): string {
  const { spec } = context;
  const { kind, suggestions = [] } = fault;
  if (kind === 'empty' || kind === 'header_only') return ' Name the file that holds the rows, or export it again.';
  if (kind === 'where_empty') return ' Loosen the condition, or remove it.';
  if (kind === 'where' && fault.unknown !== undefined) {
    const { column, quoted } = meantInWhere(context, fault);
    return didYouMean(column) || (quoted ? ' A text goes in single quotes.' : ` It has ${listing(suggestions.map(quote), 6)}.`);
  }
  if (kind !== 'missing' || spec.data.kind !== 'file') return '';
  if (isPatternAsFile(context)) return ' Patterns are written as "files".';
  return didYouMean(nearest(file, suggestions)) || ' Correct the path, which is relative to the spec.';
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

/** Where the text that is at fault stands in `where`; `null` when it is not known. */
function partOfWhere({ spec, text, tree }: SpecContext, { part }: DataFault): TextRange | null {
  const node = nodeAt(tree, wherePath({ spec }));
  if (part === undefined || node?.type !== 'string') return null;
  // As SQL has it, in single quotes, which it doubles within.
  const written = `'${part.replaceAll("'", "''")}'`;
  const start = String(node.value).indexOf(written);
  return start < 0 ? null : rangeInString(text, node, start, start + written.length);
}

/** The column that a name in `where` may be meant for, and whether it may be a text in the wrong quotes. */
function meantInWhere({ spec }: SpecContext, { unknown = '', suggestions = [] }: DataFault) {
  const quoted = spec.data.where?.includes(`"${unknown}"`) === true;
  return { column: nearest(unknown, suggestions), quoted };
}

function fixesOf(context: SpecContext, fault: DataFault, file: string, at: Path, name: TextRange | null): Fix[] {
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
  if (fault.keys !== undefined) return [keysFix(context, fault.keys, true)];
  if (fault.kind === 'table') return (fault.suggestions ?? []).slice(0, 8).map((table) => keysFix(context, { table }, false));
  if (fault.kind !== 'missing' || context.spec.data.kind !== 'file') return [];
  if (isPatternAsFile(context)) return [asFiles(context, context.spec.data.file)];
  const all = fault.suggestions ?? [];
  const best = nearest(file, all);
  const ordered = best === null ? all : [best, ...all.filter((f) => f !== best)];
  return ordered.slice(0, 5).map((f) => ({ ...replaceAt(context, at, JSON.stringify(f), `Use ${quote(f)}`), preferred: f === best }));
}

/** Whether a pattern stands where the path of one file is asked for. */
const isPatternAsFile = ({ spec }: SpecContext): boolean =>
  spec.data.kind === 'file' && spec.data.files === undefined && /[*?]/.test(spec.data.file);

function asFiles(context: SpecContext, pattern: string): Fix {
  const title = 'Write it as "files"';
  const written = JSON.stringify(pattern);
  if (nodeAt(context.tree, ['data'])?.type === 'string')
    return { ...replaceAt(context, ['data'], `{ "files": ${written} }`, title), preferred: true };
  return { title, edits: [{ ...context.locate(['data', 'file'], 'key'), text: '"files"' }], preferred: true };
}

/** Where the spec names its data; of several files the given one, where the list has it. */
export function filePath({ spec, tree }: SpecContext, file?: string): Path {
  if (spec.data.kind === 'trino') return ['data', 'trino', 'table'];
  const data = nodeAt(tree, ['data']);
  if (data?.type !== 'object') return ['data'];
  const files = nodeAt(data, ['files']);
  if (files === undefined || spec.data.files === undefined) return ['data', 'file'];
  const item = itemsOf(files).findIndex((node) => node.value === file);
  return item < 0 ? ['data', 'files'] : ['data', 'files', item];
}

const tablePath = ({ tree }: SpecContext, otherwise: Path): Path =>
  nodeAt(tree, ['data', 'table']) === undefined ? otherwise : ['data', 'table'];

const wherePath = ({ spec }: Pick<SpecContext, 'spec'>): Path =>
  spec.data.kind === 'trino' ? ['data', 'trino', 'where'] : ['data', 'where'];
