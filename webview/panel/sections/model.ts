/** The model as it is: plate diagram, formulas, priors, the mask as a grid. */
import '../diagramElement.ts';
import { html, nothing } from 'lit';
import type { Structure } from '../../../protocol/views/structure.ts';
import { plural, upright } from '../../shared/format.ts';
import { number, type Table, text } from '../../shared/tableData.ts';
import type { FittedApp, Section } from '../app.ts';
import type { DiagramElement } from '../diagramElement.ts';

export const model: Section = { id: 'model', title: 'Model', render };

function render(app: FittedApp): unknown {
  return html`${diagram(app)} ${formulas(app.structure)} ${priors(app.structure)} ${maskGrid(app)}`;
}

/** What a screen reader says of the plate diagram. */
export function diagramText(s: Structure): string {
  const slopes = s.terms.filter((t) => t.kind === 'slope').length;
  return `Plate diagram: ${plural(s.terms.length, 'term')} of ${plural(s.groups.length, 'group')} and ${plural(slopes, 'covariate')} make mu, from which ${s.response} is observed. The formulas below say the same in text.`;
}

function diagram(app: FittedApp): unknown {
  const { dot } = app.structure;
  const save = (format: 'SVG' | 'DOT', event: Event): void => {
    const element = (event.target as HTMLElement).closest('.figure')?.querySelector<DiagramElement>('hm-diagram');
    const content = format === 'DOT' ? dot : element?.svg;
    if (content) app.post({ kind: 'save', file: { name: format === 'DOT' ? 'model.dot' : 'model.svg', encoding: 'text', content } });
  };
  return html`<section class="figure" aria-labelledby="plate-diagram">
    <header>
      <h2 id="plate-diagram">Plate diagram</h2>
      <div class="tools" role="group" aria-label="Tools of the plate diagram">
        <vscode-button secondary @click=${(e: Event) => save('SVG', e)}>Save as SVG</vscode-button>
        <vscode-button secondary @click=${(e: Event) => save('DOT', e)}>Save as DOT</vscode-button>
      </div>
    </header>
    <p class="reading">
      Boxes repeat what is in them: <b>config</b> once a group, <b>param</b> once a covariate, <b>data</b> once a row. Grey is observed, dashed is computed.
    </p>
    <hm-diagram .dot=${dot} .description=${diagramText(app.structure)}></hm-diagram>
  </section>`;
}

function formulas({ formulas: lines }: Structure): unknown {
  return html`<section class="figure" aria-labelledby="formulas">
    <header><h2 id="formulas">The model as formulas</h2></header>
    <p class="reading">g is a group, i a row, m the mask: where m is 0 the coefficient does not exist.</p>
    <pre class="formulas" tabindex="0">${upright(lines.join('\n'))}</pre>
  </section>`;
}

function priors({ terms }: Structure): unknown {
  const table: Table = {
    columns: [
      { title: 'Term', share: 1.6 },
      { title: 'Pooling' },
      { title: 'Prior', share: 1.6 },
      { title: 'Prior of the sd between groups', share: 1.8, ...(terms.some((t) => t.sd !== null) ? {} : { spare: 1 }) },
    ],
    rows: terms.map((t) => ({
      key: t.name,
      cells: [
        text(t.kind === 'intercept' ? 'Intercept' : t.name),
        text(t.pooling),
        text(t.auto ? `${t.prior} (automatic)` : t.prior),
        text(t.sd ?? '–', t.sd === null ? 'muted' : undefined),
      ],
    })),
  };
  return html`<section class="figure" aria-labelledby="terms-priors">
    <header><h2 id="terms-priors">Terms and priors</h2></header>
    <div class="wide"><hm-table .table=${table} .label=${'Terms and priors'}></hm-table></div>
  </section>`;
}

function maskGrid(app: FittedApp): unknown {
  const { structure } = app;
  const slopes = structure.terms.map((t, i) => ({ t, i })).filter(({ t }) => t.kind === 'slope');
  if (slopes.length === 0) return nothing;
  const groups = structure.groups.map((name, g) => ({ name, g })).filter(({ name }) => [null, name].includes(app.state.selection.group));
  const exists = (g: number, i: number): boolean => structure.mask[g * structure.terms.length + i] === 1;
  const table: Table = {
    columns: [
      { title: structure.groupColumn ?? 'Group', share: 1.6 },
      { title: 'Rows', number: true, share: 0.6 },
      ...slopes.map(({ t }) => ({ title: t.name })),
    ],
    rows: groups.map(({ name, g }) => ({
      key: name,
      cells: [
        text(name),
        number(structure.groupRows[g], (n) => String(n)),
        ...slopes.map(({ i }) => (exists(g, i) ? { text: '1', value: 1 } : { text: '0 masked', value: 0, tone: 'masked' as const })),
      ],
    })),
  };
  const masked = groups.reduce((sum, { g }) => sum + slopes.filter(({ i }) => !exists(g, i)).length, 0);
  return html`<section class="figure" aria-labelledby="mask-grid">
    <header><h2 id="mask-grid">The mask</h2></header>
    <p class="reading">${masked === 0 ? 'Every coefficient exists in every group.' : `${plural(masked, 'coefficient')} of ${plural(groups.length * slopes.length, 'cell')} ${masked === 1 ? 'is' : 'are'} masked: never sampled, never in a prediction.`}</p>
    <div class="wide">
      <hm-table
        .table=${table}
        .label=${'The mask'}
        .pickable=${true}
        .picked=${app.state.selection.group}
        @hm-pick=${(e: CustomEvent<string>) => app.selectGroup(e.detail === app.state.selection.group ? null : e.detail)}
      ></hm-table>
    </div>
  </section>`;
}
