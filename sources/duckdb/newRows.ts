/** Reads rows to predict: a new file with the groups and covariates of a fitted model, its response not needed. */

import type { DataFault } from '../../core/data/profile.ts';
import type { Design, Rows, Standardisation } from '../../core/design/design.ts';
import { buildRows, type RawRows, rawColumns } from '../../core/design/rows.ts';
import { familyOf } from '../../core/families/index.ts';
import { levelsByColumn } from '../../core/spec/columns.ts';
import { type DataSource, DEFAULT_READER, type FileSource } from '../../core/spec/types.ts';
import { locateFile } from './locate.ts';
import type { Relation } from './opened.ts';
import { cellError, groupNames, readRaw } from './raw.ts';
import { withRelation } from './relation.ts';

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
  readonly faults: readonly RowFault[];
}

/** Why a row of the file has no prediction. */
export interface RowFault extends DataFault {
  /** 0-based row of the file. */
  readonly row: number;
  /** As the file has it, where the model has such a group; else empty. */
  readonly group: string;
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
  const { standardisation, signal } = request;
  const source = sourceOfNewRows(request);
  const origins = await originsOf(request);
  const file = await locateFile(request.specPath, source, request.roots);
  const raws = rawColumns(request.design, true);
  const columns = [...raws.map((c) => c.column), 'exposure', 'trials', 'se'];
  return withRelation(
    { file, source, group: request.design.groupColumn, columns, texts: levelsByColumn(raws), origins, signal },
    async (relation) => {
      const design = withParts(request.design, relation.names);
      const raw = await readRaw(relation, file, design, rawColumns(design, true), relation.estimatedRows);
      const { rows, faults } = buildRows(design, raw, { standardisation, newRows: true });
      const explained: RowFault[] = [];
      for (const fault of faults) {
        const { fault: told } = await cellError(relation, file, design, raw, fault);
        explained.push({ ...told, row: raw.fileRow[fault.at], group: design.groups[raw.group[fault.at]] ?? '' });
      }
      return { rows, unknownGroups: await unknownGroups(relation, raw, rows), faults: explained };
    },
  );
}

/** A file of new rows may name what belongs to its response by its part, as the spec's predictions do. */
function withParts(design: Design, names: readonly string[]): Design {
  const { response, family } = design;
  const part = (column: string | null, name: string) =>
    column !== null && !names.includes(column) && names.includes(name) ? name : column;
  const trials =
    typeof response.trials === 'string'
      ? part(response.trials, 'trials')
      : familyOf(family).parts.includes('trials') && names.includes('trials')
        ? 'trials'
        : response.trials;
  return { ...design, response: { ...response, trials, exposure: part(response.exposure, 'exposure'), se: part(response.se, 'se') } };
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
