import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { Workbench } from './workbench.ts';

const MISSING = 'have no column';

let vscode: Workbench;
beforeAll(async () => {
  vscode = await Workbench.open({ restricted: true });
});
afterAll(() => vscode?.close());
afterEach(({ task }) => vscode.showFailure(task));

test('in a folder that is not trusted nothing is read and nothing is fitted, until it is trusted', async () => {
  await vscode.openFile('manufacturing.hmask.json');
  await vscode.statusItem('Fit').waitFor();
  await vscode.replace('"Feed_Speed", "Pull', '"Feed_Sped", "Pull');
  await vscode.replace('"chains": 4', '"chains": 0');

  await vscode.runCommand('Fit Hierarchical Model');
  await vscode.notification(/hmask fits only in folders that you trust/).waitFor();
  await vscode.screenshot('30 a folder that is not trusted');
  expect(await vscode.page.locator('.tab', { hasText: 'Results' }).count()).toBe(0);
  // What the spec alone tells is checked, but without the data a column cannot be known to be missing.
  const problems = (await vscode.showProblems()).locator('.monaco-list-row');
  await problems.filter({ hasText: 'chains' }).first().waitFor();
  expect(await problems.filter({ hasText: MISSING }).count()).toBe(0);

  await vscode.notificationButton(/hmask fits only/, 'Manage Workspace Trust').click();
  await vscode.page.locator('.workspace-trust-editor').getByRole('button', { name: 'Trust', exact: true }).first().click();
  await vscode.page.keyboard.press('Escape'); // The trust editor is a dialog.
  await problems.filter({ hasText: MISSING }).first().waitFor();
});
