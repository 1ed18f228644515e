import type { Fitter } from './fits/fitter.ts';
import type { LanguageServer } from './language/client.ts';
import type { PageServices } from './panel/page.ts';
import type { ResultsPanels } from './panel/results.ts';
import type { PredictionsView } from './views/predictions.ts';

/** The parts of the extension, as the commands see them. */
export interface Services extends PageServices {
  readonly fitter: Fitter;
  readonly panels: ResultsPanels;
  readonly predictions: PredictionsView;
  readonly server: LanguageServer;
}

/** A command, with what the palette, a code lens, the tree or a webview passes to it. */
// biome-ignore lint/suspicious/noExplicitAny: VS Code passes whatever the caller gave; each command says what it takes.
export type Command = (services: Services, ...args: any[]) => Promise<unknown> | unknown;
