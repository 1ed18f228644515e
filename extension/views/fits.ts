/** The tree "Fits": every kept fit with its verdict; below it what is wrong, and how it was sampled. */
import { EventEmitter, ThemeColor, ThemeIcon, type TreeDataProvider, TreeItem, TreeItemCollapsibleState, window } from 'vscode';
import type { FitReport, Flag } from '../../core/posterior/report.ts';
import { Disposables } from '../disposable.ts';
import { clock, type FitStore, fitLabel, isStale, type SpecFit } from '../fits/store.ts';

/** A kept fit, or a line about one. */
type Node = SpecFit | { readonly line: string; readonly icon: ThemeIcon; readonly tooltip: string };

export class FitsTree extends Disposables implements TreeDataProvider<Node> {
  readonly #changed = this.own(new EventEmitter<undefined>());
  readonly onDidChangeTreeData = this.#changed.event;

  readonly #store: FitStore;

  constructor(store: FitStore) {
    super();
    this.#store = store;
    this.own(store.onDidChange(() => this.#changed.fire(undefined)));
    this.own(window.createTreeView('hmask.fits', { treeDataProvider: this, showCollapseAll: true }));
  }

  getChildren(node?: Node): readonly Node[] & Node[] {
    if (!node) return [...this.#store.good()];
    return 'line' in node || !node.report ? [] : lines(node.report);
  }

  getTreeItem(node: Node): TreeItem {
    if ('line' in node) {
      const item = new TreeItem(node.line);
      item.iconPath = node.icon;
      item.tooltip = node.tooltip;
      return item;
    }
    const item = new TreeItem(fitLabel(node), TreeItemCollapsibleState.Collapsed);
    item.id = `${node.priorOnly} ${node.uri}`;
    item.contextValue = 'fit';
    item.description = [node.progress ? 'fitting …' : '', isStale(node) ? 'stale' : '', clock(node.fittedAt!)].filter(Boolean).join(' · ');
    item.iconPath = verdictIcon(node.report!);
    item.tooltip = node.report!.verdict.headline;
    item.accessibilityInformation = { label: `${fitLabel(node)}, ${item.description}, ${node.report!.verdict.headline}` };
    item.command = { command: 'hmask.openResults', title: 'Open Results', arguments: [node] };
    return item;
  }
}

/** How a verdict looks wherever there is room for one sign only. */
export function verdictIcon({ verdict }: FitReport): ThemeIcon {
  return verdict.trustworthy ? new ThemeIcon('pass', new ThemeColor('testing.iconPassed')) : SEVERITY.warning;
}

const SEVERITY: Readonly<Record<Flag['severity'], ThemeIcon>> = {
  error: new ThemeIcon('error', new ThemeColor('problemsErrorIcon.foreground')),
  warning: new ThemeIcon('warning', new ThemeColor('problemsWarningIcon.foreground')),
  info: new ThemeIcon('info', new ThemeColor('problemsInfoIcon.foreground')),
};

function lines({ verdict, sampling, method, rows, timing_ms }: FitReport): Node[] {
  const flags = verdict.flags.map((flag) => ({ line: flag.message, icon: SEVERITY[flag.severity], tooltip: flag.advice }));
  const draws = `${sampling.chains} × ${sampling.draws.toLocaleString('en-US')} draws, ${method}`;
  const seconds = Object.values(timing_ms).reduce((a, b) => a + b, 0) / 1000;
  const fact = (line: string, icon: string) => ({ line, icon: new ThemeIcon(icon), tooltip: line });
  return [
    ...(flags.length > 0 ? flags : [fact(verdict.headline, 'pass')]),
    fact(draws, 'graph-line'),
    fact(
      `${rows.used.toLocaleString('en-US')} rows${rows.dropped > 0 ? `, ${rows.dropped.toLocaleString('en-US')} left out` : ''}`,
      'table',
    ),
    fact(`${seconds.toFixed(2)} s`, 'clock'),
  ];
}
