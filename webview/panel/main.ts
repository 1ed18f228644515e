/** The results panel: takes snapshots, asks for the views that the open section needs, draws. */
import './panel.css';
import '../shared/figureElement.ts';
import '@vscode-elements/elements/dist/vscode-button/index.js';
import '@vscode-elements/elements/dist/vscode-tab-header/index.js';
import '@vscode-elements/elements/dist/vscode-tab-panel/index.js';
import '@vscode-elements/elements/dist/vscode-tabs/index.js';
import { unreachable } from '../../protocol/exhaustive.ts';
import type { PanelMessage, PanelPush, PanelState } from '../../protocol/panel.ts';
import { connect } from '../shared/host.ts';
import { Panel } from './panel.ts';

const host = connect<PanelMessage, PanelState>();
const root = document.querySelector<HTMLElement>('#root')!;
const panel = new Panel(host, root);

window.addEventListener('message', (event: MessageEvent<PanelPush>) => {
  const push = event.data;
  switch (push.kind) {
    case 'snapshot':
      return panel.show(push.snapshot);
    case 'view':
    case 'view_failed':
      return panel.answer(push);
    default:
      return unreachable(push);
  }
});
window.addEventListener('error', (event) => host.postMessage({ kind: 'fault', message: event.message }));
window.addEventListener('unhandledrejection', (event) => host.postMessage({ kind: 'fault', message: String(event.reason) }));
host.postMessage({ kind: 'ready' });
