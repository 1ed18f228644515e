/** Results cross from the engine to a page as bytes. */
import { expect, it } from 'vitest';
import { answerView } from '../../engine/views/answer.ts';
import { unpackResults } from '../../webview/shared/page.ts';
import { manufacturing } from '../engine/views/fixture.ts';

it('results arrive as they were sent', () => {
  const state = manufacturing();
  const ask = (kind: 'results' | 'structure') => answerView({ kind }, state, { fit: 'fit-1', title: 'm' }, () => undefined);
  const packed = ask('results');
  if (packed.kind !== 'results') throw new Error(packed.kind);
  const { fit, report, structure } = unpackResults({ fit: 'fit-1', content: packed.content });
  expect(fit).toBe('fit-1');
  expect(structure).toEqual(ask('structure'));
  expect(structure.mask).toBeInstanceOf(Uint8Array);
  expect(report).toEqual(JSON.parse(JSON.stringify(state.report)));
});
