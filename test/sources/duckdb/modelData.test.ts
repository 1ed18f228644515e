import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { GroupStatistics, ModelData } from '../../../core/design/design.ts';
import { DataError, loadData, profileData, readNewRows } from '../../../sources/duckdb/index.ts';
import { Folder } from '../folder.ts';

let folder: Folder;
beforeAll(() => {
  folder = new Folder();
});
afterAll(() => folder.remove());

const base = { data: 'd.csv', response: 'y', group: 'g', family: 'gaussian' };

const failure = async (work: Promise<unknown>): Promise<DataError> => {
  const error = await work.then(
    () => null,
    (e: unknown) => e,
  );
  if (!(error instanceof DataError)) throw new Error(`expected a DataError, got ${String(error)}`);
  return error;
};

describe('rows', () => {
  it('come in file order with masked cells 0, whatever they hold', async () => {
    folder.write('d.csv', 'g,x1,x2,y\nB,1,oops,3\nA,2,7,4\nB,3,1e999,5\nA,4,8,6\n');
    const { rows, complete, counts } = await folder.load({ ...base, covariates: ['x1', 'x2'], mask: { A: [1, 1], B: [1, 0] } });
    expect([rows.n, complete, counts]).toEqual([4, true, { read: 4, used: 4, dropped: 0 }]);
    expect([...rows.group]).toEqual([1, 0, 1, 0]);
    expect(rows.x.map((x) => [...x])).toEqual([[], [1, 2, 3, 4], [0, 7, 0, 8]]);
    expect([...rows.y]).toEqual([3, 4, 5, 6]);
    expect([...rows.fileRow]).toEqual([0, 1, 2, 3]);
  });

  it('take products, indicators and transforms', async () => {
    folder.write('d.csv', 'g,a,b,c,y\nA,1,2,u,10\nA,3,4,v,100\nA,5,6,w,1000\n');
    const { rows, standardisation } = await folder.load({
      ...base,
      response: { column: 'y', transform: 'log10' },
      intercept: false,
      covariates: ['a:b', 'c', { column: 'a', transform: 'center', name: 'ac' }, { column: 'b', transform: 'standardize', name: 'bs' }],
    });
    expect(rows.x.map((x) => [...x])).toEqual([
      [2, 0, 2],
      [0, 1, 0],
      [0, 0, 1],
      [-2, 0, 2],
      [-1, 0, 1],
    ]);
    [1, 2, 3].forEach((v, i) => {
      expect(rows.y[i]).toBeCloseTo(v, 14);
    });
    expect(standardisation.get('a')).toEqual({ mean: 3, sd: 2 });
    expect(standardisation.get('b')).toEqual({ mean: 4, sd: 2 });
  });

  it('take levels given for a column of numbers', async () => {
    folder.write('d.csv', 'g,x,y\nA,1,1\nA,2,2\nA,10,3\n');
    const { rows } = await folder.load({ ...base, covariates: [{ column: 'x', levels: ['2', '1', '10'] }], intercept: false });
    expect(rows.x.map((x) => [...x])).toEqual([
      [1, 0, 0],
      [0, 0, 1],
    ]);
  });

  it('standardise over unmasked cells only, and a constant column to 0', async () => {
    folder.write('d.csv', 'g,x,k,y\nA,1,5,1\nA,3,5,2\nB,1000,5,3\n');
    const { rows, standardisation } = await folder.load({
      ...base,
      intercept: false,
      covariates: [
        { column: 'x', transform: 'center' },
        { column: 'k', transform: 'standardize' },
      ],
      mask: { A: [1, 1], B: [0, 1] },
    });
    expect(standardisation.get('x')?.mean).toBe(2);
    expect(rows.x.map((x) => [...x])).toEqual([
      [-1, 1, 0],
      [0, 0, 0],
    ]);
  });

  const GAPS = 'g,x,y\nA,1,1\nA,,2\nB,,3\nA,4,\nA,5,5\n';
  it.each([
    ['drop', { read: 5, used: 3, dropped: 2 }, [1, 0, 5]],
    ['zero', null, null],
    ['error', null, null],
  ])('with missing: %s', async (missing, counts, x) => {
    folder.write('d.csv', GAPS);
    const spec = { ...base, covariates: ['x'], mask: { A: [1], B: [0] }, missing };
    if (counts === null) {
      const error = await failure(folder.load(spec));
      expect(error.fault).toMatchObject(missing === 'zero' ? { kind: 'cell', line: 5, column: 5 } : { kind: 'cell', line: 3, column: 3 });
      return;
    }
    for (const rowsLimit of [undefined, 1]) {
      const data = await folder.load(spec, { rowsLimit });
      expect(data.counts).toEqual(counts);
      expect([...data.rows.x[1]]).toEqual(x);
      expect([data.rows.dropped, data.complete]).toEqual([2, rowsLimit === undefined]);
      expect(data.statistics?.map((s) => s.rows)).toEqual([2, 1]);
    }
  });

  it('count an empty covariate as 0 before its transform', async () => {
    folder.write('d.csv', 'g,x,y\nA,1,1\nA,,2\nA,2,3\n');
    const { rows } = await folder.load({ ...base, missing: 'zero', covariates: [{ column: 'x', transform: 'center' }], intercept: false });
    expect([...rows.x[0]]).toEqual([0, -1, 1]);
  });

  it('read trials, exposure, se and weights', async () => {
    folder.write('d.csv', 'g,n,e,s,w,y\nA,5,1,0.5,2,3\nB,6,2.5,1,1,4\n');
    const read = async (response: object, family: string) =>
      (await folder.load({ ...base, response: { column: 'y', ...response }, family })).rows;
    expect([...((await read({ trials: 'n' }, 'binomial')).trials ?? [])]).toEqual([5, 6]);
    expect([...((await read({ trials: 9 }, 'binomial')).trials ?? [])]).toEqual([9, 9]);
    expect((await read({ exposure: 'e' }, 'poisson')).offset?.[1]).toBeCloseTo(Math.log(2.5), 15);
    const weighted = await read({ se: 's', weights: 'w' }, 'gaussian');
    expect([[...(weighted.se ?? [])], [...(weighted.weights ?? [])]]).toEqual([
      [0.5, 1],
      [2, 1],
    ]);
  });

  it.each([
    ['text', 'g,x,y\nA,1,1\nA,12abc,2\n', { column: 'x' }, 3, 3, '12abc'],
    ['an infinite response', 'g,x,y\nA,1,1\nA,2,inf\n', { column: 'x' }, 3, 5, 'finite'],
    ['the log of 0', 'g,x,y\nA,1,1\nA,0,2\n', { column: 'x', transform: 'log' }, 3, 3, 'log'],
    ['the root of −1', 'g,x,y\nA,-1,1\nA,0,2\n', { column: 'x', transform: 'sqrt' }, 2, 3, 'sqrt'],
    ['a number near the largest', 'g,x,y\nA,1,1\nA,1e200,2\n', { column: 'x' }, 3, 3, 'too large'],
    ['a blank group', 'g,x,y\nA,1,1\n,0,2\n', { column: 'x' }, 3, 1, 'group'],
  ])('are refused with %s', async (_, text, covariate, line, column, word) => {
    folder.write('d.csv', text);
    for (const rowsLimit of [undefined, 1]) {
      const { fault } = await failure(folder.load({ ...base, covariates: [covariate] }, { rowsLimit }));
      expect([fault.kind, fault.line, fault.column]).toEqual(['cell', line, column]);
      expect(fault.message).toContain(word);
    }
  });

  it.each([
    [{ trials: 'n' }, 'binomial', 'n', 'g,y,n\nA,1,2\nA,3,2\n', 'trials'],
    [{ exposure: 'n' }, 'poisson', 'n', 'g,y,n\nA,1,2\nA,3,0\n', 'positive'],
    [{ weights: 'n' }, 'gaussian', 'n', 'g,y,n\nA,1,2\nA,3,-1\n', 'negative'],
    [{ se: 'n' }, 'gaussian', 'n', 'g,y,n\nA,1,2\nA,3,0\n', 'positive'],
  ])('are refused with %j out of range', async (response, family, _, text, word) => {
    folder.write('d.csv', text);
    const { fault } = await failure(folder.load({ ...base, response: { column: 'y', ...response }, family }));
    expect([fault.line, fault.message]).toEqual([3, expect.stringContaining(word)]);
  });

  it('are refused when the file has lost a column since it was checked', async () => {
    folder.write('d.csv', 'g,x,y\nA,1,1\nA,2,2\n');
    const { design, source } = await folder.design({ ...base, covariates: ['x'] });
    folder.write('d.csv', 'g,z,y\nA,1,1\nA,2,2\nA,3,3\n');
    const { fault } = await failure(loadData({ specPath: folder.specPath, source, roots: [folder.path], design }));
    expect([fault.kind, fault.message]).toEqual(['column', expect.stringContaining('"x"')]);
  });
});

/** Deterministic noise in (0, 1). */
const noise = (i: number) => (Math.abs(Math.sin(i * 12.9898) * 43758.5453) % 1) + 1e-3;

function bigFile(offset: number): string {
  const lines = Array.from({ length: 3000 }, (_, i) => {
    const g = i % 7;
    const x1 = offset + noise(i);
    const x2 = noise(3 * i + 1) * 10;
    const cell = g === 3 ? 'n/a' : x2;
    return `group ${g},${x1},${cell},${noise(i + 5) > 0.5 ? 'up' : 'down'},${offset * 2 + x1 + x2 + noise(7 * i)},${1 + (i % 4)},${noise(i + 9)}`;
  });
  return `g,x1,x2,dir,y,w,se\n${lines.join('\n')}\n`;
}

const mask = { 'group 3': { x2: 0, 'x1:x2': 0 } };

function expectClose(a: GroupStatistics, b: GroupStatistics, tolerance: number): void {
  expect(a.rows).toBe(b.rows);
  expect(a.meanX.length).toBe(b.meanX.length);
  const spread = (x: GroupStatistics) =>
    [x.yy, ...Array.from(x.meanX, (_, i) => x.xx[i * (x.meanX.length + 1)])].map((v) => Math.sqrt(Math.abs(v)));
  const s = spread(b);
  const near = (x: number, y: number, scale: number) => {
    expect(Math.abs(x - y)).toBeLessThanOrEqual(tolerance * Math.max(scale, Number.MIN_VALUE));
  };
  near(a.weight, b.weight, b.weight);
  near(a.constant, b.constant, Math.max(1, Math.abs(b.constant)));
  near(a.meanY, b.meanY, Math.abs(b.meanY));
  near(a.yy, b.yy, b.yy);
  a.meanX.forEach((m, i) => {
    near(m, b.meanX[i], Math.abs(b.meanX[i]) + 1);
    near(a.xy[i], b.xy[i], s[i + 1] * s[0]);
    a.meanX.forEach((_, j) => {
      near(a.xx[i * a.meanX.length + j], b.xx[i * a.meanX.length + j], s[i + 1] * s[j + 1]);
    });
  });
}

describe('statistics by SQL', () => {
  it.each<[string, object]>([
    ['plain', { covariates: ['x1', 'x2'], mask }],
    [
      'with products, indicators and transforms',
      { covariates: [{ column: 'x1', transform: 'standardize' }, 'x1:x2', 'dir', { column: 'x2', transform: 'log' }], mask },
    ],
    ['with a standardised product', { covariates: ['x2', { column: 'x1:x2', transform: 'standardize' }], mask }],
    ['with a centred response', { covariates: ['x2'], response: { column: 'y', transform: 'standardize' }, mask }],
    ['with weights', { covariates: ['x1', 'x2'], response: { column: 'y', weights: 'w' }, mask }],
    ['with known standard deviations', { covariates: ['x1', 'x2'], response: { column: 'y', se: 'se' }, mask }],
    ['with both', { covariates: ['x1'], response: { column: 'y', se: 'se', weights: 'w' } }],
    ['with rows dropped', { covariates: ['x2'], missing: 'drop', mask: { 'group 3': [1] } }],
    ['with zeros', { covariates: ['x2'], missing: 'zero', mask: { 'group 1': [1] }, data: { file: 'd.csv', where: "g <> 'group 3'" } }],
    ['without groups', { covariates: ['x1', 'dir'], group: undefined }],
    ['with no covariate', {}],
  ])('equal those by rows, %s', async (_, spec) => {
    for (const offset of [0, 1e6]) {
      folder.write('d.csv', bigFile(offset));
      const whole = await folder.load({ ...base, ...spec });
      for (const tableBytes of [undefined, 1]) {
        const pushed = await folder.load({ ...base, ...spec }, { rowsLimit: 10, tableBytes });
        expect([whole.complete, pushed.complete]).toEqual([true, false]);
        expect(pushed.counts).toEqual(whole.counts);
        whole.statistics?.forEach((s, g) => {
          expectClose(pushed.statistics?.[g] as GroupStatistics, s, offset === 0 ? 1e-10 : 1e-8);
        });
        expectSample(pushed, whole);
        for (const [key, { mean, sd }] of whole.standardisation) {
          expect(pushed.standardisation.get(key)?.mean).toBeCloseTo(mean, offset === 0 ? 10 : 6);
          expect((pushed.standardisation.get(key)?.sd ?? 0) / sd).toBeCloseTo(1, 8);
        }
      }
    }
  });

  function expectSample(pushed: ModelData, whole: ModelData): void {
    expect(pushed.rows.n).toBe(whole.rows.n);
    expect(pushed.rows.group).toEqual(whole.rows.group);
    expect(pushed.rows.fileRow).toEqual(whole.rows.fileRow);
    pushed.rows.x.forEach((x, t) => {
      x.forEach((v, i) => {
        if (Math.abs(v - whole.rows.x[t][i]) > 1e-6) throw new Error(`term ${t}, row ${i}: ${v}, not ${whole.rows.x[t][i]}`);
      });
    });
  }

  it('come from the profile of a scanned file, when it knows enough', async () => {
    folder.write('d.csv', bigFile(1e6));
    const spec = { ...base, covariates: ['x1', 'x2'], mask: { 'group 3': { x2: 0 } } };
    const whole = await folder.load(spec);
    const { design, source } = await folder.design(spec);
    const request = { specPath: folder.specPath, source, roots: [folder.path], tableBytes: 1 };
    const profiled = async (columns: readonly string[], changed: Partial<typeof design> = {}) => {
      await profileData({ ...request, group: 'g', columns });
      return loadData({ ...request, design: { ...design, ...changed }, rowsLimit: 10 });
    };
    for (const columns of [
      ['y', 'x2', 'x1'],
      ['y', 'x1'],
    ]) {
      const found = await profiled(columns);
      expect([found.complete, found.counts]).toEqual([false, whole.counts]);
      whole.statistics?.forEach((s, g) => {
        expectClose(found.statistics?.[g] as GroupStatistics, s, 1e-8);
      });
      expectSample(found, whole);
    }
    // A mask that reads an empty cell is an error still, and dropping rows needs a further look.
    const open = design.mask.map(() => 1);
    expect((await failure(profiled(['y', 'x2', 'x1'], { mask: open }))).fault).toMatchObject({ kind: 'cell', line: 5 });
    expect((await profiled(['y', 'x2', 'x1'], { mask: open, missing: 'drop' })).counts.dropped).toBeGreaterThan(400);
  });

  it('keep an even sample of the rows, of groups that take turns too', async () => {
    const lines = Array.from({ length: 50_000 }, (_, i) => `${i % 3 ? 'A' : 'B'},${i},${i}`);
    folder.write('d.csv', `g,x,y\n${lines.join('\n')}\n`);
    const { rows, complete, counts, statistics } = await folder.load({ ...base, covariates: ['x'] }, { rowsLimit: 10 });
    expect([complete, counts.used]).toEqual([false, 50_000]);
    expect(Math.abs(rows.n - 50_000 / 3)).toBeLessThan(50);
    const members = rows.group.reduce((n, g) => n + g, 0);
    expect(Math.abs(Math.min(members, rows.n - members) - rows.n / 3)).toBeLessThan(50);
    expect([...rows.fileRow]).toEqual([...rows.fileRow].sort((a, b) => a - b));
    expect([...rows.y]).toEqual([...rows.fileRow]);
    expect(statistics?.map((s) => s.rows).sort()).toEqual([16_667, 33_333]);
  });

  it('are the same at every reading', async () => {
    folder.write('d.csv', bigFile(3));
    const spec = { ...base, covariates: ['x1', 'x2'], mask };
    const [a, b] = [await folder.load(spec, { rowsLimit: 10, tableBytes: 1 }), await folder.load(spec, { rowsLimit: 10, tableBytes: 1 })];
    expect(a.statistics).toEqual(b.statistics);
  });
});

describe('new rows', () => {
  const spec = { ...base, covariates: [{ column: 'x1', transform: 'center' }, 'x2'], mask: { A: [1, 1], B: [1, 0] } };

  it('need no response, and keep unknown groups', async () => {
    folder.write('d.csv', 'g,x1,x2,y\nA,1,1,1\nA,3,2,2\nB,5,,3\n');
    const { design, source } = await folder.design(spec);
    const { standardisation } = await folder.load(spec);
    const fitted = { specPath: folder.specPath, roots: [folder.path], source };
    folder.write('new.csv', 'x2,g,x1\n5,A,4\nfoo,B,6\n7,C,8\n,A,1\n9,C,oops\n');
    const found = await readNewRows({ specPath: folder.specPath, file: 'new.csv', fitted, roots: [folder.path], design, standardisation });
    expect([...found.rows.group]).toEqual([0, 1, -1]);
    expect(found.rows.x.map((x) => [...x])).toEqual([[], [1, 3, 5], [5, 0, 7]]);
    expect([...found.unknownGroups]).toEqual([[2, 'C']]);
    expect([...found.rows.fileRow]).toEqual([0, 1, 2]);
    expect(found.faults.map((f) => [f.kind, f.line, f.column])).toEqual([
      ['cell', 5, 1],
      ['cell', 6, 5],
    ]);
  });

  it('need every covariate and the group', async () => {
    folder.write('d.csv', 'g,x1,x2,y\nA,1,1,1\nA,3,2,2\nB,5,,3\n');
    const { design, source } = await folder.design(spec);
    const fitted = { specPath: folder.specPath, roots: [folder.path], source };
    const common = { specPath: folder.specPath, fitted, design, standardisation: new Map() };
    const read = (text: string) => {
      folder.write('new.csv', text);
      return failure(readNewRows({ ...common, file: 'new.csv', roots: [folder.path] }));
    };
    expect((await read('g,x1\nA,1\n')).fault.message).toContain('"x2"');
    expect((await read('x1,x2\n1,1\n')).fault.message).toContain('"g"');
    const outside = readNewRows({ ...common, file: '/etc/hostname', roots: [] });
    expect((await failure(outside)).fault.kind).toBe('outside');
  });
});
