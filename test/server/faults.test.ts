/** What a file or a spec may do to the server. */
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Location } from 'vscode-languageserver/node';
import { bundleServer, Client } from './client.ts';

let file: string;
let client: Client;

beforeAll(async () => {
  file = await bundleServer();
  client = new Client(file);
  await client.start();
});

afterAll(async () => {
  expect(await client.stop()).toBe(0);
  expect(client.stderr.join('')).toBe('');
  rmSync(file, { force: true });
});

const CSV = 'group,x,y\na,1,2.5\na,2,3.1\nb,3,4.2\nb,4,6.3\n';
const specOf = (data: unknown): string => JSON.stringify({ data, response: 'y', group: 'group', covariates: ['x'] });

describe('M6: the editor shows what a fit would fail on', () => {
  it.each<[string, unknown, string, string]>([
    ['a damaged Parquet file', 'bad.parquet', 'HM103', '"bad.parquet"'],
    ['a CSV under the name of Parquet', 'text.parquet', 'HM103', '"text.parquet"'],
    ['a bad regular expression', { file: 'd.csv', where: `regexp_matches("group", '(a')` }, 'HM107', "'(a'"],
    ['a cast that some row refuses', { file: 'd.csv', where: `CAST("group" AS INTEGER) > 0` }, 'HM107', '"CAST'],
  ])('%s', async (name, data, code, at) => {
    client.write('d.csv', CSV);
    client.write('text.parquet', CSV);
    client.write('bad.parquet', `PAR1${'x'.repeat(100)}\u0015\u0000\u0000\u0000PAR1`);
    const uri = await client.open(`${name}.hmask.json`, specOf(data));
    const [found] = await client.diagnosticsWhen(uri, (d) => d.some((x) => x.code === code));
    const line = client.text(uri);
    expect([found.code, line.slice(found.range.start.character, found.range.end.character)]).toEqual([code, expect.stringContaining(at)]);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: that there are none is what is tested
    expect(found.message).not.toMatch(/[\u0000-\u001f]|SELECT|Error:/);
  });
});

describe('M: the way to the data does not leave the workspace', () => {
  const definitionOf = (uri: string) => client.request<Location[]>('textDocument/definition', client.at(uri, '"x"', 1));

  it('not through a link either', async () => {
    const outside = mkdtempSync(join(tmpdir(), 'hmask-outside-'));
    writeFileSync(join(outside, 'secret.csv'), CSV);
    symlinkSync(join(outside, 'secret.csv'), join(client.folder, 'link.csv'));
    client.write('d.csv', CSV);
    const good = await client.open('way.hmask.json', specOf('d.csv'));
    expect((await definitionOf(good)).map((l) => l.range.start)).toEqual([{ line: 0, character: 6 }]);
    const bad = await client.open('link.hmask.json', specOf('link.csv'));
    expect(await definitionOf(bad)).toEqual([]);
    expect((await client.diagnosticsWhen(bad, (d) => d.length > 0)).map((d) => d.code)).toEqual(['HM102']);
    rmSync(outside, { recursive: true });
  });
});

describe('M: the server ends at once', () => {
  it('while data are read', { timeout: 60_000 }, async () => {
    const other = new Client(file);
    await other.start();
    const block = Array.from({ length: 20_000 }, (_, i) => `g${i % 7},${i % 997},${i * 3.7}\n`).join('');
    other.write('long.csv', `group,x,y\n${block.repeat(300)}`);
    await other.open('long.hmask.json', specOf('long.csv'));
    await new Promise((resolve) => setTimeout(resolve, 700));
    const start = performance.now();
    expect(await other.stop()).toBe(0);
    expect(performance.now() - start).toBeLessThan(15_000); // Tells a hang; how long it takes is for benches.
    expect(other.stderr.join('')).toBe('');
  });
});
