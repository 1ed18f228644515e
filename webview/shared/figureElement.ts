/** `<hm-figure>`: a picture with its one-line reading, its table twin, and what it can be saved as. */
import './chartElement.ts';
import './tableElement.ts';
import '@vscode-elements/elements/dist/vscode-button/index.js';
import { html, LitElement, nothing } from 'lit';
import type { SavedFile } from '../../protocol/panel.ts';
import type { Draw } from '../charts/chart.ts';
import type { ChartElement } from './chartElement.ts';
import { fileStem } from './format.ts';
import { type Table, toCsv } from './tableData.ts';

/** What a figure is saved as, and what each is for. */
const FORMATS = {
  SVG: 'Save this picture as SVG, which scales',
  PNG: 'Save this picture as PNG, twice its size on screen',
  CSV: 'Save the numbers of this picture as CSV',
  'Vega-Lite': 'Save this picture as a Vega-Lite spec with its data inside, as the Vega editor opens it',
} as const;
type Format = keyof typeof FORMATS;

/** Twice the size on screen, for print and slides. */
const PNG_SCALE = 2;

export class FigureElement extends LitElement {
  static override properties = {
    heading: {},
    reading: {},
    note: {},
    draw: { attribute: false },
    inputs: { attribute: false },
    table: { attribute: false },
    controls: { attribute: false },
    twin: { state: true },
    saving: { state: true },
  };

  declare heading: string;
  /** What the picture says, in one sentence; also its description for a screen reader. */
  declare reading: string;
  /** What a reader should know of how it was made: thinning, groups left out. */
  declare note: string;
  declare draw: Draw | null;
  declare inputs: readonly unknown[];
  declare table: () => Table;
  /** Template of the figure's own controls. */
  declare controls: unknown;
  declare twin: boolean;
  declare saving: boolean;

  constructor() {
    super();
    this.heading = '';
    this.reading = '';
    this.note = '';
    this.draw = null;
    this.inputs = [];
    this.table = () => ({ columns: [], rows: [] });
    this.controls = nothing;
    this.twin = false;
    this.saving = false;
  }

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  protected override render(): unknown {
    const id = fileStem(this.heading);
    return html`<section class="figure" aria-labelledby=${`figure-${id}`}>
      <header>
        <h2 id=${`figure-${id}`}>${this.heading}</h2>
        <div class="tools" role="group" aria-label=${`Tools of ${this.heading}`}>
          <vscode-button secondary aria-pressed=${String(this.twin)} @click=${this.#toggleTwin}>${this.twin ? 'Picture' : 'Table'}</vscode-button>
          <vscode-button secondary aria-expanded=${String(this.saving)} @click=${this.#toggleSaving}>Save as…</vscode-button>
          ${
            this.saving
              ? html`${(Object.keys(FORMATS) as Format[]).map(
                  (format) =>
                    html`<vscode-button secondary title=${FORMATS[format]} @click=${() => this.#save(format)}>${format}</vscode-button>`,
                )}`
              : nothing
          }
        </div>
      </header>
      ${this.controls === nothing ? nothing : html`<div class="controls">${this.controls}</div>`}
      <p class="reading">${this.reading}</p>
      <div ?hidden=${this.twin}>
        <hm-chart .draw=${this.draw} .inputs=${this.inputs} .description=${`${this.heading}. ${this.reading}`}></hm-chart>
      </div>
      ${this.twin ? html`<hm-table .table=${this.table()} .label=${`${this.heading}, as a table`}></hm-table>` : nothing}
      ${this.note === '' ? nothing : html`<p class="note">${this.note}</p>`}
    </section>`;
  }

  #toggleTwin(): void {
    this.twin = !this.twin;
  }

  #toggleSaving(): void {
    this.saving = !this.saving;
  }

  async #save(format: Format): Promise<void> {
    const file = await this.#file(format);
    if (file) this.dispatchEvent(new CustomEvent<SavedFile>('hm-save', { bubbles: true, detail: file }));
  }

  async #file(format: Format): Promise<SavedFile | null> {
    const stem = fileStem(this.heading);
    if (format === 'CSV') return { name: `${stem}.csv`, encoding: 'text', content: toCsv(this.table()) };
    const chart = this.querySelector<ChartElement>('hm-chart');
    const view = chart?.view;
    if (!chart || !view) return null;
    if (format === 'SVG') return { name: `${stem}.svg`, encoding: 'text', content: await view.toSVG() };
    if (format === 'PNG') {
      const url = await view.toImageURL('png', PNG_SCALE);
      return { name: `${stem}.png`, encoding: 'base64', content: url.slice(url.indexOf(',') + 1) };
    }
    const content = chart.vegaLite;
    return content === null ? null : { name: `${stem}.vl.json`, encoding: 'text', content };
  }
}

customElements.define('hm-figure', FigureElement);
