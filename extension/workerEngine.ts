/** The engine in a worker of the extension host: started when it is needed first, and again if it dies. */

import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { CancellationToken, ExtensionContext } from 'vscode';
import type { ExportFormat } from '../core/export/index.ts';
import type { CancelRequest, EngineAnswer, EngineRequest, FitId, SpecChoices, SpecDraft, SpecSource } from '../protocol/engine.ts';
import type { ViewRequest, ViewResponse } from '../protocol/views.ts';
import type { CalibrationEnding, CalibrationProgress, Engine, FitOptions, FitOutcome, FitProgress } from './engine.ts';
import type { Log } from './log.ts';

/** An answer that ends its request. */
type Ending = Exclude<EngineAnswer, Progress>;
type Progress = Extract<EngineAnswer, { readonly kind: 'progress' | 'rounds' }>;

interface Pending {
  readonly resolve: (ending: Ending) => void;
  readonly onProgress: (progress: Progress) => void;
}

/** A request without its number. */
type Unnumbered = EngineRequest extends infer R ? (R extends EngineRequest ? Omit<R, 'id'> : never) : never;

const FIT_ENDINGS = ['fitted', 'refused', 'cancelled', 'failed'] as const;

export class WorkerEngine implements Engine {
  #worker: Worker | null = null;
  readonly #pending = new Map<number, Pending>();
  #lastId = 0;
  #disposed = false;

  readonly #context: ExtensionContext;
  readonly #log: Log;
  readonly #onLost: () => void;

  /** @param onLost The worker died, and every kept fit with it; what it owed has been answered. */
  constructor(context: ExtensionContext, log: Log, onLost: () => void = () => {}) {
    this.#context = context;
    this.#log = log;
    this.#onLost = onLost;
  }

  warm(): void {
    this.#started();
  }

  async fit(
    source: SpecSource,
    options: FitOptions,
    onProgress: (progress: FitProgress) => void,
    token: CancellationToken,
  ): Promise<FitOutcome> {
    return expect(await this.#ask({ kind: 'fit', source, ...options }, only('progress', onProgress), token), ...FIT_ENDINGS);
  }

  async continue(fit: FitId, draws: number, onProgress: (progress: FitProgress) => void, token: CancellationToken): Promise<FitOutcome> {
    return expect(await this.#ask({ kind: 'continue', fit, draws }, only('progress', onProgress), token), ...FIT_ENDINGS);
  }

  async calibrate(
    source: SpecSource,
    rounds: number,
    onProgress: (progress: CalibrationProgress) => void,
    token: CancellationToken,
  ): Promise<CalibrationEnding> {
    const ending = await this.#ask({ kind: 'calibrate', source, rounds }, only('rounds', onProgress), token);
    return expect(ending, 'calibrated', 'refused', 'cancelled', 'failed');
  }

  async draft(specPath: string, file: string, choices: SpecChoices): Promise<SpecDraft> {
    const ending = await this.#ask({ kind: 'draft', specPath, file, choices });
    if (ending.kind === 'failed') throw new Error(ending.message);
    return expect(ending, 'drafted').draft;
  }

  async view(fit: FitId, view: ViewRequest): Promise<ViewResponse> {
    const ending = await this.#ask({ kind: 'view', fit, view });
    if (ending.kind === 'failed') throw new Error(ending.message);
    return expect(ending, 'viewed').view;
  }

  async export(fit: FitId, format: ExportFormat): Promise<Uint8Array> {
    const ending = await this.#ask({ kind: 'export', fit, format });
    if (ending.kind === 'failed') throw new Error(ending.message);
    return Buffer.concat(expect(ending, 'exported').parts);
  }

  forget(fit: FitId): void {
    void this.#ask({ kind: 'forget', fit });
  }

  dispose(): void {
    this.#disposed = true;
    void this.#worker?.terminate();
  }

  #ask(request: Unnumbered, onProgress: (progress: Progress) => void = () => {}, token?: CancellationToken): Promise<Ending> {
    const id = ++this.#lastId;
    const worker = this.#started();
    const cancelling = token?.onCancellationRequested(() => worker.postMessage({ kind: 'cancel', id } satisfies CancelRequest));
    return new Promise<Ending>((resolve) => {
      this.#pending.set(id, { resolve, onProgress });
      worker.postMessage({ ...request, id });
    }).finally(() => cancelling?.dispose());
  }

  #started(): Worker {
    this.#worker ??= this.#start();
    return this.#worker;
  }

  #start(): Worker {
    const worker = new Worker(join(this.#context.extensionPath, 'dist', 'engine.js'));
    worker.on('message', (answer: EngineAnswer) => this.#receive(answer));
    worker.on('error', (error) => this.#log.error(error));
    worker.on('exit', () => this.#lose(worker));
    return worker;
  }

  #receive(answer: EngineAnswer): void {
    const pending = this.#pending.get(answer.id);
    if (answer.kind === 'progress' || answer.kind === 'rounds') {
      pending?.onProgress(answer);
      return;
    }
    this.#pending.delete(answer.id);
    pending?.resolve(answer);
  }

  /** A request never stays without an answer: what a dead worker owed ends here. */
  #lose(worker: Worker): void {
    if (this.#worker === worker) this.#worker = null;
    const message = 'the engine ended unexpectedly and its fits are lost; fit again.';
    for (const [id, { resolve }] of this.#pending) resolve({ kind: 'failed', id, code: 'engine_lost', message });
    this.#pending.clear();
    if (!this.#disposed) this.#onLost();
  }
}

/** Passes on progress of one kind. */
function only<K extends Progress['kind']>(kind: K, take: (progress: Extract<Progress, { readonly kind: K }>) => void) {
  return (progress: Progress): void => {
    if (progress.kind === kind) take(progress as Extract<Progress, { readonly kind: K }>);
  };
}

/** The ending, which must be of one of these kinds. */
function expect<K extends Ending['kind']>(ending: Ending, ...kinds: readonly K[]): Extract<Ending, { readonly kind: K }> {
  if ((kinds as readonly string[]).includes(ending.kind)) return ending as Extract<Ending, { readonly kind: K }>;
  throw new Error(`The engine answered "${ending.kind}" where ${kinds.join(', ')} was due.`);
}
