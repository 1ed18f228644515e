/** A spec's `where` over a relation. */
import type { DuckDBConnection } from '@duckdb/node-api';
import { DataError, fatal } from './dataError.ts';
import { isOfQuery, reasonOf } from './errors.ts';
import type { DataFile } from './locate.ts';
import type { Relation, RelationRequest, Source } from './opened.ts';
import { checkPredicate } from './predicate.ts';
import { GROUP, identifier, numberOf, textOf } from './sql.ts';

/** The columns that a predicate names, as it spells them. Throws a DataError for a predicate that may not run. */
export async function predicateColumns(connection: DuckDBConnection, { source, file }: RelationRequest): Promise<readonly string[]> {
  if (source.where === null) return [];
  const checked = await checkPredicate(connection, source.where);
  if (!checked.ok)
    throw new DataError({ ...fatal('where', checked.message), ...(checked.part === undefined ? {} : { part: checked.part }) }, file.named);
  return checked.columns;
}

/** The index of a column as a predicate spells it, in any case when none is spelt so; −1 when there is none. */
export function spelledColumn(names: readonly string[], spelled: string): number {
  const exact = names.indexOf(spelled);
  return exact >= 0 ? exact : names.findIndex((n) => n.toLowerCase() === spelled.toLowerCase());
}

/** What a column is in a predicate: text or number. */
interface Alias {
  readonly spelled: string;
  readonly index: number;
}

/** The relation after `where`. */
export async function filtered(connection: DuckDBConnection, source: Source, request: RelationRequest): Promise<Relation> {
  const relation = { connection, ...source, from: source.base };
  const { where } = request.source;
  if (where === null) return relation;
  const aliases = aliasesOf(await predicateColumns(connection, request), source, request);
  const isNumeric = await numericColumns(connection, source, aliases);
  const [aside, back] = outOfTheWay(aliases);
  // A group's name is text, `1` and `01` being two, unless the predicate makes no sense so.
  const readings = [(index: number) => index !== source.group && isNumeric.has(index), (index: number) => isNumeric.has(index)];
  let failure: unknown = null;
  for (const asNumber of readings) {
    const named = aliases.map(({ spelled, index }) => `${cellOf(source, index, asNumber(index))} AS ${identifier(spelled)}`);
    const from = `(SELECT ${back} FROM (SELECT ${[aside, ...named].join(', ')} FROM ${source.base}) WHERE (${where}\n))`;
    try {
      await connection.run(`SELECT count(*) FROM ${source.scans ? `(SELECT * FROM ${from} LIMIT 1)` : from}`);
      return { ...relation, from };
    } catch (error) {
      if (!isOfQuery(error)) throw error;
      failure ??= error;
      if (!aliases.some(({ index }) => index === source.group && isNumeric.has(index))) break;
    }
  }
  throw notApplicable(failure, request.file);
}

/**
 * What to select of a relation beside columns of these names, and of that the relation again: its own columns stand aside under a name that
 * none of these begins with.
 */
function outOfTheWay(aliases: readonly Alias[]): [aside: string, back: string] {
  if (!aliases.some(({ spelled }) => spelled.startsWith('#'))) return ['*', '*'];
  const most = Math.max(...aliases.map(({ spelled }) => /^#*/.exec(spelled)?.[0].length ?? 0));
  const mark = '#'.repeat(most + 1);
  return [`COLUMNS('^(.*)$') AS ${identifier(`${mark}\\1`)}`, `COLUMNS('^${mark}(.*)$') AS "\\1"`];
}

function aliasesOf(columns: readonly string[], { names }: Source, { file }: RelationRequest): Alias[] {
  const shown = new Set<string>();
  return columns.map((spelled) => {
    const index = spelledColumn(names, spelled);
    if (index < 0) {
      const message = `"where" names the column "${spelled}", which the data do not have.`;
      throw new DataError({ ...fatal('where', message), unknown: spelled, suggestions: names }, file.named);
    }
    if (shown.has(spelled.toLowerCase())) {
      throw new DataError(fatal('where', `"where" names two columns that differ only in case ("${spelled}").`), file.named);
    }
    shown.add(spelled.toLowerCase());
    return { spelled, index };
  });
}

function cellOf({ group, hasText }: Source, index: number, asNumber: boolean): string {
  if (asNumber || !hasText[index]) return numberOf(index);
  return index === group ? GROUP : textOf(index);
}

/** The columns whose every cell is a number or empty, so that a predicate may compare them with numbers. */
async function numericColumns(connection: DuckDBConnection, source: Source, aliases: readonly Alias[]): Promise<ReadonlySet<number>> {
  const { hasText, isDate } = source;
  const asked = aliases.map((a) => a.index).filter((i) => hasText[i] && !isDate[i]);
  const plain = aliases.map((a) => a.index).filter((i) => !hasText[i]);
  if (asked.length === 0) return new Set(plain);
  const select = asked.map((i) => `count(${textOf(i)}) = count(${numberOf(i)})`);
  const [row] = (await connection.runAndReadAll(`SELECT ${select.join(', ')} FROM ${source.base}`)).getRowsJS();
  return new Set([...plain, ...asked.filter((_, k) => row[k] === true)]);
}

/** The fault of a predicate that some row makes fail. */
export const notApplicable = (error: unknown, file: DataFile): DataError =>
  new DataError(fatal('where', `"where" cannot be applied: ${reasonOf(error, file)}.`), file.named);
