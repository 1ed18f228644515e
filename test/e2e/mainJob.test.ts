/** What a newcomer does with the example, from the open folder to a what-if, in one window. */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Frame } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { gone, insist, underlined, visible } from './gestures.ts';
import { openSection } from './panelPage.ts';
import { Workbench } from './workbench.ts';

const SPEC = 'manufacturing.hmask.json';

let vscode: Workbench;
beforeAll(async () => {
  vscode = await Workbench.open();
});
afterAll(() => vscode?.close());
afterEach(({ task }) => vscode.showFailure(task));

/** The panel with the example's results, also when the test that was to make them failed. */
async function results(): Promise<Frame> {
  if (!(await vscode.statusItem('Fitted').isVisible())) {
    await vscode.revert(SPEC);
    await vscode.runCommand('Fit Hierarchical Model');
    await vscode.statusItem('Fitted').waitFor();
  }
  return vscode.webview('panel');
}

test('opening the spec starts the extension, and the spec is clean', async () => {
  await vscode.openFile(SPEC);
  await vscode.statusItem('Fit').waitFor();
  await vscode.page.locator('.codelens-decoration', { hasText: 'Fit' }).first().waitFor();
  await vscode.page.locator('.monaco-editor .squiggly-inline-unnecessary').first().waitFor(); // A value without effect is faded once the data have been read.
  expect(await vscode.squiggles().count()).toBe(0);
  await vscode.screenshot('01 the spec');
});

test('a planted error is squiggled, and a fit does not start on it', async () => {
  await vscode.replace('"Feed_Speed", "Pull', '"Feed_Sped", "Pull');
  expect(await underlined(vscode.page, 'Feed_Sped"')(120_000)).toBe(true);
  await vscode.hover('Feed_Sped"', /Feed_Sped.*Feed_Speed/);
  await vscode.screenshot('02 a planted error');

  await vscode.runCommand('Fit Hierarchical Model');
  await vscode.notification(/Not fitted: .*Feed_Sped/).waitFor();
  await vscode.page.locator('.markers-panel .monaco-list-row', { hasText: 'Feed_Sped' }).first().waitFor();
  expect(await vscode.page.locator('.tab', { hasText: 'Results' }).count()).toBe(0);
  await vscode.screenshot('03 a fit that was refused');
});

test('mending it takes the squiggle away', async () => {
  await vscode.dismissNotifications();
  await vscode.replace('"Feed_Sped"', '"Feed_Speed"');
  await vscode.squiggles().first().waitFor({ state: 'detached' });
  // The problems go, the spec gets their room.
  await vscode.runCommand('View: Hide Panel');
  await insist('pressing Control+S', () => vscode.page.keyboard.press('Control+S'), gone(vscode.page.locator('.tab.dirty')));
});

test('the command from the palette shows progress, then results one can trust', async () => {
  const progress = visible(vscode.notification(/Fitting manufacturing/))(120_000); // It does not stay for long.
  await vscode.runCommand('Fit Hierarchical Model');
  expect(await progress).toBe(true);
  const panel = await vscode.webview('panel');
  await panel.getByText(/can be trusted/i).waitFor();
  await vscode.statusItem('Fitted').waitFor();
  await vscode.notification(/Fitting manufacturing/).waitFor({ state: 'detached' });

  await openSection(panel, 'Overview');
  const rows = panel.getByRole('table').or(panel.locator('vscode-table')).first().locator('vscode-table-row');
  await rows.first().waitFor();
  expect(await rows.count()).toBe(9);
  const cell = (name: string, column: number) =>
    rows
      .filter({ hasText: name })
      .first()
      .locator(`[aria-colindex="${column + 1}"]`)
      .textContent();
  expect(await cell('w[Cutting_Wait_Time, Product_Group_1]', 2)).toMatch(/masked/i);
  for (const [name, truth] of TRUTH) expect(Number(await cell(name, 2)), name).toBeCloseTo(truth, 0);
  await vscode.screenshot('04 the results');
});

/** What the data were simulated with. */
const TRUTH: readonly (readonly [string, number])[] = [
  ['w[Feed_Speed, Product_Group_1]', 2.5],
  ['w[Pull_Acceleration, Product_Group_1]', 3],
  ['w[Feed_Speed, Product_Group_2]', 1],
  ['w[Pull_Acceleration, Product_Group_2]', 0.5],
  ['w[Cutting_Wait_Time, Product_Group_2]', 3],
];

test('every picture of the reference problem is drawn', async () => {
  const panel = await results();
  const marks = (figure: string, kind: string) =>
    panel.locator('.figure', { hasText: figure }).locator(`svg g.mark-${kind}.role-mark > path`).filter({ visible: true });

  await openSection(panel, 'Overview');
  // One dot a parameter that exists.
  await expect.poll(() => marks('Estimates', 'symbol').count()).toBe(8);

  await panel.getByRole('tab', { name: 'Data' }).click();
  await expect.poll(() => marks('Response by group', 'rect').count()).toBeGreaterThan(30);
  // Five columns but the group's: 4 × 4 panels of 500 rows, less the masked halves.
  await expect.poll(() => marks('Every pair of columns', 'symbol').count()).toBeGreaterThan(500);
  await vscode.screenshot('05 the data');
  await panel.locator('.figure', { hasText: 'Every pair of columns' }).scrollIntoViewIfNeeded();
  await vscode.screenshot('06 every pair of columns');

  await panel.getByRole('tab', { name: 'Model' }).click();
  const diagram = panel.locator('hm-diagram svg');
  await diagram.waitFor();
  await expect.poll(() => diagram.textContent()).toMatch(/Normal|normal/);
  expect(await diagram.locator('ellipse').count()).toBe(5);
  await vscode.screenshot('07 the model');

  await panel.getByRole('tab', { name: 'Predictive' }).click();
  await expect.poll(() => marks('Observed against predicted', 'rect').count()).toBeGreaterThan(30);
  await vscode.screenshot('08 observed against predicted');
});

test('hovering a covariate shows its posterior', async () => {
  await results();
  await vscode.openFile(SPEC);
  const hover = await vscode.hover('"Pull_Acceleration"', /R-hat/);
  expect(await hover.textContent()).toMatch(/2\.9\d|3\.0\d/);
  await vscode.screenshot('09 the posterior of a covariate');
  await vscode.page.keyboard.press('Escape');
});

test('moving a slider in Predictions changes the number', async () => {
  await results();
  await vscode.runCommand('Open Predictions');
  const view = await vscode.webview('predictions');
  const slider = view.getByRole('slider', { name: 'Feed_Speed' });
  await slider.waitFor();
  const masked = view.getByRole('slider', { name: 'Cutting_Wait_Time' });
  expect(await masked.isDisabled()).toBe(true);
  await view.getByText(/Cutting_Wait_Time does not exist for Product_Group_1/).waitFor();

  const number = view.getByTestId('mean');
  const before = await number.textContent();
  await slider.fill('3');
  await expect.poll(() => number.textContent()).not.toBe(before);
  await view.getByRole('slider', { name: 'Pull_Acceleration' }).fill('2');
  await expect.poll(async () => Number(await number.textContent())).toBeCloseTo(13.5, 0);
  await vscode.screenshot('10 a what-if');
});

test('the results come back when the window is reloaded', async () => {
  await openSection(await results(), 'Predictive');
  await vscode.reloadWindow();
  const panel = await vscode.webview('panel');
  await panel.getByText('Observed against predicted').first().waitFor(); // The section that was open.
  await vscode.statusItem('Fitted').waitFor();
  await vscode.tab(SPEC).waitFor();
  await vscode.screenshot('11 a reloaded window');
});

test('the last good results stay when a fit cannot be made', async () => {
  await openSection(await results(), 'Predictive');
  await rm(join(vscode.folder, 'manufacturing.csv'));
  await vscode.openFile(SPEC);
  await vscode.runCommand('Fit Hierarchical Model');
  await vscode.notification(/Not fitted: .*manufacturing\.csv/).waitFor();
  const panel = await vscode.webview('panel');
  await panel.getByText('Observed against predicted').first().waitFor();
  await vscode.screenshot('12 the last good results stay');
});
