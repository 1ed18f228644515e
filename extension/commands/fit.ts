/** "Fit Hierarchical Model" and "Check Priors". */
import { DiagnosticSeverity, languages, type TextDocument, workspace } from 'vscode';
import type { SamplerSpec } from '../../core/spec/types.ts';
import type { Services } from '../services.ts';
import { findSpec, type SpecArgument } from '../specs.ts';

/**
 * Fits a spec and shows the results.
 * @returns Whether there are new results.
 */
export async function fit(services: Services, argument?: SpecArgument, overrides: Partial<SamplerSpec> = {}): Promise<boolean> {
  return start(services, argument, false, overrides);
}

/** Shows what the priors alone say about the response. */
export async function checkPriors(services: Services, argument?: SpecArgument): Promise<boolean> {
  return start(services, argument, true, {});
}

async function start(
  { fitter, panels }: Services,
  argument: SpecArgument,
  priorOnly: boolean,
  overrides: Partial<SamplerSpec>,
): Promise<boolean> {
  const document = await findSpec(argument);
  if (!document) return false;
  const key = { uri: document.uri, priorOnly };
  const show = workspace.getConfiguration('hmask', document.uri).get('results.openAfterFit', true);
  // The panel loads while the chains run; with errors in sight it would only be in the way of the problems.
  if (show && workspace.isTrusted && !hasErrors(document)) panels.show(key, true);
  const fitted = await fitter.fit(document, priorOnly, overrides);
  if (show && fitted) panels.show(key, true);
  return fitted;
}

function hasErrors(document: TextDocument): boolean {
  return languages.getDiagnostics(document.uri).some((diagnostic) => diagnostic.severity === DiagnosticSeverity.Error);
}
