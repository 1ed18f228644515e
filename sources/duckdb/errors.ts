/** Errors of DuckDB, as sentences for whoever has the file: no SQL, no control characters, no path of this machine. */
import { upright, visible } from '../../core/spec/text.ts';
import type { DataFile } from './locate.ts';

/** The kind of error that each of DuckDB's messages starts with. */
const KIND = /^(?:Failed to [a-z ]+: )?(?:\{"exception_type":"([^"]+)","exception_message":"|([A-Z][A-Za-z ]*?) ?Error: )/i;
const LONGEST = 300;

function kindOf(error: unknown): string | null {
  if (!(error instanceof Error)) return null;
  if (error.message.includes('std::bad_alloc')) return 'out of memory';
  const found = KIND.exec(error.message);
  return found === null ? null : (found[1] ?? found[2]).toLowerCase();
}

/** Whether DuckDB said it, of whatever was asked of it. */
export const isDuckDbError = (error: unknown): error is Error => kindOf(error) !== null;

/** Whether somebody called the query off. */
export const isInterrupted = (error: unknown): boolean => kindOf(error) === 'interrupt';

export const isOutOfMemory = (error: unknown): boolean => kindOf(error) === 'out of memory';

/** Whether a query makes no sense as it is written, or a cell is not what its cast asks for. */
export const isOfQuery = (error: unknown): boolean =>
  /^(binder|conversion|catalog|parser|out of range|mismatch type)/.test(kindOf(error) ?? '') &&
  !(error instanceof Error && error.message.includes('CSV Error'));

/** The system's own errors, such as a file that went away while it was read. */
export const isSystemError = (error: unknown): error is NodeJS.ErrnoException =>
  error instanceof Error && 'code' in error && 'syscall' in error;

/** What an error says of the data, without its kind, what follows its first line, and where the data lie here. */
export function reasonOf(error: unknown, file: DataFile | null = null): string {
  if (isSystemError(error)) return String(error.code);
  const message = error instanceof Error ? error.message : String(error);
  const [first] = message.replace(KIND, '').split('\n');
  const named = (file?.parts ?? []).reduce((text, part) => text.replaceAll(part.path, part.named), first);
  const plain = upright(visible(named.trim())).replace(/[.!:]+$/, '');
  return plain.length > LONGEST ? `${plain.slice(0, LONGEST)}…` : plain || 'no reason is given';
}
