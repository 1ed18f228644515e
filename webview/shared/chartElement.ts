/** `<hm-chart>`: a Vega-Lite picture in the editor's theme. */
import { html, LitElement, type PropertyValues } from 'lit';
import type { View } from 'vega';
import type { Result } from 'vega-embed';
import { type Chart, type Draw, vegaConfig, wholeSpec } from '../charts/chart.ts';
import { charts as library } from './libraries.ts';
import { onThemeChange, readTheme } from './theme.ts';

const charts = new Set<ChartElement>();

export class ChartElement extends LitElement {
  static override properties = {
    draw: { attribute: false },
    inputs: { attribute: false },
    description: {},
  };

  declare draw: Draw | null;
  /** The picture is drawn again when one of these is another; `draw` itself may be a new function every time. */
  declare inputs: readonly unknown[];
  /** What a screen reader says of the picture. */
  declare description: string;
  #result: Result | null = null;
  #drawn: string | null = null;
  #width = 0;
  #chart: Chart | null = null;
  #working: Promise<void> = Promise.resolve();
  /** Whether a drawing is to come that has not looked at the theme and width yet. */
  #queued = false;
  readonly #resize = new ResizeObserver(() => this.#resized());

  constructor() {
    super();
    this.draw = null;
    this.inputs = [];
    this.description = '';
  }

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    charts.add(this);
    this.#resize.observe(this);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    charts.delete(this);
    this.#resize.disconnect();
    this.#result?.finalize();
    this.#result = null;
    this.#drawn = null;
  }

  protected override render(): unknown {
    return html`<div class="chart" role="img" aria-label=${this.description}></div>`;
  }

  protected override shouldUpdate(changed: PropertyValues): boolean {
    if (!this.hasUpdated || !changed.has('inputs')) return !this.hasUpdated || changed.has('description');
    const before = changed.get('inputs') as readonly unknown[] | undefined;
    const same = before !== undefined && before.length === this.inputs.length && before.every((v, i) => Object.is(v, this.inputs[i]));
    return !same || changed.has('description');
  }

  protected override updated(): void {
    this.redraw();
  }

  /** Draws once more, in the theme and width of now. */
  redraw(): void {
    if (this.#queued) return;
    this.#queued = true;
    this.#working = this.#working.then(() => this.#show()).catch((error: unknown) => this.#fail(error));
  }

  #resized(): void {
    const width = Math.floor(this.clientWidth);
    if (width > 0 && Math.abs(width - this.#width) > 4) this.redraw();
  }

  async #show(): Promise<void> {
    const { drawChart } = await library();
    this.#queued = false;
    const width = Math.floor(this.clientWidth);
    if (!this.draw || width === 0 || !this.isConnected) return;
    this.#width = width;
    const theme = readTheme();
    const chart = this.draw(theme, width);
    this.#chart = chart;
    const config = vegaConfig(theme);
    const drawn = JSON.stringify([chart.spec, config]);
    if (drawn === this.#drawn && this.#result) {
      for (const [name, rows] of chart.data) this.#result.view.data(name, rows.slice());
      await this.#result.view.runAsync();
      return;
    }
    const container = this.querySelector<HTMLElement>('.chart');
    if (!container) return;
    const previous = this.#result;
    const inner = document.createElement('div');
    // The picture is one image with one description; its marks are not for reading one by one.
    inner.setAttribute('aria-hidden', 'true');
    const result = await drawChart(inner, wholeSpec(chart, config));
    result.view.addEventListener('click', (_event, item) => {
      const datum: unknown = item?.datum;
      if (datum) this.dispatchEvent(new CustomEvent('hm-mark', { bubbles: true, detail: datum }));
    });
    container.replaceChildren(inner);
    previous?.finalize();
    this.#result = result;
    this.#drawn = drawn;
    this.toggleAttribute('drawn', true);
  }

  #fail(error: unknown): void {
    this.#queued = false;
    const container = this.querySelector('.chart');
    if (container) container.textContent = 'This picture could not be drawn; its table has the numbers.';
    this.dispatchEvent(new CustomEvent('hm-fault', { bubbles: true, detail: error instanceof Error ? error.message : String(error) }));
  }

  get view(): View | null {
    return this.#result?.view ?? null;
  }

  /** The spec as drawn, data inside; `null` before the first drawing. */
  get vegaLite(): string | null {
    return this.#chart && JSON.stringify(wholeSpec(this.#chart, vegaConfig(readTheme())), null, 2);
  }
}

customElements.define('hm-chart', ChartElement);
onThemeChange(() => {
  for (const chart of charts) chart.redraw();
});
