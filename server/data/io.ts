/** The server's input and output over data: DuckDB in a worker thread of its own, and the file system for names and headers. */
import { readdir } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { DataProfile } from '../../core/data/profile.ts';
import { type Header, type ProfileRequest, sourceOf } from '../../sources/index.ts';
import type { ProfileIo } from './profiles.ts';
import type { ProfileMessage } from './worker.ts';

export interface ServerIo extends ProfileIo {
  /** Data files below the spec's folder, relative to it, at most a few hundred. */
  dataFiles(specPath: string): Promise<readonly string[]>;
  /** The header of the first data file; `null` when there is none, or it is no plain text. */
  header(request: ProfileRequest): Promise<Header | null>;
  /** Ends what is read; the process can then end at once. */
  dispose(): Promise<void>;
}

/** `workerFile`: a bundle that answers `serveProfiles`; without it profiles are made in this thread. */
export function nodeIo(workerFile: string | null): ServerIo {
  const worker = workerFile === null ? null : new ProfileWorker(workerFile);
  return {
    profile: async (request) => (worker === null ? sourceOf(request.source).profile(request) : worker.profile(request)),
    version: (request) => sourceOf(request.source).version(request),
    dataFiles,
    header: (request) => sourceOf(request.source).header(request),
    dispose: async () => worker?.dispose(),
  };
}

interface Pending {
  readonly resolve: (profile: DataProfile) => void;
  readonly reject: (error: Error) => void;
}

/** Milliseconds for the thread to end by itself. */
const LONGEST_END_MS = 2_000;

/** One worker thread, started at the first request and again after it died. */
class ProfileWorker {
  #worker: Worker | null = null;
  readonly #pending = new Map<number, Pending>();
  #next = 0;

  readonly #file: string;

  constructor(file: string) {
    this.#file = file;
  }

  profile(request: ProfileRequest): Promise<DataProfile> {
    const id = this.#next++;
    return new Promise((resolve, reject) => {
      this.#pending.set(id, { resolve, reject });
      this.#start().postMessage({ id, request } satisfies ProfileMessage);
    });
  }

  /** DuckDB is asked to stop: a thread that is ended under it takes the process along, or lets it wait. */
  async dispose(): Promise<void> {
    const worker = this.#worker;
    if (worker === null) return;
    this.#worker = null;
    const ended = new Promise<void>((resolve) => worker.once('exit', () => resolve()));
    worker.postMessage('end' satisfies ProfileMessage);
    await Promise.race([ended, new Promise<void>((resolve) => setTimeout(resolve, LONGEST_END_MS).unref())]);
    await worker.terminate();
  }

  #start(): Worker {
    if (this.#worker !== null) return this.#worker;
    const worker = new Worker(this.#file, { workerData: PROFILES });
    worker.unref();
    worker.on('message', (answer: { id: number; profile?: DataProfile; error?: string }) => {
      const waiting = this.#pending.get(answer.id);
      this.#pending.delete(answer.id);
      if (answer.profile !== undefined) waiting?.resolve(answer.profile);
      else waiting?.reject(new Error(answer.error));
    });
    const fail = (error: Error) => {
      if (this.#worker === worker) this.#worker = null;
      for (const waiting of this.#pending.values()) waiting.reject(error);
      this.#pending.clear();
    };
    worker.on('error', fail);
    worker.on('exit', () => fail(new Error('The reader of the data stopped.')));
    this.#worker = worker;
    return worker;
  }
}

/** `workerData` of the worker that makes profiles. */
export const PROFILES = 'hmask profiles';

const DATA = /\.(csv|tsv|csv\.gz|tsv\.gz|parquet|duckdb|ddb)$/i;

async function dataFiles(specPath: string): Promise<readonly string[]> {
  const folder = dirname(specPath);
  const found: string[] = [];
  const walk = async (dir: string, depth: number): Promise<void> => {
    const entries = await readdir(dir, { withFileTypes: true }).catch(() => []);
    for (const entry of entries) {
      if (found.length >= 200) return;
      const path = join(dir, entry.name);
      if (entry.isFile() && DATA.test(entry.name)) found.push(relative(folder, path).replaceAll('\\', '/'));
      else if (entry.isDirectory() && depth > 0 && !/^(\.|node_modules$)/.test(entry.name)) await walk(path, depth - 1);
    }
  };
  await walk(folder, 2);
  return found.sort();
}
