/** What a list of covariates declares, through the whole program: coefficients against least squares, predictions against closed forms. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runCli } from '../built.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hmask-declared-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const PRIORS = { intercept: 'normal(0, 1000)', weights: 'normal(0, 1000)', scale: 'half_normal(5)' };
const SAMPLER = { chains: 2, warmup: 200, draws: 300 };

/** A small residue that differs from row to row, the same in every run. */
const noise = (i: number): number => 0.02 * Math.sin(12.9898 * (i + 1));

let made = 0;
async function run(csv: string, spec: object, fresh?: string) {
  const name = `m${++made}`;
  await writeFile(join(folder, `${name}.csv`), csv);
  const path = join(folder, `${name}.hmask.json`);
  await writeFile(path, JSON.stringify({ data: `${name}.csv`, priors: PRIORS, sampler: SAMPLER, ...spec }));
  const fit = await runCli(['fit', path, '--json']);
  const report = fit.code === 0 ? JSON.parse(fit.stdout) : null;
  if (fresh === undefined) return { fit, report };
  await writeFile(join(folder, 'new.csv'), fresh);
  const predict = await runCli(['predict', path, '--new', join(folder, 'new.csv'), '--json']);
  return { fit, report, predict, rows: predict.stdout === '' ? null : JSON.parse(predict.stdout).rows };
}

/** Least squares by the normal equations. */
function leastSquares(x: readonly (readonly number[])[], y: readonly number[]): number[] {
  const k = x[0].length;
  const a = Array.from({ length: k }, (_, i) => [
    ...Array.from({ length: k }, (__, j) => x.reduce((s, r) => s + r[i] * r[j], 0)),
    x.reduce((s, r, n) => s + r[i] * y[n], 0),
  ]);
  for (let i = 0; i < k; i++) {
    for (let j = 0; j < k; j++) {
      if (j === i) continue;
      const f = a[j][i] / a[i][i];
      for (let c = i; c <= k; c++) a[j][c] -= f * a[i][c];
    }
  }
  return a.map((r, i) => r[k] / r[i]);
}

const means = (report: { parameters: readonly { name: string; mean: number }[] }) =>
  Object.fromEntries(report.parameters.map((p) => [p.name, p.mean]));

describe('D1: a product multiplies the covariates as they are declared', () => {
  // By first appearance the levels would be m, f and lo, hi, p.
  const CELLS: Readonly<Record<string, number>> = { 'f,p': 10, 'm,p': 20, 'f,lo': 11, 'm,lo': 23, 'f,hi': 12, 'm,hi': 29 };
  const ORDER = ['m,lo', 'm,hi', 'f,hi', 'm,p', 'f,lo', 'f,p'];
  const csv = `sex,dose,y\n${Array.from({ length: 48 }, (_, i) => `${ORDER[i % 6]},${CELLS[ORDER[i % 6]] + noise(i)}`).join('\n')}\n`;
  const sex = { column: 'sex', levels: ['f', 'm'] };
  const dose = { column: 'dose', levels: ['p', 'lo', 'hi'] };
  const EXPECTED = { 'sex[m]': 10, 'dose[lo]': 1, 'dose[hi]': 2, 'sex[m]:dose[lo]': 2, 'sex[m]:dose[hi]': 7 };

  it.each<[name: string, covariates: readonly unknown[], rename: (name: string) => string]>([
    ['listed after them', [sex, dose, 'sex:dose'], (n) => n],
    ['listed before them', ['sex:dose', dose, sex], (n) => n],
    ['as a star, which adds nothing that is there', [sex, dose, 'sex*dose'], (n) => n],
    ['under their names', [{ ...sex, name: 'gender' }, dose, 'gender:dose'], (n) => n.replace('sex', 'gender')],
    ['by their columns', [{ ...sex, name: 'gender' }, dose, 'sex:dose'], (n) => n.replace('sex', 'gender')],
    ['with a name of its own', [sex, dose, { column: 'sex:dose', name: 'both' }], (n) => n.replace(/sex\[m\]:dose\[(.*)\]/, 'both[m:$1]')],
  ])('%s', async (_, covariates, rename) => {
    const found = means((await run(csv, { response: 'y', covariates })).report);
    expect(found['alpha[all]']).toBeCloseTo(10, 1);
    for (const [name, value] of Object.entries(EXPECTED)) expect(found[`w[${rename(name)}, all]`], name).toBeCloseTo(value, 1);
  });

  it('in predictions and new rows alike, by indicators and by levels (D14)', async () => {
    const at = [
      {},
      { 'sex[m]': 1 },
      { dose: 'hi' },
      { sex: 'm', 'dose[hi]': 1 },
      { sex: 'f', dose: 'p' },
      { sex: 'm', dose: 'lo' },
      { 'sex[f]': 1, 'dose[p]': 1 },
      { 'sex[f]': 0, 'dose[lo]': 1 },
    ];
    const expected = [10, 20, 12, 29, 10, 23, 10, 23];
    const spec = { response: 'y', covariates: [sex, dose, 'sex:dose'], predictions: at.map((a) => ({ at: a })) };
    const { report, rows } = await run(csv, spec, 'sex,dose\nf,p\nm,p\nf,hi\nm,hi\nf,p\nm,lo\nf,p\nm,lo\n');
    expected.forEach((value, i) => {
      expect(report.predictions[i].mu.mean).toBeCloseTo(value, 1);
      expect(rows[i].mu.mean).toBeCloseTo(report.predictions[i].mu.mean, 9);
    });
  });
});

describe('D16: centring reaches products', () => {
  const data = Array.from({ length: 60 }, (_, i) => ({ x: 40 + ((i * 37) % 23), z: 1 + ((i * 17) % 13) / 4, w: (i * 11) % 7 }));
  const y = data.map(({ x, z, w }, i) => 3 + 0.1 * x - 2 * z + 0.5 * x * z + 0.3 * w + 0.2 * x * z * w + noise(i));
  const csv = `x,z,w,y\n${data.map((d, i) => `${d.x},${d.z},${d.w},${y[i]}`).join('\n')}\n`;
  const mean = (f: (d: (typeof data)[0]) => number) => data.reduce((s, d) => s + f(d), 0) / data.length;
  const sd = (f: (d: (typeof data)[0]) => number) => Math.sqrt(data.reduce((s, d) => s + (f(d) - mean(f)) ** 2, 0) / (data.length - 1));
  const [cx, cz] = [(d: { x: number }) => d.x - mean((e) => e.x), (d: { z: number }) => (d.z - mean((e) => e.z)) / sd((e) => e.z)];

  it.each<[string, readonly unknown[], (d: (typeof data)[0]) => readonly number[], readonly string[]]>([
    [
      'of two',
      [{ column: 'x', transform: 'center' }, { column: 'z', transform: 'standardize' }, 'x:z'],
      (d) => [1, cx(d), cz(d), cx(d) * cz(d)],
      ['alpha[all]', 'w[x, all]', 'w[z, all]', 'w[x:z, all]'],
    ],
    [
      'of three',
      [{ column: 'x', transform: 'center' }, { column: 'z', transform: 'standardize' }, 'w', 'x:z', 'x:z:w'],
      (d) => [1, cx(d), cz(d), d.w, cx(d) * cz(d), cx(d) * cz(d) * d.w],
      ['alpha[all]', 'w[x, all]', 'w[z, all]', 'w[w, all]', 'w[x:z, all]', 'w[x:z:w, all]'],
    ],
    [
      'of a star',
      [{ column: 'x', transform: 'center' }, 'x*z', 'w'],
      (d) => [1, cx(d), d.z, cx(d) * d.z, d.w],
      ['alpha[all]', 'w[x, all]', 'w[z, all]', 'w[x:z, all]', 'w[w, all]'],
    ],
  ])('%s', async (_, covariates, columns, names) => {
    const at = { x: 50, z: 2, w: 3 };
    const used = Object.fromEntries(
      Object.entries(at).filter(([k]) => k !== 'w' || names.some((n) => n.includes('w,') || n.includes(':w'))),
    );
    const { report, rows } = await run(csv, { response: 'y', covariates, predictions: [{ at: used }] }, 'x,z,w\n50,2,3\n');
    const found = means(report);
    const coefficients = leastSquares(
      data.map((d) => columns(d)),
      y,
    );
    const scale = found.scale;
    names.forEach((name, i) => {
      expect(Math.abs(found[name] - coefficients[i]), name).toBeLessThan(0.02 * Math.max(1, Math.abs(coefficients[i]), scale));
    });
    expect(rows[0].mu.mean).toBeCloseTo(report.predictions[0].mu.mean, 8);
    const expected = columns(at).reduce((s, v, i) => s + v * coefficients[i], 0);
    expect(Math.abs(rows[0].mu.mean - expected)).toBeLessThan(0.02 * Math.max(1, scale));
  });
});

describe('D10: a column that several covariates read takes its raw value once', () => {
  const x = Array.from({ length: 50 }, (_, i) => -3 + ((i * 13) % 50) / 8);
  const csv = `age,y\n${x.map((v, i) => `${v},${1 + 0.6 * v - 0.2 * v * v + noise(i)}`).join('\n')}\n`;
  const covariates = ['age', { column: 'age', name: 'age2', transform: 'square' }];

  it.each<[string, object, number | null]>([
    ['under its own name', { age: 2 }, 1.4],
    ['under either name, if they agree', { age: 2, age2: 2 }, 1.4],
    ['under the other name alone', { age2: 2 }, 1.4],
    ['but not its square beside it', { age: 2, age2: 4 }, null],
  ])('%s', async (_, at, expected) => {
    const { fit, report } = await run(csv, { response: 'y', covariates, predictions: [{ at }] });
    if (expected === null) {
      expect(fit.code).toBe(1);
      expect(fit.stderr).toContain('HM806');
      expect(fit.stderr).toContain('contradict');
    } else expect(report.predictions[0].mu.mean).toBeCloseTo(expected, 1);
  });
});

describe('D2: a level that the model never saw is refused, per row', () => {
  const csv = (levels: readonly string[]) =>
    `g,k,y\n${Array.from({ length: 40 }, (_, i) => `${i % 2 ? 'a' : 'b'},${levels[i % levels.length]},${(i % levels.length) + noise(i)}`).join('\n')}\n`;

  it.each<[string, readonly string[], string, string]>([
    ['another case', ['gloss', 'matt', 'satin'], 'Matt', 'Did you mean "matt"?'],
    ['a decimal point', ['1', '4', '9'], '4.0', 'Did you mean "4"?'],
    ['another spelling of a number', ['1', '4', '9'], '4e0', 'Did you mean "4"?'],
    ['a leading zero', ['1', '4', '9'], '01', 'Did you mean "1"?'],
    ['a level of nobody', ['gloss', 'matt', 'satin'], 'oak', 'Its levels are "gloss", "matt", "satin".'],
    ['blanks', ['gloss', 'matt', 'satin'], ' matt', 'Did you mean "matt"?'],
  ])('%s', async (_, levels, unseen, meant) => {
    const spec = { response: 'y', group: 'g', pooling: 'complete', covariates: [{ column: 'k', levels }] };
    const { predict, rows } = await run(csv(levels), spec, `g,k\na,${levels[1]}\na,${unseen}\nb,${levels[0]}\n`);
    expect(predict!.code).toBe(1);
    expect(predict!.stderr).toContain('new.csv:3:3: error');
    expect(predict!.stderr).toContain(meant);
    expect(rows.map((r: { problem?: string }) => r.problem === undefined)).toEqual([true, false, true]);
    expect(rows[0].mu.mean).toBeCloseTo(1, 1);
    expect(rows[2].mu.mean).toBeCloseTo(0, 1);
  });

  it('in "at" as well', async () => {
    const spec = { response: 'y', group: 'g', pooling: 'complete', covariates: ['k'], predictions: [{ group: 'a', at: { k: 'Matt' } }] };
    const { fit } = await run(csv(['gloss', 'matt', 'satin']), spec);
    expect(fit.code).toBe(1);
    expect(fit.stderr).toContain('Did you mean "matt"?');
  });

  it('in the data of the fit, beside declared levels', async () => {
    const { fit } = await run(csv(['1', '4', '4.0']), { response: 'y', covariates: [{ column: 'k', levels: ['1', '4'] }] });
    expect(fit.code).toBe(1);
    expect(fit.stderr).toContain('"4.0" may be meant for "4"');
  });
});

describe('D7: a declared level is text whatever it is spelt like', () => {
  it.each([['NA'], ['INF'], ['nan'], ['null'], ['4'], ['-inf'], ['1e999'], ['N/A']])('%s', async (odd) => {
    const levels = ['EU', odd, 'AS'];
    const csv = `k,y\n${Array.from({ length: 45 }, (_, i) => `${levels[i % 3]},${[2, 1, 4][i % 3] + noise(i)}`).join('\n')}\n`;
    const spec = { response: 'y', covariates: [{ column: 'k', levels: [odd, 'EU', 'AS'] }], predictions: [{ at: { k: odd } }] };
    const { fit, report, rows } = await run(csv, spec, `k\n${odd}\nAS\n`);
    expect(fit.stderr).toBe('');
    const found = means(report);
    expect(found['w[k[EU], all]']).toBeCloseTo(1, 1);
    expect(found['w[k[AS], all]']).toBeCloseTo(3, 1);
    expect(report.predictions[0].mu.mean).toBeCloseTo(1, 1);
    expect(rows.map((r: { mu: { mean: number } }) => Math.round(r.mu.mean))).toEqual([1, 4]);
  });
});

describe('D12: a Bernoulli response as people write it', () => {
  const wins = Array.from({ length: 40 }, (_, i) => Number((i * 7) % 10 < 3 + (i % 2) * 4));
  const csv = (of: (win: number, i: number) => string) => `x,y\n${wins.map((win, i) => `${i % 2},${of(win, i)}`).join('\n')}\n`;
  const base = { family: 'bernoulli', covariates: ['x'], priors: {}, predictions: [{ at: { x: 1 } }] };
  let expected: Record<string, number>;
  beforeAll(async () => {
    expected = means((await run(csv(String), { ...base, response: 'y' })).report);
  });

  it.each<[string, (win: number, i: number) => string, levels?: readonly string[]]>([
    ['TRUE and FALSE', (w) => (w ? 'TRUE' : 'FALSE')],
    ['True and False', (w) => (w ? 'True' : 'False')],
    ['true and false', (w) => (w ? 'true' : 'false')],
    ['several spellings of one', (w, i) => (w ? ['TRUE', 'True', 'true'][i % 3] : ['FALSE', 'false'][i % 2])],
    ['yes and no', (w) => (w ? 'yes' : 'no')],
    ['Yes and NO', (w) => (w ? 'Yes' : 'NO')],
    ['Y and n', (w) => (w ? 'Y' : 'n')],
    ['texts with levels', (w) => (w ? 'alive' : 'dead'), ['dead', 'alive']],
    ['a usual pair with levels the other way', (w) => (w ? 'no' : 'yes'), ['yes', 'no']],
    ['numbers with levels', (w) => (w ? '1' : '2'), ['2', '1']],
    ['0 and 1 the other way', (w) => (w ? '0' : '1'), ['1', '0']],
    ['what would be an empty cell', (w) => (w ? 'NA' : 'x'), ['x', 'NA']],
    ['what would be infinite', (w) => (w ? 'INF' : '-inf'), ['-inf', 'INF']],
    ['quotes and commas', (w) => (w ? `"it's, so"` : 'not'), ['not', "it's, so"]],
  ])('%s', async (_, of, levels) => {
    const { report, rows } = await run(csv(of), { ...base, response: levels ? { column: 'y', levels } : 'y' }, 'x\n1\n');
    expect(means(report)).toEqual(expected);
    expect(rows[0].mean).toBeCloseTo(report.predictions[0].mean, 8);
  });

  it('says what 1 and 0 are', async () => {
    await run(
      csv((w) => (w ? 'yes' : 'no')),
      { ...base, response: 'y' },
    );
    const { stdout } = await runCli(['fit', join(folder, `m${made}.hmask.json`)]);
    expect(stdout).toContain('1 is "yes", 0 is "no"');
  });
});

describe('D13: exposure, trials and se of predictions and new rows', () => {
  it('an exposure', async () => {
    const csv = `years,events\n${Array.from({ length: 60 }, (_, i) => `${1 + (i % 5)},${Math.round((1 + (i % 5)) * 40 + 20 * noise(i))}`).join('\n')}\n`;
    const spec = {
      response: { column: 'events', exposure: 'years' },
      family: 'poisson',
      priors: {},
      predictions: [{ at: {} }, { at: {}, exposure: 10 }, { at: {}, exposure: 0.5 }],
    };
    const { report, rows } = await run(csv, spec, 'years\n1\n10\n0.5\n');
    expect(report.predictions.map((p: { exposure: number }) => p.exposure)).toEqual([1, 10, 0.5]);
    [40, 400, 20].forEach((value, i) => {
      expect(Math.abs(report.predictions[i].mu.mean / value - 1)).toBeLessThan(0.02);
      expect(rows[i].mu.mean).toBeCloseTo(report.predictions[i].mu.mean, 8);
      expect(rows[i].mean).toBeCloseTo(report.predictions[i].mean, 8);
    });
    expect(report.predictions[1].sd).toBeGreaterThan(18);
  });

  it('trials, also where the spec has one number for all', async () => {
    const csv = `x,y\n${Array.from({ length: 80 }, (_, i) => `${i % 2},${4 + (i % 3)}`).join('\n')}\n`;
    const spec = {
      response: { column: 'y', trials: 10 },
      family: 'binomial',
      priors: {},
      predictions: [{ at: {} }, { at: {}, trials: 40 }],
    };
    const { report, rows } = await run(csv, spec, 'trials\n10\n40\n');
    [5, 20].forEach((value, i) => {
      expect(Math.abs(report.predictions[i].mu.mean - value)).toBeLessThan(0.05 * value);
      expect(rows[i].mean).toBeCloseTo(report.predictions[i].mean, 8);
    });
    expect(report.predictions[1].trials).toBe(40);
  });

  it('a known standard deviation', async () => {
    const csv = `s,y\n${Array.from({ length: 60 }, (_, i) => `${0.2 + 0.1 * (i % 3)},${3 + noise(i)}`).join('\n')}\n`;
    const spec = {
      response: { column: 'y', se: 's' },
      priors: {},
      predictions: [
        { at: {}, se: 2 },
        { at: {}, se: 0.1 },
      ],
    };
    const { report, rows } = await run(csv, spec, 's\n2\n0.1\n');
    expect(report.predictions[0].sd).toBeGreaterThan(1.9);
    expect(report.predictions[1].sd).toBeLessThan(0.15);
    rows.forEach((r: { sd: number }, i: number) => {
      expect(r.sd).toBeCloseTo(report.predictions[i].sd, 8);
    });
  });
});

describe('D15: predictions of a transformed response are on its own scale', () => {
  // The model is of a normal with mean 1 and sd close to 0.5 on the transform's scale.
  const z = Array.from({ length: 200 }, (_, i) => {
    const u = (i + 0.5) / 200;
    return 1 + 0.5 * (4.91 * (u ** 0.14 - (1 - u) ** 0.14));
  });
  it.each<[string, (v: number) => number]>([
    ['log', (v) => Math.exp(v)],
    ['log10', (v) => 10 ** v],
    ['log1p', (v) => Math.expm1(v)],
    ['sqrt', (v) => v * v],
    ['square', (v) => Math.sqrt(v)],
    ['center', (v) => v],
    ['standardize', (v) => v],
  ])('%s', async (transform, back) => {
    const usable = z.filter((v) => !['sqrt', 'square'].includes(transform) || v > 0.05);
    const csv = `y\n${usable.map(back).join('\n')}\n`;
    const spec = { response: { column: 'y', transform }, predictions: [{ at: {} }, { at: {}, scale: 'transformed' }] };
    const { report, rows } = await run(csv, spec, 'any\n1\n');
    const [own, model] = report.predictions;
    expect([own.scale, model.scale]).toEqual(['response', 'transformed']);
    const centre = usable.reduce((a, b) => a + b, 0) / usable.length;
    expect(Math.abs(own.mu.mean - back(centre))).toBeLessThan(0.05 * Math.max(1, back(centre)));
    const shifted = transform === 'center' || transform === 'standardize';
    expect(Math.abs(model.mu.mean - (shifted ? 0 : centre))).toBeLessThan(0.05);
    // Each prediction has noise of its own.
    if (!shifted) expect(Math.abs(own.upper / back(model.upper) - 1)).toBeLessThan(0.1);
    expect(rows[0].mean).toBeCloseTo(own.mean, 8);
    expect(rows[0].upper).toBeCloseTo(own.upper, 8);
  });

  it('say so when printed', async () => {
    await run(`y\n${z.map(Math.exp).join('\n')}\n`, { response: { column: 'y', transform: 'log' }, predictions: [{ at: {} }] });
    const { stdout } = await runCli(['fit', join(folder, `m${made}.hmask.json`)]);
    expect(stdout).toContain('on its own scale');
  });
});
