import { afterAll, beforeAll, expect, test } from 'vitest';
import { Workbench } from './workbench.ts';

let vscode: Workbench;
beforeAll(async () => {
  vscode = await Workbench.open();
});
afterAll(() => vscode?.close());

test('opening a spec recognises its language and starts the extension', async () => {
  await vscode.openFile('manufacturing.hmask.json');
  await vscode.page.locator('.statusbar-item', { hasText: 'Masked hierarchical model' }).waitFor();
  await vscode.page.locator('.statusbar-item[id^="hmask"]', { hasText: 'Fit' }).waitFor();
  await vscode.screenshot('01-spec');
  expect(await vscode.squiggles().count()).toBe(0);
});
