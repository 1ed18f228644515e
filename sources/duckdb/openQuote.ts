import type { DataFault } from '../../core/data/profile.ts';
import { fatal } from './dataError.ts';
import { MAX_RECORD_BYTES } from './records.ts';

/** A quote after which everything up to the longest record is one cell. */
export const openQuoteFault = (named: string, { line, column }: { readonly line: number; readonly column: number }): DataFault =>
  fatal(
    'unreadable',
    `Line ${line} of "${named}" opens a quote that is not closed for ${MAX_RECORD_BYTES / 1e6} MB; close it, or double the quotes within a cell.`,
    line,
    column,
  );
