/** Which fits are kept beside the last one of a spec. */
import { describe, expect, test } from 'vitest';
import { type EarlierFit, MOST_BYTES, MOST_EARLIER, type Replaced, replaceFit } from '../../extension/fits/earlier.ts';

const at = new Date('2026-11-22T14:03:00');
const earlier = (fit: string, size = 1000): EarlierFit => ({ fit, fittedAt: at, size });

/** A fit of `parameters` parameters with 4 × 250 draws, as it was before the next. */
const was = (change: Partial<Replaced> & { readonly parameters?: number } = {}): Replaced => ({
  fit: 'fit-9',
  report: {
    parameters: Array.from({ length: change.parameters ?? 10 }),
    sampling: { chains: 4, draws: 250 },
  } as unknown as Replaced['report'],
  fittedAt: at,
  text: '{"seed": 1}',
  dataChanged: false,
  earlier: [],
  ...change,
});

const names = ({ earlier, dropped }: ReturnType<typeof replaceFit>) => ({ earlier: earlier.map((e) => e.fit), dropped });

describe('replaceFit', () => {
  test.each([
    ['the first fit', was({ fit: null, report: null, fittedAt: null, text: null }), '{"seed": 1}', [], []],
    ['a changed spec', was(), '{"seed": 2}', ['fit-9'], []],
    ['the same spec, laid out anew', was(), '{ "seed": 1 } // again', [], ['fit-9']],
    ['the same spec over changed data', was({ dataChanged: true }), '{"seed": 1}', ['fit-9'], []],
    ['more draws of the same fit', was(), null, [], ['fit-9']],
    ['more draws, the data changed meanwhile', was({ dataChanged: true }), null, [], ['fit-9']],
    ['the same spec keeps what was before', was({ earlier: [earlier('fit-8')] }), '{"seed": 1}', ['fit-8'], ['fit-9']],
    ['more draws keep what was before', was({ earlier: [earlier('fit-8')] }), null, ['fit-8'], ['fit-9']],
    ['a third change', was({ earlier: [earlier('fit-8')] }), '{"seed": 2}', ['fit-9', 'fit-8'], []],
    ['a fourth', was({ earlier: [earlier('fit-8'), earlier('fit-7')] }), '{"seed": 2}', ['fit-9', 'fit-8'], ['fit-7']],
    ['an older one that is too large', was({ earlier: [earlier('fit-8', MOST_BYTES)] }), '{"seed": 2}', ['fit-9'], ['fit-8']],
    ['one that is itself too large', was({ parameters: 50_000 }), '{"seed": 2}', [], ['fit-9']],
    [
      'one that is itself too large, with a small one before it',
      was({ parameters: 50_000, earlier: [earlier('fit-8')] }),
      '{"seed": 2}',
      [],
      ['fit-9', 'fit-8'],
    ],
  ] as const)('%s', (_, before, text, kept, dropped) => {
    expect(names(replaceFit(before, text))).toEqual({ earlier: kept, dropped });
  });

  test('every fit is kept or dropped, however many there were', () => {
    let state = was();
    const dropped: string[] = [];
    for (let i = 10; i < 20; i++) {
      const next = replaceFit(state, `{"seed": ${i}}`);
      dropped.push(...next.dropped);
      expect(next.earlier.length).toBeLessThanOrEqual(MOST_EARLIER);
      state = was({ fit: `fit-${i}`, text: `{"seed": ${i}}`, earlier: next.earlier });
    }
    expect([...dropped, ...state.earlier.map((e) => e.fit).reverse(), state.fit]).toEqual(
      Array.from({ length: 11 }, (_, i) => `fit-${i + 9}`),
    );
  });

  test('the size is that of the draws in double precision', () => {
    expect(replaceFit(was({ parameters: 10 }), '{}').earlier[0].size).toBe(10 * 4 * 250 * 8);
  });
});
