/** What a data file holds, as the rules, the editor and the automatic priors need to know it. Plain data, no I/O. */
import type { DateUnit } from '../spec/types.ts';
import type { DerivedFacts } from './derivedFacts.ts';
import type { ReadingKeys } from './readable.ts';

/** The place of a cell. `row` is 0-based among the data rows; `line` and `column` are 1-based in the file. */
export interface CellPlace {
  readonly row: number;
  readonly line: number;
  readonly column: number;
  /** The cell's text, cut to 40 characters. */
  readonly text: string;
  /** The file that it is in, as the spec names it, where the data are of several. */
  readonly file?: string;
}

/** Numbers about the finite numeric cells of a column, or of a column within a group. NaN where there is nothing to say. */
export interface NumericProfile {
  /** Finite numeric cells. */
  readonly count: number;
  /** Empty cells: nothing, `NA`, `NaN`, `null` in any case. */
  readonly empty: number;
  readonly min: number;
  readonly max: number;
  readonly mean: number;
  /** With n − 1; 0 when constant, NaN for fewer than two. */
  readonly sd: number;
}

export interface Histogram {
  /** counts.length + 1 equally spaced edges. */
  readonly lower: number;
  readonly upper: number;
  readonly counts: readonly number[];
}

export interface ColumnProfile extends NumericProfile {
  readonly name: string;
  /** 0-based position in the file. */
  readonly index: number;
  /** `number`: every non-empty cell is a finite number; `text`: none is; `mixed`: some; `empty`: no non-empty cell; `unread`: nobody asked for it in a large file. */
  readonly kind: 'number' | 'text' | 'mixed' | 'empty' | 'unread';
  /** Non-empty cells that are no numbers. */
  readonly texts: number;
  readonly firstText: CellPlace | null;
  /** Cells that are infinite or overflow a double. */
  readonly infinite: number;
  readonly firstInfinite: CellPlace | null;
  readonly firstEmpty: CellPlace | null;
  /** Whether every finite number is an integer. */
  readonly integer: boolean;
  /** The first finite number that is no integer. */
  readonly firstFraction: CellPlace | null;
  /** Where the smallest and the largest number first stand; `null` when there is none, or the file is too large to look again. */
  readonly minPlace: CellPlace | null;
  readonly maxPlace: CellPlace | null;
  /** Distinct non-empty texts (exact for text columns, exact or approximate for numbers). */
  readonly distinct: number;
  /** Of text columns, and of those whose levels the spec declares: the levels in order of first appearance, at most 1,000 of them. */
  readonly levels: readonly string[];
  /** Mixed columns: the different texts among the numbers in order of first appearance, at most 1,000 of them. */
  readonly textsAmong?: readonly string[];
  /** Columns of dates, whose numbers are times: their unit, and when time starts, in seconds since 1970. */
  readonly date?: { readonly unit: DateUnit; readonly origin: number };
  readonly histogram: Histogram | null;
}

/** One group's cells; `columns[i]` is about `DataProfile.columns[i]`. */
export interface GroupProfile {
  readonly name: string;
  readonly rows: number;
  readonly columns: readonly GroupColumnProfile[];
  /** 0-based row of the group's first appearance. */
  readonly firstRow: number;
  /**
   * Correlations within the group of every pair i < j of `DataProfile.correlated`, packed row by row: (0, 1), (0, 2), …, (1, 2), ….
   * NaN where one is constant or fewer than two rows have both.
   */
  readonly correlations: readonly number[];
}

/** The cells of one column within one group. */
export interface GroupColumnProfile extends NumericProfile {
  readonly texts: number;
  readonly infinite: number;
  /** The places of the group's first empty, text and infinite cell of the column: what to show when the mask is 1 there. */
  readonly firstEmpty: CellPlace | null;
  readonly firstText: CellPlace | null;
  readonly firstInfinite: CellPlace | null;
}

/** A fault of the file itself; the file then has no usable profile when `fatal`. */
export interface DataFault {
  readonly kind:
    | 'missing'
    | 'outside'
    | 'not_a_file'
    | 'unreadable'
    | 'empty'
    | 'header_only'
    | 'duplicate_header'
    | 'ragged'
    | 'encoding'
    | 'too_long'
    | 'where'
    | 'where_empty'
    | 'column'
    | 'table'
    | 'cell'
    | 'unsupported';
  readonly fatal: boolean;
  /** One sentence. */
  readonly message: string;
  readonly line: number | null;
  readonly column: number | null;
  /** `cell`: the rule that the cell breaks, where it is not that of text among numbers. */
  readonly code?: string;
  /** For "did you mean": `missing`: the data files beside the spec, as the spec would name them; `where`: the columns. */
  readonly suggestions?: readonly string[];
  /** `where`: the name in it that the data do not have. */
  readonly unknown?: string;
  /** Keys of `data` under which the file could be read. */
  readonly keys?: ReadingKeys;
  /** `where`: the text in it that is at fault, where that is known. */
  readonly part?: string;
}

/** How a file would be read whose first lines are no header. */
export interface OtherForm {
  readonly keys: ReadingKeys;
  /** The header's names then. */
  readonly names: readonly string[];
}

export interface DataProfile {
  /** As the spec names it. */
  readonly file: string;
  /** Changes whenever the file's content may have changed (size and modification time). */
  readonly version: string;
  /** Rows after `where`. */
  readonly rows: number;
  readonly columns: readonly ColumnProfile[];
  /** The group column asked for; `null` when the spec has none or the column is not there. */
  readonly groupColumn: string | null;
  /** In order of first appearance; one group `all` when there is no group column. */
  readonly groups: readonly GroupProfile[];
  /** Indices into `columns` of those that `GroupProfile.correlations` are about, ascending. */
  readonly correlated: readonly number[];
  /** Rows whose group cell is empty. */
  readonly emptyGroups: number;
  readonly firstEmptyGroup: CellPlace | null;
  /** Set where the header is likely to stand elsewhere. */
  readonly form?: OtherForm;
  readonly faults: readonly DataFault[];
  /** Of a spec's covariates, where the columns do not tell enough of them; absent or `null`: nothing was worked out. */
  readonly derived?: DerivedFacts | null;
}

/** The column of that name, exactly. */
export function columnOf(profile: DataProfile, name: string): ColumnProfile | undefined {
  let byName = columnsByName.get(profile);
  if (byName === undefined) {
    byName = new Map();
    for (const c of profile.columns) if (!byName.has(c.name)) byName.set(c.name, c);
    columnsByName.set(profile, byName);
  }
  return byName.get(name);
}

const columnsByName = new WeakMap<DataProfile, Map<string, ColumnProfile>>();
