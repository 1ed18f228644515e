/** From a CSV without a spec to a trusted fit, as a person with new data goes. */
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { Workbench } from './workbench.ts';

const SITES = ['north', 'south', 'east', 'west', 'hill', 'shore'];
/** Trees of six sites; the sites on the hill and at the shore have no irrigation. */
const rows = Array.from({ length: 180 }, (_, i) => {
  const site = SITES[i % 6];
  const age = 5 + ((i * 7) % 40);
  const water = i % 6 < 4 ? (1 + ((i * 13) % 20) / 10).toFixed(1) : '';
  const growth = 0.4 * age + (water === '' ? 0 : 2 * Number(water)) + 3 * Math.sin(12.9 * i) + (i % 6);
  return `${i + 1},${site},${age},${water},2021-0${1 + (i % 9)}-15,tree no. ${i},${growth.toFixed(2)}`;
});
const CSV = `tree_id,site,age,irrigation,measured,remark,growth\n${rows.join('\n')}\n`;

let vscode: Workbench;
beforeAll(async () => {
  vscode = await Workbench.open({ files: { 'trees.csv': CSV } });
});
afterAll(() => vscode?.close());
afterEach(({ task }) => vscode.showFailure(task));

/** A row of a pick; one of several has a box to check. */
const option = (label: string) => {
  const pick = vscode.page.locator('.quick-input-widget');
  const name = new RegExp(`^${label}\\b`);
  return pick.getByRole('option', { name }).or(pick.getByRole('checkbox', { name })).first();
};

/** The nth pick is there. */
const step = (n: number) => vscode.page.locator('.quick-input-title', { hasText: `(${n}/3)` }).waitFor();

test('the file in front becomes a spec in three picks, guesses first', async () => {
  await vscode.openFile('trees.csv');
  await vscode.runCommand('New Spec from Data…');
  await step(1);
  expect(await option('growth').textContent()).toContain('numbers from');
  await vscode.screenshot('new spec 1 the response');
  await vscode.page.keyboard.press('Enter');

  await step(2);
  await option('site').waitFor();
  await vscode.screenshot('new spec 2 the group');
  await vscode.page.keyboard.press('Enter');

  await step(3);
  expect(await option('irrigation').textContent()).toContain('60 empty');
  await vscode.screenshot('new spec 3 the covariates');
  await vscode.page.keyboard.press('Enter');

  await vscode.tab('trees.hmask.json').waitFor();
  await expect.poll(() => vscode.text()).toContain('"irrigation"');
  const text = await vscode.text();
  expect(text).toMatch(/"hill": \[1, 0\]/);
  expect(text).toMatch(/"pooling": "partial"/);
  expect(text).not.toContain('tree_id');
  await vscode.page.locator('.codelens-decoration', { hasText: 'Fit' }).first().waitFor();
  expect(await vscode.squiggles().count()).toBe(0);
  await vscode.screenshot('new spec 4 the spec');
});

test('and is fitted as it stands', async () => {
  await vscode.runCommand('Fit Hierarchical Model');
  const panel = await vscode.webview('panel');
  await panel.getByText(/can be trusted/i).waitFor();
  await vscode.screenshot('new spec 5 its results');
});

test('a second one of the same file leaves the first as it is', async () => {
  await vscode.openFile('trees.csv');
  await vscode.runCommand('New Spec from Data…');
  for (const n of [1, 2, 3]) {
    await step(n);
    await vscode.page.keyboard.press('Enter');
  }
  await vscode.tab('trees-2.hmask.json').waitFor();
});
