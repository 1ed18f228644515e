import { describe, expect, test } from 'vitest';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { codeActions } from '../../../server/features/codeActions.ts';
import { diagnose } from '../../../server/features/diagnostics.ts';
import { documentSymbols } from '../../../server/features/symbols.ts';
import { SPEC } from '../manufacturing.ts';
import { contextOf, specWith } from './contextOf.ts';

/** The text after an action, which must have no errors or warnings. */
function textAfter(text: string, title: string): string {
  const { context } = contextOf(text);
  const action = codeActions(context, { start: 0, end: 0 }, ['refactor'], null).find((a) => a.title === title);
  expect(action, `${title} is offered`).toBeDefined();
  const result = TextDocument.applyEdits(context.document, action!.edit!.changes![context.document.uri]);
  const left = contextOf(result).context.checked.problems.filter((p) => p.severity === 'error' || p.severity === 'warning');
  expect(left, result).toEqual([]);
  return result;
}

const MASK = /"mask": \{[^}]*\}/.exec(SPEC)![0];

describe('refactorings', () => {
  test('infer the mask', () => {
    expect(textAfter(specWith(MASK, '"mask": "auto"'), 'Infer the mask from the data')).toContain(
      '"mask": {\n    "Product_Group_1": [1, 1, 0],\n    "Product_Group_2": [1, 1, 1]\n  }',
    );
    expect(textAfter(specWith(`  ${MASK},\n`, ''), 'Infer the mask from the data')).toContain('"Product_Group_1": [1, 1, 0]');
  });

  test('add missing groups', () => {
    const text = specWith(MASK, '"mask": {\n    "Product_Group_2": [1, 1, 1]\n  }');
    expect(textAfter(text, 'Add missing groups to the mask')).toContain('[1, 1, 1],\n    "Product_Group_1": [1, 1, 0]\n  }');
  });

  test('write auto priors out', () => {
    const text = specWith(
      '"priors": { "intercept": "normal(0, 5)", "weights": "normal(0, 5)", "scale": "half_normal(5)" }',
      '"priors": { "weights": "auto" }',
    );
    expect(textAfter(text, 'Write auto priors out')).toMatch(
      /"weights": "normal\(0, \S+\)", "intercept": "normal\(\S+, \S+\)", "scale": "exponential\(\S+\)" \}/,
    );
    const none = specWith(/ {2}"priors": .*\n/.exec(SPEC)![0], '');
    expect(textAfter(none, 'Write auto priors out')).toMatch(/"priors": \{ "intercept": "normal/);
  });

  test('a prediction for every group', () => {
    const text = specWith(/,\n {2}"predictions": \[[\s\S]*?\n {2}\]/.exec(SPEC)![0], '');
    const result = textAfter(text, 'Add a prediction for every group');
    expect(result).toMatch(/"group": "Product_Group_1", "at": \{ "Feed_Speed": [\d.]+, "Pull_Acceleration": [\d.]+ \}/);
    expect(result).toMatch(/"group": "Product_Group_2", .*"Cutting_Wait_Time"/);
  });

  test('sort groups', () => {
    const rows = { a: '"Product_Group_1": [1, 1, 0]', b: '"Product_Group_2": [1, 1, 1]' };
    const text = specWith(MASK, `"mask": {\n    ${rows.b},\n    ${rows.a}\n  }`);
    expect(textAfter(text, 'Sort groups')).toBe(specWith(MASK, `"mask": {\n    ${rows.a},\n    ${rows.b}\n  }`));
  });

  test('nothing is offered that would do nothing', () => {
    const { context } = contextOf(SPEC);
    expect(codeActions(context, { start: 0, end: 0 }, ['refactor'], null).map((a) => a.title)).toEqual(['Infer the mask from the data']);
  });
});

test('names turn the direction of no title and of no outline', () => {
  const { context } = contextOf(specWith('"Product_Group_2": [1, 1, 1]', '"Product_Group_2": [1, 1, 1], "a\u202eb": [1, 1, 1]'));
  const titles = codeActions(context, { start: 0, end: context.text.length }, ['quickfix'], null).map((a) => a.title);
  const names = documentSymbols(context).flatMap((s) => [s.name, ...(s.children ?? []).map((c) => c.name)]);
  expect(titles).toContain('Remove the row "a[U+202E]b"');
  expect(names).toContain('a[U+202E]b');
  expect([...titles, ...names].join('')).not.toContain('\u202e');
});

test('one fix of several problems is offered once, for all of them', () => {
  const csv = `g,x,y\n${Array.from({ length: 6 }, (_, i) => `g${i},${i * i},${(7 * i) % 5}`).join('\n')}`;
  const { context } = contextOf('{ "data": "d.csv", "response": "y", "group": "g", "covariates": ["x"] }', csv);
  const actions = codeActions(context, { start: 0, end: context.text.length }, ['quickfix'], null);
  const pool = actions.filter((a) => a.title === 'Pool the groups partially');
  expect(pool.length).toBe(1);
  expect(pool[0].diagnostics?.length).toBe(6);
});

test('what has no effect is faded', () => {
  const { context } = contextOf(specWith('"scale": "half_normal(5)"', '"scale": "half_normal(5)", "nu": "exponential(1)"'));
  expect(diagnose(context, null).map((d) => [d.code, d.tags])).toEqual([['HM607', [1]]]);
});
