/** Runs fits: from a command to results, or to one sentence that says why not. */
import { type CancellationToken, CancellationTokenSource, commands, ProgressLocation, type TextDocument, window, workspace } from 'vscode';
import { isError, type Problem } from '../../core/spec/problem.ts';
import type { SamplerSpec } from '../../core/spec/types.ts';
import { unreachable } from '../../protocol/exhaustive.ts';
import { Disposables } from '../disposable.ts';
import type { Engine, FitOutcome, FitProgress } from '../engine.ts';
import type { Log } from '../log.ts';
import { plainMessage } from '../plain.ts';
import { showSpec, specSource } from '../specs.ts';
import { describeProgress, fractionDone } from './progress.ts';
import { type FitKey, type FitStore, fitLabel, type GoodFit, keyText } from './store.ts';

type Start = (onProgress: (progress: FitProgress) => void, token: CancellationToken) => Promise<FitOutcome>;

/** What a fit is of. */
type Of = Pick<GoodFit, 'text' | 'continued'>;

export class Fitter extends Disposables {
  readonly #running = new Map<string, CancellationTokenSource>();

  readonly #engine: Engine;
  readonly #store: FitStore;
  readonly #log: Log;

  constructor(engine: Engine, store: FitStore, log: Log) {
    super();
    this.#engine = engine;
    this.#store = store;
    this.#log = log;
  }

  /**
   * Fits the spec as it stands in the editor.
   * @returns Whether there are new results.
   */
  async fit(document: TextDocument, priorOnly = false, overrides: Partial<SamplerSpec> = {}): Promise<boolean> {
    if (!(await isTrusted())) return false;
    const source = specSource(document);
    const start: Start = (onProgress, token) => this.#engine.fit(source, { overrides, priorOnly }, onProgress, token);
    return this.#run({ uri: document.uri, priorOnly }, document, { text: source.text, continued: false }, start);
  }

  /** Adds `draws` a chain to the last good fit; as many as it has when `draws` is not given. */
  async continue(key: FitKey, document: TextDocument, draws?: number): Promise<boolean> {
    const { fit, report, text } = this.#store.get(key);
    if (fit === null || report === null || text === null) return false;
    const more = draws ?? report.sampling.draws;
    const start: Start = (onProgress, token) => this.#engine.continue(fit, more, onProgress, token);
    return this.#run(key, document, { text, continued: true }, start);
  }

  /** Stops the fit of `key`, or every fit; the draws so far are kept. */
  cancel(key?: FitKey): void {
    for (const [text, source] of this.#running) if (!key || text === keyText(key)) source.cancel();
  }

  override dispose(): void {
    this.cancel();
    super.dispose();
  }

  async #run(key: FitKey, document: TextDocument, of: Of, start: Start): Promise<boolean> {
    if (this.#running.has(keyText(key))) {
      await this.#offerCancel(key);
      return false;
    }
    const source = new CancellationTokenSource();
    this.#running.set(keyText(key), source);
    this.#store.progressed(key, 'reading', []);
    try {
      const outcome = await this.#showProgress(key, source, start);
      return await this.#settle(key, document, of, outcome);
    } catch (error) {
      this.#log.error(error);
      await this.#fail(key, error instanceof Error ? error.message : String(error));
      return false;
    } finally {
      this.#running.delete(keyText(key));
      source.dispose();
    }
  }

  /** Says why the spec was not fitted, and shows its problems. */
  async refuse(key: FitKey, document: TextDocument, problems: readonly Problem[]): Promise<void> {
    this.#store.ended(key, refusal(key, document, problems), problems);
    await this.#showProblems(key);
  }

  #showProgress(key: FitKey, source: CancellationTokenSource, start: Start): Thenable<FitOutcome> {
    const title = plainMessage(
      key.priorOnly ? `Checking the priors of ${fitLabel({ ...key, priorOnly: false })}` : `Fitting ${fitLabel(key)}`,
    );
    return window.withProgress({ location: ProgressLocation.Notification, title, cancellable: true }, (progress, token) => {
      token.onCancellationRequested(() => source.cancel());
      let shown = 0;
      return start(({ phase, chains }) => {
        this.#store.progressed(key, phase, chains);
        const done = phase === 'summarising' ? 100 : 100 * fractionDone(chains);
        progress.report({ message: describeProgress(phase, chains), increment: Math.max(0, done - shown) });
        shown = Math.max(shown, done);
      }, source.token);
    });
  }

  async #settle(key: FitKey, document: TextDocument, of: Of, outcome: FitOutcome): Promise<boolean> {
    switch (outcome.kind) {
      case 'fitted': {
        for (const old of this.#store.succeeded(key, { ...outcome, ...of })) this.#engine.forget(old);
        this.#log.info(`${fitLabel(key)}: ${outcome.report.verdict.headline}`);
        if (outcome.report.sampling.stopped) this.#tellStopped(key, outcome.report.sampling.draws);
        return true;
      }
      case 'refused':
        await this.refuse(key, document, outcome.problems);
        return false;
      case 'cancelled':
        this.#store.ended(key, 'The fit was cancelled before its first draw.');
        return false;
      case 'failed':
        await this.#fail(key, outcome.message);
        return false;
      default:
        return unreachable(outcome);
    }
  }

  async #fail(key: FitKey, message: string): Promise<void> {
    this.#log.error(`${fitLabel(key)}: ${message}`);
    this.#store.ended(key, message);
    const show = 'Show Log';
    const chosen = window.showErrorMessage(plainMessage(`${fitLabel(key)} could not be fitted: ${message}`), show);
    void chosen.then((choice) => choice === show && this.#log.show());
  }

  async #showProblems(key: FitKey): Promise<void> {
    void window.showErrorMessage(plainMessage(this.#store.get(key).error ?? ''));
    await showSpec(key.uri);
    await commands.executeCommand('workbench.actions.view.problems');
  }

  #tellStopped(key: FitKey, draws: number): void {
    void window.showInformationMessage(
      plainMessage(`${fitLabel(key)} was stopped; its ${draws.toLocaleString('en-US')} draws a chain are kept.`),
    );
  }

  async #offerCancel(key: FitKey): Promise<void> {
    const cancel = 'Cancel That Fit';
    const choice = await window.showInformationMessage(plainMessage(`${fitLabel(key)} is being fitted already.`), cancel);
    if (choice === cancel) this.cancel(key);
  }
}

/** Why a fit did not start, in one sentence. */
function refusal(key: FitKey, document: TextDocument, problems: readonly Problem[]): string {
  const errors = problems.filter(isError);
  const first = errors[0];
  if (!first) return `${fitLabel(key)} was not fitted.`;
  const line = document.positionAt(first.range.start).line + 1;
  const others = errors.length - 1;
  const more = others === 0 ? '' : `, and ${others.toLocaleString('en-US')} more ${others === 1 ? 'error' : 'errors'}`;
  return `Not fitted: ${first.message} (Line ${line}${more}.)`;
}

/** A fit reads what the spec names, so it needs the user's trust in the folder. */
export async function isTrusted(): Promise<boolean> {
  if (workspace.isTrusted) return true;
  const manage = 'Manage Workspace Trust';
  const choice = await window.showWarningMessage(
    'hmask fits only in folders that you trust, because a spec names the files that are read.',
    manage,
  );
  if (choice === manage) await commands.executeCommand('workbench.trust.manage');
  return false;
}
