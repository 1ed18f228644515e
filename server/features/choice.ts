/** What completion offers. */
import type { CompletionItemKind } from 'vscode-languageserver/node';

/** One thing to offer: a value or a key, as text without its quotes, or as raw JSON. */
export interface Choice {
  /** What is shown and filtered on; the value itself when it is a string. */
  readonly label: string;
  readonly detail?: string;
  readonly documentation?: string;
  /** Raw JSON to insert instead of the label in quotes; may hold snippet places when `snippet`. */
  readonly json?: string;
  readonly snippet?: boolean;
  /** For a key: what follows the colon. */
  readonly value?: string;
  readonly kind?: CompletionItemKind;
}

/** Files that may be data, as the spec would name them. */
export type Files = readonly string[];
