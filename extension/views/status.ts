/** The status bar item: what the fit of the spec in front is doing, or what came of it. */
import { StatusBarAlignment, ThemeColor, type Uri, window } from 'vscode';
import { Disposables } from '../disposable.ts';
import { describeProgress } from '../fits/progress.ts';
import { type FitStore, isStale, type SpecFit } from '../fits/store.ts';
import { onDidChangeSpecInFront, specInFront } from '../specs.ts';

export class StatusItem extends Disposables {
  readonly #item = this.own(window.createStatusBarItem('hmask.status', StatusBarAlignment.Right, 100));
  #uri: Uri | undefined = specInFront()?.uri;

  readonly #store: FitStore;

  constructor(store: FitStore) {
    super();
    this.#store = store;
    this.#item.name = 'hmask';
    this.own(store.onDidChange(() => this.#show()));
    this.own(
      onDidChangeSpecInFront((uri) => {
        this.#uri = uri;
        this.#show();
      }),
    );
    this.#show();
  }

  #show(): void {
    const state = this.#store.running()[0] ?? (this.#uri && this.#store.get({ uri: this.#uri, priorOnly: false }));
    if (!state) {
      this.#item.hide();
      return;
    }
    const { text, tooltip, command, warn } = describe(state);
    this.#item.text = text;
    this.#item.tooltip = tooltip;
    this.#item.command = { command, title: tooltip, arguments: [state.uri] };
    this.#item.backgroundColor = warn ? new ThemeColor('statusBarItem.warningBackground') : undefined;
    this.#item.accessibilityInformation = { label: `hmask: ${tooltip}`, role: 'button' };
    this.#item.show();
  }
}

function describe(state: SpecFit): { text: string; tooltip: string; command: string; warn: boolean } {
  if (state.progress) {
    const progress = describeProgress(state.progress.phase, state.progress.chains);
    return {
      text: `$(sync~spin) ${progress}`,
      tooltip: 'A model is being fitted; click to see it',
      command: 'hmask.openResults',
      warn: false,
    };
  }
  if (!state.report) return { text: '$(play) Fit', tooltip: 'Fit Hierarchical Model', command: 'hmask.fit', warn: false };
  if (isStale(state)) {
    return {
      text: '$(history) Results are stale',
      tooltip: 'The spec or its data changed since the fit; click to fit again',
      command: 'hmask.fit',
      warn: false,
    };
  }
  const { trustworthy, headline } = state.report.verdict;
  return {
    text: trustworthy ? '$(pass) Fitted' : '$(warning) Fitted',
    tooltip: headline,
    command: 'hmask.openResults',
    warn: !trustworthy,
  };
}
