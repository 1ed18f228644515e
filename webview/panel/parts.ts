/** Pieces that sections share: figures that wait for their view, pickers, empty states. */
import '@vscode-elements/elements/dist/vscode-progress-ring/index.js';
import '@vscode-elements/elements/dist/vscode-textfield/index.js';
import './wrappingTabs.ts';
import { html, nothing } from 'lit';
import type { Draw } from '../charts/chart.ts';
import { fileStem, upright } from '../shared/format.ts';
import type { Table } from '../shared/tableData.ts';
import type { Loaded } from './app.ts';

export interface FigureParts<T> {
  readonly heading: string;
  readonly reading: (view: T) => string;
  readonly draw: (view: T) => Draw;
  readonly table: (view: T) => Table;
  readonly note?: (view: T) => string;
  readonly controls?: unknown;
  /** What else the picture depends on. */
  readonly inputs?: readonly unknown[];
}

/** A figure once its view is there; until then, or instead, a sentence. */
export function figure<T>(loaded: Loaded<T>, parts: FigureParts<T>): unknown {
  const { value } = loaded;
  if (value === null) {
    return html`<section class="figure" aria-busy=${String(loaded.waiting)}>
      <header><h2>${upright(parts.heading)}</h2></header>
      ${parts.controls === undefined ? nothing : html`<div class="controls">${parts.controls}</div>`}
      <p class="waiting">${upright(loaded.error ?? 'Working it out…')}</p>
    </section>`;
  }
  return html`<hm-figure
    class=${loaded.waiting ? 'stale' : ''}
    .heading=${upright(parts.heading)}
    .reading=${upright(loaded.error ?? parts.reading(value))}
    .note=${upright(parts.note?.(value) ?? '')}
    .draw=${parts.draw(value)}
    .inputs=${[value, ...(parts.inputs ?? [])]}
    .table=${() => parts.table(value)}
    .controls=${parts.controls ?? nothing}
  ></hm-figure>`;
}

/** A number field that reports a number in its range when the user is done with it. */
export function numberField(label: string, value: number, min: number, changed: (value: number) => void): unknown {
  return html`<label class="pick"
    ><span>${label}</span
    ><vscode-textfield
      class="small"
      type="number"
      step="0.000001"
      .label=${label}
      .value=${String(value)}
      @change=${(e: Event) => {
        const x = Number.parseFloat((e.target as HTMLElement & { value: string }).value);
        if (Number.isFinite(x) && x > min) changed(x);
      }}
    ></vscode-textfield
  ></label>`;
}

/** A table that stands for itself, with a heading and what it says. */
export function tableSection(heading: string, reading: string, table: Table): unknown {
  const id = `table-${fileStem(heading)}`;
  return html`<section class="figure" aria-labelledby=${id}>
    <header><h2 id=${id}>${heading}</h2></header>
    <p class="reading">${upright(reading)}</p>
    <div class="wide"><hm-table .table=${table} .label=${heading}></hm-table></div>
  </section>`;
}

export const emptyState = (sentence: string, action: unknown = nothing): unknown =>
  html`<div class="empty"><p>${sentence}</p>${action}</div>`;
