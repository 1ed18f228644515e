/** The side view: the spec's predictions, and a form that predicts while a slider moves. */
import { html, nothing, render } from 'lit';
import type { Results, ViewAnswer } from '../../protocol/page.ts';
import type { PredictionsMessage, PredictionsSnapshot, PredictionsState } from '../../protocol/predictions.ts';
import type { InputRange } from '../../protocol/views/whatif.ts';
import type { Values, ViewOf } from '../../protocol/views.ts';
import { predictiveChart } from '../charts/histograms.ts';
import { intervalText, near } from '../shared/format.ts';
import { type Host, Latest, Views } from '../shared/host.ts';
import { inputRow, startOf } from '../shared/input.ts';
import type { Page } from '../shared/page.ts';
import { pick } from '../shared/pick.ts';
import { ignoredText } from '../shared/predictionsTable.ts';
import { specPredictions } from './list.ts';

/** Bars of the live histogram. */
const BINS = 40;

interface Form {
  readonly group: string;
  readonly inputs: readonly InputRange[];
  /** Every active covariate has a value. */
  readonly at: ReadonlyMap<string, number | string>;
}

export class PredictionsView implements Page<PredictionsSnapshot> {
  #snapshot: PredictionsSnapshot | null = null;
  #results: Results | null = null;
  #form: Form | null = null;
  #answer: ViewOf<'whatif'> | null = null;
  #error: string | null = null;
  readonly #views: Views;
  readonly #host: Host<PredictionsMessage, PredictionsState>;
  readonly #root: HTMLElement;
  readonly #live = new Latest<Form>((form) => this.#predict(form));

  constructor(host: Host<PredictionsMessage, PredictionsState>, root: HTMLElement) {
    this.#host = host;
    this.#root = root;
    this.#views = new Views((message) => host.postMessage(message));
  }

  show(snapshot: PredictionsSnapshot, results: Results | null): void {
    const fresh = snapshot.fit !== this.#snapshot?.fit;
    const moved = snapshot.spec !== this.#snapshot?.spec;
    this.#snapshot = snapshot;
    this.#results = results;
    if (moved) this.#form = null;
    if (fresh) {
      this.#answer = null;
      if (results !== null) void this.#open(results);
    }
    this.#draw();
  }

  answer(answer: ViewAnswer): void {
    this.#views.receive(answer);
  }

  async #open({ structure }: Results): Promise<void> {
    const kept = this.#host.getState();
    const known = this.#form ?? (kept?.spec === this.#snapshot?.spec ? { group: kept?.group ?? null, at: new Map(kept?.at) } : null);
    const group = known?.group != null && structure.groups.includes(known.group) ? known.group : (structure.groups[0] ?? null);
    if (group !== null) await this.#pickGroup(group, known?.at ?? new Map());
    this.#draw();
  }

  /** @param wanted Values to keep where the group has the covariate and its range holds them. */
  async #pickGroup(group: string, wanted: ReadonlyMap<string, number | string>): Promise<void> {
    const fit = this.#snapshot?.fit;
    if (fit == null) return;
    try {
      const { inputs } = await this.#views.ask(fit, { kind: 'inputs', group });
      const at = new Map(inputs.flatMap((i) => (i.masked === null ? [[i.name, startOf(i, wanted.get(i.name))] as const] : [])));
      this.#set({ group, inputs, at });
    } catch (error) {
      this.#fail(error);
    }
  }

  #set(form: Form): void {
    this.#form = form;
    this.#host.setState({ spec: this.#snapshot?.spec ?? null, group: form.group, at: [...form.at] });
    this.#live.push(form);
    this.#draw();
  }

  async #predict(form: Form): Promise<void> {
    const fit = this.#snapshot?.fit;
    if (fit == null) return;
    try {
      const answer = await this.#views.ask(fit, { kind: 'whatif', group: form.group, at: values(form), bins: BINS });
      if (fit !== this.#snapshot?.fit) return;
      this.#answer = answer;
      this.#error = null;
    } catch (error) {
      this.#fail(error);
    }
    this.#draw();
  }

  #fail(error: unknown): void {
    this.#error = error instanceof Error ? error.message : String(error);
  }

  #draw(): void {
    if (this.#snapshot === null) return;
    if (this.#root.hasAttribute('aria-busy')) this.#root.replaceChildren();
    this.#root.removeAttribute('aria-busy');
    render(this.#page(this.#snapshot), this.#root);
  }

  #page(snapshot: PredictionsSnapshot): unknown {
    if (snapshot.spec === null) return html`<p class="empty">Open a model spec (.hmask.json) to see its predictions.</p>`;
    const results = this.#results;
    if (results === null) {
      return html`<div class="empty">
        <p>${snapshot.fitting ? 'Fitting…' : 'This spec has not been fitted yet.'}</p>
        <vscode-button ?disabled=${snapshot.fitting} @click=${() => this.#host.postMessage({ kind: 'command', command: 'fit' })}
          >Fit Hierarchical Model</vscode-button
        >
      </div>`;
    }
    return html`<h1 class="visually-hidden">Predictions of ${snapshot.spec}</h1>
      ${snapshot.stale ? html`<p class="note" role="status">The spec or its data changed since this fit.</p>` : nothing}
      ${this.#form === null ? html`<p class="waiting">${this.#error ?? 'Loading…'}</p>` : this.#whatif(this.#form, results)}
      ${specPredictions(results.report, results.structure, (text) => this.#host.postMessage({ kind: 'copy', text }))}
    `;
  }

  #whatif(form: Form, results: Results): unknown {
    const { groups, groupColumn } = results.structure;
    const change = (name: string, value: number | string): void => this.#set({ ...form, at: new Map([...form.at, [name, value]]) });
    const add = (): void =>
      this.#host.postMessage({ kind: 'add_prediction', scenario: { name: null, group: form.group, at: values(form) } });
    return html`<section aria-labelledby="whatif">
      <h2 id="whatif">What if</h2>
      <form @submit=${(e: Event) => e.preventDefault()}>
        ${
          groups.length < 2
            ? nothing
            : pick({
                label: groupColumn ?? 'Group',
                value: form.group,
                options: groups.map((g) => ({ value: g, label: g })),
                picked: (g) => void this.#pickGroup(g, form.at),
              })
        }
        ${form.inputs.map((input) => inputRow(input, form.at.get(input.name), change))}
      </form>
      ${this.#outcome(results)}
      <vscode-button @click=${add}>Add to the spec</vscode-button>
    </section>`;
  }

  #outcome({ report, structure }: Results): unknown {
    if (this.#error !== null) return html`<p class="error" role="alert">${this.#error}</p>`;
    const answer = this.#answer;
    if (answer === null) return html`<p class="waiting">Working it out…</p>`;
    const { predictive: p, mu, histogram } = answer;
    const { outcome: response } = structure;
    const interval = intervalText(report.interval);
    const sentence = `${response} ${near(p.mean, p.sd)}, ${interval} ${near(p.lower, p.sd)} to ${near(p.upper, p.sd)}`;
    return html`<div class="outcome">
      <p class="mean"><span class="value" data-testid="mean">${near(p.mean, p.sd)}</span> <span class="muted" title=${response}>${response}</span></p>
      <dl>
        <div><dt>${interval}</dt><dd data-testid="interval">${near(p.lower, p.sd)} to ${near(p.upper, p.sd)}</dd></div>
        <div><dt>sd</dt><dd>${near(p.sd, p.sd)}</dd></div>
        <div><dt>mean alone (mu)</dt><dd>${near(mu.mean, mu.sd)} ± ${near(mu.sd, mu.sd)}</dd></div>
      </dl>
      ${answer.ignored.length > 0 ? html`<p class="note">${ignoredText(answer.ignored)}.</p>` : nothing}
      <hm-chart
        .draw=${(theme: Parameters<typeof predictiveChart>[3], width: number) => predictiveChart(histogram, p, response, theme, width)}
        .inputs=${[answer]}
        .description=${`Predictive distribution: ${sentence}.`}
      ></hm-chart>
      <p class="visually-hidden" aria-live="polite">${sentence}</p>
    </div>`;
  }
}

const values = (form: Form): Values => [...form.at];
