/** What is wrong with a spec or its data, where, and how to mend it. */

export type Severity = 'error' | 'warning' | 'info' | 'hint';

/** A half-open range of UTF-16 offsets in the spec's text. */
export interface TextRange {
  readonly start: number;
  readonly end: number;
}

/** A cell of the data file; `line` and `column` are 1-based, as an editor shows them. */
export interface DataPlace {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

export interface TextEdit extends TextRange {
  readonly text: string;
}

/** A change to the spec that makes the problem go away. Edits do not overlap. */
export interface Fix {
  readonly title: string;
  readonly edits: readonly TextEdit[];
  /** The one to take when there are several. */
  readonly preferred?: boolean;
}

export interface Problem {
  /** `HM` and three digits; each has a page in docs/rules. */
  readonly code: string;
  readonly severity: Severity;
  /** One sentence that names the thing and says what to do. */
  readonly message: string;
  /** The smallest part of the spec that is at fault. */
  readonly range: TextRange;
  /** Where in the data the fault lies, when it lies there. */
  readonly data?: DataPlace;
  readonly fixes?: readonly Fix[];
}

export const isError = (p: Problem): boolean => p.severity === 'error';
