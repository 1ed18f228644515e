import { expect, test } from 'vitest';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { hashText } from '../../protocol/server.ts';
import type { FeatureContext } from '../../server/context.ts';
import type { ProfileIo } from '../../server/data/profiles.ts';
import { Documents } from '../../server/documents.ts';
import { profileOfCsv } from '../core/rules/profileOfCsv.ts';
import { manufacturingCsv, SPEC } from './manufacturing.ts';

const URI = 'file:///home/ada/spec.hmask.json';
const GOOD = manufacturingCsv();
/** A cell of text where numbers are read. */
const BAD = GOOD.replace(/^(Product_Group_2),[^,]+/m, '$1,abc');
const never = () => false;

/** Documents over one file whose content a test changes; a reading ends when the test lets it. */
function opened(csv: string) {
  const file = { csv, version: 1, slow: false, fail: false, readings: 0 };
  const waiting: (() => void)[] = [];
  const io: ProfileIo = {
    version: async () => String(file.version),
    profile: async ({ group }) => {
      const { csv: read, version } = file;
      file.readings += 1;
      if (file.slow) await new Promise<void>((resolve) => waiting.push(resolve));
      if (file.fail) throw new Error('the reader stopped');
      return { ...profileOfCsv(read, group, 'manufacturing.csv'), version: String(version) };
    },
  };
  const published: string[][] = [];
  const log: string[] = [];
  const documents = new Documents(io, {
    publish: (context: FeatureContext) => published.push(codes(context)),
    withProgress: (_, work) => work(),
    refresh: () => undefined,
    log: (message) => log.push(message),
  });
  documents.roots = ['/home/ada'];
  const edit = (text: string, version: number) => documents.changed(TextDocument.create(URI, 'hmask', version, text));
  edit(SPEC, 1);
  return { file, documents, published, log, edit, finish: () => waiting.splice(0).forEach((go) => void go()) };
}

const codes = (context: FeatureContext | null): string[] => (context?.checked.problems ?? []).map((p) => p.code);
const turn = () => new Promise((resolve) => setTimeout(resolve, 5));

test('what changes the text waits for the data, though nothing was read yet', async () => {
  const { documents, published } = opened(BAD);
  expect(codes(documents.get(URI))).toEqual([]);
  expect(codes(await documents.fresh(URI, never))).toEqual(['HM204']);
  expect(published.at(-1)).toEqual(['HM204']);
  documents.closed(URI);
});

test('it never rests on data that are gone, even when nobody told that they changed', async () => {
  const { file, documents, finish } = opened(BAD);
  await documents.fresh(URI, never);
  Object.assign(file, { csv: GOOD, version: 2, slow: true });
  const answer = documents.fresh(URI, never);
  const first = await Promise.race([answer, turn()]);
  expect(first).toBeUndefined();
  finish();
  expect(codes(await answer)).toEqual([]);
  documents.closed(URI);
});

test('nobody is answered whose text has changed, or who has gone', async () => {
  const { file, documents, edit, finish } = opened(BAD);
  file.slow = true;
  const old = documents.fresh(URI, never);
  const gone = documents.fresh(URI, () => true);
  await turn();
  edit(`${SPEC}\n`, 2);
  finish();
  expect(await old).toBeNull();
  expect(await gone).toBeNull();
  expect(await documents.fresh('file:///nobody', never)).toBeNull();
  documents.closed(URI);
});

test('data that could not be read count as none', async () => {
  const { file, documents, log } = opened(BAD);
  await documents.fresh(URI, never);
  Object.assign(file, { version: 2, fail: true });
  expect(codes(await documents.fresh(URI, never))).toEqual([]);
  expect(log[0]).toContain('the reader stopped');
  documents.closed(URI);
});

test('a misspelt column is told at once, and what else is known of the data stays', async () => {
  const { documents, published, edit } = opened(BAD);
  await documents.fresh(URI, never);
  published.splice(0);
  edit(SPEC.replace('"Pull_Acceleration", "C', '"Pull_Acc", "C'), 2);
  expect(published).toEqual([expect.arrayContaining(['HM204', 'HM201'])]);
  documents.closed(URI);
});

test('results are stale when their data have changed', async () => {
  const { file, documents } = opened(GOOD);
  await documents.fresh(URI, never);
  const report = { parameters: [] } as never;
  documents.fitted({ uri: URI, report, specHash: hashText(SPEC), densities: [] });
  expect(documents.get(URI)?.fit?.stale).toBe(false);
  Object.assign(file, { csv: BAD, version: 2 });
  expect((await documents.fresh(URI, never))?.fit?.stale).toBe(true);
  documents.closed(URI);
});

test('a name that is half typed is not looked up between two keystrokes', async () => {
  const { file, documents, edit } = opened(GOOD);
  await documents.fresh(URI, never);
  const before = file.readings;
  const answers = ['Pr', 'Pro', 'Prod'].map((group, i) => {
    edit(SPEC.replace('"group": "Product_Group"', `"group": "${group}"`), i + 2);
    return documents.fresh(URI, never);
  });
  expect(await Promise.all(answers.slice(0, -1))).toEqual([null, null]);
  expect(codes((await answers.at(-1)) ?? null)).toContain('HM201');
  expect(file.readings).toBe(before + 1);
  documents.closed(URI);
});
