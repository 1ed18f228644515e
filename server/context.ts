/** What a language feature sees of a document: everything is worked out before, so that features are pure and at once. */
import type { TextDocument } from 'vscode-languageserver-textdocument';
import type { DataProfile } from '../core/data/profile.ts';
import type { Design } from '../core/design/design.ts';
import { resolveDesign } from '../core/design/resolve.ts';
import type { FitReport, MaskedParameter, ParameterSummary } from '../core/posterior/report.ts';
import type { CheckResult } from '../core/rules/check.ts';
import { checkParsed, dataContext, specContext } from '../core/rules/check.ts';
import type { DataContext, SpecContext } from '../core/rules/rule.ts';
import type { ParsedSpec } from '../core/spec/parse.ts';
import type { TextRange } from '../core/spec/problem.ts';
import type { FittedParams, SmallDensity } from '../protocol/server.ts';
import { hashText } from '../protocol/server.ts';

/** The last fit of a document's spec. */
export interface FitView {
  readonly report: FitReport;
  readonly parameters: ReadonlyMap<string, ParameterSummary | MaskedParameter>;
  readonly densities: ReadonlyMap<string, SmallDensity>;
  /** Whether the spec's text or its data have changed since. */
  readonly stale: boolean;
}

export interface FeatureContext {
  readonly document: TextDocument;
  readonly text: string;
  readonly parsed: ParsedSpec;
  readonly checked: CheckResult;
  /** `null` when the text gives no spec. */
  readonly spec: SpecContext | null;
  /** Of the data as last read, which may be older than the text; `null` before, or when they cannot be read. */
  readonly profile: DataProfile | null;
  /** The two together; `null` when either is missing. */
  readonly data: DataContext | null;
  /** `null` when the spec has errors, so that there is no model. */
  readonly design: Design | null;
  readonly fit: FitView | null;
  /** Files below these folders may be linked to, by absolute path. */
  readonly roots: readonly string[];
}

export interface ContextInput {
  readonly document: TextDocument;
  readonly profile: DataProfile | null;
  /** Whether the profile is of this very text's data, group and columns; if not, the rules on the data wait. */
  readonly current: boolean;
  readonly fitted: FittedParams | null;
  readonly roots: readonly string[];
  /** The document's text, parsed. */
  readonly parsed: ParsedSpec;
}

export function makeContext({ document, profile, current, fitted, roots, parsed }: ContextInput): FeatureContext {
  const text = document.getText();
  const checked = checkParsed(parsed, current ? profile : null);
  const spec = specContext(parsed);
  const data = spec !== null && profile !== null ? dataContext(spec, profile) : null;
  const sound = data !== null && !checked.problems.some((p) => p.severity === 'error');
  const design = sound ? resolveDesign(data.spec, data.profile) : null;
  return { document, text, parsed, checked, spec, profile, data, design, fit: fitView(text, profile, fitted), roots };
}

function fitView(text: string, profile: DataProfile | null, fitted: FittedParams | null): FitView | null {
  if (fitted === null) return null;
  const dataChanged = fitted.dataVersion !== undefined && profile !== null && profile.version !== fitted.dataVersion;
  return {
    report: fitted.report,
    parameters: new Map(fitted.report.parameters.map((p) => [p.name, p])),
    densities: new Map(fitted.densities),
    stale: dataChanged || hashText(text) !== fitted.specHash,
  };
}

/** A range of the text as the protocol has it. */
export function toRange({ document }: { readonly document: TextDocument }, { start, end }: TextRange) {
  return { start: document.positionAt(start), end: document.positionAt(end) };
}
