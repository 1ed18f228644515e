import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { columnOf } from '../../core/data/profile.ts';
import { Folder } from './folder.ts';

let folder: Folder;
beforeAll(() => {
  folder = new Folder();
});
afterAll(() => folder.remove());

/** A file of so many columns after group and response. */
function wide(columns: number, rows: number): string {
  const names = Array.from({ length: columns }, (_, i) => `a_long_name_of_a_column_${i}`);
  const lines = Array.from({ length: rows }, (_, r) => `${r % 2 ? 'A' : 'B'},${r},${names.map((__, i) => (r * i) % 17).join(',')}`);
  return `group,y,${names.join(',')}\n${lines.join('\n')}\n`;
}

describe('M5: the cost of a wide file follows the columns used', () => {
  it('10,000 columns, of which three are used', { timeout: 30_000 }, async () => {
    folder.write('wide.csv', wide(10_000, 60));
    const columns = ['y', 'a_long_name_of_a_column_9999', 'a_long_name_of_a_column_5'];
    const start = process.cpuUsage();
    const p = await folder.profile('wide.csv', { columns, where: 'a_long_name_of_a_column_77 <= 8' });
    const { user, system } = process.cpuUsage(start);
    // Reading every column took a minute and more.
    expect(user + system).toBeLessThan(12e6);
    expect(p.columns.length).toBe(10_002);
    expect(p.columns.filter((c) => c.kind !== 'unread').map((c) => c.name)).toEqual(
      expect.arrayContaining(['group', ...columns, 'a_long_name_of_a_column_77']),
    );
    expect(columnOf(p, 'a_long_name_of_a_column_9999')?.kind).toBe('number');
    expect(columnOf(p, 'a_long_name_of_a_column_6')?.kind).toBe('unread');
    const { y } = { y: columnOf(p, 'y') };
    expect(y?.count).toBe(p.rows);
    expect(p.rows).toBeLessThan(60);
  });

  it('without columns asked for, the first are read', async () => {
    folder.write('many.csv', wide(3_000, 10));
    const p = await folder.profile('many.csv');
    const read = p.columns.filter((c) => c.kind !== 'unread').length;
    expect(read).toBeGreaterThan(100);
    expect(read).toBeLessThan(1_000);
  });

  it('a request for other columns reads the file again', async () => {
    folder.write('again.csv', wide(1_000, 10));
    for (const i of [3, 900, 17]) {
      const name = `a_long_name_of_a_column_${i}`;
      expect(columnOf(await folder.profile('again.csv', { columns: [name] }), name)?.kind).toBe('number');
    }
  });
});
