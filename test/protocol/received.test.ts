import { describe, expect, it } from 'vitest';
import { isPanelMessage, isPredictionsMessage, numberOfQuestion, specOfState } from '../../protocol/received.ts';

const view = (request: unknown, id: unknown = 7, fit: unknown = 'fit-1') => ({ kind: 'view', id, fit, request });
const at = [['x', 1.5]];
const scenario = { name: null, group: 'a', at };

/** What every page may send. */
const SHARED: readonly unknown[] = [
  { kind: 'ready' },
  { kind: 'want_results' },
  { kind: 'copy', text: 'a\tb' },
  { kind: 'fault', message: 'TypeError: x' },
  { kind: 'add_prediction', scenario },
  { kind: 'add_prediction', scenario: { ...scenario, name: 'slow', at: [] } },
  ...[
    { kind: 'results' },
    { kind: 'structure' },
    { kind: 'response_histogram', width: null, groups: null },
    { kind: 'response_histogram', width: 0.5, groups: ['a', '__proto__'] },
    { kind: 'pair_plot', columns: ['x'], groups: null },
    { kind: 'data_map' },
    { kind: 'inputs', group: 'a' },
    { kind: 'whatif', group: 'a', at, bins: 60 },
    { kind: 'scenarios', a: scenario, b: scenario, bins: 60 },
    { kind: 'conditional', covariate: 'x', groups: ['a'], at },
    { kind: 'observed_predicted', width: null, group: null },
    ...['density_overlay', 'row_intervals', 'residuals', 'pit', 'loo', 'statistics', 'rootogram'].map((kind) => ({ kind, group: 'a' })),
    ...['trace', 'ranks', 'autocorrelation', 'ess_growth'].map((kind) => ({ kind, parameter: 'scale' })),
    { kind: 'energy' },
    { kind: 'tree_depth' },
    { kind: 'densities', parameters: ['alpha[a]'] },
    { kind: 'pair', x: 'scale', y: 'alpha[a]' },
    { kind: 'contrast', a: 'alpha[a]', b: 'alpha[b]' },
    { kind: 'shrinkage', term: 'x' },
    { kind: 'compare', others: ['fit-2'] },
  ].map((request) => view(request)),
];

const PANEL: readonly unknown[] = [
  ...['fit', 'cancel', 'open_spec', 'check_priors', 'open_predictions', 'calibrate', 'cancel_calibration'].map((command) => ({
    kind: 'command',
    command,
  })),
  { kind: 'act', action: { kind: 'more_draws', draws: 2000 } },
  { kind: 'act', action: { kind: 'target_accept', value: 0.95 } },
  { kind: 'act', action: { kind: 'open_parameter', parameter: 'scale' } },
  { kind: 'save', file: { name: 'forest.svg', encoding: 'text', content: '<svg/>' } },
  { kind: 'save', file: { name: 'forest.png', encoding: 'base64', content: 'aaaa' } },
];

const PREDICTIONS: readonly unknown[] = ['fit', 'open_spec', 'open_results'].map((command) => ({ kind: 'command', command }));

/** What no page of ours sends. */
const NONE: readonly (readonly [string, unknown])[] = [
  ['nothing', undefined],
  ['null', null],
  ['a text', 'ready'],
  ['a number', 1],
  ['a list', [{ kind: 'ready' }]],
  ['no kind', {}],
  ['an unknown kind', { kind: 'eval', text: '1' }],
  ['a kind of every object', { kind: 'constructor' }],
  ['a kind of every object, 2', { kind: '__proto__' }],
  ['a kind that is no text', { kind: ['ready'] }],
  ['a kind that is inherited', Object.create({ kind: 'ready' })],
  ['a field too many', { kind: 'ready', command: 'fit' }],
  ['text that is none', { kind: 'copy', text: 1 }],
  ['text that is an object', { kind: 'copy', text: { toString: () => 'x' } }],
  ['no text', { kind: 'copy' }],
  ['a fault without words', { kind: 'fault' }],
  ['no scenario', { kind: 'add_prediction' }],
  ['a scenario of no group', { kind: 'add_prediction', scenario: { ...scenario, group: null } }],
  ['a scenario of text values', { kind: 'add_prediction', scenario: { ...scenario, at: [['x', '1']] } }],
  ['a scenario of pairs of three', { kind: 'add_prediction', scenario: { ...scenario, at: [['x', 1, 2]] } }],
  ['a scenario of an object of values', { kind: 'add_prediction', scenario: { ...scenario, at: { x: 1 } } }],
  ['a value that is no number', { kind: 'add_prediction', scenario: { ...scenario, at: [['x', Number.NaN]] } }],
  ['an endless value', { kind: 'add_prediction', scenario: { ...scenario, at: [['x', Number.POSITIVE_INFINITY]] } }],
  ['a question without number', view({ kind: 'energy' }, null)],
  ['a question of a broken number', view({ kind: 'energy' }, 1.5)],
  ['a question of a number that is text', view({ kind: 'energy' }, '1')],
  ['a question of no fit', view({ kind: 'energy' }, 7, null)],
  ['a question of nothing', view(null)],
  ['an unknown question', view({ kind: 'read_file', path: '/etc/passwd' })],
  ['a question with a field too many', view({ kind: 'energy', group: 'a' })],
  ['a question without its field', view({ kind: 'trace' })],
  ['a question with a wrong field', view({ kind: 'trace', parameter: 3 })],
  ['a parameter of megabytes', view({ kind: 'trace', parameter: 'x'.repeat(1e6) })],
  ['a width of 0', view({ kind: 'observed_predicted', width: 0, group: null })],
  ['a width of NaN', view({ kind: 'response_histogram', width: Number.NaN, groups: null })],
  ['a billion bins', view({ kind: 'whatif', group: 'a', at, bins: 1e9 })],
  ['half a bin', view({ kind: 'whatif', group: 'a', at, bins: 0.5 })],
  ['no bins', view({ kind: 'whatif', group: 'a', at, bins: 0 })],
  ['names that are a text', view({ kind: 'densities', parameters: 'scale' })],
  ['names among which one is none', view({ kind: 'compare', others: ['fit-1', 2] })],
  ['a million names', view({ kind: 'compare', others: new Array(1e6).fill('fit-1') })],
  ['half a pair', view({ kind: 'pair', x: 'scale' })],
];

const FOR_NO_PANEL: readonly (readonly [string, unknown])[] = [
  ['an unknown command', { kind: 'command', command: 'workbench.action.terminal.new' }],
  ['a command that is no text', { kind: 'command', command: ['fit'] }],
  ['a command of every object', { kind: 'command', command: 'constructor' }],
  ['no action', { kind: 'act', action: null }],
  ['an unknown action', { kind: 'act', action: { kind: 'open_file', path: '/etc/passwd' } }],
  ['draws without end', { kind: 'act', action: { kind: 'more_draws', draws: 1e12 } }],
  ['draws below 0', { kind: 'act', action: { kind: 'more_draws', draws: -1 } }],
  ['an acceptance of 1', { kind: 'act', action: { kind: 'target_accept', value: 1 } }],
  ['a file of another encoding', { kind: 'save', file: { name: 'x', encoding: 'utf16', content: '' } }],
  ['a file without content', { kind: 'save', file: { name: 'x', encoding: 'text' } }],
  ['a file with a place', { kind: 'save', file: { name: 'x', encoding: 'text', content: '', folder: '/' } }],
];

describe('M: what a webview sends is looked at before it is used', () => {
  it.each(SHARED)('every page may send %j', (message) => {
    expect([isPanelMessage(message), isPredictionsMessage(message)]).toEqual([true, true]);
  });
  it.each(PANEL)('the panel may send %j', (message) => expect(isPanelMessage(message)).toBe(true));
  it.each(PREDICTIONS)('the view Predictions may send %j', (message) => expect(isPredictionsMessage(message)).toBe(true));
  it.each(NONE)('%s is dropped', (_, message) => expect([isPanelMessage(message), isPredictionsMessage(message)]).toEqual([false, false]));
  it.each(FOR_NO_PANEL)('%s is dropped by the panel', (_, message) => expect(isPanelMessage(message)).toBe(false));
  it.each([{ kind: 'command', command: 'calibrate' }, PANEL.at(-1), { kind: 'act', action: { kind: 'more_draws', draws: 1 } }])(
    'the view Predictions drops %j',
    (message) => expect(isPredictionsMessage(message)).toBe(false),
  );

  it.each([
    ['a question that is none', view({ kind: 'nothing' }), 7],
    ['a question of a wrong field', view({ kind: 'trace', parameter: 1 }, 8), 8],
    ['a number that is none', view({ kind: 'energy' }, 'x'), null],
    ['no question', { kind: 'copy', text: 1 }, null],
    ['nothing', null, null],
  ])('%s: whom to answer', (_, message, id) => expect(numberOfQuestion(message)).toBe(id));

  it.each([
    [{ spec: 'a.hmask.json', section: 'overview' }, 'a.hmask.json'],
    [{ spec: null }, null],
    [{ spec: 3 }, null],
    [{ spec: ['a'] }, null],
    [undefined, null],
    ['a', null],
    [null, null],
  ])('the state %j names the spec %j', (state, spec) => expect(specOfState(state)).toBe(spec));
});
