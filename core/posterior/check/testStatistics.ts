/** Numbers that a data set is summed up by, of the observed and of every replicated one. */

import type { Design, Rows } from '../../design/design.ts';
import { familyOf } from '../../families/index.ts';
import { equalTailed } from '../diagnose/interval.ts';

export const STATISTIC_NAMES = ['mean', 'sd', 'min', 'max', 'zeros'] as const;
export type StatisticName = (typeof STATISTIC_NAMES)[number];

export interface TestStatistic {
  /** `zeros` is the share of rows with a response of 0. */
  readonly name: StatisticName;
  readonly observed: number;
  /** One a replicated data set. */
  readonly replicated: Float64Array;
  /** 5 % and 95 % quantiles of the replicated. */
  readonly lower: number;
  readonly upper: number;
  /** Share of replicated data sets with a larger value, those with the same counted half: near 0 or 1 the model misses it. */
  readonly p: number;
}

/** Whether the family's variance follows from its mean, so that counts can be overdispersed. */
export function canBeOverdispersed(design: Design, rows: Rows): boolean {
  return areCounts(design, rows) && design.own.length === 0;
}

/** Whether responses are counts of more than one trial: a rootogram shows them. */
export const areCounts = (design: Design, rows: Rows): boolean =>
  familyOf(design.family).counts(rows.trials?.some((trials) => trials > 1) === true);

/** Running weight, mean, squares about it, extremes and zeros of one data set. */
class Running {
  count = 0;
  mean = 0;
  squares = 0;
  min = Number.POSITIVE_INFINITY;
  max = Number.NEGATIVE_INFINITY;
  zeros = 0;

  add(value: number, weight: number): void {
    if (weight === 0) return;
    this.count += weight;
    const step = value - this.mean;
    this.mean += (weight * step) / this.count;
    this.squares += weight * step * (value - this.mean);
    if (value < this.min) this.min = value;
    if (value > this.max) this.max = value;
    if (value === 0) this.zeros += weight;
  }

  value(name: StatisticName): number {
    if (name === 'sd') return Math.sqrt(this.squares / (this.count - 1));
    return name === 'zeros' ? this.zeros / this.count : this[name];
  }
}

export class StatisticsOfReplicates {
  readonly #observed = new Running();
  readonly #replicated: readonly Running[];
  readonly #dispersed: boolean;
  readonly #pearsonObserved: Float64Array;
  readonly #pearsonReplicated: Float64Array;

  /** @param dispersed whether the variance follows from the mean, so that its excess is worth a look. */
  constructor(sets: number, dispersed: boolean) {
    this.#replicated = Array.from({ length: sets }, () => new Running());
    this.#dispersed = dispersed;
    this.#pearsonObserved = new Float64Array(sets);
    this.#pearsonReplicated = new Float64Array(sets);
  }

  /** @param weight how often it counts. */
  addObserved(y: number, weight = 1): void {
    this.#observed.add(y, weight);
  }

  /** A row of replicated set `s`, with the mean and variance that the draw gives the row. */
  add(s: number, y: number, replicated: number, mean: number, variance: number, weight = 1): void {
    this.#replicated[s].add(replicated, weight);
    if (!this.#dispersed || !(variance > 0)) return;
    this.#pearsonObserved[s] += (weight * (y - mean) ** 2) / variance;
    this.#pearsonReplicated[s] += (weight * (replicated - mean) ** 2) / variance;
  }

  /** Pearson's statistic alone, of many observations at once: what one adds to it on average is 1. */
  addPearson(s: number, observed: number, replicated: number): void {
    this.#pearsonObserved[s] += observed;
    this.#pearsonReplicated[s] += replicated;
  }

  report(): TestStatistic[] {
    return STATISTIC_NAMES.map((name) => {
      const observed = this.#observed.value(name);
      const replicated = Float64Array.from(this.#replicated, (set) => set.value(name));
      const p = replicated.reduce((sum, value) => sum + (value > observed ? 1 : value === observed ? 0.5 : 0), 0) / replicated.length;
      return { name, observed, replicated, ...equalTailed(replicated.slice().sort(), 0.9), p };
    });
  }

  /** Pearson's statistic, observed against replicated at the same draws. */
  dispersion(): { readonly ratio: number; readonly p: number } | null {
    if (!this.#dispersed) return null;
    const total = (values: Float64Array): number => values.reduce((sum, value) => sum + value, 0);
    const larger = this.#pearsonReplicated.reduce((sum, value, s) => sum + (value >= this.#pearsonObserved[s] ? 1 : 0), 0);
    return { ratio: total(this.#pearsonObserved) / total(this.#pearsonReplicated), p: larger / this.#pearsonReplicated.length };
  }
}
