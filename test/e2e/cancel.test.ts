import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { plantsCsv } from './plants.ts';
import { Workbench } from './workbench.ts';

/** More draws over more rows than an hour can make, so that there is something to cancel. */
const LONG = `{
  "data": "plants.csv",
  "response": "Yield",
  "group": "Plant",
  "covariates": ["Temperature", "Pressure", "Coating"],
  "family": "student_t",
  "missing": "drop",
  "sampler": { "method": "nuts", "chains": 2, "warmup": 100, "draws": 400000, "seed": 42 }
}
`;
const ROWS = 20_000;

let vscode: Workbench;
beforeAll(async () => {
  vscode = await Workbench.open({ files: { 'long.hmask.json': LONG, 'plants.csv': plantsCsv(ROWS) } });
});
afterAll(() => vscode?.close());
afterEach(({ task }) => vscode.showFailure(task));

test('a long fit shows its progress and is cancelled from its notification; the draws so far are kept', async () => {
  await vscode.openFile('long.hmask.json');
  await vscode.statusItem('Fit').waitFor();
  await vscode.runCommand('Fit Hierarchical Model');
  await vscode.notification(/Sampling: \d+ % · [\d,]+ draws\/s/).waitFor();
  const panel = await vscode.webview('panel');
  await panel
    .getByText(/draws a second|draws\/s/i)
    .first()
    .waitFor();
  await vscode.screenshot('20 a long fit');

  await vscode.notificationButton(/Fitting long/, 'Cancel').click();
  await vscode.notification(/was stopped; its [\d,]+ draws a chain are kept/).waitFor();
  await panel
    .getByText(/stopped/i)
    .first()
    .waitFor();
  expect(await panel.locator('.figure', { hasText: 'Estimates' }).count()).toBe(1);
  await vscode.screenshot('21 a cancelled fit');
});
