import { copyFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { toEnd } from '../../../core/math/steps.ts';
import { Preparer } from '../../../engine/read/prepare.ts';
import { runChain } from '../../../engine/sample/turns.ts';
import { targetOf, workFor } from '../../../engine/sample/work.ts';
import type { CancelRequest, EngineAnswer, EngineRequest, SpecSource } from '../../../protocol/engine.ts';
import { built, example, runCli } from '../../built.ts';

let source: SpecSource;
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hmask-engine-'));
  await copyFile(join(dirname(example), 'manufacturing.csv'), join(folder, 'manufacturing.csv'));
  source = { path: join(folder, 'manufacturing.hmask.json'), text: await readFile(example, 'utf8'), roots: [folder] };
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** A request without its number. */
type Unnumbered = EngineRequest extends infer R ? (R extends EngineRequest ? Omit<R, 'id'> : never) : never;
type Progress = Extract<EngineAnswer, { kind: 'progress' }>;

/** The engine's own thread, as the editor runs it. */
class Client {
  readonly #worker = new Worker(built('engine.js'));
  readonly #waiting = new Map<number, { answer: (a: EngineAnswer) => void; progress: (p: Progress) => void }>();
  lastId = 0;

  constructor() {
    this.#worker.on('message', (answer: EngineAnswer) => {
      const waiting = this.#waiting.get(answer.id);
      if (answer.kind === 'progress') waiting?.progress(answer);
      else waiting?.answer(answer);
    });
  }

  ask(request: Unnumbered, progress: (p: Progress) => void = () => {}): Promise<EngineAnswer> {
    const id = ++this.lastId;
    return new Promise((answer) => {
      this.#waiting.set(id, { answer, progress });
      this.#worker.postMessage({ ...request, id });
    });
  }

  cancel(id: number): void {
    this.#worker.postMessage({ kind: 'cancel', id } satisfies CancelRequest);
  }

  async fit(text = source.text, overrides = {}): Promise<Extract<EngineAnswer, { kind: 'fitted' }>> {
    const answer = await this.ask({ kind: 'fit', source: { ...source, text }, overrides, priorOnly: false });
    if (answer.kind !== 'fitted') throw new Error(JSON.stringify(answer));
    return answer;
  }

  /** A moment later, as `retire` in `engine/threads/entry.ts` has it. */
  async end(): Promise<void> {
    await sleep(100);
    await this.#worker.terminate();
  }
}

let client: Client;
beforeEach(() => {
  client = new Client();
});
afterEach(() => client.end());

describe('the engine’s thread', () => {
  it('reports every phase, chain by chain, and then the fit', async () => {
    const phases = new Set<string>();
    let most = 0;
    const answer = await client.ask({ kind: 'fit', source, overrides: { draws: 20_000 }, priorOnly: false }, (p) => {
      phases.add(p.phase);
      for (const c of p.chains) most = Math.max(most, c.done / c.total);
    });
    expect(answer.kind).toBe('fitted');
    expect([...phases]).toEqual(['reading', 'compiling', 'sampling', 'summarising']);
    expect(most).toBe(1);
  });

  it('stops within a moment of a cancel and keeps the draws so far', async () => {
    let asked = 0;
    const answer = await client.ask({ kind: 'fit', source, overrides: { draws: 2_000_000 }, priorOnly: false }, (p) => {
      const sampling = p.chains.length > 0 && p.chains.every((c) => c.phase === 'sampling' && c.done > 400);
      if (!sampling || asked > 0) return;
      asked = performance.now();
      client.cancel(client.lastId);
    });
    if (answer.kind !== 'fitted') throw new Error(answer.kind);
    const { draws, stopped } = answer.report.sampling;
    expect(stopped).toBe(true);
    expect(draws).toBeGreaterThan(0);
    expect(draws).toBeLessThan(2_000_000);
    expect(answer.report.verdict.flags.map((f) => f.id)).toContain('stopped');
  });

  it.each([
    ['a short fit', { draws: 1500 }],
    ['a long one, whose summary has a thread of its own', { draws: 20_000 }],
  ])('answers a cancel of %s whenever it comes, with the draws that there are', async (_, overrides) => {
    const start = performance.now();
    await client.ask({ kind: 'fit', source, overrides, priorOnly: false });
    const whole = performance.now() - start;
    const kinds = new Set<string>();
    for (let i = 0; i < 6; i++) {
      const asked = client.ask({ kind: 'fit', source, overrides, priorOnly: false });
      const id = client.lastId;
      // Evenly over the fit, in an order that has nothing to do with it.
      setTimeout(() => client.cancel(id), ((i * 0.618034) % 1) * whole);
      const answer = await asked;
      kinds.add(answer.kind);
      if (answer.kind !== 'fitted') {
        expect(answer.kind).toBe('cancelled');
        continue;
      }
      const { sampling, parameters, verdict } = answer.report;
      expect(sampling.draws).toBeGreaterThan(0);
      expect(sampling.stopped).toBe(sampling.draws < overrides.draws);
      if (sampling.stopped) expect(verdict.flags.map((f) => f.id)).toContain('stopped');
      expect(parameters.every((p) => p.masked || Number.isFinite(p.mean))).toBe(true);
      const trace = await client.ask({ kind: 'view', fit: answer.fit, view: { kind: 'trace', parameter: 'scale' } });
      expect(trace.kind).toBe('viewed');
      await client.ask({ kind: 'forget', fit: answer.fit });
    }
    expect(kinds).toContain('fitted');
  });

  it('is cancelled while it still reads, and serves on', async () => {
    let cancelled = false;
    const answer = await client.ask({ kind: 'fit', source, overrides: {}, priorOnly: false }, ({ phase }) => {
      if (phase !== 'reading' || cancelled) return;
      cancelled = true;
      client.cancel(client.lastId);
    });
    expect(answer.kind).toBe('cancelled');
    expect((await client.fit()).report.sampling.stopped).toBe(false);
  });

  it('leaves checks out when it is stopped while it makes them, and keeps every draw', async () => {
    const answer = await client.ask({ kind: 'fit', source, overrides: {}, priorOnly: false }, ({ phase }) => {
      if (phase === 'summarising') client.cancel(client.lastId);
    });
    if (answer.kind !== 'fitted') throw new Error(answer.kind);
    expect(answer.report.loo).toBeNull();
    expect(answer.report.sampling).toMatchObject({ draws: 300, stopped: false });
  });

  it('goes on to what one long run would have given, to the last bit', async () => {
    const long = await client.fit(source.text, { draws: 500 });
    const short = await client.fit(source.text, { draws: 300 });
    const more = await client.ask({ kind: 'continue', fit: short.fit, draws: 200 });
    if (more.kind !== 'fitted') throw new Error(more.kind);
    expect(more.report.parameters).toEqual(long.report.parameters);
    expect(more.report.predictions).toEqual(long.report.predictions);
  });

  it('refuses a spec with errors and goes on serving', async () => {
    const answer = await client.ask({
      kind: 'fit',
      source: { ...source, text: source.text.replace('[1, 1, 1]', '[1, 1]') },
      overrides: {},
      priorOnly: false,
    });
    expect(answer.kind).toBe('refused');
    expect((await client.fit()).report.verdict.trustworthy).toBe(true);
  });

  it('says in one sentence what it cannot do', async () => {
    const gone = await client.ask({ kind: 'view', fit: 'fit-99', view: { kind: 'results' } });
    expect(gone).toMatchObject({ kind: 'failed', code: 'cannot', message: 'This fit is no longer kept; fit again.' });
    const { fit } = await client.fit();
    const masked = await client.ask({ kind: 'view', fit, view: { kind: 'trace', parameter: 'w[Cutting_Wait_Time, Product_Group_1]' } });
    expect(masked).toMatchObject({ kind: 'failed' });
  });

  it('answers what-if and draws × rows views of a kept fit', async () => {
    const { fit } = await client.fit();
    const at = (wait: number) =>
      [
        ['Feed_Speed', 3],
        ['Pull_Acceleration', 2],
        ['Cutting_Wait_Time', wait],
      ] as const;
    const ask = async (group: string, wait: number) => {
      const answer = await client.ask({ kind: 'view', fit, view: { kind: 'whatif', group, at: at(wait), bins: 20 } });
      if (answer.kind !== 'viewed' || answer.view.kind !== 'whatif') throw new Error(JSON.stringify(answer));
      return answer.view;
    };
    const [masked, other] = [await ask('Product_Group_1', 2), await ask('Product_Group_1', 0.5)];
    expect(masked.mu).toEqual(other.mu);
    expect(masked.ignored).toEqual(['Cutting_Wait_Time']);
    expect((await ask('Product_Group_2', 2)).mu.mean! - (await ask('Product_Group_2', 1)).mu.mean!).toBeCloseTo(3, 0);
    const rows = await client.ask({ kind: 'view', fit, view: { kind: 'observed_predicted', width: 1, group: null } });
    if (rows.kind !== 'viewed' || rows.view.kind !== 'observed_predicted') throw new Error(JSON.stringify(rows));
    const sum = (x: ArrayLike<number>): number => Array.from(x).reduce((a, b) => a + b, 0);
    expect(sum(rows.view.observed)).toBe(500);
    expect(sum(rows.view.predicted)).toBe(500);
    expect(rows.view.rmse).toBeGreaterThan(0.4);
    expect(rows.view.rmse).toBeLessThan(0.6);
  });

  it('forgets a fit when told to', async () => {
    const { fit } = await client.fit();
    expect((await client.ask({ kind: 'forget', fit })).kind).toBe('forgotten');
    expect((await client.ask({ kind: 'view', fit, view: { kind: 'results' } })).kind).toBe('failed');
  });
});

describe('draws', () => {
  it('are the same in threads of their own as in one thread', async () => {
    const prepared = await new Preparer().prepare(source, {});
    if (!('spec' in prepared)) throw new Error('refused');
    const target = targetOf(toEnd(workFor(prepared.design, prepared.data)));
    const { sampler } = prepared.spec;
    const out = join(folder, 'threads');
    const spec = join(folder, 'threads.hmask.json');
    await writeFile(spec, source.text);
    expect((await runCli(['fit', spec, '--draws', '40000', '--out', out])).code).toBe(0);
    const lines = (await readFile(join(out, 'draws.csv'), 'utf8')).split('\n').slice(1);
    for (let chain = 0; chain < sampler.chains; chain++) {
      const settings = {
        seed: sampler.seed,
        chain,
        warmup: sampler.warmup,
        targetAccept: sampler.target_accept,
        maxDepth: sampler.max_treedepth,
      };
      const run = runChain(target, { settings, draws: 40, resume: null }, () => false);
      let step = run.next();
      while (!step.done) step = run.next();
      for (let i = 0; i < 40; i++) {
        const cells = lines[chain * 40_000 + i].split(',').slice(2).map(Number);
        expect(cells).toEqual(Array.from(step.value.values.subarray(i * target.width, (i + 1) * target.width)));
      }
    }
  });
});
