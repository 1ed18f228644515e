/** `<hm-table>`: a sortable table in VS Code's look that draws only the rows in sight. */
import '@vscode-elements/elements/dist/vscode-button/index.js';
import '@vscode-elements/elements/dist/vscode-table/index.js';
import '@vscode-elements/elements/dist/vscode-table-body/index.js';
import '@vscode-elements/elements/dist/vscode-table-cell/index.js';
import '@vscode-elements/elements/dist/vscode-table-header/index.js';
import '@vscode-elements/elements/dist/vscode-table-header-cell/index.js';
import '@vscode-elements/elements/dist/vscode-table-row/index.js';
import { html, LitElement, nothing, type PropertyValues } from 'lit';
import { classMap } from 'lit/directives/class-map.js';
import { repeat } from 'lit/directives/repeat.js';
import { type Column, fittingColumns, type Sort, sortRows, type Table, type TableRow } from './tableData.ts';

/** Height of a row in CSS pixels; the style sheet says the same. */
const ROW = 24;
const HEADER = 34;
/** Rows drawn beyond each edge. */
const MARGIN = 12;
/** Rows in sight of a table that scrolls. */
const TALLEST = 14;
/** Tables up to so many rows are as high as they need. */
const UNSCROLLED = 18;

export class TableElement extends LitElement {
  static override properties = {
    table: { attribute: false },
    label: {},
    picked: {},
    pickable: { type: Boolean },
    sort: { attribute: false },
    narrowest: { type: Number },
    whole: { state: true },
    top: { state: true },
  };

  declare table: Table;
  /** What the table is of, for screen readers. */
  declare label: string;
  /** Key of the picked row. */
  declare picked: string | null;
  declare pickable: boolean;
  declare sort: Sort | null;
  /** CSS pixels that a column of share 1 has at least; a narrower panel scrolls sideways. */
  declare narrowest: number;
  /** Whether columns are shown that there is no room for, too. */
  declare whole: boolean;
  /** Scroll offset in CSS pixels. */
  declare top: number;
  #sorted: readonly TableRow[] = [];
  #container: HTMLElement | null = null;
  /** Places of the columns that there is room for. */
  #fitting: readonly number[] = [];
  readonly #resize = new ResizeObserver(() => {
    if (this.#fits().length !== this.#fitting.length) this.requestUpdate();
  });

  constructor() {
    super();
    this.table = { columns: [], rows: [] };
    this.label = '';
    this.picked = null;
    this.pickable = false;
    this.sort = null;
    this.narrowest = 58;
    this.whole = false;
    this.top = 0;
  }

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#resize.observe(this);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#resize.disconnect();
  }

  /** All columns while the table is not laid out. */
  #fits(): readonly number[] {
    return fittingColumns(this.table.columns, this.clientWidth || Number.POSITIVE_INFINITY, this.narrowest);
  }

  protected override willUpdate(changed: PropertyValues): void {
    const before = changed.get('table') as Table | undefined;
    // The same rows in another table keep their order: sorting thousands takes longer than drawing those in sight.
    const others = changed.has('table') && before?.rows !== this.table.rows;
    if (others || changed.has('sort')) this.#sorted = sortRows(this.table.rows, this.sort);
    this.#fitting = this.#fits();
  }

  #toggle(column: number): void {
    const { sort } = this;
    if (sort?.column !== column) this.sort = { column, descending: this.table.columns[column].number === true };
    else if (sort.descending === (this.table.columns[column].number === true)) this.sort = { column, descending: !sort.descending };
    else this.sort = null;
    this.dispatchEvent(new CustomEvent('hm-sort', { detail: this.sort }));
  }

  #pick(key: string): void {
    if (this.pickable) this.dispatchEvent(new CustomEvent('hm-pick', { detail: key }));
  }

  #keydown(event: KeyboardEvent, key: string): void {
    const target = event.currentTarget as HTMLElement;
    if (event.key === 'Enter' || event.key === ' ') {
      event.preventDefault();
      this.#pick(key);
    } else if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      const next = event.key === 'ArrowDown' ? target.nextElementSibling : target.previousElementSibling;
      if (next instanceof HTMLElement) {
        event.preventDefault();
        next.focus();
        next.scrollIntoView({ block: 'nearest' });
      }
    }
  }

  #header(column: Column, index: number): unknown {
    const sorted = this.sort?.column === index ? (this.sort.descending ? 'descending' : 'ascending') : 'none';
    const arrow = sorted === 'none' ? '' : sorted === 'ascending' ? ' ▲' : ' ▼';
    return html`<vscode-table-header-cell aria-sort=${sorted} aria-colindex=${index + 1} class=${classMap({ number: column.number === true })}>
      <vscode-button class="sort" secondary title=${column.note ?? column.title} @click=${() => this.#toggle(index)}
        >${column.title}${arrow}</vscode-button
      >
    </vscode-table-header-cell>`;
  }

  #row(row: TableRow, index: number, shown: readonly number[], widths: readonly string[]): unknown {
    const { columns } = this.table;
    return html`<vscode-table-row
      class=${classMap({ picked: row.key === this.picked, pickable: this.pickable })}
      tabindex=${this.pickable ? 0 : nothing}
      aria-rowindex=${index + 2}
      aria-selected=${this.pickable ? String(row.key === this.picked) : nothing}
      @click=${() => this.#pick(row.key)}
      @keydown=${(e: KeyboardEvent) => this.#keydown(e, row.key)}
      >${shown.map((i, place) => {
        const cell = row.cells[i];
        return html`<vscode-table-cell
          class=${classMap({ number: columns[i].number === true, [cell.tone ?? 'plain']: true })}
          aria-colindex=${i + 1}
          style=${`width: ${widths[place]}`}
          title=${cell.title ?? cell.text}
          >${cell.text}</vscode-table-cell
        >`;
      })}</vscode-table-row
    >`;
  }

  /** Which columns there is no room for, and how to see them. */
  #left(): unknown {
    const { columns } = this.table;
    const left = columns.filter((_, i) => !this.#fitting.includes(i)).map((c) => c.title);
    if (left.length === 0) return nothing;
    const toggle = (): void => {
      this.whole = !this.whole;
    };
    return html`<p class="note left">
      <span>${this.whole ? 'All columns are shown: scroll sideways.' : `No room here for ${left.join(', ')}.`}</span>
      <vscode-button secondary @click=${toggle}>${this.whole ? 'Only those that fit' : 'Show all columns'}</vscode-button>
    </p>`;
  }

  protected override render(): unknown {
    const { columns } = this.table;
    const rows = this.#sorted;
    const scrolls = rows.length > UNSCROLLED;
    const first = scrolls ? Math.max(0, Math.min(Math.floor(this.top / ROW) - MARGIN, rows.length - TALLEST - MARGIN)) : 0;
    const last = scrolls ? Math.min(rows.length, Math.floor(this.top / ROW) + TALLEST + MARGIN) : rows.length;
    const height = scrolls ? `height: ${TALLEST * ROW + HEADER}px; ` : '';
    const shown = this.whole ? columns.map((_, i) => i) : this.#fitting;
    const total = shown.reduce((sum, i) => sum + (columns[i].share ?? 1), 0);
    const widths = shown.map((i) => `${(100 * (columns[i].share ?? 1)) / total}%`);
    return html`${this.#left()}<vscode-table
      class=${scrolls ? '' : 'wraps'}
      zebra
      aria-label=${this.label}
      aria-rowcount=${rows.length + 1}
      aria-colcount=${columns.length}
      .columns=${widths}
      style=${`${height}min-width: ${Math.round(total * this.narrowest)}px`}
    >
      <vscode-table-header slot="header" role="row">${shown.map((i) => this.#header(columns[i], i))}</vscode-table-header>
      <vscode-table-body slot="body"
        role=${scrolls && !this.pickable ? 'presentation' : 'rowgroup'}
        style=${`margin-top: ${first * ROW}px; margin-bottom: ${(rows.length - last) * ROW}px`}
        >${repeat(
          rows.slice(first, last),
          (row) => row.key,
          (row, i) => this.#row(row, first + i, shown, widths),
        )}</vscode-table-body
      >
    </vscode-table>`;
  }

  protected override updated(): void {
    // The scrolling part lies in the shadow of vscode-table, and its events do not come out.
    const table = this.querySelector('vscode-table');
    void table?.updateComplete.then(async () => {
      const scrollable = table.shadowRoot?.querySelector('vscode-scrollable');
      await scrollable?.updateComplete;
      const container = scrollable?.shadowRoot?.querySelector<HTMLElement>('.scrollable-container');
      if (!container) return;
      if (container !== this.#container) {
        this.#container = container;
        container.addEventListener('scroll', () => {
          this.top = container.scrollTop;
        });
      }
      // Rows that can be picked take the focus themselves; others are scrolled through by their frame.
      const focusable = this.table.rows.length > UNSCROLLED && !this.pickable;
      container.toggleAttribute('tabindex', focusable);
      if (focusable) {
        container.setAttribute('tabindex', '0');
        container.setAttribute('role', 'rowgroup');
        container.setAttribute('aria-label', this.label);
      } else container.removeAttribute('role');
    });
  }
}

customElements.define('hm-table', TableElement);
