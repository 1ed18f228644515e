/** The extension's side of the engine against real workers that go wrong in every way. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import type { CancellationToken, ExtensionContext } from 'vscode';
import type { Log } from '../../extension/log.ts';
import { WorkerEngine } from '../../extension/workerEngine.ts';

const SOURCE = { path: '/spec.hmask.json', text: '{}', roots: ['/'] };
const OPTIONS = { overrides: {}, priorOnly: false };

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

/** An engine whose worker runs `body`, with `port` and `answer(request, rest)` at hand. */
async function engineOf(body: string): Promise<{ engine: WorkerEngine; logged: unknown[]; lost: () => number }> {
  const folder = await mkdtemp(join(tmpdir(), 'hmask-engine-'));
  await mkdir(join(folder, 'dist'));
  const head = `const { parentPort: port } = require('node:worker_threads');
    const answer = (request, rest) => port.postMessage({ id: request.id, ...rest });`;
  await writeFile(join(folder, 'dist', 'engine.js'), `${head}\n${body}`);
  const logged: unknown[] = [];
  const context = { extensionPath: folder } as ExtensionContext;
  let lost = 0;
  const count = () => {
    lost++;
  };
  const engine = new WorkerEngine(context, { error: (problem: unknown) => logged.push(problem) } as unknown as Log, count);
  cleanups.push(
    () => rm(folder, { recursive: true, force: true }),
    () => engine.dispose(),
  );
  return { engine, logged, lost: () => lost };
}

/** A token that cancels when told to. */
function tokenSource(): { token: CancellationToken; cancel: () => void } {
  const listeners: (() => void)[] = [];
  const onCancellationRequested = (listener: () => void) => {
    listeners.push(listener);
    return { dispose: () => {} };
  };
  const token = { isCancellationRequested: false, onCancellationRequested } as unknown as CancellationToken;
  return { token, cancel: () => listeners.forEach((listener) => void listener()) };
}

const runFit = (engine: WorkerEngine, onProgress = (_: unknown) => {}, token = tokenSource().token) =>
  engine.fit(SOURCE, OPTIONS, onProgress, token);

describe('WorkerEngine', () => {
  test.each([
    ['throws', `port.on('message', () => { throw new Error('deep inside'); });`],
    ['ends', `port.on('message', () => process.exit(0));`],
    ['cannot start', 'this is no script'],
    ['rejects', `port.on('message', () => Promise.reject(new Error('deep inside')));`],
  ])('a worker that %s ends the fit in a sentence', async (_, body) => {
    const { engine, lost } = await engineOf(body);
    const outcome = await runFit(engine);
    expect(outcome).toMatchObject({ kind: 'failed', code: 'engine_lost' });
    expect(lost()).toBe(1);
    expect(outcome.kind === 'failed' && outcome.message).toMatch(/^the engine ended unexpectedly .* fit again\.$/);
  });

  test('the next fit starts a new worker', async () => {
    const { engine } = await engineOf(`port.on('message', (request) => {
      if (request.source.text === 'die') process.exit(1);
      answer(request, { kind: 'cancelled' });
    });`);
    await engine.fit({ ...SOURCE, text: 'die' }, OPTIONS, () => {}, tokenSource().token);
    expect(await runFit(engine)).toMatchObject({ kind: 'cancelled' });
  });

  test('progress comes before the answer, to its own request', async () => {
    const { engine } = await engineOf(`port.on('message', (request) => {
      answer(request, { kind: 'progress', phase: 'reading', chains: [] });
      answer(request, { kind: 'cancelled' });
    });`);
    const seen: unknown[] = [];
    await runFit(engine, (progress) => seen.push(progress));
    expect(seen).toMatchObject([{ kind: 'progress', phase: 'reading' }]);
  });

  test('cancelling names the request', async () => {
    const { engine } = await engineOf(`port.on('message', (request) => {
      if (request.kind === 'cancel') answer(request, { kind: 'cancelled' });
      else answer(request, { kind: 'progress', phase: 'sampling', chains: [] });
    });`);
    const { token, cancel } = tokenSource();
    expect(await runFit(engine, cancel, token)).toMatchObject({ kind: 'cancelled' });
  });

  test('a view that cannot be made rejects with the engine’s sentence', async () => {
    const { engine } = await engineOf(
      `port.on('message', (request) => answer(request, { kind: 'failed', code: 'cannot', message: 'gone' }));`,
    );
    await expect(engine.view('fit-1', { kind: 'results' })).rejects.toThrow('gone');
  });

  test('a worker that is disposed of is not lost', async () => {
    const { engine, lost } = await engineOf(`port.on('message', (request) => answer(request, { kind: 'forgotten' }));`);
    engine.warm();
    engine.dispose();
    await new Promise((done) => setTimeout(done, 300));
    expect(lost()).toBe(0);
  });
});
