import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { startServer } from '../../server/main.ts';
import { EXIT, type Exit, UsageError } from '../exit.ts';

/** Serves until the client says exit. The server is a bundle of its own, so that no other command pays for it. */
export async function lspCommand(options: { readonly stdio?: boolean }): Promise<Exit> {
  if (!options.stdio) throw new UsageError('hmask lsp speaks over standard input and output: say --stdio.');
  const server = createRequire(join(__dirname, 'cli.js'))('./server.js') as { readonly startServer: typeof startServer };
  await server.startServer('stdio');
  return EXIT.done;
}
