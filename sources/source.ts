/** What a kind of place that data come from can do; `sources/index.ts` has one for each. */
import type { DataProfile } from '../core/data/profile.ts';
import type { ModelData } from '../core/design/design.ts';
import type { LoadRequest } from './duckdb/modelData.ts';
import type { NewRows, NewRowsRequest } from './duckdb/newRows.ts';
import type { ProfileRequest } from './duckdb/profile.ts';

/** The record of names of a file of text. */
export interface Header {
  /** As the spec names it. */
  readonly file: string;
  /** The line at which it starts, 1-based. */
  readonly line: number;
  readonly text: string;
  readonly delimiter: string;
}

/** Where and what to read: all that a request for a profile says of the place. */
export type Place = Pick<ProfileRequest, 'specPath' | 'source' | 'roots'>;

export interface Source {
  /** Changes whenever the data may have; `null` when they cannot be reached. Nothing outside the roots is looked at. */
  version(place: Place): Promise<string | null>;
  /** Never throws for a fault of the data: the profile then has `faults`. */
  profile(request: ProfileRequest): Promise<DataProfile>;
  /** What a resolved design needs. @throws DataError with the place of a cell that the model cannot take; CalledOff. */
  load(request: LoadRequest): Promise<ModelData>;
  /** Rows to predict, from a file, read as the data of the fit are. @throws DataError */
  newRows(request: NewRowsRequest): Promise<NewRows>;
  /** Where the names of columns stand, for an editor to go to; `null` where that is no text. */
  header(place: Place): Promise<Header | null>;
}
