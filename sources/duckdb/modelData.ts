/** Reads what a resolved design needs of its data: rows, and for Gaussian models the sufficient statistics by group. */

import type { Design, ModelData } from '../../core/design/design.ts';
import { buildRows, rawColumns } from '../../core/design/rows.ts';
import { areFinite, groupStatistics, knowResiduals } from '../../core/design/statistics.ts';
import { familyOf } from '../../core/families/index.ts';
import { levelsByColumn } from '../../core/spec/columns.ts';
import type { DataSource } from '../../core/spec/types.ts';
import { DataError, fatal } from './dataError.ts';
import { fromProfile } from './fromProfile.ts';
import { type DataFile, locateFile } from './locate.ts';
import type { Relation } from './opened.ts';
import { overflow, pushedDown } from './pushedDown.ts';
import { cellError, readRaw, refuseTooMany } from './raw.ts';
import { withRelation } from './relation.ts';

export interface LoadRequest {
  /** Absolute path of the spec; the data file is relative to it. */
  readonly specPath: string;
  readonly source: DataSource;
  /** Nothing outside these folders is read. */
  readonly roots: readonly string[];
  readonly design: Design;
  /** Gaussian models with more rows than this are read as statistics and a sample; for tests. */
  readonly rowsLimit?: number;
  /** Above this size the file is scanned rather than kept in memory; for tests. */
  readonly tableBytes?: number;
  /** Calls the reading off: it then throws CalledOff. */
  readonly signal?: AbortSignal;
}

/** Gaussian models with more rows than this keep statistics and a sample of the rows. */
export const ROWS_LIMIT = 1_000_000;

/**
 * The data of a design that was resolved from the profile of the same file. Throws a DataError, with the cell's line and column, for a
 * cell that the model cannot take. Under `missing: "zero"` an empty cell of a covariate counts as 0 before any transform; an empty
 * response stays an error. `center` and `standardize` are over the rows used, masked cells left out. Noise too small beside the signal for
 * sums of squares to tell is found row by row, however many rows there are.
 */
export async function loadData(request: LoadRequest): Promise<ModelData> {
  const { source, design, tableBytes, signal } = request;
  if (source.kind === 'trino') throw new DataError(fatal('unsupported', 'Trino tables cannot be read yet.'), source.table);
  const file = await locateFile(request.specPath, source, request.roots);
  const { where } = source;
  const raws = rawColumns(design);
  const columns = raws.map((c) => c.column);
  const texts = levelsByColumn(raws);
  const total = design.groupRows.reduce((sum, n) => sum + n, 0);
  const push = familyOf(design.family).likelihood === 'statistics' && total > (request.rowsLimit ?? ROWS_LIMIT);
  return withRelation({ file, source, group: design.groupColumn, columns, texts, tableBytes, signal }, async (relation) => {
    if (!push) return allRows(relation, file, design, total);
    const summed = fromProfile(relation, design, where) ?? (await pushedDown(relation, file, design, total));
    if (knowResiduals(summed.statistics ?? [])) return summed;
    const { statistics } = await allRows(relation, file, design, total);
    return { ...summed, statistics };
  });
}

async function allRows(relation: Relation, file: DataFile, design: Design, total: number): Promise<ModelData> {
  const columns = rawColumns(design);
  refuseTooMany(file, total, columns.length);
  const raw = await readRaw(relation, file, design, columns, total);
  const { rows, standardisation, faults } = buildRows(design, raw);
  if (faults.length > 0) throw await cellError(relation, file, design, raw, faults[0]);
  const statistics = familyOf(design.family).likelihood === 'statistics' ? groupStatistics(design, rows) : null;
  if (statistics && !areFinite(statistics)) throw overflow(file);
  const counts = { read: rows.read, used: rows.n, dropped: rows.dropped };
  return { rows, complete: true, counts, statistics, standardisation };
}
