/** What the language server gives while a spec is written. */
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { insist, underlined, visible } from './gestures.ts';
import { Workbench } from './workbench.ts';

const SPEC = 'manufacturing.hmask.json';

let vscode: Workbench;
beforeAll(async () => {
  vscode = await Workbench.open({ settings: { 'hmask.inlayHints.enabled': true } });
  await vscode.openFile(SPEC);
  await vscode.statusItem('Fit').waitFor();
});
beforeEach(async () => {
  await vscode.revert(SPEC);
  await vscode.squiggles().first().waitFor({ state: 'detached' });
});
afterAll(() => vscode?.close());
afterEach(({ task }) => vscode.showFailure(task));

test('a quick fix mends what is underlined', async () => {
  await vscode.replace('["Feed_Speed"', '["Feed_Sped"');
  expect(await underlined(vscode.page, 'Feed_Sped"')(120_000)).toBe(true);
  await vscode.placeCursor('Feed_Sped"');
  // A light bulb that is asked for at the same moment takes the place of the menu: VS Code drops the key, and a person presses it again.
  const fix = vscode.page.locator('.action-widget .monaco-list-row', { hasText: /Feed_Speed/ }).first();
  await vscode.ask('Control+.', fix);
  await vscode.screenshot('40 a quick fix');
  await fix.click();
  await expect.poll(() => vscode.text()).toContain('["Feed_Speed"');
  await vscode.squiggles().first().waitFor({ state: 'detached' });
});

test('columns are completed inside a string', async () => {
  await vscode.replace('"Pull_Acceleration", "Cut', '"", "Cut');
  await vscode.placeCursor('""', 1);
  const offer = vscode.page.locator('.suggest-widget.visible .monaco-list-row', { hasText: 'Pull_Acceleration' }).first();
  await vscode.ask('Control+Space', offer);
  await vscode.screenshot('41 completion in a string');
  await offer.click();
  await expect.poll(() => vscode.text()).toContain('"Pull_Acceleration", "Cut');
  await vscode.squiggles().first().waitFor({ state: 'detached' });
});

test('a group is renamed across the spec', async () => {
  await vscode.placeCursor('"Product_Group_1"', 5);
  const input = vscode.page.locator('.rename-box input.rename-input');
  await vscode.ask('F2', input);
  await input.fill('Line_1');
  await input.press('Enter');
  await input.waitFor({ state: 'hidden' });
  await expect.poll(() => vscode.text()).not.toContain('Product_Group_1');
  // In the mask, and in two predictions.
  expect((await vscode.text()).match(/"Line_1"/g)).toHaveLength(3);
  await vscode.screenshot('42 a renamed group');
});

test('a code lens fits, and inlay hints show what came of it', async () => {
  const lens = vscode.page.locator('.codelens-decoration a', { hasText: /^\s*Fit$/ }).first();
  await insist('a click on the lens', () => lens.click(), visible(vscode.notification(/Fitting/).or(vscode.statusItem('Fitted'))));
  await vscode.statusItem('Fitted').waitFor();
  await vscode.page.locator('.monaco-editor .view-line', { hasText: /±/ }).first().waitFor();
  await vscode.screenshot('43 inlay hints');
});
