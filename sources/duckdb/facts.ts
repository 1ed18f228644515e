/** What one scan finds of every group's columns. */
import type { Sample } from './sample.ts';

export interface ColumnFacts {
  /** Finite numbers. */
  readonly count: number;
  readonly empty: number;
  readonly texts: number;
  readonly infinite: number;
  /** Of the finite numbers; NaN where there is none. */
  readonly min: number;
  readonly max: number;
  readonly mean: number;
  readonly sd: number;
}

export interface GroupFacts {
  /** `null`: rows whose group cell is blank. */
  readonly name: string | null;
  readonly rows: number;
  readonly firstRow: number;
  /** Aligned with the columns asked for. */
  readonly columns: readonly ColumnFacts[];
  /** Population covariances and correlations of the pairs i < j of the correlated columns, packed row by row. */
  readonly covariances: readonly number[];
  readonly correlations: readonly number[];
  /** The group's part of a systematic sample of the file, of the columns asked for; empty where none was. */
  readonly sample: Sample;
}

export interface Facts {
  readonly columns: readonly number[];
  readonly correlated: readonly number[];
  /** Whether the covariances are of all cells as they are: none infinite, none so large that it was scaled. */
  readonly plain: boolean;
  /** In order of first appearance. */
  readonly groups: readonly GroupFacts[];
}
