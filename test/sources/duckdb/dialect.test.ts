import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Folder } from '../folder.ts';

let folder: Folder;
beforeAll(() => {
  folder = new Folder();
});
afterAll(() => folder.remove());

const rows = (line: (i: number) => string, n = 12) => Array.from({ length: n }, (_, i) => line(i)).join('\n');

describe('D8: the dialect is told from whole records', () => {
  it.each<[string, string, readonly string[]]>([
    ['a comma in a quoted header', `group;"dose (mg, oral)";y\n${rows((i) => `A;${i};1`)}\n`, ['group', 'dose (mg, oral)', 'y']],
    ['commas in every quoted header', `"a, b";"c, d";"e, f"\n${rows((i) => `A;${i};1`)}\n`, ['a, b', 'c, d', 'e, f']],
    ['decimal commas', `group;x;y\n${rows((i) => `A;${i},5;1,25`)}\n`, ['group', 'x', 'y']],
    ['semicolons in text', `group,x,note\n${rows((i) => `A,${i},a;b;c`)}\n`, ['group', 'x', 'note']],
    ['a semicolon in a header of commas', `group,"x;z",y\n${rows((i) => `A,${i},1`)}\n`, ['group', 'x;z', 'y']],
    ['tabs with commas in text', `group\tx\ty\n${rows((i) => `A, B\t${i}\t1`)}\n`, ['group', 'x', 'y']],
    ['a bar', `group|x|y\n${rows((i) => `A|${i}|1`)}\n`, ['group', 'x', 'y']],
    ['quoted line ends', `group;x;y\n${rows((i) => `"A\n,b";${i};1`)}\n`, ['group', 'x', 'y']],
    ['one column', 'y\n1\n2\n3\n', ['y']],
    ['sep=;', `sep=;\r\ngroup;x\r\n${rows((i) => `A;${i}`)}\r\n`, ['group', 'x']],
    ['"sep=|" in quotes', `"sep=|"\ngroup|x,y\n${rows((i) => `A|${i}`)}\n`, ['group', 'x,y']],
    ['a ragged row', `group,x,y\nA,1,2\nA,1\nA,3,4\nA,5,6\n`, []],
  ])('%s', async (_, text, names) => {
    folder.write('dialect.csv', text);
    const p = await folder.profile('dialect.csv', { group: null });
    expect(p.columns.map((c) => c.name)).toEqual(names);
  });

  it('counts lines from the first of the file', async () => {
    folder.write('sep.csv', 'sep=;\ngroup;x\nA;1\nA;none\n');
    const p = await folder.profile('sep.csv');
    expect(p.columns[1].firstText).toMatchObject({ line: 4, column: 3, text: 'none' });
  });
});
