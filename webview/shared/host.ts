/** The extension host as a webview sees it: messages out, a state that outlives the page, and questions that always end. */
import type { FitId } from '../../protocol/engine.ts';
import type { ViewOf, ViewRequest, ViewResponse } from '../../protocol/views.ts';

/** What VS Code gives a webview once. */
export interface Host<Message, State> {
  postMessage(message: Message): void;
  getState(): State | undefined;
  setState(state: State): void;
}

declare function acquireVsCodeApi<Message, State>(): Host<Message, State>;

/** To be called once a page. */
export const connect = <Message, State>(): Host<Message, State> => acquireVsCodeApi<Message, State>();

interface Waiting {
  readonly resolve: (response: ViewResponse) => void;
  readonly reject: (error: Error) => void;
}

type ViewMessage = { readonly kind: 'view'; readonly id: number; readonly fit: FitId; readonly request: ViewRequest };
type ViewAnswer =
  | { readonly kind: 'view'; readonly id: number; readonly response: ViewResponse }
  | { readonly kind: 'view_failed'; readonly id: number; readonly message: string };

/** Views of kept fits by question and answer. */
export class Views {
  readonly #waiting = new Map<number, Waiting>();
  #next = 1;

  readonly #post: (message: ViewMessage) => void;

  constructor(post: (message: ViewMessage) => void) {
    this.#post = post;
  }

  /** The engine's answer; rejects with its sentence when there is none. */
  ask<R extends ViewRequest>(fit: FitId, request: R): Promise<ViewOf<R['kind']>> {
    const id = this.#next++;
    return new Promise<ViewOf<R['kind']>>((resolve, reject) => {
      this.#waiting.set(id, {
        resolve: (response) => {
          if (response.kind === request.kind) resolve(response as ViewOf<R['kind']>);
          else reject(new Error(`Asked for ${request.kind}, got ${response.kind}.`));
        },
        reject,
      });
      this.#post({ kind: 'view', id, fit, request });
    });
  }

  receive(answer: ViewAnswer): void {
    const waiting = this.#waiting.get(answer.id);
    if (!waiting) return;
    this.#waiting.delete(answer.id);
    if (answer.kind === 'view') waiting.resolve(answer.response);
    else waiting.reject(new Error(answer.message));
  }
}

/** Runs one at a time and only the newest of those that wait: for live input, where steps in between do not matter. */
export class Latest<T> {
  #running = false;
  #next: T | null = null;
  readonly #run: (value: T) => Promise<void>;

  constructor(run: (value: T) => Promise<void>) {
    this.#run = run;
  }

  push(value: T): void {
    this.#next = value;
    if (!this.#running) void this.#drain();
  }

  async #drain(): Promise<void> {
    this.#running = true;
    while (this.#next !== null) {
      const value = this.#next;
      this.#next = null;
      await this.#run(value);
    }
    this.#running = false;
  }
}
