/**
 * Sufficient statistics of a Gaussian model by DuckDB next to the file: one query by group with `covar_pop`, a stable one-pass form,
 * or two where rows have weights or known standard deviations. The rows themselves are only sampled.
 */

import type { Design, Factor, GroupStatistics, ModelData, Standardisation, Term } from '../../core/design/design.ts';
import { buildRows, type RawRows, rawColumns } from '../../core/design/rows.ts';
import { isRelative, productKey, relativeColumns } from '../../core/design/standardise.ts';
import { activeSlopes, areFinite, assembleStatistics } from '../../core/design/statistics.ts';
import { DataError, fatal } from './dataError.ts';
import type { DataFile } from './locate.ts';
import type { Relation } from './opened.ts';
import { cellError, indexOf, rawExpression, readRaw } from './raw.ts';
import { joinSamples, readSampled, type Sample, sampleOf } from './sample.ts';
import { doubleOf, GROUP, literal, number, numberOf, ROW, textOf, transformSql } from './sql.ts';

/** The place of the sample in an answer. */
const SAMPLE = 2;

/** Rows of the sample that pictures and checks are made from. */
export const SAMPLE_ROWS = 20_000;

/** `total` rows are expected. Throws a DataError for a cell that the model cannot take. */
export async function pushedDown(relation: Relation, file: DataFile, design: Design, total: number): Promise<ModelData> {
  const query = new Query(relation, file, design);
  const standardisation = await query.standardise();
  const every = Math.max(1, Math.ceil(total / SAMPLE_ROWS));
  const found = await query.statistics(standardisation, every).catch((error: unknown) => {
    // DuckDB refuses sums of squares that overflow.
    if (error instanceof Error && error.message.startsWith('Out of Range')) return null;
    throw error;
  });
  if (found === null || !found.clean) throw await explain(relation, file, design, total);
  const { rows } = buildRows(design, found.sample, { standardisation });
  const used = found.statistics.reduce((sum, s) => sum + s.rows, 0);
  return {
    rows: { ...rows, read: found.read, dropped: found.read - used },
    complete: false,
    counts: { read: found.read, used, dropped: found.read - used },
    statistics: found.statistics,
    standardisation,
  };
}

/** Some cell cannot be taken: reads all rows to say which. */
async function explain(relation: Relation, file: DataFile, design: Design, total: number): Promise<DataError> {
  const raw = await readRaw(relation, file, design, rawColumns(design), total);
  const { faults } = buildRows(design, raw);
  if (faults.length > 0) return cellError(relation, file, design, raw, faults[0]);
  return overflow(file);
}

export const overflow = (file: DataFile): DataError =>
  new DataError(fatal('cell', `The numbers of "${file.named}" are too large to be squared; use larger units.`), file.named);

interface Found {
  readonly statistics: readonly GroupStatistics[];
  readonly sample: RawRows;
  /** Rows before missing ones were dropped. */
  readonly read: number;
  /** Whether every cell that is read is a finite number. */
  readonly clean: boolean;
}

class Query {
  readonly #relation: Relation;
  readonly #file: DataFile;
  readonly #design: Design;

  constructor(relation: Relation, file: DataFile, design: Design) {
    this.#relation = relation;
    this.#file = file;
    this.#design = design;
  }

  async #run(sql: string): Promise<readonly (readonly unknown[])[]> {
    return (await this.#relation.connection.runAndReadAll(sql)).getRowsJS();
  }

  /** A cell as a number, NULL when empty or text. */
  #cell({ column, level, levels }: Pick<Factor, 'column' | 'level' | 'levels'>, zero: boolean): string {
    const { hasText, hasDoubles } = this.#relation;
    const { missing } = this.#design;
    const index = indexOf(this.#relation, this.#file, column);
    const t = textOf(index);
    // An empty cell is an error under "error", and NaN in a sum is seen as well as a cell that was not counted.
    const careful = missing !== 'error' || hasText[index] || !hasDoubles;
    const value =
      level === null
        ? careful
          ? numberOf(index)
          : doubleOf(index)
        : `CASE WHEN ${t} IN (${levels!.map(literal).join(', ')}) THEN (${t} = ${literal(level)})::DOUBLE END`;
    if (level === null) return zero ? `coalesce(${value}, 0)` : value;
    // A level that the model does not know is no empty cell: it stays NULL, and is told.
    return zero ? `CASE WHEN ${t} IS NULL THEN 0 ELSE ${value} END` : value;
  }

  #number(column: string): string {
    return this.#cell({ column, level: null, levels: null }, false);
  }

  #term(term: Term, standardisation: Standardisation): string {
    const zero = this.#design.missing === 'zero';
    const factors = term.factors.map((f) => transformSql(this.#cell(f, zero), f.transform, standardisation.get(f.column)));
    if (factors.length === 1) return factors[0];
    return transformSql(factors.map((f) => `(${f})`).join(' * '), term.transform, standardisation.get(productKey(term.name)));
  }

  /** The condition under which a row is used: all its unmasked cells are there. */
  #used(): string {
    const design = this.#design;
    if (design.missing !== 'drop') return 'true';
    const { response } = design;
    const conditions = [response.column, response.se, response.weights]
      .filter((c) => c !== null)
      .map((c) => `${this.#number(c)} IS NOT NULL`);
    design.terms.forEach((term, t) => {
      const masked = design.groups.filter((_, g) => design.mask[g * design.terms.length + t] === 0);
      for (const f of term.factors) {
        const there = `${f.level === null ? this.#cell(f, false) : textOf(indexOf(this.#relation, this.#file, f.column))} IS NOT NULL`;
        conditions.push(masked.length === 0 ? there : `(${there} OR ${this.#isIn(masked)})`);
      }
    });
    return conditions.join(' AND ');
  }

  #isIn(groups: readonly string[]): string {
    return this.#design.groupColumn === null ? 'true' : `${GROUP} IN (${groups.map(literal).join(', ')})`;
  }

  /** Means and standard deviations for `center` and `standardize`: one more query, when any column wants them. */
  async standardise(): Promise<Standardisation> {
    const out = new Map<string, { mean: number; sd: number }>();
    const measure = async (wanted: ReadonlyMap<string, { value: string; terms: readonly number[] | null }>) => {
      if (wanted.size === 0) return;
      const select = [...wanted.values()].flatMap(({ value, terms }) => {
        const visible = terms === null ? value : `CASE WHEN ${this.#isActive(terms)} THEN ${value} END`;
        return [`avg(${visible})`, `stddev_samp(${visible})`];
      });
      const [row] = await this.#run(`SELECT ${select.join(', ')} FROM ${this.#relation.from} WHERE ${this.#used()}`);
      [...wanted.keys()].forEach((key, i) => {
        const sd = Number(row[2 * i + 1] ?? 0);
        out.set(key, { mean: Number(row[2 * i] ?? 0), sd: sd > 0 ? sd : 1 });
      });
    };
    const { terms, response, missing } = this.#design;
    const columns = new Map<string, { value: string; terms: readonly number[] | null }>();
    for (const [column, of] of relativeColumns(this.#design)) {
      columns.set(column, { value: this.#cell({ column, level: null, levels: null }, missing === 'zero'), terms: of });
    }
    if (isRelative(response.transform)) columns.set(response.column, { value: this.#number(response.column), terms: null });
    await measure(columns);
    const products = new Map<string, { value: string; terms: readonly number[] | null }>();
    terms.forEach((term, t) => {
      if (term.factors.length > 1 && isRelative(term.transform)) {
        products.set(productKey(term.name), { value: this.#term({ ...term, transform: 'none' }, out), terms: [t] });
      }
    });
    await measure(products);
    return out;
  }

  /** Whether some of the terms is active in the row's group. */
  #isActive(terms: readonly number[]): string {
    const design = this.#design;
    const active = design.groups.filter((_, g) => terms.some((t) => design.mask[g * design.terms.length + t] === 1));
    return active.length === design.groups.length ? 'true' : active.length === 0 ? 'false' : this.#isIn(active);
  }

  async statistics(standardisation: Standardisation, every: number): Promise<Found> {
    const design = this.#design;
    if (design.groupColumn !== null) indexOf(this.#relation, this.#file, design.groupColumn);
    const slopes = design.terms.map((_, t) => t).filter((t) => design.terms[t].kind === 'slope');
    const { response } = design;
    const values = [
      ...slopes.map((t) => this.#term(design.terms[t], standardisation)),
      transformSql(this.#number(response.column), response.transform, standardisation.get(response.column)),
    ];
    const se = response.se === null ? null : this.#number(response.se);
    const count = response.weights === null ? null : this.#number(response.weights);
    const isWeighted = se !== null || count !== null;
    const weight = isWeighted ? `(${count ?? '1'}) / ${se === null ? '1' : `((${se}) * (${se}))`}` : null;
    const raws = rawColumns(design);
    const cells = raws.map((c) => (c.levels === null ? this.#number(c.column) : rawExpression(this.#relation, this.#file, c)));
    const size = values.length;
    const pairs = values.flatMap((_, a) => values.slice(0, a + 1).map((__, b) => [a, b] as const));
    const names = values.map((_, i) => `"v${i}"`);
    const inner = [
      ROW,
      `${this.#used()} AS "used"`,
      GROUP,
      ...values.map((v, i) => `${v} AS ${names[i]}`),
      ...cells.map((c, i) => `${c} AS "x${i}"`),
      ...(weight === null ? [] : [`${weight} AS "w"`, `${count ?? '1'} AS "m"`, `${se ?? '1'} AS "s"`]),
    ];
    const select = [
      GROUP,
      'count(*)::DOUBLE',
      sampleOf(
        cells.map((_, i) => `"x${i}"`),
        every,
      ),
      weight === null ? '1' : 'sum("w")',
      weight === null ? 'count(*)::DOUBLE' : 'count("w")::DOUBLE',
      se === null ? '0' : `-sum("m" * (${number(0.5 * Math.log(2 * Math.PI))} + ln("s")))`,
      ...names.map((v) => `count(${v})::DOUBLE`),
      ...names.map((v) => (weight === null ? `avg(${v})` : `sum("w" * ${v}) / sum("w")`)),
      ...(weight === null ? pairs.map(([a, b]) => (a === b ? `var_pop(${names[a]})` : `covar_pop(${names[a]}, ${names[b]})`)) : []),
    ];
    const from = `(SELECT ${inner.join(', ')} FROM ${this.#relation.from})`;
    const sql = `SELECT ${select.join(', ')} FROM ${from} WHERE "used" GROUP BY 1`;
    const answers = await readSampled(this.#relation.connection, sql, SAMPLE, cells.length + 1);
    const rows = answers.map((a) => a.row);
    const crossed = weight === null ? null : await this.#weightedProducts(from, names, rows, 6 + size, pairs);
    const read = design.missing === 'drop' ? Number((await this.#run(`SELECT count(*)::DOUBLE FROM ${this.#relation.from}`))[0][0]) : null;
    let clean = true;
    const byName = new Map(rows.map((r) => [r[0], r]));
    const statistics = design.groups.map((name, g) => {
      const active = [...activeSlopes(design, g).map((t) => slopes.indexOf(t)), size - 1];
      const row = byName.get(name);
      if (!row) return assembleStatistics(0, 0, 0, new Array<number>(active.length).fill(0), () => 0);
      const n = Number(row[1]);
      const total = weight === null ? n : Number(row[3]);
      const means = active.map((v) => Number(row[6 + size + v]));
      const product = (a: number, b: number) => {
        const at = pairIndex(active[a], active[b]);
        return crossed === null ? Number(row[6 + 2 * size + at]) * n : (crossed.get(name)?.[at] ?? 0);
      };
      const found = assembleStatistics(n, total, Number(row[5]), means, product);
      clean &&= Number(row[4]) === n && active.every((v) => Number(row[6 + v]) === n);
      return found;
    });
    const known = new Map<unknown, number>(design.groups.map((name, g) => [name, g]));
    clean &&= rows.every((r) => known.has(r[0]));
    const sample = rawSample(
      answers.map((a) => a.sample),
      rows.map((r) => known.get(r[0]) ?? -1),
      raws.map((c) => c.key),
    );
    return { statistics, sample, clean: clean && areFinite(statistics), read: read ?? rows.reduce((sum, r) => sum + Number(r[1]), 0) };
  }

  /** Weighted cross-products about the means that the first query found, by group, less what rounding left in the means. */
  async #weightedProducts(
    from: string,
    names: readonly string[],
    rows: readonly (readonly unknown[])[],
    firstMean: number,
    pairs: readonly (readonly [number, number])[],
  ): Promise<Map<string, number[]>> {
    const { connection } = this.#relation;
    const values = rows.map((row) => [literal(String(row[0])), ...names.map((_, i) => number(Number(row[firstMean + i] ?? Number.NaN)))]);
    const means = names.map((_, i) => `"m${i}" DOUBLE`);
    await connection.run(`CREATE OR REPLACE TEMP TABLE "#means" (${['"g" VARCHAR', ...means].join(', ')})`);
    await connection.run(`INSERT INTO "#means" VALUES ${values.map((v) => `(${v.join(', ')})`).join(', ')}`);
    const gap = (i: number) => `(d.${names[i]} - m."m${i}")`;
    const select = [
      'm."g"',
      'sum("w")',
      ...names.map((_, i) => `sum("w" * ${gap(i)})`),
      ...pairs.map(([a, b]) => `sum("w" * ${gap(a)} * ${gap(b)})`),
    ];
    const found = await this.#run(
      `SELECT ${select.join(', ')} FROM ${from} d JOIN "#means" m ON d.${GROUP} = m."g" WHERE d."used" GROUP BY 1`,
    );
    const rest = (row: readonly unknown[], i: number) => Number(row[2 + i]);
    return new Map(
      found.map((row) => [
        String(row[0]),
        pairs.map(([a, b], p) => Number(row[2 + names.length + p]) - (rest(row, a) * rest(row, b)) / Number(row[1])),
      ]),
    );
  }
}

/** The place of a pair in the packed lower triangle. */
const pairIndex = (a: number, b: number): number => {
  const [high, low] = a > b ? [a, b] : [b, a];
  return (high * (high + 1)) / 2 + low;
};

/** The sampled cells as if they were all, in file order. */
function rawSample(samples: readonly Sample[], codes: readonly number[], keys: readonly string[]): RawRows {
  const { group, columns } = joinSamples(samples);
  return {
    n: group.length,
    group: group.map((g) => codes[g]),
    fileRow: Int32Array.from(columns[0]),
    columns: new Map(keys.map((key, k) => [key, columns[k + 1]])),
  };
}
