/**
 * The `where` of a spec: one boolean SQL expression over the data's columns, and nothing else. DuckDB's own parser reads it; only
 * the kinds of node named here pass, so that no subquery, table function or setting can hide in it.
 */
import type { DuckDBConnection } from '@duckdb/node-api';
import { reasonOf } from './errors.ts';
import { growthFault, textOf } from './growth.ts';

/** Functions that look at nothing but their arguments. */
const FUNCTIONS = new Set(
  `abs ceil ceiling coalesce concat contains date_part datepart day ends_with suffix exp floor greatest hour ifnull ilike_escape is_nan isfinite isinf isnan
   least left len length like_escape list_contains list_value ln log log10 log2 lower ltrim mod month not_ilike_escape not_like_escape nullif pow power
   prefix regexp_full_match regexp_matches replace right round rtrim sign sqrt starts_with strip_accents strpos instr substr substring trim trunc upper year
   + - * / // % ** ^ || ~~ !~~ ~~* !~~* ~~~ !~~~ ~ ^@`.split(/\s+/),
);

const CLASSES = new Set(['CONJUNCTION', 'COMPARISON', 'OPERATOR', 'BETWEEN', 'CASE', 'CAST', 'CONSTANT', 'COLUMN_REF', 'FUNCTION']);

/** A cast to text or a number is all that a predicate over a table needs. */
const TYPES = new Set([
  'BOOLEAN',
  'TINYINT',
  'SMALLINT',
  'INTEGER',
  'BIGINT',
  'HUGEINT',
  'FLOAT',
  'DOUBLE',
  'DECIMAL',
  'VARCHAR',
  'DATE',
  'TIMESTAMP',
]);

export type PredicateCheck =
  | { readonly ok: true /** The names of the columns it reads, as it spells them. */; readonly columns: readonly string[] }
  | { readonly ok: false; readonly message: string /** The text in it that is at fault, where that is known. */; readonly part?: string };

type Node = { readonly [key: string]: unknown };
const isNode = (value: unknown): value is Node => typeof value === 'object' && value !== null && !Array.isArray(value);

const no = (message: string): PredicateCheck => ({ ok: false, message });

/** Whether the text is a predicate that may run. Needs any DuckDB connection; nothing of the text is executed. */
export async function checkPredicate(connection: DuckDBConnection, text: string): Promise<PredicateCheck> {
  if (text.trim() === '') return no('"where" is empty; give an SQL condition such as "year >= 2020", or leave it out.');
  if (text.includes('\0')) return no('"where" holds a zero character, which no data can hold; remove it.');
  // With and without parentheses, so that "a) or (b" is not taken for one expression.
  const clauses: unknown[] = [];
  for (const sql of [`SELECT 1 FROM t WHERE ${text}\n`, `SELECT 1 FROM t WHERE (${text}\n)`]) {
    const parsed = await parse(connection, sql);
    if (typeof parsed === 'string') return no(`"where" is not valid SQL: ${parsed}.`);
    const clause = onlyWhere(parsed);
    if (clause === null) return no('"where" must be one condition over the columns, without further SQL clauses.');
    clauses.push(clause);
  }
  const columns = new Set<string>();
  const fault = walk(clauses[1], columns, 0) ?? growthFault(clauses[1]);
  if (fault !== null) return no(fault);
  for (const pattern of patternsIn(clauses[1])) {
    const reason = await patternFault(connection, pattern);
    if (reason !== null) {
      return { ok: false, message: `"where" holds ${JSON.stringify(pattern)}, which is no regular expression: ${reason}.`, part: pattern };
    }
  }
  return { ok: true, columns: [...columns] };
}

/** The regular expressions that stand as texts in a predicate. */
function patternsIn(node: unknown): string[] {
  if (Array.isArray(node)) return node.flatMap(patternsIn);
  if (!isNode(node)) return [];
  const found = Object.values(node).flatMap(patternsIn);
  const { children, function_name: name } = node;
  if (!Array.isArray(children) || !/^regexp_/.test(String(name))) return found;
  const pattern = textOf(children[1]);
  return pattern === null ? found : [...found, pattern];
}

/** Why a text is no regular expression; `null` when it is one. */
async function patternFault(connection: DuckDBConnection, pattern: string): Promise<string | null> {
  try {
    await connection.runAndReadAll('SELECT regexp_matches(?::VARCHAR, ?::VARCHAR)', ['', pattern]);
    return null;
  } catch (error) {
    return reasonOf(error);
  }
}

async function parse(connection: DuckDBConnection, sql: string): Promise<Node | string> {
  const reader = await connection.runAndReadAll('SELECT json_serialize_sql(?::VARCHAR)', [sql]);
  const answer: unknown = JSON.parse(String(reader.getRowsJson()[0][0]));
  if (!isNode(answer) || answer.error !== false) {
    return isNode(answer) && answer.error_type === 'parser' ? String(answer.error_message).split('\n')[0] : 'only one condition is allowed';
  }
  const statements = answer.statements;
  return Array.isArray(statements) && statements.length === 1 && isNode(statements[0]) && isNode(statements[0].node)
    ? statements[0].node
    : 'only one condition is allowed';
}

/** The WHERE clause of a SELECT that has nothing else, or `null`. */
function onlyWhere(node: Node): unknown {
  const from = node.from_table;
  const plain =
    node.type === 'SELECT_NODE' &&
    isEmpty(node.modifiers) &&
    isEmpty(node.group_expressions) &&
    isEmpty(node.group_sets) &&
    !node.having &&
    !node.qualify &&
    !node.sample &&
    isNode(from) &&
    from.type === 'BASE_TABLE' &&
    from.table_name === 't' &&
    from.alias === '' &&
    isEmpty(from.column_name_alias) &&
    !from.sample &&
    !from.at_clause;
  return plain ? node.where_clause : null;
}

const isEmpty = (value: unknown): boolean => !Array.isArray(value) || value.length === 0;

/** Collects the columns read; returns what is not allowed, or `null`. */
function walk(node: unknown, columns: Set<string>, depth: number): string | null {
  if (depth > 200) return '"where" is nested too deeply.';
  if (Array.isArray(node)) {
    for (const child of node) {
      const fault = walk(child, columns, depth + 1);
      if (fault) return fault;
    }
    return null;
  }
  if (!isNode(node)) return null;
  if (typeof node.class === 'string') {
    const kind = node.class;
    if (!CLASSES.has(kind))
      return `"where" may compare columns and constants, but not use ${kind === 'SUBQUERY' ? 'a subquery' : `a ${kind.toLowerCase()}`}.`;
    if (kind === 'CONSTANT') return null;
    if (kind === 'COLUMN_REF') return addColumn(node.column_names, columns);
    if (kind === 'FUNCTION' && !(FUNCTIONS.has(String(node.function_name)) && !node.distinct && !node.filter)) {
      return `"where" may not use the function ${String(node.function_name)}.`;
    }
    if (kind === 'CAST' && !(isNode(node.cast_type) && TYPES.has(String(node.cast_type.id))))
      return '"where" may cast only to numbers, text or dates.';
  }
  // Everything that a node holds is looked at, so that no child escapes by its name.
  for (const value of Object.values(node)) {
    const fault = walk(value, columns, depth + 1);
    if (fault) return fault;
  }
  return null;
}

function addColumn(names: unknown, columns: Set<string>): string | null {
  if (!Array.isArray(names) || names.length !== 1)
    return '"where" names columns by their plain names, in double quotes where they hold spaces.';
  columns.add(String(names[0]));
  return null;
}
