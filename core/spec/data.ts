/** Reads a spec's `data`: which files, and how their cells are written. */
import { removalEdits } from './edits.ts';
import { itemsOf, type Node, rangeOf } from './json.ts';
import { KEYS } from './keys.ts';
import { quote } from './nearest.ts';
import type { Fix } from './problem.ts';
import { type Reader, replacement } from './reader.ts';
import { DATE_UNITS, type DataSource, DEFAULT_READER, ENCODINGS, type ReaderSettings } from './types.ts';
import { addFirst, choiceOf, textOf } from './values.ts';

const WHERE = 'an SQL condition in double quotes, such as "year >= 2020"';
/** More lines than this before a header are refused. */
const MOST_SKIPPED = 100_000;

type Keys = ReadonlyMap<string, Node>;

export function readData(reader: Reader, node: Node): DataSource | null {
  if (node.type === 'string') {
    const file = reader.string(node, 'data', 'the path of a file');
    return file === null ? null : { kind: 'file', file, where: null, delimiter: null };
  }
  if (node.type !== 'object') return reader.wrongType(node, 'data', 'the path of a file, or an object with "file", "files" or "trino"');
  const keys = reader.object(node, 'data', KEYS.data)!;
  const trino = keys.get('trino');
  if (trino !== undefined) {
    for (const key of KEYS.data) {
      if (key === 'trino' || !keys.has(key)) continue;
      conflict(reader, keys, key, `${quote(key)} cannot stand beside "trino".${key === 'where' ? ' Put it inside "trino".' : ''}`);
    }
    return readTrino(reader, trino);
  }
  if (keys.has('file') && keys.has('files')) {
    conflict(reader, keys, 'files', '"files" cannot stand beside "file"; name all of them in "files", or the one in "file".', 'file');
  }
  const names = readNames(reader, node, keys);
  const settings = readSettings(reader, keys);
  const source = { where: textOf(reader, keys, 'where', WHERE), delimiter: readDelimiter(reader, keys.get('delimiter')) };
  if (names === null) return null;
  refuseOthers(reader, keys, names);
  const files = keys.has('file') ? {} : { files: names };
  return { kind: 'file', file: names[0], ...files, ...source, ...(settings === null ? {} : { reader: settings }) };
}

/** Tells that a key must go; `other`: or that one. */
function conflict(reader: Reader, keys: Keys, key: string, message: string, other?: string): void {
  const removal = (k: string): Fix => {
    const member = keys.get(k)!.parent!;
    return { title: `Remove ${quote(k)}`, edits: removalEdits(member.parent!, member, reader.text) };
  };
  const fixes = other === undefined ? [removal(key)] : [removal(key), removal(other)];
  reader.error('HM002', rangeOf(keys.get(key)!.parent!.children![0]), message, fixes);
}

/** The paths and patterns that the data are read from; `null` when there is none. */
function readNames(reader: Reader, node: Node, keys: Keys): readonly string[] | null {
  const file = keys.get('file');
  if (file !== undefined) {
    const path = reader.string(file, 'file', 'the path of a file');
    return path === null ? null : [path];
  }
  const files = keys.get('files');
  if (files === undefined) {
    return reader.lacks(node, 'file', '"data" lacks "file"; add it, for example "file": "data.csv".', [
      addFirst(node, 'file', '"data.csv"'),
    ]);
  }
  const what = 'a pattern such as "runs/*.csv", or a list of paths';
  if (files.type === 'string') {
    const pattern = reader.string(files, 'files', what);
    return pattern === null ? null : [pattern];
  }
  if (files.type !== 'array') return reader.wrongType(files, 'files', what);
  const items = itemsOf(files);
  if (items.length === 0) return reader.error('HM003', rangeOf(files), `"files" is empty; it must be ${what}.`);
  const names = items.map((item) => reader.string(item, 'file', 'the path of a file, or a pattern such as "runs/*.csv"'));
  for (const [i, name] of names.entries()) {
    if (name === null || names.indexOf(name) === i) continue;
    const fix = { title: `Remove ${quote(name)}`, edits: removalEdits(files, items[i], reader.text) };
    reader.error('HM003', rangeOf(items[i]), `"files" names ${quote(name)} twice, whose rows would count once; remove one.`, [fix]);
  }
  return names.includes(null) ? null : (names as string[]);
}

/** `null` where no key says anything. */
function readSettings(reader: Reader, keys: Keys): ReaderSettings | null {
  const said = (Object.keys(DEFAULT_READER) as (keyof ReaderSettings)[]).filter((key) => keys.has(key));
  if (said.length === 0) return null;
  const decimal = choiceOf(reader, keys, 'decimal', ['.', ','] as const) ?? DEFAULT_READER.decimal;
  return {
    decimal,
    thousands: readThousands(reader, keys.get('thousands'), decimal, keys),
    na: readNa(reader, keys.get('na')),
    comment: readComment(reader, keys.get('comment'), keys.get('delimiter')),
    skip: readSkip(reader, keys.get('skip')),
    encoding: choiceOf(reader, keys, 'encoding', ENCODINGS),
    dates: readDates(reader, keys.get('dates')),
    table: textOf(reader, keys, 'table', 'the name of a table'),
  };
}

function readDelimiter(reader: Reader, node: Node | undefined): string | null {
  const delimiter = node === undefined ? null : reader.string(node, 'delimiter', 'one character');
  if (node === undefined || delimiter === null) return null;
  if (delimiter.length === 1 && !/["\r\n]/.test(delimiter)) return delimiter;
  const meant = /^(\\t|tab)$/i.test(delimiter) ? '\t' : (/^[,;|\t]/.exec(delimiter)?.[0] ?? ',');
  reader.error('HM003', rangeOf(node), `"delimiter" must be one character, such as "," or "\\t", not ${quote(delimiter)}.`, [
    { title: `Change to ${quote(meant)}`, edits: [{ ...rangeOf(node), text: JSON.stringify(meant) }] },
  ]);
  return delimiter.length === 1 ? delimiter : null;
}

function readThousands(reader: Reader, node: Node | undefined, decimal: '.' | ',', keys: Keys): string | null {
  const mark = node === undefined ? null : reader.string(node, 'thousands', 'one character');
  if (node === undefined || mark === null) return null;
  const plain = mark === '\u00a0' || mark === '\u202f' ? ' ' : mark;
  if ([...plain].length !== 1 || /[\p{L}\p{N}"+\r\n-]/u.test(plain)) {
    const message = `"thousands" must be the one character that parts thousands, such as "." or a space, not ${quote(mark)}.`;
    return reader.error('HM003', rangeOf(node), message, [replacement(node, decimal === ',' ? '"."' : '","', 'Change it')]);
  }
  if (plain !== decimal) return plain;
  const other = decimal === '.' ? ',' : '.';
  const object = node.parent!.parent!;
  const said = keys.get('decimal');
  const fix =
    said === undefined
      ? addFirst(object, 'decimal', JSON.stringify(other))
      : replacement(said, JSON.stringify(other), `Change "decimal" to ${quote(other)}`);
  const message = `"thousands" is ${quote(plain)}, which is the decimal mark${said === undefined ? ` unless "decimal" is ${quote(other)}` : ' as well'}; write "decimal": ${quote(other)}, or change "thousands".`;
  return reader.error('HM003', rangeOf(node), message, [fix]);
}

function readNa(reader: Reader, node: Node | undefined): readonly string[] | null {
  const items = node === undefined ? null : reader.list(node, 'na');
  if (items === null) return null;
  const spellings: string[] = [];
  for (const item of items) {
    if (item.type === 'string') spellings.push(item.value as string);
    else if (item.type === 'number' || item.type === 'null') {
      const text = JSON.stringify(reader.text.slice(item.offset, item.offset + item.length));
      const message = `A spelling of an empty cell must be text in double quotes, not ${item.type === 'null' ? 'null' : `the number ${item.value}`}.`;
      reader.error('HM003', rangeOf(item), message, [replacement(item, text, 'Put it in quotes')]);
    } else reader.wrongType(item, 'na', 'text in double quotes');
  }
  return spellings;
}

function readComment(reader: Reader, node: Node | undefined, delimiter: Node | undefined): string | null {
  const mark = node === undefined ? null : reader.string(node, 'comment', 'one character');
  if (node === undefined || mark === null) return null;
  if (mark.length !== 1 || mark.charCodeAt(0) > 126 || /[\w\s".+-]/.test(mark)) {
    const message = `"comment" must be the one character that starts a comment, such as "#", not ${quote(mark)}.`;
    return reader.error('HM003', rangeOf(node), message, [replacement(node, '"#"', 'Change to "#"')]);
  }
  if (delimiter?.value !== mark) return mark;
  return reader.error('HM003', rangeOf(node), `"comment" and "delimiter" are both ${quote(mark)}; change one of them.`);
}

function readSkip(reader: Reader, node: Node | undefined): number {
  const skip = node === undefined ? null : reader.number(node, 'skip');
  if (node === undefined || skip === null) return 0;
  if (Number.isInteger(skip) && skip >= 0 && skip <= MOST_SKIPPED) return skip;
  const nearest = Math.min(MOST_SKIPPED, Math.max(0, Math.round(skip)));
  const message = `"skip" must be the number of lines before the header, a whole number from 0 to ${MOST_SKIPPED}, not ${skip}.`;
  reader.error('HM003', rangeOf(node), message, [replacement(node, String(nearest), `Change to ${nearest}`)]);
  return 0;
}

function readDates(reader: Reader, node: Node | undefined): ReaderSettings['dates'] {
  if (node === undefined) return [];
  if (node.type !== 'object') {
    reader.wrongType(node, 'dates', 'an object of columns and their units, such as { "day": "days" }');
    return [];
  }
  return reader.entries(node, 'dates')!.flatMap(({ key, value }) => {
    const unit = value === undefined ? null : reader.choice(value, key, DATE_UNITS);
    return unit === null ? [] : [[key, unit] as const];
  });
}

/** Keys of delimited text. */
const TEXT_KEYS = ['delimiter', 'comment', 'skip', 'encoding'] as const;

/** Tells the keys that say nothing of the kind of file that a name ends in; one of an unknown kind may be any. */
function refuseOthers(reader: Reader, keys: Keys, names: readonly string[]): void {
  const kinds = new Set(names.map(kindOf));
  if (kinds.size !== 1) return;
  const [kind] = kinds;
  const wrong = kind === 'parquet' || kind === 'duckdb' ? [...TEXT_KEYS, ...(kind === 'parquet' ? ['table'] : [])] : ['table'];
  if (kind === null) return;
  const what = { text: 'a file of text', parquet: 'a Parquet file', duckdb: 'a DuckDB file' }[kind];
  const of = { text: 'a DuckDB file', parquet: '', duckdb: 'a file of text' };
  for (const key of wrong) {
    const node = keys.get(key);
    if (node === undefined) continue;
    const member = node.parent!;
    const whose = key === 'table' ? of.text : of.duckdb;
    const message = `${quote(key)} is of ${whose}, but ${quote(names[0])} is ${what}; remove it.`;
    const fix = { title: `Remove ${quote(key)}`, edits: removalEdits(member.parent!, member, reader.text) };
    reader.error('HM003', rangeOf(member.children![0]), message, [fix]);
  }
}

/** What a file is by its name; `null` where the name does not say. */
export function kindOf(name: string): 'text' | 'parquet' | 'duckdb' | null {
  if (/\.(csv|tsv|txt|dat)(\.gz)?$/i.test(name)) return 'text';
  if (/\.parquet$/i.test(name)) return 'parquet';
  return /\.(duckdb|ddb)$/i.test(name) ? 'duckdb' : null;
}

function readTrino(reader: Reader, node: Node): DataSource | null {
  const keys = reader.object(node, 'trino', KEYS.trino);
  if (keys === null) return null;
  const lacking = KEYS.trino.filter((k) => k !== 'where' && !keys.has(k));
  if (lacking.length > 0) {
    return reader.lacks(
      node,
      lacking[0],
      `"trino" lacks ${lacking.map(quote).join(', ')}; it needs server, catalog, schema, table and user.`,
    );
  }
  const text = (key: string, what?: string) => textOf(reader, keys, key, what);
  const [server, catalog, schema, table, user] = [text('server'), text('catalog'), text('schema'), text('table'), text('user')];
  if (server === null || catalog === null || schema === null || table === null || user === null) return null;
  return { kind: 'trino', server, catalog, schema, table, user, where: text('where', WHERE) };
}
