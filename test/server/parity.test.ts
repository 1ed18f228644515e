/** The server and `hmask check` say the same of the same spec and data. */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Diagnostic } from 'vscode-languageserver/node';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { upright } from '../../core/spec/text.ts';
import { Preparer } from '../../engine/read/prepare.ts';
import { bundleServer, Client } from './client.ts';
import { manufacturingCsv, SPEC } from './manufacturing.ts';

let file: string;
let client: Client;

beforeAll(async () => {
  file = await bundleServer();
  client = new Client(file);
  await client.start();
  client.write('manufacturing.csv', manufacturingCsv());
  client.write(
    'bad.csv',
    manufacturingCsv()
      .replace(/^(Product_Group_2),[^,]+/m, '$1,abc')
      .replace(/^(Product_Group_1),[^,]+/m, '$1,'),
  );
  client.write('ragged.csv', `${manufacturingCsv()}1,2\n`);
});

afterAll(async () => {
  expect(await client.stop()).toBe(0);
  rmSync(file, { force: true });
});

const one = (from: string, to: string) => SPEC.replace(from, () => to);

const specs: readonly [name: string, text: string][] = [
  ['a good one', SPEC],
  ['bad cells', one('manufacturing.csv', 'bad.csv')],
  ['ragged rows', one('manufacturing.csv', 'ragged.csv')],
  ['no file', one('manufacturing.csv', 'manufacturin.csv')],
  ['a file elsewhere', one('manufacturing.csv', '../x.csv')],
  ['a misspelt column', one('"Feed_Speed", "P', '"Feed_Sped", "P')],
  ['a misspelt column of a condition', one('"manufacturing.csv"', '{ "file": "manufacturing.csv", "where": "Feed_Sped > 1" }')],
  [
    'a condition that leaves a group out',
    one('"manufacturing.csv"', `{ "file": "manufacturing.csv", "where": "Product_Group = 'Product_Group_1'" }`),
  ],
  ['a product and a text column', one('"Cutting_Wait_Time"]', '"Product_Group:Feed_Speed"]')],
  ['levels of numbers', one('"Cutting_Wait_Time"]', '{ "column": "Cutting_Wait_Time", "levels": ["1", "2"] }]')],
  ['every row another group', one('"group": "Product_Group"', '"group": "Production_Speed"')],
  ['half typed', SPEC.slice(0, 300)],
  ['a name that turns direction', one('"Product_Group_2": [1, 1, 1]', '"a\u202eb": [1, 1, 1]')],
  ['many faults', one('[1, 1, 0]', '[1, 2]').replace('gaussian', 'poisson').replace('"chains": 4', '"chains": 0')],
];

test.each(specs)('%s', async (name, text) => {
  const spec = `${name.replaceAll(' ', '-')}.hmask.json`;
  const { problems } = await new Preparer().check({ path: join(client.folder, spec), text, roots: [client.folder] });
  const document = TextDocument.create('', '', 0, text);
  const expected = problems.map((p) => `${p.code} ${document.positionAt(p.range.start).line} ${upright(p.message)}`);
  const shown = (found: readonly Diagnostic[]) => found.map((d) => `${d.code} ${d.range.start.line} ${d.message}`);
  const uri = await client.open(spec, text);
  const same = (found: readonly Diagnostic[]) => JSON.stringify(shown(found)) === JSON.stringify(expected);
  expect(shown(await client.diagnosticsWhen(uri, same))).toEqual(expected);
});
