/** What goes on, above everything: a running fit, a failed one, results that are out of date, problems of the spec. */
import '@vscode-elements/elements/dist/vscode-progress-bar/index.js';
import { html, nothing } from 'lit';
import type { FitPhase } from '../../protocol/engine.ts';
import type { PanelSnapshot } from '../../protocol/panel.ts';
import { plural, whole } from '../shared/format.ts';
import type { App } from './app.ts';

const PHASES: Readonly<Record<FitPhase, string>> = {
  reading: 'Reading the data',
  compiling: 'Preparing the model',
  sampling: 'Sampling',
  summarising: 'Summarising',
};

export function statusOf(app: App): unknown {
  const { snapshot } = app;
  return html`<div class="status" role="status">${progressOf(app)} ${faultsOf(snapshot)} ${staleOf(app)} ${changeOf(app)}</div>`;
}

function progressOf(app: App): unknown {
  const { progress } = app.snapshot;
  if (progress === null) return nothing;
  const done = progress.chains.reduce((sum, c) => sum + c.done, 0);
  const total = progress.chains.reduce((sum, c) => sum + c.total, 0);
  const divergences = progress.chains.reduce((sum, c) => sum + c.divergences, 0);
  const share = total > 0 ? Math.round((100 * done) / total) : 0;
  return html`<div class="progress">
    <p>
      ${PHASES[progress.phase]}${total > 0 ? `: ${whole(done)} of ${plural(total, 'iteration')}` : ''}${divergences > 0 ? `, ${plural(divergences, 'divergence')}` : ''}
      <vscode-button secondary @click=${() => app.post({ kind: 'command', command: 'cancel' })}>Cancel</vscode-button>
    </p>
    <vscode-progress-bar aria-label="Progress of the fit" .value=${share} ?indeterminate=${total === 0}></vscode-progress-bar>
    ${
      progress.chains.length === 0
        ? nothing
        : html`<p class="note">
            ${progress.chains.map((c) => `Chain ${c.chain + 1}: ${c.phase === 'warmup' ? 'warm-up' : c.phase}, ${whole(c.done)} of ${whole(c.total)}, ${whole(c.drawsPerSecond)} draws a second`).join(' · ')}
          </p>`
    }
  </div>`;
}

function faultsOf({ error, problems, fit }: PanelSnapshot): unknown {
  if (error === null && problems.length === 0) return nothing;
  return html`<div class="faults">
    ${error === null ? nothing : html`<p class="error">${error}${fit === null ? '' : ' The results below are those of the last good fit.'}</p>`}
    ${
      problems.length === 0
        ? nothing
        : html`<ul>
            ${problems.slice(0, 20).map((p) => html`<li class=${p.severity}><b>${p.severity} ${p.code}</b> ${p.message}</li>`)}
          </ul>`
    }
  </div>`;
}

function staleOf(app: App): unknown {
  const { stale, fit, progress } = app.snapshot;
  if (!stale || fit === null || progress !== null) return nothing;
  return html`<p class="stale-note">
    The spec or its data changed since this fit.
    <vscode-button @click=${() => app.post({ kind: 'command', command: 'fit' })}>Fit again</vscode-button>
  </p>`;
}

/** After a fit of a changed spec: that it can be seen what the change did. Gone once that was looked at. */
function changeOf(app: App): unknown {
  const previous = app.snapshot.fits.find((f) => f.before !== null);
  if (!previous || app.snapshot.progress !== null || app.state.section === 'compare') return nothing;
  const change = `${previous.fit} of ${previous.before}`;
  if (app.choice(SEEN, '') === change) return nothing;
  const dismiss = (): void => app.choose(SEEN, change);
  const compare = (): void => {
    dismiss();
    app.open('compare');
  };
  return html`<p class="change-note">
    The spec or its data changed before this fit; the previous one, of ${previous.before}, is kept.
    <vscode-button secondary @click=${compare}>What did the change do?</vscode-button>
    <vscode-button secondary @click=${dismiss}>Dismiss</vscode-button>
  </p>`;
}

/** The change whose note was seen. */
const SEEN = 'change.seen';
