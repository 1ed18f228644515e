/** Data and a spec that try to be more than text: HTML, scripts, Markdown and command links, icons. */
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { Workbench } from './workbench.ts';

const GROUP = '<img src=x onerror=alert(1)>';
const COLUMN = '**bold** <b>x</b> $(trash)';
const SECOND = '[quit](command:workbench.action.quit) <script>alert(2)</script>';

const quoted = (cell: string): string => `"${cell.replaceAll('"', '""')}"`;

const CSV = [
  ['y', 'g', COLUMN].map(quoted).join(','),
  ...Array.from({ length: 60 }, (_, i) => [String((i % 7) + i / 10), quoted(i % 2 ? GROUP : SECOND), String((i * 13) % 10)].join(',')),
].join('\n');

const SPEC = JSON.stringify({ data: 'hostile.csv', response: 'y', group: 'g', covariates: [COLUMN] }, null, 2);

const FILES = { 'hostile.csv': CSV, '$(trash) [x](command:y).hmask.json': SPEC };

let vscode: Workbench;
let dialogs = 0;
beforeAll(async () => {
  vscode = await Workbench.open({ files: FILES });
  vscode.page.on('dialog', (dialog) => {
    dialogs++;
    void dialog.dismiss();
  });
});
afterAll(() => vscode?.close());
afterEach(({ task }) => vscode.showFailure(task));

test('stays text in the panel, the predictions, the tree, the hover and the notifications', async () => {
  await vscode.openFile('[x](command:y).hmask.json');
  await vscode.statusItem('Fit').waitFor();
  await vscode.runCommand('Fit Hierarchical Model');
  const panel = await vscode.webview('panel');
  await panel.locator('.verdict').waitFor();
  await panel.getByText(COLUMN).first().waitFor();
  await panel.getByText(SECOND).first().waitFor();
  for (const section of ['Overview', 'Data', 'Model', 'Diagnostics', 'Posterior', 'Predictive', 'What-if', 'Compare']) {
    await panel.getByRole('tab', { name: section }).click();
    await panel
      .locator(`[data-section="${section.toLowerCase().replace('-', '')}"], .section`)
      .first()
      .waitFor();
    expect(await panel.locator('img[src="x"], a[href^="command:"], main script').count(), section).toBe(0);
  }
  await vscode.screenshot('50 hostile data');

  await vscode.runCommand('Open Predictions');
  const predictions = await vscode.webview('predictions');
  await predictions.getByRole('slider', { name: COLUMN }).waitFor();
  expect(await predictions.locator('img[src="x"], a[href^="command:"]').count()).toBe(0);
  const row = vscode.page.locator('.pane .monaco-list-row', { hasText: '(command:y)' }).first();
  await row.waitFor();
  expect(await row.locator('a[href^="command:"], .codicon-trash').count()).toBe(0);

  const hover = await vscode.hover('**bold**');
  await expect.poll(() => hover.textContent()).toContain('workbench.action.quit');
  expect(await hover.locator('a[data-href^="command:"], img[src="x"], b, .codicon-trash').count()).toBe(0);
  await vscode.screenshot('51 hostile data in the side view and the hover');
  expect(dialogs).toBe(0);
  expect(vscode.consoleErrors.filter((text) => text.includes('Content Security Policy'))).toEqual([]);
});
