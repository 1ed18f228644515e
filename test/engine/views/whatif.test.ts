/** What-ifs of a fit of real data: they take what the spec's predictions take, and answer the same. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { listParameters } from '../../../core/design/parameters.ts';
import { Rng } from '../../../core/math/rng.ts';
import { predictAll } from '../../../core/posterior/predict/predict.ts';
import type { FitReport } from '../../../core/posterior/report.ts';
import { parseSpec } from '../../../core/spec/parse.ts';
import type { Spec } from '../../../core/spec/types.ts';
import { ViewError, type ViewState } from '../../../engine/views/state.ts';
import { conditionalView, inputsView, whatifView } from '../../../engine/views/whatif.ts';
import type { Values } from '../../../protocol/views.ts';
import { makeDraws } from '../../core/posterior/makeDraws.ts';
import { Folder } from '../../sources/folder.ts';

const SPEC = {
  data: 'd.csv',
  response: { column: 'y', transform: 'log' },
  group: 'g',
  covariates: [
    { column: 'x', transform: 'center' },
    { column: 'x', name: 'x2', transform: 'square' },
    { column: 'k', name: 'kind', levels: ['p', 'lo', 'hi'] },
    'x:kind',
  ],
};

let folder: Folder;
let state: ViewState;
beforeAll(async () => {
  folder = new Folder();
  const rows = Array.from({ length: 30 }, (_, i) => `${'AB'[i % 2]},${(i % 7) / 2},${['lo', 'hi', 'p'][i % 3]},${1 + (i % 5)}`);
  folder.write('d.csv', `g,x,k,y\n${rows.join('\n')}\n`);
  const { design } = await folder.design(SPEC);
  const parameters = listParameters(design);
  const rng = Rng.of(3, 1);
  const values = parameters.map((p) => Float64Array.from({ length: 8 }, () => (p.kind === 'scale' ? 0.5 : 0.1 * rng.normal())));
  state = {
    source: { text: '' },
    spec: parseSpec(JSON.stringify(SPEC)).spec as Spec,
    design,
    data: await folder.load(SPEC),
    profile: await folder.profileOf(SPEC),
    parameters,
    draws: makeDraws(1, 8, values),
    report: { seed: 1 } as FitReport,
    sketches: [],
    loo: null,
    predicted: null,
  };
});
afterAll(() => folder.remove());

const muOf = (at: Values): number => {
  const prediction = { name: null, group: 'A', at: new Map(at), exposure: null, trials: null, se: null, scale: 'response' as const };
  return predictAll(state, state.data, [prediction], 1)[0].mu.mean!;
};

describe('what-ifs', () => {
  it('offer levels, the reference first, and a column that several covariates read once', () => {
    const { inputs } = inputsView(state, 'A');
    expect(inputs.map((i) => [i.name, i.levels])).toEqual([
      ['x', null],
      ['kind', ['p', 'lo', 'hi']],
    ]);
  });

  it.each<[string, Values]>([
    [
      'the reference level',
      [
        ['x', 1],
        ['kind', 'p'],
      ],
    ],
    [
      'another level',
      [
        ['x', 2.5],
        ['kind', 'hi'],
      ],
    ],
    [
      'its indicator',
      [
        ['x', 2.5],
        ['kind[lo]', 1],
      ],
    ],
    [
      'the column’s name',
      [
        ['x', 0.5],
        ['k', 'lo'],
      ],
    ],
  ])('D1, D10, D15: answer as predictions do, by %s', (_, at) => {
    expect(whatifView(state, 'A', at, 10).mu.mean).toBeCloseTo(muOf(at), 12);
  });

  it.each<[string, Values, string]>([
    [
      'a level of nobody',
      [
        ['x', 1],
        ['kind', 'Hi'],
      ],
      'Did you mean "hi"?',
    ],
    [
      'two values of one column',
      [
        ['x', 1],
        ['x2', 4],
      ],
      'contradict',
    ],
    [
      'two levels',
      [
        ['x', 1],
        ['kind', 'hi'],
        ['kind[lo]', 1],
      ],
      'contradict',
    ],
    ['nothing of x', [['kind', 'hi']], 'needs a value for x'],
  ])('refuse %s', (_, at, message) => {
    expect(() => whatifView(state, 'A', at, 10)).toThrow(ViewError);
    expect(() => whatifView(state, 'A', at, 10)).toThrow(message);
  });

  it('show the effect of a level from the others', () => {
    const { curves } = conditionalView(state, 'kind[hi]', ['A'], [['x', 1]]);
    const { mean } = curves[0];
    expect(mean[0]).toBeCloseTo(
      muOf([
        ['x', 1],
        ['kind', 'p'],
      ]),
      12,
    );
    expect(mean.at(-1)).toBeCloseTo(
      muOf([
        ['x', 1],
        ['kind', 'hi'],
      ]),
      12,
    );
  });
});
