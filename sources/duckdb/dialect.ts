/** Which character parts the cells of a file, told from whole records. */
import { numberIn } from '../../core/data/cells.ts';
import type { CellRules } from '../../core/spec/types.ts';
import { type Dialect, RecordSplitter, RecordTooLong, splitCells } from './records.ts';

const DELIMITERS = [',', ';', '\t', '|'];
/** Records looked at. */
const MOST_RECORDS = 200;

/** `sep=;` in the first line, as Excel reads and writes it: the delimiter. */
export function declaredDelimiter(firstLine: string): string | null {
  return /^"?sep=([\x20-\x7e\t])"?\r?\n?$/i.exec(firstLine)?.[1] ?? null;
}

interface Fit {
  readonly delimiter: string;
  /** Share of the records that have as many cells as the header; 0 where that is one. */
  readonly even: number;
  /** Share of the cells that are numbers, with a decimal point or comma. */
  readonly numbers: number;
}

/**
 * The delimiter under which most records have as many cells as the header, and more than one; among equals the one that leaves more
 * numbers, then the usual one of the file's name, then the first of `,`, `;`, tab and `|`.
 */
export function chooseDelimiter(text: Buffer, form: Omit<Dialect, 'delimiter'>, named: string, rules: CellRules): string {
  const usual = /\.tsv(\.gz)?$/i.test(named) ? '\t' : ',';
  const candidates = [usual, ...DELIMITERS.filter((d) => d !== usual)].map((delimiter) => fitOf(text, { ...form, delimiter }, rules));
  const best = candidates.reduce((a, b) => (isBetter(b, a) ? b : a));
  if (best.even > 0) return best.delimiter;
  return rules.decimal === ',' && usual === ',' ? ';' : usual;
}

/** Ragged files are judged by the clear majority only. */
function isBetter(a: Fit, b: Fit): boolean {
  if (Math.abs(a.even - b.even) > 0.1) return a.even > b.even;
  return a.even > 0 && a.numbers > b.numbers + 0.1;
}

function fitOf(text: Buffer, dialect: Dialect, rules: CellRules): Fit {
  let [header, records, even, cells, numbers] = [0, 0, 0, 0, 0];
  const comma: CellRules = { ...rules, decimal: ',' };
  const splitter = new RecordSplitter(dialect, false, (record) => {
    const found = splitCells(record.bytes, dialect.delimiter);
    if (record.index === 0) header = found.length;
    else {
      records++;
      if (found.length === header) even++;
      cells += found.length;
      for (const cell of found)
        if (cell.text === '' || numberIn(cell.text, rules) !== null || numberIn(cell.text, comma) !== null) numbers++;
    }
    return header > 1 && records < MOST_RECORDS;
  });
  try {
    splitter.push(text);
    // What is left of a head that was cut is no whole record, unless it is all that there is.
    if (records === 0) splitter.finish();
  } catch (error) {
    if (!(error instanceof RecordTooLong)) throw error;
  }
  const share = records === 0 ? Number(header > 1) : even / records;
  return { delimiter: dialect.delimiter, even: header > 1 ? share : 0, numbers: cells === 0 ? 0 : numbers / cells };
}
