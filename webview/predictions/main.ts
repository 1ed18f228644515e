/** The side view Predictions: takes snapshots, asks for live predictions, draws. */
import './predictions.css';
import '../shared/chartElement.ts';
import '../shared/tableElement.ts';
import '@vscode-elements/elements/dist/vscode-button/index.js';
import type { PredictionsMessage, PredictionsState } from '../../protocol/predictions.ts';
import { connect } from '../shared/host.ts';
import { startPage } from '../shared/page.ts';
import { PredictionsView } from './view.ts';

const host = connect<PredictionsMessage, PredictionsState>();
startPage(host, new PredictionsView(host, document.querySelector<HTMLElement>('#root')!));
