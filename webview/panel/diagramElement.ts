/** `<hm-diagram>`: the plate diagram of a model, drawn from DOT. */
import { html, LitElement, type PropertyValues } from 'lit';
import { drawDot, themedSvg } from '../shared/diagram.ts';

export class DiagramElement extends LitElement {
  static override properties = { dot: {}, description: {} };
  declare dot: string;
  declare description: string;
  /** The last drawing, as Graphviz made it: for saving. */
  svg: string | null = null;

  constructor() {
    super();
    this.dot = '';
    this.description = '';
  }

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  protected override render(): unknown {
    return html`<div class="diagram-frame" role="group" tabindex="0" aria-label="Plate diagram"><p class="waiting">Drawing…</p></div>`;
  }

  protected override updated(changed: PropertyValues): void {
    if (changed.has('dot')) void this.#draw(this.dot);
  }

  async #draw(dot: string): Promise<void> {
    const frame = this.querySelector('.diagram-frame');
    try {
      const svg = await drawDot(dot);
      if (dot !== this.dot) return;
      this.svg = svg;
      frame?.replaceChildren(themedSvg(svg, this.description));
    } catch (error) {
      if (frame) frame.textContent = 'The diagram could not be drawn; its DOT can be saved.';
      this.dispatchEvent(new CustomEvent('hm-fault', { bubbles: true, detail: error instanceof Error ? error.message : String(error) }));
    }
  }
}

customElements.define('hm-diagram', DiagramElement);
