import { type CodeAction, CodeActionKind, type Diagnostic } from 'vscode-languageserver/node';
import type { TextEdit, TextRange } from '../../core/spec/problem.ts';
import { upright } from '../../core/spec/text.ts';
import { type FeatureContext, toRange } from '../context.ts';
import { diagnose } from './diagnostics.ts';
import { specActions } from './specActions.ts';

/** Quick fixes of the problems that touch the range, and what can be done to the whole spec. */
export function codeActions(
  context: FeatureContext,
  range: TextRange,
  wanted: readonly string[] | null,
  docs: string | null,
): CodeAction[] {
  const allowed = (kind: string) => wanted === null || wanted.some((w) => kind === w || kind.startsWith(`${w}.`));
  const actions: CodeAction[] = [];
  if (allowed(CodeActionKind.QuickFix)) {
    const diagnostics = diagnose(context, docs);
    // One fix may mend several problems: it is offered once.
    const offered = new Map<string, { action: CodeAction; mends: Diagnostic[] }>();
    for (const [i, p] of context.checked.problems.entries()) {
      if (p.range.end < range.start || p.range.start > range.end) continue;
      for (const fix of p.fixes ?? []) {
        const key = JSON.stringify([fix.title, fix.edits]);
        const known = offered.get(key);
        if (known !== undefined) {
          known.mends.push(diagnostics[i]);
          continue;
        }
        const mends = [diagnostics[i]];
        const title = upright(fix.title);
        const edit = workspaceEdit(context, fix.edits);
        const action = { title, kind: CodeActionKind.QuickFix, diagnostics: mends, isPreferred: fix.preferred === true, edit };
        offered.set(key, { action, mends });
        actions.push(action);
      }
    }
  }
  if (allowed(CodeActionKind.RefactorRewrite)) {
    for (const { title, edits } of specActions(context)) {
      actions.push({ title, kind: CodeActionKind.RefactorRewrite, edit: workspaceEdit(context, edits) });
    }
  }
  return actions;
}

function workspaceEdit(context: FeatureContext, edits: readonly TextEdit[]) {
  const textEdits = edits.map((e) => ({ range: toRange(context, e), newText: e.text }));
  return { changes: { [context.document.uri]: textEdits } };
}
