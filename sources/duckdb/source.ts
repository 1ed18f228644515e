/** Files as a source: CSV and its kin, Parquet, DuckDB's own. The native module loads at the first call that reads. */
import { DEFAULT_READER } from '../../core/spec/types.ts';
import type { Header, Place, Source } from '../source.ts';
import { readHead } from './head.ts';
import { locateFile } from './locate.ts';
import { loadData } from './modelData.ts';
import { readNewRows } from './newRows.ts';
import { profileData } from './profile.ts';

export const duckdb: Source = { version, profile: profileData, load: loadData, newRows: readNewRows, header };

async function version({ specPath, source, roots }: Place): Promise<string | null> {
  if (source.kind !== 'file') return null;
  return locateFile(specPath, source, roots).then(
    (file) => file.version,
    () => null,
  );
}

/** The header of the first file. */
async function header({ specPath, source, roots }: Place): Promise<Header | null> {
  if (source.kind !== 'file') return null;
  try {
    const { format, parts } = await locateFile(specPath, source, roots);
    // What an editor shows as text.
    if (format !== 'csv' || /\.gz$/i.test(parts[0].named)) return null;
    const { header: found, dialect } = await readHead(parts[0], source, source.reader ?? DEFAULT_READER);
    return { ...found, file: parts[0].named, delimiter: dialect.delimiter };
  } catch {
    return null;
  }
}
