import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { numberIn } from '../../core/data/cells.ts';
import { columnOf } from '../../core/data/profile.ts';
import { Folder } from './folder.ts';

let folder: Folder;
beforeAll(() => {
  folder = new Folder();
});
afterAll(() => folder.remove());

/** Cells that DuckDB's own cast takes for numbers, and that are none. */
const ODD = ['2020_1', '1_000', '1e1_0', '+-5', 'nan(1)'];
/** Numbers enough that what follows is beyond the head of the file. */
const MANY = Array.from({ length: 40_000 }, (_, i) => `A,${i % 97},${i}`);

describe('D3: a cell is a number by the same rule in every reader', () => {
  for (const tableBytes of [undefined, 1]) {
    const where = tableBytes === undefined ? 'kept in memory' : 'scanned';

    it.each(ODD)(`%j is text in a file that is ${where}, at its start`, async (cell) => {
      folder.write('odd.csv', `group,x,y\nA,${cell},1\nB,${cell},2\n`);
      const x = columnOf(await folder.profile('odd.csv', { tableBytes }), 'x');
      expect([x?.kind, x?.texts, x?.levels]).toEqual(['text', 2, [cell]]);
    });

    it.each(ODD)(`%j is text in a file that is ${where}, far down`, async (cell) => {
      folder.write('far.csv', `group,x,y\n${MANY.join('\n')}\nA,${cell},1\n`);
      const x = columnOf(await folder.profile('far.csv', { tableBytes }), 'x');
      expect([x?.kind, x?.texts]).toEqual(['mixed', 1]);
      expect(x?.firstText).toMatchObject({ line: MANY.length + 2, text: cell });
    });
  }

  it('reads the numbers of a file whose names and texts look odd', async () => {
    const rows = Array.from({ length: 20_000 }, (_, i) => `g_${i % 3},2020_${i % 4},${i}`);
    folder.write('names.csv', `group,x_1_2,y\n${rows.join('\n')}\n`);
    const p = await folder.profile('names.csv', { tableBytes: 1 });
    expect(p.columns.map((c) => c.kind)).toEqual(['text', 'text', 'number']);
  });

  it('takes a group for a number as it takes a cell', async () => {
    const cells = ['1', '2.5', ' 3 ', '2020_1', '+-5', '0x1F', '1e3', 'NA'];
    folder.write('groups.csv', `group,y\n${cells.map((c) => `${c},1`).join('\n')}\n`);
    const group = columnOf(await folder.profile('groups.csv'), 'group');
    expect([group?.count, group?.texts, group?.empty]).toEqual([cells.filter((c) => numberIn(c) !== null).length, 3, 1]);
  });
});

describe('D5: missing is missing in "where", too', () => {
  const rows = 'A,1,2020\nA,NA,2021\nB,-3,2020\nB,4,NA\nB,,2022\nA,n/a,2023\n';
  it.each([
    ['x > 0', 2],
    ['x IS NULL', 3],
    ['x > 0 OR year >= 2022', 4],
    ["x = '4'", 1],
    ['abs(x) >= 3 AND year IS NULL', 1],
    ['x BETWEEN -5 AND 1.5', 2],
  ])('%s', async (where, count) => {
    folder.write('na.csv', `group,x,year\n${rows}`);
    for (const tableBytes of [undefined, 1]) {
      const p = await folder.profile('na.csv', { where, tableBytes });
      expect([p.faults, p.rows]).toEqual([[], count]);
    }
  });

  it.each([
    ['g >= 2', 3],
    ["g = '01'", 1],
    ["g IN ('1', '2')", 2],
    ['g = 1', 2],
  ])('a group of numbers: %s', async (where, count) => {
    folder.write('numbers.csv', 'g,y\n1,1\n01,2\n2,3\n3,4\n10,5\n');
    const p = await folder.profile('numbers.csv', { where, group: 'g' });
    expect([p.faults, p.rows]).toEqual([[], count]);
  });

  it('text beside numbers stays text, and comparing it with a number is said', async () => {
    folder.write('mixed.csv', 'group,x\nA,1\nA,none\n');
    const [fault] = (await folder.profile('mixed.csv', { where: 'x > 0' })).faults;
    expect(fault.kind).toBe('where');
    expect((await folder.profile('mixed.csv', { where: "x = 'none'" })).rows).toBe(1);
  });
});
