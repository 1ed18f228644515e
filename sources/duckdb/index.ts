/** Data through DuckDB, in this process: profiles, the rows and statistics of a model, and new rows to predict. The native module loads at the first call. */
export { DataError } from './dataError.ts';
export { type LoadRequest, loadData, ROWS_LIMIT } from './modelData.ts';
export { type NewRows, type NewRowsRequest, readNewRows } from './newRows.ts';
export { MAX_GROUPS, type ProfileRequest, profileData } from './profile.ts';
export { releaseData, startReader } from './relation.ts';
export { CalledOff } from './turn.ts';
