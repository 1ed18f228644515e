/** Columns of a table whose columns have types, as Parquet and DuckDB files have. */
import type { DuckDBConnection } from '@duckdb/node-api';
import { numbersAmong } from '../../core/data/cells.ts';
import type { ReaderSettings } from '../../core/spec/types.ts';
import { isAmong } from './cellSql.ts';
import { isReadOtherwise, textColumns } from './columns.ts';
import { datedRelation, unlessBlank, WIDE } from './delimited.ts';
import type { RelationRequest, Source } from './opened.ts';
import { GROUP, identifier, number, numberOf } from './sql.ts';
import { spelledColumn } from './where.ts';

export interface Field {
  readonly name: string;
  readonly type: string;
}

const NUMBER = /^(U?(TINY|SMALL|BIG|HUGE)?INT(EGER)?|FLOAT|DOUBLE|DECIMAL.*|BOOLEAN)$/;

/** The columns that something selects. */
export async function fieldsOf(connection: DuckDBConnection, from: string): Promise<Field[]> {
  const described = await connection.runAndReadAll(`DESCRIBE SELECT * FROM ${from}`);
  return described.getRowsJson().map((row) => ({ name: String(row[0]), type: String(row[1]) }));
}

/** A number that is none of those that stand for empty cells. */
function unlessAmong(value: string, reader: ReaderSettings): string {
  const numbers = numbersAmong(reader);
  return numbers.length === 0 ? value : `CASE WHEN NOT ${isAmong(value, numbers.map(number))} THEN ${value} END`;
}

/** How typed columns become those of a relation. */
export class TypedColumns {
  readonly names: readonly string[];
  readonly isLoaded: readonly boolean[];
  readonly hasText: readonly boolean[];
  readonly isDate: readonly boolean[];
  readonly group: number;
  /** What to select beside the row. */
  readonly select: string;
  readonly #request: RelationRequest;
  readonly #reader: ReaderSettings;

  constructor(fields: readonly Field[], request: RelationRequest, reader: ReaderSettings, predicate: readonly string[]) {
    const { columns, texts, group } = request;
    this.#request = request;
    this.#reader = reader;
    const names = fields.map((f) => f.name);
    const dates = new Set(reader.dates.map(([column]) => column));
    const isNumber = fields.map((f) => NUMBER.test(f.type));
    const wanted = new Set([...(columns ?? []).map((c) => names.indexOf(c)), ...predicate.map((c) => spelledColumn(names, c))]);
    this.names = names;
    this.group = group === null ? -1 : names.indexOf(group);
    this.isLoaded = names.map((_, i) => names.length <= WIDE || i === this.group || wanted.has(i) || (columns === null && i < WIDE));
    this.isDate = names.map((name, i) => i !== this.group && dates.has(name));
    this.hasText = names.map((name, i) => !isNumber[i] || i === this.group || texts.has(name) || this.isDate[i]);
    const cells = names.flatMap((name, i) => {
      if (!this.isLoaded[i]) return [];
      const cell = identifier(name);
      const asNumber = `${unlessAmong(`nullif(CAST(${cell} AS DOUBLE), 'nan'::DOUBLE)`, reader)} AS ${numberOf(i)}`;
      if (!this.hasText[i]) return [asNumber];
      const kept = (texts.get(name) ?? []).filter((level) => isReadOtherwise(level, reader));
      const [asText, value] = textColumns(i, `CAST(${cell} AS VARCHAR)`, kept, reader, this.isDate[i]);
      return [asText, isNumber[i] && !this.isDate[i] ? asNumber : value];
    });
    const name = this.group < 0 ? `'all'` : unlessBlank(`CAST(${identifier(names[this.group])} AS VARCHAR)`);
    this.select = [...cells, `${name} AS ${GROUP}`].join(', ');
  }

  /** The source, from what selects `#r` and the columns; `rows` it has. */
  async source(connection: DuckDBConnection, cells: string, rows: number, parts: Source['parts']): Promise<Source> {
    const { names, isLoaded, hasText, isDate, group } = this;
    const dated = names.map((_, i) => i).filter((i) => isDate[i] && isLoaded[i]);
    const scans = rows * isLoaded.filter(Boolean).length > (this.#request.tableBytes ?? TABLE_BYTES) / 8;
    return {
      ...(await datedRelation(connection, cells, names, dated, this.#reader, this.#request.origins)),
      names,
      isLoaded,
      hasText,
      isDate,
      group,
      rules: this.#reader,
      scans,
      hasDoubles: false,
      found: new Map(),
      estimatedRows: rows,
      parts,
    };
  }
}

const TABLE_BYTES = 128 * 1024 * 1024;
