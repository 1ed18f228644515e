/** Reads rows to predict: a new file with the groups and covariates of a fitted model, its response not needed. */

import type { DataFault } from '../core/data/profile.ts';
import { buildRows, type RawRows, rawColumns } from '../core/data/rows.ts';
import type { Design, Rows, Standardisation } from '../core/model/design.ts';
import { locateFile } from './locate.ts';
import { cellError, groupNames, readRaw } from './raw.ts';
import { type Relation, withRelation } from './relation.ts';

export interface NewRowsRequest {
  /** The file is relative to this spec. */
  readonly specPath: string;
  readonly file: string;
  readonly roots: readonly string[];
  readonly design: Design;
  /** As the fit found it. */
  readonly standardisation: Standardisation;
}

export interface NewRows {
  /** Rows without a fault; `y` is empty, `group` −1 for a group that the model lacks. */
  readonly rows: Rows;
  /** The names of the groups that the model lacks, by index into `rows`. */
  readonly unknownGroups: ReadonlyMap<number, string>;
  /** Cells that cannot be taken, each with line and column; their rows are left out. */
  readonly faults: readonly DataFault[];
}

/** Throws a DataError when the file cannot be read or lacks a column. */
export async function readNewRows(request: NewRowsRequest): Promise<NewRows> {
  const { design, standardisation } = request;
  const file = await locateFile(request.specPath, request.file, request.roots);
  const columns = rawColumns(design, true);
  const texts = columns.flatMap((c) => (c.level === null ? [] : [c.column]));
  return withRelation({ file, delimiter: null, where: null, group: design.groupColumn, texts }, async (relation) => {
    const raw = await readRaw(relation, file, design, columns, relation.estimatedRows);
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
