/** The server's bundle: the language server over the channel the client chose, or, as a worker thread of it, the reader of the data. */
import { isMainThread, workerData } from 'node:worker_threads';
import { PROFILES } from './data/io.ts';
import { serveProfiles } from './data/worker.ts';
import { startServer } from './server.ts';

if (!isMainThread && workerData === PROFILES) serveProfiles();
else startServer(process.argv.includes('--stdio') ? 'stdio' : 'ipc', { workerFile: process.argv[1] });
