/** Where data come from, by the kind that a spec names. */
import type { DataSource } from '../core/spec/types.ts';
import { duckdb } from './duckdb/source.ts';
import type { Source } from './source.ts';

// A table in Trino is refused by the reader of files, with what to do instead.
const SOURCES: Readonly<Record<DataSource['kind'], Source>> = { file: duckdb, trino: duckdb };

export const sourceOf = ({ kind }: DataSource): Source => SOURCES[kind];

export { CalledOff, DataError, type NewRows, type ProfileRequest, startReader } from './duckdb/index.ts';
export type { Header, Source } from './source.ts';
