/** May I trust this fit, and what does it say: the verdict, the facts, the estimates as picture and table. */
import { html, nothing } from 'lit';
import type { Flag } from '../../../core/posterior/report.ts';
import { forestChart } from '../../charts/forest.ts';
import { intervalText, milliseconds, plural, upright, whole } from '../../shared/format.ts';
import { pick } from '../../shared/pick.ts';
import { filterRows, type Table, toCsv, toMarkdown } from '../../shared/tableData.ts';
import type { FittedApp, Section } from '../app.ts';
import { asEstimate, estimatesTable, readingOf, type Scalar, scalarRows, topScalars } from '../estimates.ts';
import { emptyState, figure } from '../parts.ts';
import '@vscode-elements/elements/dist/vscode-badge/index.js';

export const overview: Section = { id: 'overview', title: 'Overview', render };

function render(app: FittedApp): unknown {
  const scalars = scalarRows(app.report, app.structure);
  const { group } = app.state.selection;
  const here = group === null ? scalars : scalars.filter((s) => s.group === group || s.group === null);
  const search = app.choice('overview.search', '');
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  const found = words.length === 0 ? here : here.filter((s) => words.every((w) => s.name.toLowerCase().includes(w)));
  return html`
    ${verdictBanner(app)} ${facts(app)}
    ${found.length === 0 ? emptyState(`No parameter matches “${search}”.`) : forest(app, found)}
    ${estimates(app, here, search)}
  `;
}

function verdictBanner(app: FittedApp): unknown {
  const { verdict, method } = app.report;
  if (method === 'prior')
    return html`<section class="verdict neutral" role="status" aria-label="Verdict">
      <p class="headline">${upright(verdict.headline)}</p>
      <p class="note">There is nothing here to trust or to doubt: see Predictive for what the priors say about the response.</p>
    </section>`;
  const worst = verdict.trustworthy ? 'good' : verdict.flags.some((f) => f.severity === 'error') ? 'bad' : 'doubtful';
  const sign = { good: '✓', doubtful: '!', bad: '✗' }[worst];
  return html`<section class=${`verdict ${worst}`} role="status" aria-label="Verdict">
    <p class="headline"><span class="sign" aria-hidden="true">${sign}</span>${upright(verdict.headline)}</p>
    ${verdict.notes === undefined || verdict.notes.length === 0 ? nothing : html`<p class="note">${upright(verdict.notes.join(' '))}</p>`}
    ${verdict.flags.length === 0 ? nothing : html`<ul>${verdict.flags.map((flag) => flagItem(app, flag))}</ul>`}
  </section>`;
}

function flagItem(app: FittedApp, flag: Flag): unknown {
  return html`<li>
    <p><vscode-badge>${{ error: 'Problem', warning: 'Warning', info: 'Note' }[flag.severity]}</vscode-badge> ${upright(`${flag.message} ${flag.advice}`)}</p>
    ${flag.action === null ? nothing : actionButton(app, flag.action)}
  </li>`;
}

function actionButton(app: FittedApp, action: NonNullable<Flag['action']>): unknown {
  if (action.kind === 'open_parameter') {
    const open = (): void => {
      app.selectParameter(action.parameter);
      app.open('diagnostics');
    };
    return html`<vscode-button secondary @click=${open}>Show ${action.parameter}</vscode-button>`;
  }
  const label =
    action.kind === 'more_draws' ? `Sample ${whole(action.draws)} draws more a chain` : `Fit again with target_accept ${action.value}`;
  return html`<vscode-button @click=${() => app.post({ kind: 'act', action })}>${label}</vscode-button>`;
}

const METHODS = { collapsed: 'collapsed: coefficients integrated out exactly', nuts: 'NUTS', prior: 'draws of the priors alone' } as const;

function facts(app: FittedApp): unknown {
  const { report, structure, snapshot } = app;
  const { sampling, rows, timing_ms: t } = report;
  const total = t.read + t.compile + t.sample + t.summarise;
  const dropped = rows.dropped > 0 ? `, ${plural(rows.dropped, 'row')} left out` : '';
  const items: [string, unknown][] = [
    ['Spec', html`<span title=${snapshot.spec}>${snapshot.spec}</span>`],
    ['Data', `${plural(rows.used, 'row')} in ${plural(structure.groups.length, 'group')}${dropped}`],
    ['Model', `${structure.family.replace('_', ' ')}, ${structure.response}`],
    ['Method', METHODS[report.method]],
    ...(report.method === 'prior'
      ? [['Draws', whole(sampling.chains * sampling.draws)] as [string, unknown]]
      : ([
          [
            'Draws',
            `${sampling.chains} chains × ${whole(sampling.draws)}, after ${whole(sampling.warmup)} warm-up${sampling.stopped ? '; stopped' : ''}`,
          ],
          ['Divergences', whole(sampling.divergences)],
        ] as [string, unknown][])),
    ['Seed', String(report.seed)],
    ['Fitted', snapshot.fittedAt === null ? '–' : new Date(snapshot.fittedAt).toLocaleTimeString()],
    [
      'Time',
      html`<span title=${`read ${milliseconds(t.read)}, compile ${milliseconds(t.compile)}, sample ${milliseconds(t.sample)}, summarise ${milliseconds(t.summarise)}`}>${milliseconds(total)}</span>`,
    ],
  ];
  return html`<dl class="facts">${items.map(([term, value]) => html`<div><dt>${term}</dt><dd>${value}</dd></div>`)}</dl>`;
}

function forest(app: FittedApp, scalars: readonly Scalar[]): unknown {
  const shown = topScalars(scalars, app.structure);
  const estimates = shown.map(asEstimate);
  const by = app.choice<string>('overview.by', 'covariate') === 'group' ? 'group' : 'covariate';
  const interval = intervalText(app.report.interval);
  const { groups } = app.structure;
  const value = app.report;
  const picked = scalars.find((s) => s.name === app.state.selection.parameter)?.summary ?? shown.find((s) => s.kind === 'scale')?.summary;
  return figure(
    { value, error: null, waiting: false },
    {
      heading: app.report.method === 'prior' ? 'What the priors say of each parameter' : 'Estimates',
      reading: () => (picked ? readingOf(picked, app.report) : `${plural(shown.length, 'coefficient')} with ${interval} intervals.`),
      note: () =>
        shown.length < scalars.length
          ? `The picture shows ${whole(shown.length)} of ${whole(scalars.length)} parameters: the groups with most rows. Search or pick a group to see others; the table has all.`
          : '',
      draw: () => (theme, width) => forestChart(estimates, { by, groups, interval }, theme, width),
      table: () => estimatesTable(shown, app.report),
      inputs: [by, shown.map((s) => s.name).join('\n')],
      controls: pick({
        label: 'Arranged by',
        value: by,
        options: [
          { value: 'covariate', label: 'covariate' },
          { value: 'group', label: 'group' },
        ],
        picked: (v) => app.choose('overview.by', v),
      }),
    },
  );
}

function estimates(app: FittedApp, scalars: readonly Scalar[], search: string): unknown {
  const table = estimatesTable(scalars, app.report);
  const shown: Table = { columns: table.columns, rows: filterRows(table.rows, search) };
  return html`<section class="figure" aria-labelledby="all-parameters">
    <header>
      <h2 id="all-parameters">All parameters</h2>
      <div class="tools" role="group" aria-label="Tools of the table">
        <vscode-button secondary @click=${() => app.post({ kind: 'copy', text: toMarkdown(shown) })}>Copy as Markdown</vscode-button>
        <vscode-button secondary @click=${() => app.post({ kind: 'copy', text: toCsv(shown) })}>Copy as CSV</vscode-button>
      </div>
    </header>
    <div class="controls">
      <label class="pick"
        ><span>Search</span
        ><vscode-textfield
          type="search"
          placeholder="parameter, covariate or group"
          .label=${'Search parameters'}
          .value=${search}
          @input=${(e: Event) => app.choose('overview.search', (e.target as HTMLElement & { value: string }).value)}
        ></vscode-textfield
      ></label>
      <p class="note" role="status">
        ${shown.rows.length === table.rows.length ? plural(table.rows.length, 'parameter') : `${whole(shown.rows.length)} of ${plural(table.rows.length, 'parameter')}`}.
        Lower and upper are the ends of the ${intervalText(app.report.interval)} interval. Masked: the covariate does not exist for that group.
      </p>
    </div>
    ${
      shown.rows.length === 0
        ? emptyState('Nothing matches.')
        : html`<div class="wide">
            <hm-table
              .table=${shown}
              .label=${'All parameters'}
              .pickable=${true}
              .picked=${app.state.selection.parameter}
              @hm-pick=${(e: CustomEvent<string>) => app.selectParameter(e.detail)}
            ></hm-table>
          </div>`
    }
  </section>`;
}
