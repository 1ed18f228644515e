/** What the panel does with a model beside showing its fit: a what-if for the spec, a calibration, and the checks that only counts have. */
import type { Frame } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { insist, visible } from './gestures.ts';
import { accessibilityFaults, openSection, pictures, settled } from './panelPage.ts';
import { countsCsv, countsSpec } from './plants.ts';
import { type Theme, Workbench } from './workbench.ts';

const SPEC = 'manufacturing.hmask.json';
const COUNTS = 'counts.hmask.json';
const THEMES: readonly Theme[] = ['Default Dark Modern', 'Default High Contrast'];

let vscode: Workbench;
beforeAll(async () => {
  vscode = await Workbench.open({ files: { 'counts.csv': countsCsv(), [COUNTS]: countsSpec() } });
});
afterAll(() => vscode?.close());
afterEach(({ task }) => vscode.showFailure(task));

/** The panel of a spec's fit, which is made when there is none. */
async function fitted(spec: string): Promise<Frame> {
  const tab = vscode.page.getByRole('tab', { name: `Results: ${spec}` });
  if (!(await tab.isVisible())) {
    await vscode.openFile(spec);
    await vscode.statusItem('Fit').waitFor();
    await vscode.runCommand('Fit Hierarchical Model');
  }
  await tab.click();
  return vscode.results(spec);
}

/** What axe-core finds in the open section in each theme, of which it takes a picture. */
async function faultsByTheme(panel: Frame, name: string): Promise<string[]> {
  const faults: string[] = [];
  for (const theme of THEMES) {
    await vscode.setTheme(theme);
    await settled(panel);
    faults.push(...(await accessibilityFaults(panel)).map((fault) => `${theme}: ${fault}`));
    await vscode.screenshot(`${name} - ${theme}`);
  }
  return faults;
}

test('a what-if is added to the spec, and undone', async () => {
  const panel = await fitted(SPEC);
  await openSection(panel, 'What-if');
  await panel.getByRole('slider', { name: 'Feed_Speed' }).fill('4.5');
  await settled(panel);
  const predictions = async (): Promise<number> => (await vscode.text()).match(/"at":/g)?.length ?? 0;
  await panel.locator('vscode-button', { hasText: 'Add to the spec' }).first().click();
  await vscode.openFile(SPEC);
  await expect.poll(() => vscode.text()).toContain('"Feed_Speed": 4.5');
  expect(await predictions()).toBe(5);
  await vscode.screenshot('54 a what-if in the spec');
  await vscode.editor().click();
  await vscode.runCommand('Undo');
  await expect.poll(predictions).toBe(4);
});

test('a model is calibrated from the panel', async () => {
  const panel = await fitted(SPEC);
  await openSection(panel, 'Diagnostics');
  const verdict = panel.getByRole('status', { name: 'Verdict of the calibration' });
  const button = panel.locator('vscode-button', { hasText: 'Calibrate This Model' });
  await insist(
    'a click on Calibrate This Model',
    () => button.click(),
    visible(panel.getByLabel('Progress of the calibration').or(verdict)),
  );
  await verdict.waitFor();
  expect(await verdict.textContent()).toContain('500 rounds');
  await expect.poll(async () => (await pictures(panel)).find((p) => p.heading === 'Ranks of the truth')?.marks ?? 0).toBeGreaterThan(100);
  await settled(panel);
  await verdict.scrollIntoViewIfNeeded();
  expect(await faultsByTheme(panel, '55 a calibration')).toEqual([]);
});

test.each([
  [COUNTS, 'How often each count occurs', 10],
  [SPEC, 'Each group, left out in turn', 2],
])('%s has a picture of: %s', async (spec, heading, least) => {
  const panel = await fitted(spec);
  await openSection(panel, 'Predictive');
  const drawn = await pictures(panel);
  expect(drawn.find((p) => p.heading === heading)?.marks, JSON.stringify(drawn)).toBeGreaterThanOrEqual(least);
  await panel.locator('h2', { hasText: heading }).scrollIntoViewIfNeeded();
  expect(await faultsByTheme(panel, `56 ${heading}`)).toEqual([]);
});
