/** The panel's state and its frame: status above, sections below, one open at a time. */
import { html, nothing, render } from 'lit';
import type { Results, ViewAnswer } from '../../protocol/page.ts';
import type { PanelMessage, PanelSnapshot, PanelState } from '../../protocol/panel.ts';
import type { Scenario, ViewOf, ViewRequest } from '../../protocol/views.ts';
import { type Host, Views } from '../shared/host.ts';
import type { Page } from '../shared/page.ts';
import { pick } from '../shared/pick.ts';
import type { App, Choice, FittedApp, Loaded, Section } from './app.ts';
import { calibrationPart } from './calibration.ts';
import { offeredScalars, scalarRows } from './estimates.ts';
import { emptyState } from './parts.ts';
import { compare } from './sections/compare.ts';
import { data } from './sections/data.ts';
import { diagnostics } from './sections/diagnostics.ts';
import { model } from './sections/model.ts';
import { overview } from './sections/overview.ts';
import { posterior } from './sections/posterior.ts';
import { predictive } from './sections/predictive.ts';
import { whatif } from './sections/whatif.ts';
import { statusOf } from './status.ts';

const SECTIONS: readonly Section[] = [overview, data, model, diagnostics, posterior, predictive, whatif, compare];
const EMPTY: PanelState = {
  spec: null,
  section: SECTIONS[0].id,
  selection: { group: null, parameter: null },
  scroll: [],
  choices: [],
  scenarios: [],
};
const ALL_GROUPS = '';
/** Answers kept; the oldest are asked again if wanted. */
const MOST_ANSWERS = 300;

export class Panel implements App, Page<PanelSnapshot> {
  #snapshot: PanelSnapshot | null = null;
  #results: Results | null = null;
  #state: PanelState;
  readonly #views: Views;
  readonly #answers = new Map<string, Loaded<unknown>>();
  readonly #slots = new Map<string, unknown>();
  readonly #busy = new Set<string>();
  #scheduled = false;
  readonly #host: Host<PanelMessage, PanelState>;
  readonly #root: HTMLElement;

  constructor(host: Host<PanelMessage, PanelState>, root: HTMLElement) {
    this.#host = host;
    this.#root = root;
    this.#views = new Views((message) => host.postMessage(message));
    this.#state = { ...EMPTY, ...host.getState() };
    root.addEventListener('hm-save', (event) => this.post({ kind: 'save', file: (event as CustomEvent).detail }));
    root.addEventListener('hm-mark', (event) => this.#pickMark((event as CustomEvent<unknown>).detail));
    window.addEventListener('scroll', () => this.#keepScroll(), { passive: true });
  }

  get snapshot(): PanelSnapshot {
    return this.#snapshot!;
  }

  get state(): PanelState {
    return this.#state;
  }

  show(snapshot: PanelSnapshot, results: Results | null): void {
    const first = this.#snapshot === null;
    if (this.#snapshot?.fit !== snapshot.fit) this.#answers.clear();
    if (this.#snapshot && this.#snapshot.spec !== snapshot.spec) this.#slots.clear();
    this.#snapshot = snapshot;
    this.#results = results;
    if (this.#state.spec !== snapshot.spec) this.#update({ ...(this.#state.spec === null ? this.#state : EMPTY), spec: snapshot.spec });
    this.#draw();
    if (first) requestAnimationFrame(() => this.#restoreScroll());
  }

  answer(answer: ViewAnswer): void {
    this.#views.receive(answer);
  }

  view<R extends ViewRequest>(request: R, slot: string = request.kind, fit = this.snapshot.fit): Loaded<ViewOf<R['kind']>> {
    type Answer = Loaded<ViewOf<R['kind']>>;
    if (fit === null) return { value: null, error: null, waiting: false };
    const key = JSON.stringify([fit, request]);
    const known = this.#answers.get(key) as Answer | undefined;
    const last = (this.#slots.get(slot) as ViewOf<R['kind']> | undefined) ?? null;
    if (known) return known.value === null ? { ...known, value: known.waiting ? last : null } : known;
    // One question a slot at a time: what a slider passed over in the meantime is never asked.
    if (this.#busy.has(slot)) return { value: last, error: null, waiting: true };
    this.#busy.add(slot);
    this.#keepAnswer(key, { value: null, error: null, waiting: true });
    this.#views.ask(fit, request).then(
      (value) => {
        this.#busy.delete(slot);
        this.#answers.set(key, { value, error: null, waiting: false });
        this.#slots.set(slot, value);
        this.#schedule();
      },
      (error: unknown) => {
        this.#busy.delete(slot);
        this.#answers.set(key, { value: null, error: error instanceof Error ? error.message : String(error), waiting: false });
        this.#schedule();
      },
    );
    return { value: last, error: null, waiting: true };
  }

  #keepAnswer(key: string, answer: Loaded<unknown>): void {
    const oldest = this.#answers.size >= MOST_ANSWERS ? this.#answers.keys().next().value : undefined;
    if (oldest !== undefined) this.#answers.delete(oldest);
    this.#answers.set(key, answer);
  }

  post(message: PanelMessage): void {
    this.#host.postMessage(message);
  }

  choice<T extends Choice>(name: string, otherwise: T): T {
    const found = this.#state.choices.find(([n]) => n === name);
    return found ? (found[1] as T) : otherwise;
  }

  choose(name: string, value: Choice): void {
    this.#update({ ...this.#state, choices: [...this.#state.choices.filter(([n]) => n !== name), [name, value]] });
  }

  selectGroup(group: string | null): void {
    this.#update({ ...this.#state, selection: { ...this.#state.selection, group } });
  }

  selectParameter(parameter: string | null): void {
    this.#update({ ...this.#state, selection: { ...this.#state.selection, parameter } });
  }

  setScenarios(scenarios: readonly Scenario[]): void {
    this.#update({ ...this.#state, scenarios });
  }

  open(section: string): void {
    this.#update({ ...this.#state, section });
    requestAnimationFrame(() => this.#restoreScroll());
  }

  #update(state: PanelState): void {
    this.#state = state;
    this.#host.setState(state);
    this.#schedule();
  }

  #schedule(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    queueMicrotask(() => {
      this.#scheduled = false;
      this.#draw();
    });
  }

  #draw(): void {
    if (this.#snapshot === null) return;
    if (this.#root.hasAttribute('aria-busy')) this.#root.replaceChildren();
    this.#root.removeAttribute('aria-busy');
    render(this.#frame(), this.#root);
  }

  /** The fit on show, if there is one. */
  #fitted(): FittedApp | null {
    if (this.#results === null) return null;
    const { report, structure } = this.#results;
    return { ...this.#asApp(), report, structure };
  }

  #asApp(): App {
    return {
      snapshot: this.snapshot,
      state: this.#state,
      view: (request, slot, fit) => this.view(request, slot, fit),
      post: (message) => this.post(message),
      choice: (name, otherwise) => this.choice(name, otherwise),
      choose: (name, value) => this.choose(name, value),
      selectGroup: (group) => this.selectGroup(group),
      selectParameter: (parameter) => this.selectParameter(parameter),
      open: (section) => this.open(section),
      setScenarios: (scenarios) => this.setScenarios(scenarios),
    };
  }

  #frame(): unknown {
    const fitted = this.#fitted();
    const open = Math.max(
      0,
      SECTIONS.findIndex((s) => s.id === this.#state.section),
    );
    const body = fitted === null ? this.#unfitted() : nothing;
    return html`<h1 class="visually-hidden">Results of ${this.snapshot.spec}</h1>${statusOf(this)} ${fitted === null ? body : this.#selection(fitted)}
    ${
      fitted === null
        ? nothing
        : html`<vscode-tabs
            .selectedIndex=${open}
            selected-index=${open}
            @vsc-tabs-select=${(e: CustomEvent<{ selectedIndex: number }>) => this.open(SECTIONS[e.detail.selectedIndex].id)}
          >
            ${SECTIONS.map((s) => html`<vscode-tab-header slot="header">${s.title}</vscode-tab-header>`)}
            ${SECTIONS.map((s, i) => html`<vscode-tab-panel><div class="section" data-section=${s.id}>${i === open ? s.render(fitted) : nothing}</div></vscode-tab-panel>`)}
          </vscode-tabs>`
    }`;
  }

  #unfitted(): unknown {
    if (this.snapshot.fit !== null || this.snapshot.progress !== null) return nothing;
    const fit = (): void => this.post({ kind: 'command', command: 'fit' });
    const start = emptyState(
      'This spec has not been fitted yet.',
      html`<vscode-button @click=${fit}>Fit Hierarchical Model</vscode-button>`,
    );
    return html`${start} ${this.snapshot.calibration === null ? nothing : html`<div class="section">${calibrationPart(this)}</div>`}`;
  }

  #selection(fitted: FittedApp): unknown {
    const { groups } = fitted.structure;
    const { group, parameter } = this.#state.selection;
    const scalars = scalarRows(fitted.report, fitted.structure).filter(
      (s) => s.summary !== null && (group === null || s.group === null || s.group === group),
    );
    return html`<div class="selection" role="group" aria-label="Selection">
      ${
        groups.length < 2
          ? nothing
          : pick({
              label: 'Group',
              value: group ?? ALL_GROUPS,
              options: [{ value: ALL_GROUPS, label: 'all groups' }, ...groups.map((g) => ({ value: g, label: g }))],
              picked: (v) => this.selectGroup(v === ALL_GROUPS ? null : v),
            })
      }
      ${pick({
        label: 'Parameter',
        value: parameter ?? '',
        options: [
          { value: '', label: 'none picked' },
          ...offeredScalars(scalars, fitted.structure, parameter).map((s) => ({ value: s.name, label: s.name })),
        ],
        picked: (v) => this.selectParameter(v === '' ? null : v),
      })}
    </div>`;
  }

  /** A click on a mark selects what it stands for; on what is selected already, it selects everything again. */
  #pickMark(datum: unknown): void {
    const { name, group } = (datum ?? {}) as { readonly name?: unknown; readonly group?: unknown };
    const { selection } = this.#state;
    if (typeof name === 'string' && this.#results?.report.parameters.some((p) => p.name === name && !p.masked)) {
      this.selectParameter(selection.parameter === name ? null : name);
    } else if (typeof group === 'string' && this.#results?.structure.groups.includes(group)) {
      this.selectGroup(selection.group === group ? null : group);
    }
  }

  #keepScroll(): void {
    const { section, scroll } = this.#state;
    const top = document.documentElement.scrollTop;
    this.#state = { ...this.#state, scroll: [...scroll.filter(([s]) => s !== section), [section, top]] };
    this.#host.setState(this.#state);
  }

  #restoreScroll(): void {
    const top = this.#state.scroll.find(([s]) => s === this.#state.section)?.[1] ?? 0;
    document.documentElement.scrollTop = top;
  }
}
