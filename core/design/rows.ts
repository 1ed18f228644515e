/**
 * From cells to the rows of a model: transforms, products, indicators, the mask and missing values, over arrays.
 *
 * What a row means: it is used where its response, the response's parts and every cell of a term whose mask is 1 in its group have a number; a masked
 * cell is never looked at, whatever it holds. An empty cell where the mask is 1 is a fault, leaves the row out under `missing: "drop"`, and counts as 0, before
 * any transform, under `"zero"`. What `center` and `standardize` take off is of the rows used where some term that wants it is not masked. Sums over
 * very many rows are made in SQL by the same rules (sources/duckdb/pushedDown.ts).
 */

import { transformed } from '../data/transform.ts';
import { familyOf } from '../families/index.ts';
import { log } from '../math/elementary.ts';
import type { Design, Factor, Rows, Standardisation, Term } from './design.ts';
import { isRelative, momentsOf, productKey, relativeColumns } from './standardise.ts';

/** A column of the data as a design reads it: its numbers, or the places of its cells among the levels. */
export interface RawColumn {
  readonly key: string;
  readonly column: string;
  /** `null`: numbers. */
  readonly levels: readonly string[] | null;
}

/** Cells as a source reads them, in file order. */
export interface RawRows {
  readonly n: number;
  /** Index into `Design.groups`; −1 for a blank or unknown group. */
  readonly group: Int32Array;
  readonly fileRow: Int32Array;
  /** By `RawColumn.key`. NaN: empty; ±Infinity: text, a number that is not finite, or none of the levels. */
  readonly columns: ReadonlyMap<string, Float64Array>;
}

/** A cell that a model cannot take. */
export interface CellFault {
  /** Index into the raw rows. */
  readonly at: number;
  /** `null`: the group cell. */
  readonly column: string | null;
  /** One sentence without the place. */
  readonly message: string;
  /** The rule that the cell breaks, where it is not that of text among numbers. */
  readonly code?: string;
  /** The cell is none of these levels. */
  readonly levels?: readonly string[];
}

export interface BuiltRows {
  readonly rows: Rows;
  readonly standardisation: Standardisation;
  /** Cells at fault; the rows that hold them are not among `rows`. At most `MAX_FAULTS`, in file order. */
  readonly faults: readonly CellFault[];
}

export interface BuildOptions {
  /** As an earlier fit found it; by default it is computed from these rows. */
  readonly standardisation?: Standardisation;
  /** New rows: no response is read, unknown groups are kept as −1 with every term active, and `missing: "drop"` reports instead. */
  readonly newRows?: boolean;
}

export const MAX_FAULTS = 100;

/** Larger numbers would overflow in sums of squares. */
const LARGEST = 1e150;
const TOO_LARGE = 'is too large to be squared; use larger units';

const keyOf = (column: string, levels: readonly string[] | null): string => (levels === null ? column : JSON.stringify([column, levels]));

const factorKey = (factor: Factor): string => keyOf(factor.column, factor.levels);

/** The texts that a response may be; `null`: numbers. */
const textsOf = ({ response }: Design): readonly string[] | null => response.levels?.flat() ?? null;

/** What must be read for a design, each column once. */
export function rawColumns(design: Design, newRows = false): RawColumn[] {
  const found = new Map<string, RawColumn>();
  const need = (column: string, levels: readonly string[] | null) => {
    const key = keyOf(column, levels);
    found.set(key, { key, column, levels });
  };
  const { response } = design;
  if (!newRows) need(response.column, textsOf(design));
  if (typeof response.trials === 'string') need(response.trials, null);
  if (response.exposure !== null) need(response.exposure, null);
  if (response.se !== null) need(response.se, null);
  if (response.weights !== null && !newRows) need(response.weights, null);
  for (const column of slopeColumns(design.terms)) found.set(column.key, column);
  return [...found.values()];
}

/** What must be read for terms, each column once. */
export function slopeColumns(terms: readonly Pick<Term, 'factors'>[]): RawColumn[] {
  const found = new Map<string, RawColumn>();
  for (const { factors } of terms) {
    for (const f of factors) found.set(factorKey(f), { key: factorKey(f), column: f.column, levels: f.levels });
  }
  return [...found.values()];
}

/** The model's rows from the cells. Shapes: one array a term, of the rows used; the intercept's is empty. */
export function buildRows(design: Design, raw: RawRows, options: BuildOptions = {}): BuiltRows {
  const builder = new Builder(design, raw, options);
  return builder.build();
}

/** A column of the response's side: none of them is ever masked or counted as zero. */
interface Side {
  readonly column: string;
  readonly values: Float64Array;
  readonly allowed: (value: number) => boolean;
  readonly rule: string;
  /** The texts that its cells must be of; `null`: numbers. */
  readonly levels: readonly string[] | null;
}

/** A factor's cells: numbers, or places among its levels, of which `place` is the one that it indicates (−1: numbers). */
interface Cells {
  readonly factor: Factor;
  readonly values: Float64Array;
  readonly place: number;
}

class Builder {
  readonly #design: Design;
  readonly #raw: RawRows;
  readonly #options: BuildOptions;
  readonly #faults: CellFault[] = [];
  /** Raw row indices of the rows used. */
  #used: Int32Array = new Int32Array(0);
  readonly #standardisation = new Map<string, { readonly mean: number; readonly sd: number }>();
  /** Each term's factors with their cells. */
  readonly #factors: readonly (readonly Cells[])[];

  constructor(design: Design, raw: RawRows, options: BuildOptions) {
    this.#design = design;
    this.#raw = raw;
    this.#options = options;
    this.#factors = design.terms.map((term) =>
      term.factors.map((factor) => ({
        factor,
        values: this.#column(factorKey(factor)),
        place: factor.level === null || factor.levels === null ? -1 : factor.levels.indexOf(factor.level),
      })),
    );
  }

  build(): BuiltRows {
    const design = this.#design;
    const dropped = this.#select(this.#sides());
    for (const [key, moments] of this.#options.standardisation ?? []) this.#standardisation.set(key, moments);
    if (!this.#options.standardisation) this.#measureColumns();
    const x = design.terms.map((term, t) => this.#term(term, t));
    const y = this.#options.newRows ? new Float64Array(0) : this.#response();
    const side = (column: string | null, f: (value: number) => number = (v) => v) => {
      if (column === null || (this.#options.newRows && column === design.response.weights)) return null;
      const values = this.#column(column);
      return Float64Array.from(this.#used, (i) => f(values[i]));
    };
    const { trials, exposure, se, weights } = design.response;
    const rows: Rows = {
      n: this.#used.length,
      read: this.#raw.n,
      dropped,
      group: Int32Array.from(this.#used, (i) => this.#raw.group[i]),
      x,
      y,
      trials: typeof trials === 'number' ? new Float64Array(this.#used.length).fill(trials) : side(trials),
      offset: side(exposure, log),
      se: side(se),
      weights: side(weights),
      fileRow: Int32Array.from(this.#used, (i) => this.#raw.fileRow[i]),
    };
    return { rows, standardisation: this.#standardisation, faults: this.#faults };
  }

  #column(key: string): Float64Array {
    const values = this.#raw.columns.get(key);
    if (!values) throw new Error(`The column ${key} was not read.`);
    return values;
  }

  /** The response's cells as numbers: of levels their places, several spellings of one level alike. */
  #outcomes(): Float64Array {
    const { column, levels } = this.#design.response;
    const values = this.#column(keyOf(column, textsOf(this.#design)));
    if (levels === null || levels.every((spellings) => spellings.length === 1)) return values;
    const places = levels.flatMap((spellings, k) => spellings.map(() => k));
    return values.map((place) => places[place] ?? place);
  }

  #isActive(group: number, term: number): boolean {
    return group < 0 || this.#design.mask[group * this.#design.terms.length + term] === 1;
  }

  #fault(at: number, column: string | null, message: string, more: Pick<CellFault, 'code' | 'levels'> = {}): false {
    if (this.#faults.length < MAX_FAULTS) this.#faults.push({ at, column, message, ...more });
    return false;
  }

  #sides(): Side[] {
    const { response, family } = this.#design;
    const sides: Side[] = [];
    const add = (column: string | null, rule: string, allowed: Side['allowed']) => {
      if (column !== null) sides.push({ column, values: this.#column(column), allowed, rule, levels: null });
    };
    if (!this.#options.newRows) {
      const finite = (v: number) => Number.isFinite(transformed(v, response.transform, undefined));
      const [values, levels] = [this.#outcomes(), textsOf(this.#design)];
      sides.push({ column: response.column, values, allowed: finite, rule: `has no ${response.transform}`, levels });
      add(response.weights, 'is negative, which a weight cannot be', (v) => v >= 0);
    }
    const counted = familyOf(family).parts.includes('trials') && typeof response.trials === 'string';
    add(counted ? (response.trials as string) : null, 'is no count of trials', (v) => v >= 0 && Number.isInteger(v));
    add(response.exposure, 'is not positive, which an exposure must be', (v) => v > 0);
    add(response.se, 'is not positive, which a standard deviation must be', (v) => v > 0);
    return sides;
  }

  /** Decides which rows are used; returns how many were left out for missing cells. */
  #select(sides: readonly Side[]): number {
    const used = new Int32Array(this.#raw.n);
    let n = 0;
    let dropped = 0;
    for (let i = 0; i < this.#raw.n; i++) {
      const verdict = this.#rowIsUsable(i, sides);
      if (verdict === 'use') used[n++] = i;
      else if (verdict === 'drop') dropped++;
    }
    this.#used = used.subarray(0, n);
    return dropped;
  }

  #rowIsUsable(i: number, sides: readonly Side[]): 'use' | 'drop' | 'fault' {
    const design = this.#design;
    const group = this.#raw.group[i];
    if (group < 0 && !this.#options.newRows) return this.#fault(i, null, 'The group is not one of the model’s.') || 'fault';
    const drops = design.missing === 'drop' && !this.#options.newRows;
    let missing = false;
    for (const { column, values, allowed, rule, levels } of sides) {
      const value = values[i];
      if (Number.isNaN(value)) {
        if (!drops) return this.#fault(i, column, `"${column}" is empty.`, { code: 'HM208' }) || 'fault';
        missing = true;
        continue;
      }
      if (!Number.isFinite(value)) {
        if (levels === null) return this.#fault(i, column, `"${column}" is not a finite number.`) || 'fault';
        return this.#fault(i, column, `"${column}" is a level that the response does not have.`, { levels, code: 'HM214' }) || 'fault';
      }
      if (Math.abs(value) > LARGEST) return this.#fault(i, column, `"${column}" ${TOO_LARGE}.`, { code: 'HM206' }) || 'fault';
      if (!allowed(value))
        return this.#fault(i, column, `"${column}" ${rule}.`, { code: column === design.response.column ? 'HM213' : 'HM212' }) || 'fault';
    }
    for (let t = 0; t < design.terms.length; t++) {
      if (!this.#isActive(group, t)) continue;
      for (const { factor, values } of this.#factors[t]) {
        const value = values[i];
        if (Number.isNaN(value)) {
          if (design.missing === 'zero') continue;
          if (!drops)
            return this.#fault(i, factor.column, `"${factor.column}" is empty where the mask is 1.`, { code: 'HM406' }) || 'fault';
          missing = true;
        } else if (factor.levels !== null) {
          if (Number.isFinite(value)) continue;
          const message = `"${factor.column}" is a level that the model does not know.`;
          return this.#fault(i, factor.column, message, { levels: factor.levels, code: 'HM214' }) || 'fault';
        } else if (!Number.isFinite(value)) {
          return this.#fault(i, factor.column, `"${factor.column}" is not a finite number where the mask is 1.`) || 'fault';
        } else if (Math.abs(value) > LARGEST) {
          return this.#fault(i, factor.column, `"${factor.column}" ${TOO_LARGE}.`, { code: 'HM206' }) || 'fault';
        } else if (!Number.isFinite(transformed(value, factor.transform, undefined))) {
          return this.#fault(i, factor.column, `"${factor.column}" has no ${factor.transform}.`, { code: 'HM213' }) || 'fault';
        }
      }
    }
    if (missing) return 'drop';
    const { trials, column } = design.response;
    if (familyOf(design.family).parts.includes('trials') && trials !== null && !this.#options.newRows) {
      const most = typeof trials === 'number' ? trials : this.#column(trials)[i];
      if (this.#column(column)[i] > most)
        return this.#fault(i, column, `"${column}" is larger than the number of trials, ${most}`, { code: 'HM209' }) || 'fault';
    }
    return 'use';
  }

  /** A cell of a covariate: under `missing: "zero"` an empty one counts as 0, before any transform. */
  #cell({ values, place }: Pick<Cells, 'values' | 'place'>, i: number): number {
    const value = values[i];
    if (Number.isNaN(value)) return 0;
    return place < 0 ? value : value === place ? 1 : 0;
  }

  /** What `center` and `standardize` need, of each column over the rows used where some term that wants it is not masked. */
  #measureColumns(): void {
    for (const [column, terms] of relativeColumns(this.#design)) {
      const cells = { values: this.#column(column), place: -1 };
      this.#standardisation.set(
        column,
        momentsOf(
          this.#used.filter((i) => terms.some((t) => this.#isActive(this.#raw.group[i], t))),
          (i) => this.#cell(cells, i),
        ),
      );
    }
    const { column, transform } = this.#design.response;
    if (isRelative(transform) && !this.#options.newRows) {
      const values = this.#outcomes();
      this.#standardisation.set(
        column,
        momentsOf(this.#used, (i) => values[i]),
      );
    }
  }

  #term(term: Term, t: number): Float64Array {
    if (term.kind === 'intercept') return new Float64Array(0);
    const factors = this.#factors[t].map((cells) => ({
      cells,
      transform: cells.factor.transform,
      moments: this.#standardisation.get(cells.factor.column),
    }));
    const out = new Float64Array(this.#used.length);
    const active = new Uint8Array(this.#used.length);
    for (let k = 0; k < out.length; k++) {
      const i = this.#used[k];
      if (!this.#isActive(this.#raw.group[i], t)) continue;
      active[k] = 1;
      let product = 1;
      for (const f of factors) product *= transformed(this.#cell(f.cells, i), f.transform, f.moments);
      out[k] = product;
    }
    if (term.factors.length < 2 || term.transform === 'none') return out;
    if (isRelative(term.transform) && !this.#standardisation.has(productKey(term.name))) {
      const places = Int32Array.from(out.keys()).filter((k) => active[k] === 1);
      this.#standardisation.set(
        productKey(term.name),
        momentsOf(places, (k) => out[k]),
      );
    }
    const moments = this.#standardisation.get(productKey(term.name));
    for (let k = 0; k < out.length; k++) if (active[k]) out[k] = transformed(out[k], term.transform, moments);
    return out;
  }

  #response(): Float64Array {
    const { column, transform } = this.#design.response;
    const values = this.#outcomes();
    const moments = this.#standardisation.get(column);
    return Float64Array.from(this.#used, (i) => transformed(values[i], transform, moments));
  }
}
