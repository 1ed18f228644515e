/** What every section of the panel sees of the whole: the snapshot, views of the fit, choices, and what is selected. */
import type { FitReport } from '../../core/posterior/report.ts';
import type { FitId } from '../../protocol/engine.ts';
import type { PanelMessage, PanelSnapshot, PanelState } from '../../protocol/panel.ts';
import type { Structure } from '../../protocol/views/structure.ts';
import type { Scenario, ViewOf, ViewRequest } from '../../protocol/views.ts';

/** A view that may still be on its way; the last one of its slot stands in until then. */
export interface Loaded<T> {
  readonly value: T | null;
  readonly error: string | null;
  readonly waiting: boolean;
}

export type Choice = string | number | boolean | null;

export interface App {
  readonly snapshot: PanelSnapshot;
  readonly state: PanelState;
  /**
   * The answer to a question about the fit on show (or another), asked when first wanted and kept.
   * @param slot What the answer is for: while a changed question is on its way, the slot's last answer is given.
   */
  view<R extends ViewRequest>(request: R, slot?: string, fit?: FitId): Loaded<ViewOf<R['kind']>>;
  post(message: PanelMessage): void;
  /** A section's own choice, kept over reloads. */
  choice<T extends Choice>(name: string, otherwise: T): T;
  choose(name: string, value: Choice): void;
  selectGroup(group: string | null): void;
  selectParameter(parameter: string | null): void;
  open(section: string): void;
  setScenarios(scenarios: readonly Scenario[]): void;
}

/** What sections can rely on: there is a fit, and the layout of its model is known. */
export interface FittedApp extends App {
  readonly report: FitReport;
  readonly structure: Structure;
}

export interface Section {
  readonly id: string;
  readonly title: string;
  render(app: FittedApp): unknown;
}
