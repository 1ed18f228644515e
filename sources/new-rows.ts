/** Reads rows to predict: a new file with the groups and covariates of a fitted model, its response not needed. */

import type { DataFault } from '../core/data/profile.ts';
import { buildRows, type RawRows, rawColumns } from '../core/data/rows.ts';
import type { Design, Rows, Standardisation } from '../core/model/design.ts';
import { type DataSource, DEFAULT_READER, type FileSource } from '../core/spec/types.ts';
import { locateFile } from './locate.ts';
import { cellError, groupNames, readRaw } from './raw.ts';
import { type Relation, withRelation } from './relation.ts';

export interface NewRowsRequest {
  /** The file is relative to this spec. */
  readonly specPath: string;
  readonly file: string;
  /** The model's own data: how the file is to be read, and where the time of its dates starts. */
  readonly fitted: Pick<NewRowsRequest, 'specPath' | 'roots'> & { readonly source: DataSource };
  readonly roots: readonly string[];
  readonly design: Design;
  /** As the fit found it. */
  readonly standardisation: Standardisation;
  /** Calls the reading off: it then throws CalledOff. */
  readonly signal?: AbortSignal;
}

export interface NewRows {
  /** Rows without a fault; `y` is empty, `group` −1 for a group that the model lacks. */
  readonly rows: Rows;
  /** The names of the groups that the model lacks, by index into `rows`. */
  readonly unknownGroups: ReadonlyMap<number, string>;
  /** Cells that cannot be taken, each with line and column; their rows are left out. */
  readonly faults: readonly DataFault[];
}

/** The new file, read as the model's own; `where` and `table` are of that alone. */
function sourceOfNewRows({ file, fitted: { source } }: NewRowsRequest): FileSource {
  const own = source.kind === 'file' ? source : null;
  const reader = { ...(own?.reader ?? DEFAULT_READER), table: null };
  return { kind: 'file', file, where: null, delimiter: own?.delimiter ?? null, reader };
}

/** Where the time of the model's date columns starts: at the first value of the data that it was fitted to. */
async function originsOf({ fitted: { specPath, roots, source }, design, signal }: NewRowsRequest): Promise<ReadonlyMap<string, number>> {
  if (source.kind !== 'file' || source.reader === undefined || source.reader.dates.length === 0) return new Map();
  const file = await locateFile(specPath, source, roots);
  const columns = source.reader.dates.map(([column]) => column);
  return withRelation({ file, source, group: design.groupColumn, columns, texts: new Map(), signal }, async (relation) => relation.origins);
}

/** Throws a DataError when the file cannot be read or lacks a column. */
export async function readNewRows(request: NewRowsRequest): Promise<NewRows> {
  const { design, standardisation, signal } = request;
  const source = sourceOfNewRows(request);
  const origins = await originsOf(request);
  const file = await locateFile(request.specPath, source, request.roots);
  const raws = rawColumns(design, true);
  const columns = raws.map((c) => c.column);
  const texts = new Map(raws.flatMap((c) => (c.level === null ? [] : [[c.column, []]])));
  return withRelation({ file, source, group: design.groupColumn, columns, texts, origins, signal }, async (relation) => {
    const raw = await readRaw(relation, file, design, raws, relation.estimatedRows);
    const { rows, faults } = buildRows(design, raw, { standardisation, newRows: true });
    const explained: DataFault[] = [];
    for (const fault of faults) explained.push((await cellError(relation, file, design, raw, fault)).fault);
    return { rows, unknownGroups: await unknownGroups(relation, raw, rows), faults: explained };
  });
}

async function unknownGroups(relation: Relation, raw: RawRows, rows: Rows): Promise<Map<number, string>> {
  if (!raw.group.includes(-1)) return new Map();
  const names = await groupNames(relation);
  const found = new Map<number, string>();
  rows.group.forEach((g, i) => {
    if (g < 0) found.set(i, names.get(rows.fileRow[i]) ?? '');
  });
  return found;
}
