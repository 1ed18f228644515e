/** A labelled drop-down; long lists are searched by typing. */
import '@vscode-elements/elements/dist/vscode-multi-select/index.js';
import '@vscode-elements/elements/dist/vscode-option/index.js';
import '@vscode-elements/elements/dist/vscode-single-select/index.js';
import { html } from 'lit';
import { guard } from 'lit/directives/guard.js';

export interface PickOptions {
  readonly label: string;
  readonly value: string;
  readonly options: readonly { readonly value: string; readonly label: string }[];
  readonly picked: (value: string) => void;
}

/** Longer lists are searched by typing. */
const SEARCHED = 12;

export function pick({ label, value, options, picked }: PickOptions): unknown {
  return html`<label class="pick"
    ><span>${label}</span
    ><vscode-single-select
      .label=${label}
      aria-label=${label}
      ?combobox=${options.length > SEARCHED}
      .value=${value}
      @change=${(e: Event) => picked((e.target as HTMLElement & { value: string }).value)}
      >${guard([value, ...options.flatMap((o) => [o.value, o.label])], () =>
        options.map((o) => html`<vscode-option value=${o.value} ?selected=${o.value === value}>${o.label}</vscode-option>`),
      )}</vscode-single-select
    ></label
  >`;
}

export interface SeveralOptions {
  readonly label: string;
  readonly values: readonly string[];
  readonly options: readonly string[];
  readonly picked: (values: readonly string[]) => void;
}

/** A labelled drop-down of which several may be picked. */
export function pickSeveral({ label, values, options, picked }: SeveralOptions): unknown {
  return html`<label class="pick"
    ><span>${label}</span
    ><vscode-multi-select
      .label=${label}
      aria-label=${label}
      ?combobox=${options.length > SEARCHED}
      @change=${(e: Event) => picked((e.target as HTMLElement & { value: string[] }).value)}
      >${options.map((o) => html`<vscode-option value=${o} ?selected=${values.includes(o)}>${o}</vscode-option>`)}</vscode-multi-select
    ></label
  >`;
}
