/** Profiles a data file: what each column holds, in all and by group, and what is wrong with the file. */
import type { CellPlace, ColumnProfile, DataProfile, GroupProfile } from '../../core/data/profile.ts';
import { ALL, type DataSource, type Spec } from '../../core/spec/types.ts';
import { DataError, fatal } from './dataError.ts';
import { readDerived } from './derived.ts';
import type { ColumnFacts, GroupFacts } from './facts.ts';
import { type Firsts, firstsOf } from './firsts.ts';
import { dateOf, kindOf } from './kinds.ts';
import { type DataFile, locateFile } from './locate.ts';
import { groupFacts, pool } from './moments.ts';
import type { Relation } from './opened.ts';
import { locateCells, type Wanted } from './places.ts';
import { withRelation } from './relation.ts';
import { groupColumnFacts, groupShape, type Levels, levelsOf, NO_SHAPE, type Shape, sampleShape, shapesOf, textsAmong } from './shape.ts';
import { GROUP } from './sql.ts';
import { emptyProfile, UNREAD, unreadColumn } from './unread.ts';

export interface ProfileRequest {
  /** Absolute path of the spec; the data file is relative to it. */
  readonly specPath: string;
  readonly source: DataSource;
  /** The group column, if any. */
  readonly group: string | null;
  /** Columns of interest: correlations are among them, and a file too large for memory is profiled for them alone. */
  readonly columns?: readonly string[];
  /** Levels that the spec declares, by column: text, whatever else they are spelt like. */
  readonly levels?: ReadonlyMap<string, readonly string[]>;
  /** Covariates of which is told what they come to in each group. */
  readonly covariates?: Pick<Spec, 'covariates' | 'mask'> | undefined;
  /** Nothing outside these folders is read. */
  readonly roots: readonly string[];
  /** Above this size the file is scanned rather than kept in memory; for tests. */
  readonly tableBytes?: number;
  /** Bytes that DuckDB may take; for tests. */
  readonly memoryBytes?: number;
  /** Calls the reading off: it then throws CalledOff. */
  readonly signal?: AbortSignal;
}

/** More groups than this are refused: each would have coefficients of its own. */
export const MAX_GROUPS = 20_000;
const MAX_CORRELATED = 24;
const SAMPLE_ROWS = 20_000;

/** Never throws for a fault of the data: the profile then has `faults` and what could be learnt. */
export async function profileData(request: ProfileRequest): Promise<DataProfile> {
  const { source } = request;
  const named = source.kind === 'file' ? source.file : `${source.catalog}.${source.schema}.${source.table}`;
  let file: DataFile | null = null;
  try {
    if (source.kind === 'trino') {
      throw new DataError(
        fatal('unsupported', 'Trino tables cannot be read yet; export the table to Parquet or CSV and name that file.'),
        named,
      );
    }
    file = await locateFile(request.specPath, source, request.roots);
    const found = file;
    const { group, columns = null, levels = new Map(), tableBytes, memoryBytes, signal } = request;
    return await withRelation({ file, source, group, columns, texts: levels, tableBytes, memoryBytes, signal }, async (relation) => {
      const profile = await new Profiler(found, relation, request, source.where).run();
      const { covariates } = request;
      return covariates === undefined ? profile : { ...profile, derived: await readDerived(relation, found, covariates, profile) };
    });
  } catch (error) {
    if (error instanceof DataError)
      return emptyProfile(source.kind === 'file' && source.files !== undefined ? error.file : named, file?.version ?? '', error.fault);
    throw error;
  }
}

/** What is known of a column over all groups before places are looked up. */
interface Overall {
  readonly facts: ColumnFacts;
  readonly kind: ColumnProfile['kind'];
  readonly shape: Shape;
  readonly levels: Levels | null;
  /** Texts among numbers. */
  readonly among: readonly string[];
}

class Profiler {
  readonly #file: DataFile;
  readonly #relation: Relation;
  readonly #request: ProfileRequest;
  readonly #where: string | null;

  constructor(file: DataFile, relation: Relation, request: ProfileRequest, where: string | null) {
    this.#file = file;
    this.#relation = relation;
    this.#request = request;
    this.#where = where;
  }

  async run(): Promise<DataProfile> {
    const { names, group } = this.#relation;
    await this.#refuseTooManyGroups();
    const read = this.#columnsRead();
    const correlated = this.#correlated(read);
    const facts = await this.#facts(read, correlated);
    if (facts.length > MAX_GROUPS + 1) this.#refuseGroups();
    const rows = facts.reduce((sum, g) => sum + g.rows, 0);
    if (rows === 0) {
      const message =
        this.#where === null ? `"${this.#file.named}" has a header but no rows.` : `"where" matches no row of "${this.#file.named}".`;
      throw new DataError(fatal(this.#where === null ? 'header_only' : 'where_empty', message), this.#file.named);
    }
    this.#refuseZeroCharacter(group, facts.find((g) => g.name?.includes('\0'))?.firstRow);
    const totals = pool(facts, read.length);
    const overall = await this.#overall(read, facts, totals);
    const firsts = await firstsOf(this.#relation, read, totals, facts);
    const place = await this.#places(read, overall, firsts, facts);
    const named = facts.filter((g) => g.name !== null);
    const form = this.#relation.parts[0].head?.form ?? null;
    return {
      file: this.#file.named,
      version: this.#file.version,
      rows,
      columns: names.map((name, index) => this.#column(name, index, read.indexOf(index), overall, firsts, place)),
      groupColumn: group < 0 ? null : names[group],
      groups: named.map((g) => this.#group(g, read, firsts, place)),
      correlated,
      emptyGroups: rows - named.reduce((sum, g) => sum + g.rows, 0),
      firstEmptyGroup: place(facts.find((g) => g.name === null)?.firstRow ?? null, group),
      ...(form === null ? {} : { form }),
      faults: [],
    };
  }

  async #query(sql: string): Promise<unknown[][]> {
    return (await this.#relation.connection.runAndReadAll(sql)).getRowsJS() as unknown[][];
  }

  /** Indices of the columns to profile. */
  #columnsRead(): number[] {
    const { names, scans, isLoaded } = this.#relation;
    const all = names.map((_, i) => i).filter((i) => isLoaded[i]);
    const wanted = this.#request.columns;
    return scans && wanted ? all.filter((i) => wanted.includes(names[i])) : all;
  }

  #correlated(read: readonly number[]): number[] {
    const { names, group, hasText, parts } = this.#relation;
    const { head } = parts[0];
    const wanted = this.#request.columns;
    const numeric = read.filter((i) => i !== group && (wanted ? wanted.includes(names[i]) : (head?.numbers[i] ?? !hasText[i])));
    return numeric.slice(0, wanted ? MAX_CORRELATED : MAX_CORRELATED / 2);
  }

  async #refuseTooManyGroups(): Promise<void> {
    const { from, group, scans, estimatedRows } = this.#relation;
    if (group < 0 || estimatedRows < MAX_GROUPS / 2) return;
    const within = scans ? `(SELECT * FROM ${from} LIMIT ${2 * MAX_GROUPS})` : from;
    const [[count]] = await this.#query(`SELECT count(*)::DOUBLE FROM (SELECT ${GROUP} FROM ${within} GROUP BY 1 LIMIT ${MAX_GROUPS + 1})`);
    if (Number(count) > MAX_GROUPS) this.#refuseGroups();
  }

  #refuseGroups(): never {
    const { group, names } = this.#relation;
    const message = `The group column "${names[group]}" has more than ${MAX_GROUPS.toLocaleString('en')} different values; choose a column that names groups.`;
    throw new DataError(fatal('unsupported', message, 1, this.#relation.parts[0].head?.columns[group] ?? 1), this.#file.named);
  }

  /** Names with a zero character, which only files with typed columns can hold, stand for nothing in a spec. `row` is the first with one. */
  #refuseZeroCharacter(column: number, row: number | undefined): void {
    if (row === undefined) return;
    const message = `Row ${row + 1} of "${this.#file.named}" has a zero character in the column "${this.#relation.names[column]}"; remove it from the texts there.`;
    throw new DataError(fatal('encoding', message, row + 1, column + 1), this.#file.named);
  }

  /** Whether every row comes back with the facts, so that nothing more needs asking. */
  get #isSmall(): boolean {
    return this.#relation.estimatedRows <= SAMPLE_ROWS;
  }

  /** Facts by group of all columns read; the group column's come from the groups' names. A sample where a further scan would be dear. */
  async #facts(read: readonly number[], correlated: readonly number[]): Promise<GroupFacts[]> {
    const { group, scans, estimatedRows, found } = this.#relation;
    const others = read.filter((i) => i !== group);
    const every = scans || this.#isSmall ? Math.max(1, Math.ceil(estimatedRows / SAMPLE_ROWS)) : 0;
    const facts = await groupFacts(this.#relation, others, correlated, every);
    if (scans) found.set(this.#where, facts);
    if (!read.includes(group)) return [...facts.groups];
    const { byGroup } = groupColumnFacts(facts.groups, this.#relation.rules);
    return facts.groups.map((g, k) => ({ ...g, columns: read.map((i) => (i === group ? byGroup[k] : g.columns[others.indexOf(i)])) }));
  }

  async #overall(read: readonly number[], facts: readonly GroupFacts[], totals: readonly ColumnFacts[]): Promise<Overall[]> {
    const { group, scans } = this.#relation;
    const rows = facts.reduce((sum, g) => sum + g.rows, 0);
    const others = read.filter((i) => i !== group);
    const at = (index: number) => read.indexOf(index);
    const numeric = others.filter((i) => totals[at(i)].count > 0);
    const shapes =
      scans || this.#isSmall
        ? numeric.map((i) => {
            const shape = sampleShape(facts, others.indexOf(i), totals[at(i)]);
            return this.#isSmall ? shape : { ...shape, minRow: null, maxRow: null };
          })
        : await shapesOf(
            this.#relation,
            numeric,
            numeric.map((i) => totals[at(i)]),
            rows,
          );
    const out: Overall[] = [];
    for (const index of read) {
      const total = totals[at(index)];
      const kind = kindOf(total);
      if (index === group) out.push({ facts: total, kind, ...groupShape(facts, total, kind, this.#relation.rules), among: [] });
      else {
        const isDeclared = this.#request.levels?.has(this.#relation.names[index]) === true && this.#relation.hasText[index];
        const levels = kind === 'text' || isDeclared ? await levelsOf(this.#relation, index) : null;
        this.#refuseZeroCharacter(index, levels?.firstZero ?? undefined);
        const among = kind === 'mixed' && total.texts > 0 ? await textsAmong(this.#relation, index) : [];
        out.push({ facts: total, kind, shape: shapes[numeric.indexOf(index)] ?? NO_SHAPE, levels, among });
      }
    }
    return out;
  }

  /** Looks up all places at once; what comes back answers for a row and a column. */
  async #places(
    read: readonly number[],
    overall: readonly Overall[],
    firsts: Firsts,
    facts: readonly GroupFacts[],
  ): Promise<(row: number | null, column: number) => CellPlace | null> {
    const wanted: Wanted[] = [];
    const want = (row: number | null, column: number) => {
      if (row !== null) wanted.push({ row, column });
    };
    overall.forEach((o, i) => {
      for (const row of [o.shape.fraction, o.shape.minRow, o.shape.maxRow, o.levels?.firstRow ?? null]) want(row, read[i]);
    });
    for (const columns of firsts.values()) {
      for (const [column, first] of columns) for (const row of [first.empty, first.text, first.infinite]) want(row, column);
    }
    want(facts.find((g) => g.name === null)?.firstRow ?? null, this.#relation.group);
    const found = await locateCells(this.#relation.parts, wanted);
    const key = (row: number, column: number) => `${row},${column}`;
    const byCell = new Map(wanted.map((w, i) => [key(w.row, w.column), found[i]]));
    return (row, column) => (row === null ? null : (byCell.get(key(row, column)) ?? null));
  }

  #column(
    name: string,
    index: number,
    at: number,
    overall: readonly Overall[],
    firsts: Firsts,
    place: (row: number | null, column: number) => CellPlace | null,
  ): ColumnProfile {
    if (at < 0) return unreadColumn(name, index);
    const { facts, kind, shape, levels, among } = overall[at];
    const date = dateOf(this.#relation, this.#request.source, index);
    const earliest = (which: 'empty' | 'text' | 'infinite') => {
      let best: number | null = null;
      for (const columns of firsts.values()) {
        const row = columns.get(index)?.[which] ?? null;
        if (row !== null && (best === null || row < best)) best = row;
      }
      return place(best, index);
    };
    return {
      name,
      index,
      kind,
      count: facts.count,
      empty: facts.empty,
      texts: facts.texts,
      infinite: facts.infinite,
      min: facts.min,
      max: facts.max,
      mean: facts.mean,
      sd: facts.sd,
      firstEmpty: earliest('empty'),
      firstText: earliest('text') ?? (kind === 'text' ? place(levels?.firstRow ?? null, index) : null),
      firstInfinite: earliest('infinite'),
      integer: facts.count > 0 && shape.fraction === null,
      firstFraction: place(shape.fraction, index),
      minPlace: place(shape.minRow, index),
      maxPlace: place(shape.maxRow, index),
      distinct: levels?.distinct ?? shape.distinct,
      levels: levels?.names ?? [],
      ...(among.length === 0 ? {} : { textsAmong: among }),
      ...(date === undefined ? {} : { date }),
      histogram: shape.histogram,
    };
  }

  #group(
    facts: GroupFacts,
    read: readonly number[],
    firsts: Firsts,
    place: (row: number | null, column: number) => CellPlace | null,
  ): GroupProfile {
    const first = firsts.get(facts.name);
    const columns = this.#relation.names.map((_, index) => {
      const at = read.indexOf(index);
      const rows = first?.get(index);
      return {
        ...(at < 0 ? UNREAD : facts.columns[at]),
        firstEmpty: place(rows?.empty ?? null, index),
        firstText: place(rows?.text ?? null, index),
        firstInfinite: place(rows?.infinite ?? null, index),
      };
    });
    return { name: facts.name ?? ALL, rows: facts.rows, firstRow: facts.firstRow, columns, correlations: facts.correlations };
  }
}
