/**
 * From cells to the rows of a model: transforms, products, indicators, the mask and missing values, over arrays.
 * A masked cell is never looked at, whatever it holds.
 */
import { familyOf } from '../families/index.ts';
import { log } from '../math/elementary.ts';
import type { Design, Factor, Rows, Standardisation, Term } from '../model/design.ts';
import { transformed } from '../posterior/point.ts';
import { isRelative, momentsOf } from './standardise.ts';

/** A column of the data as a design reads it: its numbers, or the indicator of one of its levels. */
export interface RawColumn {
  readonly key: string;
  readonly column: string;
  readonly level: string | null;
}

/** Cells as a source reads them, in file order. */
export interface RawRows {
  readonly n: number;
  /** Index into `Design.groups`; −1 for a blank or unknown group. */
  readonly group: Int32Array;
  readonly fileRow: Int32Array;
  /** By `RawColumn.key`. NaN: empty; ±Infinity: text, or a number that is not finite. */
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

const keyOf = (column: string, level: string | null): string => (level === null ? column : JSON.stringify([column, level]));

export const factorKey = (factor: Factor): string => keyOf(factor.column, factor.level);

/** What must be read for a design, each column once. */
export function rawColumns(design: Design, newRows = false): RawColumn[] {
  const found = new Map<string, RawColumn>();
  const need = (column: string, level: string | null) => {
    const key = keyOf(column, level);
    found.set(key, { key, column, level });
  };
  const { response } = design;
  if (!newRows) need(response.column, null);
  if (typeof response.trials === 'string') need(response.trials, null);
  if (response.exposure !== null) need(response.exposure, null);
  if (response.se !== null) need(response.se, null);
  if (response.weights !== null && !newRows) need(response.weights, null);
  for (const term of design.terms) for (const f of term.factors) need(f.column, f.level);
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
  readonly #factors: readonly (readonly { readonly factor: Factor; readonly values: Float64Array }[])[];

  constructor(design: Design, raw: RawRows, options: BuildOptions) {
    this.#design = design;
    this.#raw = raw;
    this.#options = options;
    this.#factors = design.terms.map((term) => term.factors.map((factor) => ({ factor, values: this.#column(factorKey(factor)) })));
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

  #isActive(group: number, term: number): boolean {
    return group < 0 || this.#design.mask[group * this.#design.terms.length + term] === 1;
  }

  #fault(at: number, column: string | null, message: string, code?: string): false {
    if (this.#faults.length < MAX_FAULTS) this.#faults.push(code === undefined ? { at, column, message } : { at, column, message, code });
    return false;
  }

  #sides(): Side[] {
    const { response, family } = this.#design;
    const sides: Side[] = [];
    const add = (column: string | null, rule: string, allowed: Side['allowed']) => {
      if (column !== null) sides.push({ column, values: this.#column(column), allowed, rule });
    };
    if (!this.#options.newRows) {
      const finite = (v: number) => Number.isFinite(transformed(v, response.transform, undefined));
      add(response.column, `has no ${response.transform}`, finite);
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
    for (const { column, values, allowed, rule } of sides) {
      const value = values[i];
      if (Number.isNaN(value)) {
        if (!drops) return this.#fault(i, column, `"${column}" is empty.`, 'HM208') || 'fault';
        missing = true;
      } else if (!Number.isFinite(value)) return this.#fault(i, column, `"${column}" is not a finite number.`) || 'fault';
      else if (Math.abs(value) > LARGEST) return this.#fault(i, column, `"${column}" ${TOO_LARGE}.`, 'HM206') || 'fault';
      else if (!allowed(value))
        return this.#fault(i, column, `"${column}" ${rule}.`, column === design.response.column ? 'HM213' : 'HM212') || 'fault';
    }
    for (let t = 0; t < design.terms.length; t++) {
      if (!this.#isActive(group, t)) continue;
      for (const { factor, values } of this.#factors[t]) {
        const value = values[i];
        if (Number.isNaN(value)) {
          if (design.missing === 'zero') continue;
          if (!drops) return this.#fault(i, factor.column, `"${factor.column}" is empty where the mask is 1.`, 'HM406') || 'fault';
          missing = true;
        } else if (!Number.isFinite(value)) {
          return this.#fault(i, factor.column, `"${factor.column}" is not a finite number where the mask is 1.`) || 'fault';
        } else if (Math.abs(value) > LARGEST) {
          return this.#fault(i, factor.column, `"${factor.column}" ${TOO_LARGE}.`, 'HM206') || 'fault';
        } else if (!Number.isFinite(transformed(value, factor.transform, undefined))) {
          return this.#fault(i, factor.column, `"${factor.column}" has no ${factor.transform}.`, 'HM213') || 'fault';
        }
      }
    }
    if (missing) return 'drop';
    const { trials, column } = design.response;
    if (familyOf(design.family).parts.includes('trials') && trials !== null && !this.#options.newRows) {
      const most = typeof trials === 'number' ? trials : this.#column(trials)[i];
      if (this.#column(column)[i] > most)
        return this.#fault(i, column, `"${column}" is larger than the number of trials, ${most}`, 'HM209') || 'fault';
    }
    return 'use';
  }

  /** A cell of a covariate: under `missing: "zero"` an empty one counts as 0, before any transform. */
  #cell(values: Float64Array, i: number): number {
    const value = values[i];
    return Number.isNaN(value) ? 0 : value;
  }

  /** What `center` and `standardize` need, of each column over the rows used where some term that wants it is not masked. */
  #measureColumns(): void {
    const wanted = new Map<string, number[]>();
    this.#design.terms.forEach((term, t) => {
      for (const f of term.factors) if (isRelative(f.transform)) wanted.set(f.column, [...(wanted.get(f.column) ?? []), t]);
    });
    for (const [column, terms] of wanted) {
      const values = this.#column(column);
      this.#standardisation.set(
        column,
        momentsOf(
          this.#used.filter((i) => terms.some((t) => this.#isActive(this.#raw.group[i], t))),
          (i) => this.#cell(values, i),
        ),
      );
    }
    const { column, transform } = this.#design.response;
    if (isRelative(transform) && !this.#options.newRows) {
      const values = this.#column(column);
      this.#standardisation.set(
        column,
        momentsOf(this.#used, (i) => values[i]),
      );
    }
  }

  #term(term: Term, t: number): Float64Array {
    if (term.kind === 'intercept') return new Float64Array(0);
    const factors = this.#factors[t].map(({ factor, values }) => ({
      values,
      transform: factor.transform,
      moments: this.#standardisation.get(factor.column),
    }));
    const out = new Float64Array(this.#used.length);
    const active = new Uint8Array(this.#used.length);
    for (let k = 0; k < out.length; k++) {
      const i = this.#used[k];
      if (!this.#isActive(this.#raw.group[i], t)) continue;
      active[k] = 1;
      let product = 1;
      for (const f of factors) product *= transformed(this.#cell(f.values, i), f.transform, f.moments);
      out[k] = product;
    }
    if (term.factors.length < 2 || term.transform === 'none') return out;
    if (isRelative(term.transform) && !this.#standardisation.has(term.name)) {
      const places = Int32Array.from(out.keys()).filter((k) => active[k] === 1);
      this.#standardisation.set(
        term.name,
        momentsOf(places, (k) => out[k]),
      );
    }
    const moments = this.#standardisation.get(term.name);
    for (let k = 0; k < out.length; k++) if (active[k]) out[k] = transformed(out[k], term.transform, moments);
    return out;
  }

  #response(): Float64Array {
    const { column, transform } = this.#design.response;
    const values = this.#column(column);
    const moments = this.#standardisation.get(column);
    return Float64Array.from(this.#used, (i) => transformed(values[i], transform, moments));
  }
}
