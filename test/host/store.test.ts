import assert from 'node:assert/strict';
import { Uri } from 'vscode';
import { FitStore, type GoodFit } from '../../extension/fits/store.ts';

const key = { uri: Uri.file('/nowhere/a.hmask.json'), priorOnly: false };
const good = (fit: string, text: string, continued = false): GoodFit =>
  ({ fit, text, continued, problems: [], report: { parameters: [], sampling: { chains: 4, draws: 100 } } }) as unknown as GoodFit;

describe('the store of fits', () => {
  let store: FitStore;
  beforeEach(() => {
    store = new FitStore();
  });
  afterEach(() => store.dispose());
  const kept = (): string[] => store.get(key).earlier.map(({ fit }) => fit);

  it('keeps the fit before a change, and says which ones are no longer needed', () => {
    assert.deepEqual(store.succeeded(key, good('fit-1', '{"a": 1}')), []);
    assert.deepEqual(store.succeeded(key, good('fit-2', '{"a": 2}')), []);
    assert.deepEqual(kept(), ['fit-1']);
    assert.deepEqual(store.succeeded(key, good('fit-3', '{"a": 2}')), ['fit-2']);
    assert.deepEqual(store.succeeded(key, good('fit-4', '{"a": 2}', true)), ['fit-3']);
    assert.deepEqual(kept(), ['fit-1']);
    assert.deepEqual(store.succeeded(key, good('fit-5', '{"a": 3}')), []);
    assert.deepEqual(store.succeeded(key, good('fit-6', '{"a": 4}')), ['fit-1']);
    assert.deepEqual(kept(), ['fit-5', 'fit-4']);
  });

  it('keeps them over a fit that fails, and forgets all at once', () => {
    store.succeeded(key, good('fit-1', '{"a": 1}'));
    store.succeeded(key, good('fit-2', '{"a": 2}'));
    store.progressed(key, 'reading', []);
    store.ended(key, 'No.');
    assert.deepEqual(kept(), ['fit-1']);
    assert.deepEqual(store.forget(key), ['fit-2', 'fit-1']);
    assert.deepEqual(store.forget(key), []);
  });

  it('has nothing but a sentence left when the engine is lost', () => {
    store.succeeded(key, good('fit-1', '{"a": 1}'));
    store.succeeded(key, good('fit-2', '{"a": 2}'));
    const fired: string[] = [];
    const listener = store.onDidChangeGood(({ uri }) => fired.push(uri.path));
    store.lose();
    listener.dispose();
    const { fit, report, earlier, error } = store.get(key);
    assert.deepEqual({ fit, report, earlier }, { fit: null, report: null, earlier: [] });
    assert.match(error ?? '', /fit again/);
    assert.deepEqual(fired, [key.uri.path]);
  });
});
