/** What the language server gives while a spec is written. */
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { Workbench } from './workbench.ts';

const SPEC = 'manufacturing.hmask.json';

let vscode: Workbench;
beforeAll(async () => {
  vscode = await Workbench.open({ settings: { 'hmask.inlayHints.enabled': true } });
  await vscode.openFile(SPEC);
  await vscode.statusItem('Fit').waitFor();
});
afterAll(() => vscode?.close());
afterEach(({ task }) => vscode.showFailure(task));

test('a quick fix mends what is underlined', async () => {
  await vscode.replace('["Feed_Speed"', '["Feed_Sped"');
  await vscode.squiggles().first().waitFor();
  await vscode.placeCursor('Feed_Sped');
  await vscode.page.keyboard.press('Control+.');
  const fix = vscode.page.locator('.action-widget .monaco-list-row', { hasText: /Feed_Speed/ }).first();
  await fix.waitFor();
  await vscode.screenshot('40 a quick fix');
  await fix.click();
  await vscode.squiggles().first().waitFor({ state: 'detached' });
  expect(await vscode.editor().locator('.view-lines').textContent()).not.toContain('Feed_Sped"');
});

test('columns are completed inside a string', async () => {
  await vscode.replace('"Pull_Acceleration", "Cut', '"", "Cut');
  await vscode.placeCursor('""', 1);
  await vscode.page.keyboard.press('Control+Space');
  const offer = vscode.page.locator('.suggest-widget.visible .monaco-list-row', { hasText: 'Pull_Acceleration' }).first();
  await offer.waitFor();
  await vscode.screenshot('41 completion in a string');
  await offer.click();
  await vscode.squiggles().first().waitFor({ state: 'detached' });
});

test('a group is renamed across the spec', async () => {
  await vscode.placeCursor('"Product_Group_1"', 5);
  await vscode.page.keyboard.press('F2');
  const input = vscode.page.locator('.rename-box input.rename-input');
  await input.waitFor();
  await input.fill('Line_1');
  await input.press('Enter');
  await input.waitFor({ state: 'hidden' });
  const text = vscode.editor().locator('.view-lines');
  await expect.poll(() => text.textContent()).not.toContain('Product_Group_1');
  // In the mask, and in two predictions.
  expect((await text.textContent())?.match(/"Line_1"/g)).toHaveLength(3);
  await vscode.screenshot('42 a renamed group');
});

test('a code lens fits, and inlay hints show what came of it', async () => {
  await vscode.runCommand('File: Revert File');
  await vscode.squiggles().first().waitFor({ state: 'detached' });
  await vscode.page
    .locator('.codelens-decoration a', { hasText: /^\s*Fit$/ })
    .first()
    .click();
  await vscode.statusItem('Fitted').waitFor();
  await vscode.page.locator('.monaco-editor .view-line', { hasText: /±/ }).first().waitFor();
  await vscode.screenshot('43 inlay hints');
});
