import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runCli } from '../built.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hmask-predict-'));
  const rows = Array.from({ length: 80 }, (_, i) => `s${i % 8},${(i % 10) / 10},${(i % 8) - 3 + (2 * (i % 10)) / 10 + ((7 * i) % 5) / 10}`);
  await writeFile(join(folder, 'data.csv'), `g,x,y\n${rows.join('\n')}\n`);
  await writeFile(join(folder, 'new.csv'), 'g,x\ns1,0.5\nnew,0.5\n,0.5\n');
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function predict(pooling: string) {
  const spec = join(folder, `${pooling}.hmask.json`);
  await writeFile(spec, JSON.stringify({ data: 'data.csv', response: 'y', group: 'g', covariates: ['x'], pooling }));
  const { code, stdout } = await runCli(['predict', spec, '--new', join(folder, 'new.csv'), '--json']);
  // The last row names no group.
  expect(code).toBe(1);
  return JSON.parse(stdout).rows;
}

describe('hmask predict: a group that the data lack', () => {
  it('is drawn from the population where every term has one', async () => {
    const [known, unknown, nameless] = await predict('partial');
    expect(unknown).toMatchObject({ row: 2, group: 'new' });
    expect(unknown.sd).toBeGreaterThan(4 * known.sd);
    expect(Math.abs(unknown.mean - 1.7)).toBeLessThan(1);
    expect(nameless).toEqual({ row: 3, group: '', problem: 'the row names no group' });
  });

  it('is as every group where terms are pooled completely', async () => {
    const [known, unknown] = await predict('complete');
    expect(Math.abs(unknown.mean - known.mean)).toBeLessThan(0.5 * known.sd);
  });

  it('has no prediction where groups have nothing in common', async () => {
    const [known, unknown] = await predict('none');
    expect(known.mean).toEqual(expect.any(Number));
    expect(unknown).toEqual({ row: 2, group: 'new', problem: 'the model has no such group' });
  });
});
