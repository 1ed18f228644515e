import { copyFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { FitReport, ParameterSummary } from '../../core/posterior/report.ts';
import { example, runCli } from '../built.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hmask-cli-'));
  await copyFile(join(dirname(example), 'manufacturing.csv'), join(folder, 'manufacturing.csv'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function spec(name: string, change: (text: string) => string = (text) => text): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, change(await readFile(example, 'utf8')));
  return path;
}

const summary = (report: FitReport, name: string): ParameterSummary => {
  const found = report.parameters.find((p) => p.name === name);
  if (!found || found.masked) throw new Error(`${name} has no summary`);
  return found;
};

describe('hmask fit', () => {
  it('finds the reference problem’s coefficients and leaves the masked one out', async () => {
    const { code, stdout } = await runCli(['fit', example, '--json']);
    expect(code).toBe(0);
    const report: FitReport = JSON.parse(stdout);
    for (const [name, value] of [
      ['w[Feed_Speed, Product_Group_1]', 2.5],
      ['w[Pull_Acceleration, Product_Group_1]', 3],
      ['w[Feed_Speed, Product_Group_2]', 1],
      ['w[Pull_Acceleration, Product_Group_2]', 0.5],
      ['w[Cutting_Wait_Time, Product_Group_2]', 3],
      ['alpha[Product_Group_1]', 0],
      ['scale', 0.5],
    ] as const) {
      const p = summary(report, name);
      expect(Math.abs(p.mean! - value) / p.sd!, name).toBeLessThan(4);
    }
    expect(report.parameters.find((p) => p.name === 'w[Cutting_Wait_Time, Product_Group_1]')).toEqual({
      name: 'w[Cutting_Wait_Time, Product_Group_1]',
      masked: true,
    });
    expect(report.predictions.map((p) => Math.round(p.mu.mean! * 2) / 2)).toEqual([13.5, 10, 21, 13]);
    expect(report.predictions[2].ignored).toEqual(['Cutting_Wait_Time']);
    expect(report.verdict.trustworthy).toBe(true);
  });

  it('gives the same draws for the same seed, whatever runs them', async () => {
    const [a, b] = [join(folder, 'a'), join(folder, 'b')];
    for (const out of [a, b]) expect((await runCli(['fit', example, '--out', out])).code).toBe(0);
    expect(await readFile(join(a, 'draws.csv'), 'utf8')).toBe(await readFile(join(b, 'draws.csv'), 'utf8'));
  });

  it('prints a table with the masked cell as masked', async () => {
    const { stdout } = await runCli(['fit', example, '--histogram']);
    expect(stdout).toMatch(/w\[Cutting_Wait_Time, Product_Group_1\]\s+masked\n/);
    expect(stdout).toContain('Divergences: 0');
    expect(stdout).toContain('observed');
  });

  it('stops at Ctrl-C with the draws so far', async () => {
    const { code, stdout, stderr } = await runCli(['fit', example, '--draws', '4000000', '--json'], { interruptAfter: 2500 });
    expect(code).toBe(130);
    expect(stderr).toContain('stopped');
    const report: FitReport = JSON.parse(stdout);
    expect(report.sampling.stopped).toBe(true);
    expect(report.sampling.draws).toBeGreaterThan(0);
    expect(report.sampling.draws).toBeLessThan(4_000_000);
  });

  it.each([['fit'], ['check']])('M: Ctrl-C in %s ends at once while the data are read', { timeout: 60_000 }, async (command) => {
    const block = Array.from({ length: 20_000 }, (_, i) => `g${i % 7},${i % 997},${i * 3.7}\n`).join('');
    await writeFile(join(folder, 'long.csv'), `group,x,y\n${block.repeat(300)}`);
    await writeFile(join(folder, 'long.hmask.json'), '{ "data": "long.csv", "response": "y", "group": "group", "covariates": ["x"] }');
    const start = performance.now();
    const { code, stderr } = await runCli([command, join(folder, 'long.hmask.json')], { interruptAfter: 1500 });
    expect([code, stderr]).toEqual([130, expect.stringContaining('hmask: cancelled')]);
    expect(performance.now() - start).toBeLessThan(15_000); // Tells a hang; how long it takes is for benches.
  });

  it.each([3000, 4500])('M: Ctrl-C after %i ms ends as cancelled, whatever the fit is at', async (interruptAfter) => {
    const { code, stdout } = await runCli(['fit', example, '--draws', '1000000', '--json'], { interruptAfter });
    expect(code).toBe(130);
    if (stdout !== '') expect(JSON.parse(stdout).parameters).toHaveLength(9);
  });

  it.each([
    [
      'an unknown column',
      (t: string) => t.replace('"Feed_Speed", "Pull', '"Feed_Sped", "Pull'),
      /:6:\d+: error HM\d+ .*Feed_Sped.*Feed_Speed/,
    ],
    ['a mask that is too short', (t: string) => t.replace('[1, 1, 1]', '[1, 1]'), /:9:\d+: error HM\d+ /],
    ['a mask value that is neither 0 nor 1', (t: string) => t.replace('[1, 1, 1]', '[1, 1, 2]'), /:9:\d+: error HM\d+ /],
    ['empty cells where the mask is 1', (t: string) => t.replace('[1, 1, 0]', '[1, 1, 1]'), /: error HM\d+ .*Cutting_Wait_Time/],
    ['a prior with a negative scale', (t: string) => t.replace('half_normal(5)', 'half_normal(-5)'), /:12:\d+: error HM\d+ /],
    ['text that stops half way', (t: string) => t.slice(0, 200), /: error HM\d+ /],
  ])('refuses %s, and says where', async (_, change, line) => {
    const path = await spec('bad.hmask.json', change);
    for (const call of [
      ['check', path],
      ['fit', path, '--json'],
    ]) {
      const { code, stdout, stderr } = await runCli(call);
      expect(code).toBe(1);
      expect(stderr).toMatch(line);
      expect(stdout).toBe('');
    }
  });

  it.each([
    [['--draws', '1000000000'], /memory can hold; ask for at most \d+ draws a chain/],
    [['--draws', '9000000', '--chains', '200'], /memory can hold/],
    [['--draws', '1e15'], /memory can hold/],
  ])('refuses %j before it makes room for them', async (options, line) => {
    const { code, stderr } = await runCli(['fit', example, ...options]);
    expect(code).toBe(1);
    expect(stderr).toMatch(line);
  });

  it.each([
    ['a prior that is not normal', '"normal(0, 5)"', '"laplace(0, 1)"', /"collapsed" does not apply: the prior of .* is laplace/],
    ['a family that is not gaussian', '"gaussian"', '"student_t"', /"collapsed" does not apply: the family is student_t/],
  ])('refuses --method collapsed for %s', async (_, from, to, line) => {
    const path = await spec('method.hmask.json', (t) => t.replaceAll(from, to));
    const { code, stdout, stderr } = await runCli(['fit', path, '--method', 'collapsed', '--json']);
    expect(code).toBe(1);
    expect(stdout).toBe('');
    expect(stderr).toMatch(line);
  });

  it.each([
    [['fit']],
    [['fit', 'nowhere.hmask.json']],
    [['fly', 'x']],
    [['fit', 'x', '--draws', 'many']],
    [[]],
    [['fit', 'x', '--colour']],
    [['fit', example, '--seed', '9007199254740993']],
    [['fit', example, '--warmup', '1000000000000']],
    [['fit', example, '--warmup', '1e12']],
    [['fit', example, '--chains', '100000', '--draws', '1']],
    [['fit', example, '--draws', '0x10']],
    [['fit', example, '--draws', '1e400']],
    [['sbc', example, '--simulations', '1e12']],
    [['check', example, example]],
    [['fit', example, '--out', join(example, 'folder')]],
    [['simulate', 'never.csv', '--n', '100000000']],
  ])('calls %j bad usage', async (args) => {
    const { code, stderr } = await runCli(args);
    expect(code).toBe(2);
    expect(stderr).toMatch(/^hmask: /);
    expect(stderr).not.toMatch(/^\s+at /m);
  });
});

describe('the other commands', () => {
  it('simulate writes once and overwrites nothing', async () => {
    const out = join(folder, 'simulated.csv');
    expect((await runCli(['simulate', out, '--n', '40', '--seed', '3'])).code).toBe(0);
    const text = await readFile(out, 'utf8');
    expect(text.split('\n')).toHaveLength(42);
    expect((await runCli(['simulate', out])).code).toBe(2);
    expect(await readFile(out, 'utf8')).toBe(text);
  });

  it('init writes a spec that fits', async () => {
    await copyFile(join(dirname(example), 'manufacturing.csv'), join(folder, 'line.csv'));
    const { code, stdout } = await runCli(['init', join(folder, 'line.csv')]);
    expect(code).toBe(0);
    expect(stdout).toContain('response Production_Speed, group Product_Group');
    const written = join(folder, 'line.hmask.json');
    expect(JSON.parse(await readFile(written, 'utf8')).mask).toEqual({ Product_Group_1: [1, 1, 0], Product_Group_2: [1, 1, 1] });
    expect((await runCli(['fit', written, '--json'])).code).toBe(0);
  });

  it('predict answers for every row of a new file', async () => {
    const path = await spec('predict.hmask.json');
    const rows = join(folder, 'new.csv');
    await writeFile(
      rows,
      'Product_Group,Feed_Speed,Pull_Acceleration,Cutting_Wait_Time\nProduct_Group_1,3,2,\nProduct_Group_2,3,2,2\nProduct_Group_1,6,2,2\nProduct_Group_2,6,2,2\nProduct_Group_9,6,2,2\n',
    );
    const { code, stdout } = await runCli(['predict', path, '--new', rows, '--json']);
    expect(code).toBe(1);
    const answer = JSON.parse(stdout);
    const near = [13.5, 10, 21, 13];
    near.forEach((value, i) => {
      expect(Math.abs(answer.rows[i].mu.mean - value)).toBeLessThan(0.2);
      expect(answer.rows[i].sd).toBeGreaterThan(0.4);
      expect(answer.rows[i].sd).toBeLessThan(0.65);
    });
    expect(answer.rows[4].problem).toBeDefined();
  });

  it.each([
    [
      'a bad cell',
      'Product_Group,Feed_Speed,Pull_Acceleration,Cutting_Wait_Time\nProduct_Group_2,3,2,soon\n',
      /^rows\.csv:2:\d+: error HM\d+ .*soon/m,
    ],
    ['a missing file', null, /^rows\.csv:1:1: error HM\d+ .*does not exist/m],
  ])('predict places %s in the file of new rows', async (_, text, line) => {
    const path = await spec('placed.hmask.json');
    const rows = join(folder, 'rows.csv');
    await rm(rows, { force: true });
    if (text !== null) await writeFile(rows, text);
    const { code, stdout, stderr } = await runCli(['predict', path, '--new', 'rows.csv', '--json'], { cwd: folder });
    expect(code).toBe(1);
    expect(stdout).toBe('');
    expect(stderr).toMatch(line);
  });

  it('lets no name steer the terminal or break a line', async () => {
    const names = ['\u001b[31mred', 'two\nlines', '\u0007bell'];
    const cells = names.flatMap((name) => Array.from({ length: 9 }, (_, i) => `"${name}",${i},${2 * i + (i % 3)}`));
    await writeFile(join(folder, 'names.csv'), `g,x,y\n${cells.join('\n')}\n`);
    const path = join(folder, 'names.hmask.json');
    const predictions = [{ group: names[0], at: { x: 1 } }];
    await writeFile(path, JSON.stringify({ data: 'names.csv', response: 'y', group: 'g', covariates: ['x'], predictions }));
    const { code, stdout, stderr } = await runCli(['fit', path]);
    expect(code).toBe(0);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: what must not be there
    expect(stdout + stderr).not.toMatch(/[\u0000-\u0009\u000b-\u001f]/);
    expect(stdout).toContain('alpha[two\\nlines]');
  });

  it('compare ranks the true model first', async () => {
    const good = await spec('good.hmask.json');
    const poor = await spec('poor.hmask.json', (t) =>
      t
        .replace('"Pull_Acceleration", ', '')
        .replace('[1, 1, 0]', '[1, 0]')
        .replace('[1, 1, 1]', '[1, 1]')
        .replaceAll(/ "Pull_Acceleration": 2,?/g, '')
        .replaceAll('3,  }', '3 }')
        .replaceAll(/, \}/g, ' }')
        .replaceAll(/"Feed_Speed": (\d),\s*\}/g, '"Feed_Speed": $1 }'),
    );
    const { code, stdout } = await runCli(['compare', poor, good, '--json']);
    expect(code).toBe(0);
    const { models } = JSON.parse(stdout);
    expect(models[0].spec).toBe(good);
    expect(models[0].weight).toBeGreaterThan(0.99);
    expect(models[1].difference).toBeLessThan(-100);
  });

  it('sbc finds the example calibrated, and a changed prior not', async () => {
    const path = await spec('sbc.hmask.json');
    const other = await spec('other.hmask.json', (t) => t.replace('half_normal(5)', 'half_normal(0.4)'));
    const same = JSON.parse((await runCli(['sbc', path, '--simulations', '200', '--json'])).stdout);
    expect(same.calibrated).toBe(true);
    const changed = JSON.parse((await runCli(['sbc', path, '--fit-with', other, '--simulations', '200', '--json'])).stdout);
    expect(changed.calibrated).toBe(false);
    expect(changed.verdict).toContain('scale');
  });

  it('fit --prior-only leaves the response out of the fit, and says what the priors allow for', async () => {
    const report: FitReport = JSON.parse((await runCli(['fit', example, '--prior-only', '--json'])).stdout);
    expect(report.method).toBe('prior');
    const p = summary(report, 'w[Feed_Speed, Product_Group_1]');
    expect(Math.abs(p.mean!)).toBeLessThan(0.6);
    expect(Math.abs(p.sd! - 5)).toBeLessThan(0.5);
    const said = report.prior_predictive!;
    expect(said.observed.min).toBeGreaterThan(said.lower);
    expect(said.observed.max).toBeLessThan(said.upper);
    expect((await runCli(['fit', example, '--prior-only'])).stdout).toMatch(/^Prior predictive: 90 % ETI of the response -/m);
  });
});
