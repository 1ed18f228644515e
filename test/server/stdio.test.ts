import { rmSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type {
  CodeAction,
  CodeLens,
  CompletionList,
  DocumentLink,
  DocumentSymbol,
  FoldingRange,
  Hover,
  InlayHint,
  Location,
  SelectionRange,
  TextEdit,
  WorkspaceEdit,
} from 'vscode-languageserver/node';
import { TextDocument } from 'vscode-languageserver-textdocument';
import type { FitReport } from '../../core/posterior/report.ts';
import { FIT_FORGOTTEN, FITTED, type FittedParams, hashText } from '../../protocol/server.ts';
import { bundleServer, Client } from './client.ts';
import { manufacturingCsv, SPEC } from './manufacturing.ts';

let file: string;
let client: Client;
let uri: string;

beforeAll(async () => {
  file = await bundleServer();
  client = new Client(file);
  await client.start();
  client.write('manufacturing.csv', manufacturingCsv());
  uri = await client.open('manufacturing.hmask.json', SPEC);
  await client.diagnosticsWhen(uri, () => client.progress.some((p) => p.startsWith('end')));
});

afterAll(async () => {
  expect(await client.stop()).toBe(0);
  expect(client.stderr.join('')).toBe('');
  rmSync(file, { force: true });
});

const apply = (edits: readonly TextEdit[]) => TextDocument.applyEdits(TextDocument.create(uri, 'hmask', 0, client.text(uri)), [...edits]);

/** Puts another text in the document, waits for its diagnostics, does something, and puts the first text back. */
async function within<T>(text: string, code: string | null, use: () => Promise<T>): Promise<T> {
  await client.change(uri, text);
  await client.diagnosticsWhen(uri, (d) => (code === null ? d.length === 0 : d.some((x) => x.code === code)));
  try {
    return await use();
  } finally {
    await client.change(uri, SPEC);
    await client.diagnosticsWhen(uri, (d) => d.length === 0);
  }
}

describe('a real client over standard input and output', () => {
  test('a good spec has no diagnostics, and its data are read with progress', async () => {
    expect(await client.diagnosticsWhen(uri, () => true)).toEqual([]);
    expect(client.progress).toContain('begin Reading manufacturing.csv');
    expect(client.initialized?.capabilities.hoverProvider).toBe(true);
  });

  test('a diagnostic, its page, its quick fix, and clean text after it', async () => {
    await within(SPEC.replace('[1, 1, 1]', '[1, 1]'), 'HM403', async () => {
      const found = await client.diagnosticsWhen(uri, (d) => d.length > 0);
      expect(found[0]).toMatchObject({ severity: 1, source: 'hmask', codeDescription: { href: 'file:///docs/rules/HM403.md' } });
      const actions = await client.request<CodeAction[]>('textDocument/codeAction', {
        textDocument: { uri },
        range: found[0].range,
        context: { diagnostics: found, only: ['quickfix'] },
      });
      expect(actions[0].title).toBe('Add 1');
      await client.change(uri, apply(actions[0].edit!.changes![uri]));
      expect(client.text(uri)).toBe(SPEC);
      expect(await client.diagnosticsWhen(uri, (d) => d.length === 0)).toEqual([]);
    });
  });

  test('data are re-read when the file changes', async () => {
    const csv = manufacturingCsv().split('\n');
    csv[1] = csv[1].replace(/^([^,]+),[^,]+/, '$1,abc');
    client.write('manufacturing.csv', csv.join('\n'));
    const changes = [{ uri: uri.replace('.hmask.json', '.csv'), type: 2 }];
    await client.notify('workspace/didChangeWatchedFiles', { changes });
    const found = await client.diagnosticsWhen(uri, (d) => d.some((x) => x.code === 'HM204'));
    expect(found[0].message).toContain('"abc" in line 2');
    expect(found[0].relatedInformation?.[0].location.range.start.line).toBe(1);
    client.write('manufacturing.csv', manufacturingCsv());
    await client.notify('workspace/didChangeWatchedFiles', { changes });
    await client.diagnosticsWhen(uri, (d) => d.length === 0);
  });

  test('a quick fix that needs the data is there at once, before any diagnostic has come', async () => {
    await client.change(uri, SPEC);
    const first = await client.open('at-once.hmask.json', SPEC.replace('"Feed_Speed", "P', '"Feed_Sped", "P'));
    const { position } = client.at(first, 'Feed_Sped');
    const actions = await client.request<CodeAction[]>('textDocument/codeAction', {
      textDocument: { uri: first },
      range: { start: position, end: position },
      context: { diagnostics: [], only: ['quickfix'] },
    });
    expect(actions.map((a) => a.title)).toContain('Change to "Feed_Speed"');
  });

  test('completion inside a string, of keys, of groups and of priors', async () => {
    const complete = (text: string, plus: number) => client.request<CompletionList>('textDocument/completion', client.at(uri, text, plus));
    await client.change(uri, SPEC.replace('"Feed_Speed", "Pull', '"", "Pull'));
    const columns = await complete('"", "Pull', 1);
    expect(columns.items.map((i) => i.label)).toContain('Feed_Speed');
    const chosen = columns.items.find((i) => i.label === 'Feed_Speed')!;
    expect(chosen.detail).toContain('numbers');
    expect(apply([chosen.textEdit as TextEdit])).toBe(SPEC);
    await client.change(uri, SPEC.replace('  "family"', '  ""\n  "family"'));
    expect((await complete('""\n', 1)).items.map((i) => i.label)).toContain('missing');
    await client.change(uri, SPEC.replace('"Product_Group_2": [1, 1, 1]', '""'));
    const groups = await complete('    ""', 5);
    expect(apply([groups.items[0].textEdit as TextEdit])).toContain('"Product_Group_2": [1, 1, 1]');
    await client.change(uri, SPEC.replace('"half_normal(5)"', '"ha"'));
    expect((await complete('"ha"', 3)).items.map((i) => i.label.replace(/\(.*/, ''))).toContain('half_normal');
    await client.change(uri, SPEC);
  });

  test('hover on a column has its profile and a picture', async () => {
    const hover = await client.request<Hover>('textDocument/hover', client.at(uri, '"Pull_Acceleration"', 3));
    const { value } = hover.contents as { value: string };
    expect(value).toContain('60 numbers');
    expect(value).toContain('](data:image/svg+xml;base64,');
  });

  test('lenses, symbols, links, folding, selection, tokens, formatting', async () => {
    const document = { textDocument: { uri } };
    const lenses = await client.request<CodeLens[]>('textDocument/codeLens', document);
    expect(lenses.map((l) => l.command?.command)).toEqual(['hmask.fit', 'hmask.checkPriors', 'hmask.openResults', 'hmask.openPredictions']);
    const symbols = await client.request<DocumentSymbol[]>('textDocument/documentSymbol', document);
    expect(symbols.find((s) => s.name === 'mask')?.children?.map((c) => c.name)).toEqual(['Product_Group_1', 'Product_Group_2']);
    const links = await client.request<DocumentLink[]>('textDocument/documentLink', document);
    expect(links[0].target).toMatch(/manufacturing\.csv$/);
    expect((await client.request<FoldingRange[]>('textDocument/foldingRange', document)).length).toBeGreaterThan(1);
    const { position } = client.at(uri, 'Feed_Speed');
    const selection = await client.request<SelectionRange[]>('textDocument/selectionRange', { ...document, positions: [position] });
    expect(selection[0].parent).toBeDefined();
    const tokens = await client.request<{ data: number[] }>('textDocument/semanticTokens/full', document);
    expect(tokens.data.length).toBe(5);
    const edits = await client.request<TextEdit[]>('textDocument/formatting', { ...document, options: { tabSize: 2, insertSpaces: true } });
    expect(apply(edits)).toBe(SPEC);
  });

  test('definition, references, rename', async () => {
    const column = await client.request<Location[]>('textDocument/definition', client.at(uri, '"Pull_Acceleration"', 3));
    expect(column[0].uri).toMatch(/manufacturing\.csv$/);
    expect(column[0].range).toEqual({ start: { line: 0, character: 25 }, end: { line: 0, character: 42 } });
    const use = client.at(uri, '"Pull_Acceleration": 2', 3);
    expect((await client.request<Location[]>('textDocument/definition', use)).length).toBe(1);
    const found = await client.request<Location[]>('textDocument/references', { ...use, context: { includeDeclaration: true } });
    expect(found.length).toBe(3);
    const group = client.at(uri, '"Product_Group_2": ', 3);
    expect(await client.request('textDocument/prepareRename', group)).toMatchObject({ placeholder: 'Product_Group_2' });
    const edit = await client.request<WorkspaceEdit>('textDocument/rename', { ...group, newName: 'G"2' });
    expect(apply(edit.changes![uri])).toBe(SPEC.replaceAll('"Product_Group_2"', '"G\\"2"'));
    await expect(client.request('textDocument/rename', { ...group, newName: 'Product_Group_1' })).rejects.toThrow('already');
  });

  test('refactorings lead to specs that check clean', async () => {
    await client.change(uri, SPEC.replace(/"mask": \{[^}]*\}/, '"mask": "auto"').replace('"half_normal(5)"', '"auto"'));
    await client.diagnosticsWhen(uri, (d) => d.length === 0);
    const range = { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } };
    const actions = await client.request<CodeAction[]>('textDocument/codeAction', {
      textDocument: { uri },
      range,
      context: { diagnostics: [], only: ['refactor'] },
    });
    expect(actions.map((a) => a.title)).toEqual(['Infer the mask from the data', 'Write auto priors out']);
    await client.change(uri, apply(actions[0].edit!.changes![uri]));
    expect(client.text(uri)).toContain('"Product_Group_1": [1, 1, 0]');
    expect(await client.diagnosticsWhen(uri, (d) => d.length === 0)).toEqual([]);
    await client.change(uri, SPEC);
  });

  test('after a fit: posterior in hovers and hints, stale when the text changes, gone when forgotten', async () => {
    await client.notify(FITTED, fitted(uri));
    const cell = client.at(uri, '[1, 1, 1]', 1);
    const text = async () => ((await client.request<Hover>('textDocument/hover', cell)).contents as { value: string }).value;
    expect(await text()).toMatch(/1\.02.*90 % ETI|90 % ETI[\s\S]*1\.02/);
    expect(await text()).toContain('data:image/svg+xml');
    const hints = async () =>
      client.request<InlayHint[]>('textDocument/inlayHint', {
        textDocument: { uri },
        range: { start: { line: 0, character: 0 }, end: { line: 99, character: 0 } },
      });
    expect((await hints()).map((h) => h.label)).toEqual(['30 rows', '30 rows', '1.02 ± 0.05', '13.4 ± 0.6']);
    const masked = await client.request<Hover>('textDocument/hover', client.at(uri, '1, 0]', 3));
    expect((masked.contents as { value: string }).value).toContain('masked');
    await client.change(uri, SPEC.replace('"seed": 42', '"seed": 43'));
    expect(await text()).toContain('changed since this fit');
    expect((await hints()).at(-1)?.label).toContain('stale');
    await client.change(uri, SPEC);
    await client.notify(FIT_FORGOTTEN, { uri });
    expect(await text()).not.toContain('ETI');
    expect(client.refreshes).toContain('workspace/inlayHint/refresh');
  });

  test('half-typed text, and requests on what is not open, end in an answer', async () => {
    for (let length = 0; length < SPEC.length; length += 37) {
      await client.change(uri, SPEC.slice(0, length));
      const position = TextDocument.create(uri, 'hmask', 0, client.text(uri)).positionAt(length);
      await Promise.all(
        ['hover', 'completion', 'definition', 'prepareRename'].map((m) =>
          client.request(`textDocument/${m}`, { textDocument: { uri }, position }),
        ),
      );
      await client.request('textDocument/documentSymbol', { textDocument: { uri } });
    }
    await client.change(uri, SPEC);
    await client.diagnosticsWhen(uri, (d) => d.length === 0);
    const nobody = { textDocument: { uri: 'file:///nobody.hmask.json' }, position: { line: 0, character: 0 } };
    expect(await client.request('textDocument/hover', nobody)).toBeNull();
  });
});

test('in a folder that is not trusted no data are read', async () => {
  const careful = new Client(file);
  await careful.start({ trusted: false });
  careful.write('manufacturing.csv', manufacturingCsv());
  const spec = await careful.open(
    'a.hmask.json',
    SPEC.replace('"Feed_Speed", "Pull', '"Nobody", "Pull').replace('"gaussian"', '"gausian"'),
  );
  const found = await careful.diagnosticsWhen(spec, (d) => d.length > 0);
  await new Promise((resolve) => setTimeout(resolve, 400));
  expect(found.map((d) => d.code)).toEqual(['HM003']);
  expect(await careful.diagnosticsWhen(spec, () => true)).toEqual(found);
  expect(careful.progress).toEqual([]);
  expect(await careful.stop()).toBe(0);
});

function fitted(of: string): FittedParams {
  const parameter = (name: string, mean: number, sd: number) => ({
    ...{ name, masked: false as const, mean, sd, median: mean, lower: mean - 2 * sd, upper: mean + 2 * sd, q5: 0, q95: 0 },
    ...{ mcse_mean: 0.001, mcse_sd: 0.001, ess_bulk: 1200, ess_tail: 1100, r_hat: 1.001 },
  });
  const predictive = { mean: 13.4, sd: 0.6, lower: 12.4, upper: 14.4 };
  const report = {
    spec: 'manufacturing.hmask.json',
    interval: { kind: 'eti', prob: 0.9 },
    parameters: [parameter('w[Feed_Speed, Product_Group_2]', 1.02, 0.05), { name: 'w[Cutting_Wait_Time, Product_Group_1]', masked: true }],
    predictions: [{ ...predictive, name: null, group: 'Product_Group_1', mu: predictive, ignored: [] }],
  } as unknown as FitReport;
  const density = { lower: 0.8, upper: 1.2, counts: [1, 5, 9, 5, 1] };
  return { uri: of, report, specHash: hashText(SPEC), densities: [['w[Feed_Speed, Product_Group_2]', density]] };
}
