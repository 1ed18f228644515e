/** What a rule sees, and the few words rules share. A rule is one pure function in one file. */
import type { CellPlace, ColumnProfile, DataProfile, GroupProfile } from '../data/profile.ts';
import { additionAt, removalEdits } from '../spec/edits.ts';
import type { Node, Path } from '../spec/json.ts';
import { nodeAt } from '../spec/json.ts';
import { quote } from '../spec/nearest.ts';
import type { ParsedSpec } from '../spec/parse.ts';
import type { DataPlace, Fix, Problem, Severity, TextEdit, TextRange } from '../spec/problem.ts';
import { maskEntry } from '../spec/products.ts';
import type { CovariateSpec, Spec } from '../spec/types.ts';

/** A spec that could be read. */
export interface SpecContext {
  readonly text: string;
  readonly tree: Node;
  readonly spec: Spec;
  /** Keys whose values could not be read: what would be judged on them is not. */
  readonly unread: ReadonlySet<string>;
  readonly locate: ParsedSpec['locate'];
}

/** A spec with data that could be read. */
export interface DataContext extends SpecContext {
  readonly profile: DataProfile;
  /** By name; the first of that name. */
  readonly columns: ReadonlyMap<string, ColumnProfile>;
  /** Whether the group column is there; if not, nothing can be said of groups but what the mask names. */
  readonly groupsKnown: boolean;
  /** Groups of the model: the mask's, then the data's. */
  readonly groups: readonly string[];
  /** Their places in `groups`. */
  readonly groupIndex: ReadonlyMap<string, number>;
  /** By name; a group that only the mask names has none. */
  readonly groupProfiles: ReadonlyMap<string, GroupProfile>;
  /** groups × covariates of the spec, row-major, the automatic mask filled in. */
  readonly mask: Uint8Array;
}

export type SpecRule = (context: SpecContext) => Iterable<Problem>;
export type DataRule = (context: DataContext) => Iterable<Problem>;

/** Makes problems of one code. */
export function problemOf(
  code: string,
  severity: Severity,
  message: string,
  range: TextRange,
  fixes: readonly Fix[] = [],
  data?: DataPlace,
): Problem {
  return data === undefined ? { code, severity, message, range, fixes } : { code, severity, message, range, fixes, data };
}

/** Replaces the value at a path. */
export function replaceAt(context: SpecContext, path: Path, text: string, title: string): Fix {
  return { title, edits: [{ ...context.locate(path), text }] };
}

/** The edits that take a list item or a property out; none when it is not there. */
export function removeAt(context: SpecContext, path: Path): readonly TextEdit[] {
  const parent = nodeAt(context.tree, path.slice(0, -1));
  const value = nodeAt(context.tree, path);
  if (parent === undefined || value === undefined) return [];
  const child = parent.type === 'object' ? value.parent! : value;
  return removalEdits(parent, child, context.text);
}

/** Sets a key of the spec: replaces its value, or adds it. */
export function setKey(context: SpecContext, key: string, value: string): readonly TextEdit[] {
  if (nodeAt(context.tree, [key]) !== undefined) return [{ ...context.locate([key]), text: value }];
  return additionAt(context, [], [[key, value]]);
}

/** Where a group's cell of a covariate is said to be masked or not, or else the covariate itself. */
export function maskCell(context: SpecContext, group: string, covariate: number): TextRange {
  const { spec, tree, locate } = context;
  if (spec.mask !== 'auto' && spec.mask.has(group)) {
    const row = nodeAt(tree, ['mask', group]);
    const entry = row?.type === 'array' ? maskEntry(spec.covariates, row.children?.length ?? 0, covariate) : -1;
    if (entry >= 0) return locate(['mask', group, entry]);
    if (row?.type === 'object') {
      const name = spec.covariates[covariate].name;
      if (nodeAt(row, [name]) !== undefined) return locate(['mask', group, name]);
    }
    return locate(['mask', group], 'key');
  }
  return covariateRange(context, covariate);
}

/** The path of a covariate, or of a key of its object. */
export const covariatePath = ({ spec }: SpecContext, covariate: number, ...rest: Path): Path => [
  'covariates',
  spec.covariates[covariate].item,
  ...rest,
];

/** Where the list names a covariate: its text, or the name or column of its object. */
export function covariateRange(context: SpecContext, covariate: number): TextRange {
  const { tree, locate } = context;
  const path = covariatePath(context, covariate);
  const key = ['name', 'column'].find((k) => nodeAt(tree, [...path, k]) !== undefined);
  return locate(key === undefined ? path : [...path, key]);
}

/** Edits that write 0 or 1 into a group's cell; none when the text has no row to write it into. */
export function setMaskCell(context: DataContext, group: string, covariate: number, value: 0 | 1): readonly TextEdit[] {
  const { spec, tree } = context;
  const row = nodeAt(tree, ['mask', group]);
  const name = spec.covariates[covariate].name;
  if (row?.type === 'array') {
    const cell = row.children?.[maskEntry(spec.covariates, row.children.length, covariate)];
    return cell === undefined ? [] : [{ start: cell.offset, end: cell.offset + cell.length, text: String(value) }];
  }
  if (row?.type === 'object') {
    const cell = nodeAt(row, [name]);
    if (cell === undefined) return additionAt(context, ['mask', group], [[name, String(value)]]);
    return [{ start: cell.offset, end: cell.offset + cell.length, text: String(value) }];
  }
  const added = `{ ${JSON.stringify(name)}: ${value} }`;
  if (nodeAt(tree, ['mask'])?.type === 'object') return additionAt(context, ['mask'], [[group, added]]);
  return setKey(context, 'mask', `{ ${JSON.stringify(group)}: ${added} }`);
}

/**
 * Takes a covariate out of the spec: its item, its cell of every mask row, its value of every prediction. One of those that `a*b` stands
 * for leaves the others in its place, none when that would need more than a name each.
 */
export function removeCovariate(context: SpecContext, covariate: number): readonly TextEdit[] {
  const { spec, tree } = context;
  const { name, item } = spec.covariates[covariate];
  const others = spec.covariates.filter((c, p) => p !== covariate && c.item === item);
  if (others.length > 0) return leaveOthers(context, covariate, others);
  const edits = [...removeAt(context, covariatePath(context, covariate))];
  const twin = spec.covariates.some((c, i) => i !== covariate && c.name === name);
  for (const group of spec.mask === 'auto' ? [] : spec.mask.keys()) {
    const row = nodeAt(tree, ['mask', group]);
    if (row?.type === 'array') {
      const entry = maskEntry(spec.covariates, row.children?.length ?? 0, covariate);
      edits.push(...removeAt(context, ['mask', group, entry < 0 ? item : entry]));
    } else if (!twin) edits.push(...removeAt(context, ['mask', group, name]));
  }
  if (!twin) for (let i = 0; i < spec.predictions.length; i++) edits.push(...removeAt(context, ['predictions', i, 'at', name]));
  return edits;
}

function leaveOthers(context: SpecContext, covariate: number, others: readonly CovariateSpec[]): readonly TextEdit[] {
  const { spec, tree } = context;
  const path = covariatePath(context, covariate);
  const node = nodeAt(tree, path);
  if (node?.type !== 'string') return [];
  const edits: TextEdit[] = [
    { start: node.offset, end: node.offset + node.length, text: others.map((c) => JSON.stringify(c.name)).join(', ') },
  ];
  for (const group of spec.mask === 'auto' ? [] : spec.mask.keys()) {
    const row = nodeAt(tree, ['mask', group]);
    const entry = row?.type === 'array' ? maskEntry(spec.covariates, row.children?.length ?? 0, covariate) : -1;
    const cell = row?.children?.[entry];
    if (row?.type === 'object') edits.push(...removeAt(context, ['mask', group, spec.covariates[covariate].name]));
    else if (cell === undefined || row === undefined) continue;
    else if (row.children?.length === spec.covariates.length) edits.push(...removeAt(context, ['mask', group, entry]));
    else edits.push({ start: cell.offset, end: cell.offset + cell.length, text: others.map(() => String(cell.value)).join(', ') });
  }
  return edits;
}

/** The mask row the data suggest for a group, as the spec writes it. */
export function maskRowText(context: DataContext, group: string): string {
  const g = context.groupIndex.get(group) ?? 0;
  const k = context.spec.covariates.length;
  return `[${Array.from(context.mask.subarray(g * k, (g + 1) * k)).join(', ')}]`;
}

/** Whether a covariate is one column of numbers, as the model reads it. */
export function isNumeric(context: DataContext, covariate: number): boolean {
  const c = context.spec.covariates[covariate];
  const column = context.columns.get(c.columns[0]);
  return c.columns.length === 1 && c.levels === null && column !== undefined && column.kind !== 'text';
}

/** A cell's place in the file that it is in. */
export const dataPlace = ({ profile }: DataContext, { file, line, column }: CellPlace): DataPlace => ({
  file: file ?? profile.file,
  line,
  column,
});

/** `line 3`, and of which file where there are several. */
export const lineText = ({ file, line }: CellPlace): string => `line ${line}${file === undefined ? '' : ` of ${quote(file)}`}`;

/** `1 row`, `3 rows`. */
export const plural = (n: number, word: string): string => `${n} ${word}${n === 1 ? '' : 's'}`;

/** A number in a message: at most four significant digits. */
export const short = (x: number): string => String(Number(x.toPrecision(4)));

/** `a`, `a and b`, `a, b and 3 more`. */
export function listing(names: readonly string[], most = 5): string {
  if (names.length <= 1) return names.join('');
  if (names.length > most) return `${names.slice(0, most).join(', ')} and ${names.length - most} more`;
  return `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
}
