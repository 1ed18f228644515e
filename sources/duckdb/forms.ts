/** Whether the header of a file stands elsewhere than where it is looked for: below comments or titles, or under another delimiter. */
import { numberIn } from '../../core/data/cells.ts';
import type { OtherForm } from '../../core/data/profile.ts';
import type { ReaderSettings } from '../../core/spec/types.ts';
import { chooseDelimiter } from './dialect.ts';
import { type Dialect, RecordSplitter, RecordTooLong, splitCells } from './records.ts';

/** Lines before a header at most. */
const MOST_TITLES = 30;
/** Records looked at. */
const MOST_RECORDS = 100;

/** A text that a header has been looked for in. */
export interface Looked {
  /** As UTF-8, cut at some place. */
  readonly text: Buffer;
  readonly dialect: Dialect;
  /** The delimiter that the spec gives. */
  readonly asked: string | null;
  readonly settings: ReaderSettings;
  /** As the spec names the file. */
  readonly named: string;
}

/**
 * The keys under which the text is a table: a header of names, all different, and rows of as many cells. `null` when it is one already, and when
 * no key makes it one.
 */
export function otherForm(looked: Looked): OtherForm | null {
  const { dialect, settings, asked } = looked;
  const now = recordsOf(looked, dialect);
  if (isTable(now)) return null;
  const { comment } = settings;
  if (comment === null) {
    const names = tableUnder(looked, { ...dialect, comment: '#' }, asked);
    if (names !== null && hasComment(looked)) return { keys: { comment: '#' }, names };
  }
  if (asked !== null) {
    const names = tableUnder(looked, dialect, null);
    if (names !== null) return { keys: { delimiter: null }, names };
  }
  for (let more = 1; more <= MOST_TITLES; more++) {
    const skip = dialect.skip + more;
    const titles = titlesOf(looked, more);
    if (titles === null) return null;
    const found = tableUnder(looked, { ...dialect, skip }, asked, (cells, width) => titles.every((title) => isTitle(title, cells, width)));
    if (found !== null) return { keys: { skip }, names: found };
  }
  return null;
}

/** The names of the header where the text is a table of that dialect, its delimiter told anew unless it is asked for. */
function tableUnder(
  looked: Looked,
  form: Dialect,
  asked: string | null,
  accepts?: (delimiter: string, width: number) => boolean,
): readonly string[] | null {
  const delimiter = asked ?? chooseDelimiter(looked.text, form, looked.named, looked.settings);
  const records = recordsOf(looked, { ...form, delimiter });
  if (!isTable(records) || (accepts !== undefined && !accepts(delimiter, records[0].length))) return null;
  return records[0];
}

function isTable([header, ...rows]: readonly (readonly string[])[]): boolean {
  if (header === undefined || header.length < 2 || rows.length === 0) return false;
  if (!rows.every((row) => row.length === header.length || (row.length === header.length + 1 && row.at(-1) === ''))) return false;
  // An index column may have no name.
  const named = header.slice(header[0].trim() === '' ? 1 : 0);
  return named.every((name) => name.trim() !== '' && numberIn(name) === null) && new Set(header).size === header.length;
}

/** Whether a line may stand above a table: of other cells than a row has, or with one at most filled. */
function isTitle(line: string, delimiter: string, width: number): boolean {
  const cells = splitCells(Buffer.from(line), delimiter);
  return cells.length !== width || cells.filter((cell) => cell.text.trim() !== '').length <= 1;
}

/** The lines that would be passed over; `null` when there are not so many. */
function titlesOf({ text, dialect }: Looked, more: number): string[] | null {
  const end = dialect.newline === 'lf' ? '\n' : '\r';
  const lines = text
    .subarray(0, MOST_TITLES * 4_000)
    .toString('utf8')
    .split(end, dialect.skip + more + 1);
  return lines.length <= dialect.skip + more ? null : lines.slice(dialect.skip, dialect.skip + more).map((l) => l.replace(/\r$/, ''));
}

/** Whether a line starts with what comments are usually marked with. */
const hasComment = ({ text }: Looked): boolean => /(^|[\r\n])[ \t]*#/.test(text.toString('latin1'));

function recordsOf({ text }: Looked, dialect: Dialect): (readonly string[])[] {
  const found: (readonly string[])[] = [];
  const splitter = new RecordSplitter(dialect, false, ({ bytes }) => {
    found.push(splitCells(bytes, dialect.delimiter).map((cell) => cell.text));
    return found.length < MOST_RECORDS;
  });
  try {
    splitter.push(text);
    // What is left of a text that was cut is no whole record, unless there are hardly any.
    if (found.length < 2) splitter.finish();
  } catch (error) {
    if (!(error instanceof RecordTooLong)) throw error;
  }
  return found;
}
