import type { Disposable } from 'vscode';

/** Owns other disposables: who creates a listener or a worker adds it here, and it ends with its owner. */
export class Disposables implements Disposable {
  readonly #owned: Disposable[] = [];

  /** Takes ownership of `item` and returns it. */
  protected own<T extends Disposable>(item: T): T {
    this.#owned.push(item);
    return item;
  }

  /** Last in, first out. */
  dispose(): void {
    while (this.#owned.length > 0) this.#owned.pop()!.dispose();
  }
}
