import assert from 'node:assert/strict';
import { commands, type Hover, type MarkdownString, Position, type TextDocument, type Uri, window, workspace } from 'vscode';
import type { CalibrationReport } from '../../core/posterior/calibrate/sbc.ts';
import { diagnostic, eventually, fileIn, showExample, showSpec } from './workspace.ts';

const fitSpec = (uri: Uri): Thenable<boolean> => commands.executeCommand('hmask.fit', uri);

/** The hover at the first `text`, once it matches. */
async function hover(document: TextDocument, text: string, wanted: RegExp): Promise<string> {
  const position = document.positionAt(document.getText().indexOf(text) + 2);
  return eventually(`a hover on ${text} with ${wanted}`, async () => {
    const hovers = await commands.executeCommand<Hover[]>('vscode.executeHoverProvider', document.uri, position);
    const shown = hovers.flatMap((h) => h.contents.map((content) => (content as MarkdownString).value)).join('\n');
    return wanted.test(shown) ? shown : undefined;
  });
}

describe('fitting', () => {
  it('gives results, and the hover its posterior', async () => {
    const document = await showExample();
    assert.equal(await fitSpec(document.uri), true);
    assert.match(await hover(document, '"Pull_Acceleration"', /R-hat/), /w\\?\[Pull/);
  });

  it('never starts on a spec with errors', async () => {
    const document = await showSpec('wrong.hmask.json', '{ "data": "manufacturing.csv", "response": "Speed" }');
    assert.equal(await fitSpec(document.uri), false);
    const { range } = await diagnostic(document.uri, 'HM201');
    assert.equal(document.getText(range).replaceAll('"', ''), 'Speed');
  });

  it('answers in a sentence when the text is no spec at all', async () => {
    const document = await showSpec('broken.hmask.json', '{ "data": ');
    assert.equal(await fitSpec(document.uri), false);
  });

  it('checks priors without the data having a say', async () => {
    const document = await showExample();
    assert.equal(await commands.executeCommand('hmask.checkPriors', document.uri), true);
  });

  it('calibrates, and shows the ranks in the panel', async () => {
    const document = await showExample();
    const report = await commands.executeCommand<CalibrationReport>('hmask.calibrate', document.uri);
    assert.equal(report.rounds, 500);
    assert.ok(report.results.some((result) => result.name === 'scale'));
    assert.ok(window.tabGroups.all.some(({ tabs }) => tabs.some((tab) => tab.label === 'Results: manufacturing.hmask.json')));
  });

  it('goes on sampling', async () => {
    const document = await showExample();
    assert.equal(await fitSpec(document.uri), true);
    await commands.executeCommand('hmask.continueSampling', document.uri, 100);
    await hover(document, '"Pull_Acceleration"', /R-hat/);
  });
});

describe('simulating the reference problem', () => {
  it('writes data and a spec that can be fitted', async () => {
    const spec = await commands.executeCommand<Uri>('hmask.simulate', fileIn('simulated.csv'));
    const text = (await workspace.openTextDocument(spec)).getText();
    assert.match(text, /"data": "simulated.csv"/);
    assert.equal((await workspace.openTextDocument(fileIn('simulated.csv'))).lineCount, 502);
    assert.equal(await fitSpec(spec), true);
  });

  it('leaves a spec that is there as it is', async () => {
    const mine = '{ "data": "kept.csv", "response": "Production_Speed" }\n';
    await showSpec('kept.hmask.json', mine);
    const spec = await commands.executeCommand<Uri>('hmask.simulate', fileIn('kept.csv'));
    assert.equal((await workspace.openTextDocument(spec)).getText(), mine);
  });
});

describe('completion', () => {
  it('offers the columns of the data inside a string', async () => {
    const document = await showSpec(
      'half.hmask.json',
      '{ "data": "manufacturing.csv", "response": "Production_Speed", "covariates": [""] }',
    );
    const position = new Position(0, document.getText().indexOf('""') + 1);
    const labels = await eventually('a column among the completions', async () => {
      const { items } = await commands.executeCommand<{ items: { label: string | { label: string } }[] }>(
        'vscode.executeCompletionItemProvider',
        document.uri,
        position,
      );
      const found = items.map(({ label }) => (typeof label === 'string' ? label : label.label));
      return found.some((label) => label.includes('Pull_Acceleration')) ? found : undefined;
    });
    assert.ok(labels.some((label) => label.includes('Feed_Speed')));
  });
});
