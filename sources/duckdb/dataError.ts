/** What a source throws, and how a fault is made. */
import type { DataFault } from '../../core/data/profile.ts';

/** A fault that leaves no profile. */
export const fatal = (kind: DataFault['kind'], message: string, line: number | null = null, column: number | null = null): DataFault => ({
  kind,
  fatal: true,
  message,
  line,
  column,
});

/** What a source throws for a fault of the user's data; `profileData` turns it into `DataProfile.faults`. */
export class DataError extends Error {
  override readonly name = 'DataError';
  readonly fault: DataFault;
  /** The data file as the spec names it. */
  readonly file: string;

  constructor(fault: DataFault, file: string) {
    super(fault.message);
    this.fault = fault;
    this.file = file;
  }
}
