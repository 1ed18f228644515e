/**
 * The values of a prediction, as people give them → the raw value of every column that a model's terms read. A key is a covariate's name, a
 * column, an indicator (`stage[late]`) or a product given whole; a column that several covariates read is given once.
 */
import { transformed } from '../data/transform.ts';
import { meantLevel, nearestLevel, quote } from '../spec/nearest.ts';
import type { Factor } from './design.ts';
import type { Slope } from './slopes.ts';

/** A number, or a level of a text column. */
export type AtValue = number | string;
export type At = ReadonlyMap<string, AtValue>;

type TermLike = Pick<Slope, 'name' | 'factors' | 'transform'>;

/** What a key stands for. */
export type KeyMeaning =
  | { readonly kind: 'number'; readonly column: string }
  | { readonly kind: 'text'; readonly column: string; readonly levels: readonly string[] }
  | { readonly kind: 'indicator'; readonly column: string; readonly levels: readonly string[]; readonly level: string }
  | { readonly kind: 'product'; readonly name: string };

/** A value that cannot be meant. */
export interface AtFault {
  readonly key: string;
  /** One sentence. */
  readonly message: string;
  /** The value probably meant, as JSON. */
  readonly better: string | null;
}

/** What a prediction says of the columns. */
export interface AtReading {
  readonly numbers: ReadonlyMap<string, number>;
  /** Column → level → its indicator; every column of which something was said. */
  readonly levels: ReadonlyMap<string, ReadonlyMap<string, number>>;
  /** Products given whole, by the term's name, before their own transform. */
  readonly products: ReadonlyMap<string, number>;
  readonly faults: readonly AtFault[];
}

/** The words that predictions of some terms are given in. */
export interface Vocabulary {
  /** Every key understood: names before columns, where one is both. A column read as numbers and as levels has two meanings. */
  readonly keys: ReadonlyMap<string, readonly KeyMeaning[]>;
  /** The key that a message names a column by: its covariate's name, or its own where several covariates read it. */
  keyOf(column: string): string;
}

const made = new WeakMap<readonly TermLike[], Vocabulary>();

/** Made once for a list of terms. */
export function vocabularyOf(terms: readonly TermLike[]): Vocabulary {
  const known = made.get(terms);
  if (known !== undefined) return known;
  const names = new Map<string, Set<string>>();
  for (const { factors } of terms) for (const f of factors) names.set(f.column, (names.get(f.column) ?? new Set()).add(f.name));
  const keyOf = (column: string): string => {
    const [name, ...others] = names.get(column) ?? [];
    return name === undefined || others.length > 0 ? column : name;
  };
  const vocabulary = { keys: keysOf(terms), keyOf };
  made.set(terms, vocabulary);
  return vocabulary;
}

function keysOf(terms: readonly TermLike[]): ReadonlyMap<string, readonly KeyMeaning[]> {
  const keys = new Map<string, KeyMeaning[]>();
  const add = (key: string, meaning: KeyMeaning) => {
    const known = keys.get(key);
    if (known === undefined) keys.set(key, [meaning]);
    else if (!known.some((k) => isSame(k, meaning))) known.push(meaning);
  };
  const once = new Map<string, Factor>();
  for (const { factors } of terms) for (const f of factors) once.set(JSON.stringify([f.name, f.column, f.levels === null]), f);
  for (const f of once.values()) for (const [key, meaning] of named(f, f.name)) add(key, meaning);
  for (const { name, factors } of terms) {
    if (factors.length > 1 && factors.every((f) => f.level === null) && !keys.has(name)) add(name, { kind: 'product', name });
  }
  const taken = new Set(keys.keys());
  for (const f of once.values()) for (const [key, meaning] of named(f, f.column)) if (!taken.has(key)) add(key, meaning);
  return keys;
}

function named({ column, level, levels }: Factor, name: string): (readonly [string, KeyMeaning])[] {
  if (level === null || levels === null) return [[name, { kind: 'number', column }]];
  return [
    [name, { kind: 'text', column, levels }],
    ...levels.map((l) => [`${name}[${l}]`, { kind: 'indicator', column, levels, level: l }] as const),
  ];
}

const isSame = (a: KeyMeaning, b: KeyMeaning): boolean =>
  a.kind === b.kind && (a.kind === 'product' || b.kind === 'product' ? a.kind === 'product' : a.column === b.column);

interface Indicated {
  readonly key: string;
  readonly level: string;
  readonly value: number;
}

/** Reads a prediction's values; keys that the terms do not know are passed over. */
export function readAt(terms: readonly TermLike[], at: At): AtReading {
  return new Reader(terms).read(at);
}

class Reader {
  readonly #terms: readonly TermLike[];
  readonly #numbers = new Map<string, { key: string; value: number }>();
  readonly #levels = new Map<string, { key: string; level: string }>();
  readonly #indicators = new Map<string, Indicated[]>();
  readonly #products = new Map<string, number>();
  readonly #faults: AtFault[] = [];

  constructor(terms: readonly TermLike[]) {
    this.#terms = terms;
  }

  read(at: At): AtReading {
    const { keys } = vocabularyOf(this.#terms);
    for (const [key, value] of at) for (const meaning of keys.get(key) ?? []) this.#take(key, value, meaning, (keys.get(key) ?? []).length);
    const levels = this.#readLevels();
    const numbers = new Map([...this.#numbers].map(([column, { value }]) => [column, value]));
    this.#compareProducts(numbers);
    return { numbers, levels, products: this.#products, faults: this.#faults };
  }

  #fault(key: string, message: string, better: string | null = null): void {
    this.#faults.push({ key, message, better });
  }

  /** @param meanings How many the key has: a column that is numbers and levels takes either. */
  #take(key: string, value: AtValue, meaning: KeyMeaning, meanings: number): void {
    if (meaning.kind === 'text') this.#takeLevel(key, value, meaning.column, meaning.levels);
    else if (typeof value === 'string') {
      if (meanings === 1) this.#fault(key, `${quote(key)} takes a number, not ${quote(value)}.`, asNumber(value));
    } else if (meaning.kind === 'product') this.#products.set(meaning.name, value);
    else if (meaning.kind === 'indicator') this.#takeIndicator(key, value, meaning.column, meaning.level);
    else {
      const known = this.#numbers.get(meaning.column);
      if (known === undefined) this.#numbers.set(meaning.column, { key, value });
      else if (known.value !== value) this.#contradicts(key, value, known.key, known.value, meaning.column);
    }
  }

  #contradicts(key: string, value: AtValue, other: string, given: AtValue, column: string, better = given): void {
    const text = (v: AtValue) => (typeof v === 'string' ? quote(v) : String(v));
    this.#fault(
      key,
      `${quote(other)}: ${text(given)} and ${quote(key)}: ${text(value)} contradict each other: both are the value of the column ${quote(column)}, before any transform; give it once.`,
      JSON.stringify(better),
    );
  }

  #takeLevel(key: string, value: AtValue, column: string, levels: readonly string[]): void {
    const level = String(value);
    if (!levels.includes(level)) {
      const guess = nearestLevel(level, levels);
      const message = `${quote(level)} is a level of ${quote(key)} that the model does not know.${meantLevel(level, levels)}`;
      this.#fault(key, message, guess === null ? null : JSON.stringify(guess));
      return;
    }
    const known = this.#levels.get(column);
    if (known === undefined) this.#levels.set(column, { key, level });
    else if (known.level !== level) this.#contradicts(key, level, known.key, known.level, column);
    const number = this.#numbers.get(column);
    if (number !== undefined && Number.isFinite(Number(level)) && Number(level) !== number.value)
      this.#contradicts(key, level, number.key, number.value, column);
  }

  #takeIndicator(key: string, value: number, column: string, level: string): void {
    if (!(value >= 0 && value <= 1))
      this.#fault(key, `${quote(key)} is an indicator: 1 for the level ${quote(level)}, else 0; not ${value}.`);
    const given = this.#indicators.get(column) ?? [];
    const known = given.find((g) => g.level === level);
    if (known === undefined) this.#indicators.set(column, [...given, { key, level, value }]);
    else if (known.value !== value) this.#contradicts(key, value, known.key, known.value, column);
  }

  /** Levels by name and by indicators, which must agree; a share of several levels stands for an average over them. */
  #readLevels(): Map<string, ReadonlyMap<string, number>> {
    const levels = new Map<string, Map<string, number>>();
    for (const [column, given] of this.#indicators) {
      levels.set(column, new Map(given.map((g) => [g.level, g.value])));
      const ones = given.filter((g) => g.value > 0);
      if (ones.reduce((sum, g) => sum + g.value, 0) > 1 + 1e-9)
        this.#fault(
          ones[1].key,
          `${ones.map((g) => quote(g.key)).join(' and ')} cannot both be so: a row has one level of ${quote(column)}.`,
        );
      else if (!this.#levels.has(column)) this.#takeReference(column, given, levels.get(column)!);
    }
    for (const [column, { key, level }] of this.#levels) {
      for (const g of this.#indicators.get(column) ?? []) {
        const right = g.level === level ? 1 : 0;
        if (g.value !== right) this.#contradicts(g.key, g.value, key, level, column, right);
      }
      levels.set(column, new Map([[level, 1]]));
    }
    return levels;
  }

  /** Of the reference level's own indicator, which leaves the rest to the others; of two levels that is the other one. */
  #takeReference(column: string, given: readonly Indicated[], levels: Map<string, number>): void {
    const all = this.#terms.flatMap((t) => t.factors).find((f) => f.column === column && f.levels !== null)!.levels!;
    const reference = given.find((g) => g.level === all[0]);
    if (reference === undefined) return;
    const rest = given.reduce((sum, g) => sum + (g === reference ? 0 : g.value), 0);
    if (Math.abs(reference.value + rest - 1) < 1e-9) return;
    if (rest === 0 && all.length === 2 && given.length === 1) levels.set(all[1], 1 - reference.value);
    else
      this.#fault(
        reference.key,
        `${quote(all[0])} is the reference level of ${quote(column)}, which a row is at where no other is given; ${quote(reference.key)}: ${reference.value} leaves open which other it is.`,
        '1',
      );
  }

  /** A product given whole beside all its factors must be what they make. */
  #compareProducts(numbers: ReadonlyMap<string, number>): void {
    for (const [name, value] of this.#products) {
      const { factors } = this.#terms.find((t) => t.name === name)!;
      const given = factors.map((f) => numbers.get(f.column));
      if (given.includes(undefined)) continue;
      const isRelative = factors.some((f) => f.transform === 'center' || f.transform === 'standardize');
      const product = factors.reduce((p, f, i) => p * transformed(given[i]!, f.transform, undefined), 1);
      if (!isRelative && Math.abs(product - value) <= 1e-9 * Math.max(1, Math.abs(product))) continue;
      const names = factors.map((f) => quote(vocabularyOf(this.#terms).keyOf(f.column))).join(' and ');
      this.#fault(name, `${quote(name)}: ${value} contradicts ${names}, from which it follows; leave it out.`);
    }
  }
}

const asNumber = (text: string): string | null => (text.trim() !== '' && Number.isFinite(Number(text)) ? String(Number(text)) : null);

/** Whether a term's values need a column that the reading lacks; the columns. */
export function lackingOf(term: TermLike, reading: Pick<AtReading, 'numbers' | 'products'>): string[] {
  if (term.factors.length > 1 && reading.products.has(term.name)) return [];
  return term.factors.flatMap((f) => (f.level === null && !reading.numbers.has(f.column) ? [f.column] : []));
}
