/** What can be done about a fit that runs or ran: cancel it, go on with it, take the step that its verdict proposes. */
import { modify } from 'jsonc-parser';
import { type TextDocument, window, workspace } from 'vscode';
import type { Flag } from '../../core/posterior/report.ts';
import { unreachable } from '../../protocol/exhaustive.ts';
import { editDocument } from '../edits.ts';
import type { FitKey } from '../fits/store.ts';
import type { Services } from '../services.ts';
import { findSpec, type SpecArgument, toUri } from '../specs.ts';
import { fit as fitAgain } from './fit.ts';

/** Stops the fits of a spec; every fit when no spec is given. */
export function cancel({ fitter }: Services, argument?: SpecArgument): void {
  const uri = toUri(argument);
  if (!uri) fitter.cancel();
  else for (const priorOnly of [false, true]) fitter.cancel({ uri, priorOnly });
}

/** Adds draws to the last good fit: as many a chain as it has. */
export async function continueSampling(
  { fitter, store, panels }: Services,
  argument?: SpecArgument | FitKey,
  draws?: number,
): Promise<void> {
  const document = await findSpec(argument);
  if (!document) return;
  const key = { uri: document.uri, priorOnly: isKey(argument) && argument.priorOnly };
  if (store.get(key).fit === null) {
    void window.showInformationMessage('This spec has not been fitted yet, so there is nothing to continue.');
    return;
  }
  panels.show(key, true);
  await fitter.continue(key, document, draws);
}

/** The next step that a verdict's flag proposes. */
export async function act(services: Services, key: FitKey, action: NonNullable<Flag['action']>): Promise<void> {
  switch (action.kind) {
    case 'more_draws':
      return continueSampling(services, key, action.draws);
    case 'target_accept':
      await setSampler(await workspace.openTextDocument(key.uri), 'target_accept', action.value);
      return void (await fitAgain(services, key.uri));
    case 'open_parameter':
      return services.panels.show(key, false);
    default:
      return unreachable(action);
  }
}

const isKey = (argument: SpecArgument | FitKey): argument is FitKey => typeof argument === 'object' && 'priorOnly' in argument;

/** Writes one of the spec's `sampler` values, so that the spec still says how its results came about. */
async function setSampler(document: TextDocument, name: string, value: number): Promise<void> {
  const formattingOptions = { insertSpaces: true, tabSize: 2, eol: '\n' };
  await editDocument(document, modify(document.getText(), ['sampler', name], value, { formattingOptions }));
}
