import { createRequire } from 'node:module';
import { join } from 'node:path';
import { type Exit, UsageError } from '../exit.ts';

/** Serves until the client says exit. The server is a bundle of its own, started as if by itself, so that no other command pays for it. */
export function lspCommand(options: { readonly stdio?: boolean }): Promise<Exit> {
  if (!options.stdio) throw new UsageError('hmask lsp speaks over standard input and output: say --stdio.');
  const server = join(__dirname, 'server.js');
  process.argv[1] = server;
  createRequire(server)(server);
  return new Promise(() => {});
}
