/**
 * Data as a DuckDB relation with columns of known meaning, whatever the kind of file:
 * `#r` the 0-based row in the data, `#g` the group's name (NULL when blank), and for the data column at index i `#n<i>`, its cells as
 * numbers (NULL when empty or text), and where it may hold text `#t<i>`, its cells as text (NULL when empty).
 *
 * A file of moderate size becomes a table in memory, read by all threads. A larger one is scanned anew for every query. Queries run
 * on one thread, so that sums do not depend on how rows fell to threads.
 */

import type { DuckDBConnection } from '@duckdb/node-api';
import { DataError } from './dataError.ts';
import { isDuckDbError, isInterrupted, isOutOfMemory } from './errors.ts';
import type { Relation, RelationRequest, Source } from './opened.ts';
import { close, Reading } from './reading.ts';
import { GROUP, numberOf, textOf } from './sql.ts';
import { goOn, inTurn } from './turn.ts';
import { filtered, notApplicable } from './where.ts';

export { startReader } from './reading.ts';

/** Frees the memory that the last file read holds. */
export function releaseData(): Promise<void> {
  return inTurn(async () => close());
}

/**
 * Runs `use` over the file's relation. It may run more than once: a column taken for numbers by the file's start may turn out to hold
 * text further down. Throws DataError for every fault of the file or of `where`, and CalledOff soon after its signal is aborted.
 */
export function withRelation<T>(request: RelationRequest, use: (relation: Relation) => Promise<T>): Promise<T> {
  let reading: Reading | null = null;
  const read = async () => {
    const mine = await Reading.start(request);
    reading = mine;
    for (;;) {
      try {
        const found = await once(mine, request, use);
        // What was interrupted may end early instead of failing.
        goOn();
        return found;
      } catch (error) {
        if (error instanceof DataError) throw error;
        close();
        goOn();
        if (error !== MISREAD && !(await mine.adapt(error))) throw await mine.explain(error);
      }
    }
  };
  return inTurn(read, request.signal, () => reading?.interrupt());
}

/** What `once` throws when columns must be read anew, as text. */
const MISREAD = new Error('Text was read as numbers.');

async function once<T>(reading: Reading, request: RelationRequest, use: (relation: Relation) => Promise<T>): Promise<T> {
  const { source, connection } = await reading.open();
  // A fault that was found may be of a column that was misread.
  const outcome = await filtered(connection, source, request)
    .then(use)
    .then(
      (value) => ({ value }),
      (error: unknown) => ({ error }),
    );
  if ('error' in outcome && !(outcome.error instanceof DataError)) throw await blamed(outcome.error, connection, source, request);
  if (await reading.hasMisread(connection)) throw MISREAD;
  if ('error' in outcome) throw outcome.error;
  return outcome.value;
}

/** The error, or that of the predicate where the data can be read without it. */
async function blamed(error: unknown, connection: DuckDBConnection, source: Source, { source: { where }, file }: RelationRequest) {
  if (where === null || !isDuckDbError(error) || isInterrupted(error) || isOutOfMemory(error)) return error;
  const columns = source.names.map((_, i) => i).filter((i) => source.isLoaded[i]);
  const counts = columns.flatMap((i) => [numberOf(i), ...(source.hasText[i] ? [textOf(i)] : [])]).map((cell) => `count(${cell})`);
  const isReadable = await connection.run(`SELECT ${[`count(${GROUP})`, ...counts].join(', ')} FROM ${source.base}`).then(
    () => true,
    () => false,
  );
  return isReadable ? notApplicable(error, file) : error;
}
