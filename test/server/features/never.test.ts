import fc from 'fast-check';
import { expect, test } from 'vitest';
import { codeActions } from '../../../server/features/codeActions.ts';
import { codeLenses } from '../../../server/features/codeLens.ts';
import { complete } from '../../../server/features/completion.ts';
import { diagnose } from '../../../server/features/diagnostics.ts';
import { formatting } from '../../../server/features/formatting.ts';
import { hover } from '../../../server/features/hover.ts';
import { inlayHints } from '../../../server/features/inlayHints.ts';
import { completeFromSchema, foldingRanges, selectionRanges } from '../../../server/features/jsonService.ts';
import { documentLinks } from '../../../server/features/links.ts';
import { definition, prepareRename, references, rename } from '../../../server/features/navigation.ts';
import { semanticTokens } from '../../../server/features/semanticTokens.ts';
import { documentSymbols } from '../../../server/features/symbols.ts';
import { SPEC } from '../manufacturing.ts';
import { contextOf } from './contextOf.ts';

test('no half-typed file makes any feature throw', async () => {
  const pieces = fc.constantFrom(
    '',
    '"',
    '{',
    '}',
    '[',
    ']',
    ',',
    ':',
    '0',
    '1',
    'null',
    'true',
    '""',
    '"x"',
    '-',
    '\\',
    '//',
    '/*',
    '{"a":{}}',
    '[[]]',
    '1e999',
    '\u0000',
    '__proto__',
  );
  const edit = fc.tuple(fc.nat(SPEC.length), fc.oneof(fc.constant(0), fc.nat(60)), pieces, fc.boolean());
  await fc.assert(
    fc.asyncProperty(edit, fc.nat(40), async ([start, length, piece, cut], plus) => {
      const text = cut ? SPEC.slice(0, start) + piece : SPEC.slice(0, start) + piece + SPEC.slice(start + length);
      const { context } = contextOf(text);
      const offset = Math.min(text.length, start + plus);
      const whole = { start: 0, end: text.length };
      const position = context.document.positionAt(offset);
      for (const d of diagnose(context, null)) expect(d.message).not.toBe('');
      codeActions(context, whole, null, null);
      codeLenses(context);
      complete(context, offset, ['d.csv']);
      await completeFromSchema(context.document, position);
      hover(context, offset);
      inlayHints(context, whole);
      foldingRanges(context.document);
      selectionRanges(context.document, [position]);
      documentLinks(context);
      definition(context, offset, { file: 'd.csv', line: 1, text: 'a,b', delimiter: ',' });
      references(context, offset, true);
      prepareRename(context, offset);
      rename(context, offset, 'x');
      semanticTokens(context);
      documentSymbols(context);
      formatting(context, { tabSize: 2, insertSpaces: true });
    }),
    { numRuns: 500 },
  );
});
