/** The results panel: takes snapshots, asks for the views that the open section needs, draws. */
import './panel.css';
import '../shared/figureElement.ts';
import '@vscode-elements/elements/dist/vscode-button/index.js';
import '@vscode-elements/elements/dist/vscode-tab-header/index.js';
import '@vscode-elements/elements/dist/vscode-tab-panel/index.js';
import '@vscode-elements/elements/dist/vscode-tabs/index.js';
import type { PanelMessage, PanelState } from '../../protocol/panel.ts';
import { connect } from '../shared/host.ts';
import { startPage } from '../shared/page.ts';
import { Panel } from './panel.ts';

const host = connect<PanelMessage, PanelState>();
startPage(host, new Panel(host, document.querySelector<HTMLElement>('#root')!));
