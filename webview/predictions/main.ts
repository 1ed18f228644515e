/** The side view Predictions: takes snapshots, asks for live predictions, draws. */
import './predictions.css';
import '../shared/chartElement.ts';
import '../shared/tableElement.ts';
import '@vscode-elements/elements/dist/vscode-button/index.js';
import { unreachable } from '../../protocol/exhaustive.ts';
import type { PredictionsMessage, PredictionsPush, PredictionsState } from '../../protocol/predictions.ts';
import { connect } from '../shared/host.ts';
import { PredictionsView } from './view.ts';

const host = connect<PredictionsMessage, PredictionsState>();
const view = new PredictionsView(host, document.querySelector<HTMLElement>('#root')!);

window.addEventListener('message', (event: MessageEvent<PredictionsPush>) => {
  const push = event.data;
  switch (push.kind) {
    case 'snapshot':
      return view.show(push.snapshot);
    case 'view':
    case 'view_failed':
      return view.answer(push);
    default:
      return unreachable(push);
  }
});
document.addEventListener('hm-fault', (event) => host.postMessage({ kind: 'fault', message: String((event as CustomEvent).detail) }));
window.addEventListener('error', (event) => host.postMessage({ kind: 'fault', message: event.message }));
window.addEventListener('unhandledrejection', (event) => host.postMessage({ kind: 'fault', message: String(event.reason) }));
host.postMessage({ kind: 'ready' });
