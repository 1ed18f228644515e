/** The results panel: by keyboard alone, in every theme, and after being hidden, moved and reloaded. */
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Frame } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { gone, insist } from './gestures.ts';
import {
  accessibilityFaults,
  focusPanel,
  openSection,
  pictures,
  SECTIONS,
  type SectionName,
  settled,
  tables,
  tabTo,
  unfinished,
} from './panelPage.ts';
import { plantsCsv, plantsSpec } from './plants.ts';
import { type Theme, Workbench } from './workbench.ts';

const THEMES: readonly Theme[] = ['Default Light Modern', 'Default Dark Modern', 'Default High Contrast', 'Default High Contrast Light'];

let vscode: Workbench;
beforeAll(async () => {
  vscode = await Workbench.open({
    theme: THEMES[0],
    files: { 'plants.csv': plantsCsv(), 'apart.hmask.json': plantsSpec('none'), 'pooled.hmask.json': plantsSpec('partial') },
  });
  await vscode.openFile('apart.hmask.json');
  await vscode.statusItem('Fit').waitFor();
  await vscode.runCommand('Fit Hierarchical Model');
  await vscode.statusItem('Fitted').waitFor();
  await vscode.openFile('pooled.hmask.json');
});
afterAll(() => vscode?.close());
afterEach(({ task }) => vscode.showFailure(task));

/** The panel of the pooled fit, which is made if the test that was to make it failed. */
async function fittedPanel(): Promise<Frame> {
  const tab = vscode.page.getByRole('tab', { name: 'Results: pooled.hmask.json' });
  if (!(await tab.isVisible())) {
    await vscode.openFile('pooled.hmask.json');
    await vscode.runCommand('Fit Hierarchical Model');
  }
  await tab.click();
  return pooledPanel();
}

const pooledPanel = (): Promise<Frame> => vscode.results('pooled.hmask.json');

/** Takes an option of a drop-down by the mouse. */
async function choose(panel: Frame, label: string, option: string): Promise<void> {
  const select = panel.locator(`vscode-single-select[aria-label="${label}"]`).first();
  await select.click();
  await select.getByRole('option', { name: option, exact: true }).click();
}

test('every task by keyboard alone', async () => {
  const { page } = vscode;
  const { keyboard } = page;
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);

  await vscode.runCommand('Fit Hierarchical Model');
  await page.getByRole('tab', { name: 'Results: pooled.hmask.json' }).waitFor();
  const panel = await pooledPanel();
  await panel.getByRole('tab', { name: 'Overview' }).waitFor();
  await settled(panel);
  await focusPanel(page, panel);

  // Pick a group.
  await tabTo(page, panel.locator('.selection vscode-single-select').first());
  for (const key of ['ArrowDown', 'ArrowDown', 'ArrowDown', 'Enter']) await keyboard.press(key);
  await expect.poll(() => panel.locator('hm-table[aria-label], hm-table vscode-table-row').filter({ hasText: 'Cork' }).count()).toBe(0);

  // See a picture's table, and save it.
  const estimates = panel.locator('hm-figure', { hasText: 'Estimates' });
  await tabTo(page, estimates.locator('vscode-button', { hasText: 'Table' }));
  await keyboard.press('Enter');
  await estimates.locator('vscode-table-row').first().waitFor();
  await tabTo(page, estimates.locator('vscode-button', { hasText: 'Save as' }));
  await keyboard.press('Enter');
  await tabTo(page, estimates.locator('vscode-button', { hasText: 'CSV' }));
  await keyboard.press('Enter');
  await expect.poll(() => page.locator('.quick-input-widget input[type="text"]').inputValue()).toContain('estimates.csv');
  await insist('pressing Enter', () => keyboard.press('Enter'), gone(page.locator('.quick-input-widget')));
  const saved = join(vscode.folder, 'estimates.csv');
  await expect.poll(() => existsSync(saved)).toBe(true);
  await expect.poll(() => readFile(saved, 'utf8')).toMatch(/^Parameter,Group,Mean,.*\n/);

  // Copy the table of all parameters, search it, sort it, pick a row.
  await focusPanel(page, panel);
  await tabTo(page, panel.locator('vscode-button', { hasText: 'Copy as Markdown' }));
  await keyboard.press('Enter');
  await expect.poll(() => page.evaluate(() => navigator.clipboard.readText())).toMatch(/^\| Parameter \| Group \| Mean \|/);
  await tabTo(page, panel.locator('vscode-textfield[type="search"]'));
  await keyboard.type('temperature');
  const all = panel.locator('hm-table').last();
  const rows = all.locator('vscode-table-row');
  await expect.poll(async () => (await rows.allTextContents()).filter((row) => !row.includes('Temperature'))).toEqual([]);
  await tabTo(page, all.locator('vscode-button.sort', { hasText: 'Mean' }));
  await keyboard.press('Enter');
  await all.locator('vscode-table-header-cell[aria-sort="descending"]').waitFor();
  await tabTo(page, rows.first());
  await keyboard.press('ArrowDown');
  await keyboard.press('Enter');
  await all.locator('vscode-table-row.picked').waitFor();

  // Another section, and a slider in it.
  await tabTo(page, panel.getByRole('tab', { name: 'Overview' }), 'Shift+Tab');
  for (let i = SECTIONS.indexOf('What-if'); i > 0; i--) await keyboard.press('ArrowRight');
  await keyboard.press('Enter');
  const slider = panel.getByRole('slider', { name: 'Temperature' });
  await slider.waitFor();
  await settled(panel);
  const reading = panel.locator('hm-figure', { hasText: 'What if' }).locator('.reading').first();
  const said = await reading.textContent();
  await tabTo(page, slider);
  for (let i = 0; i < 5; i++) await keyboard.press('ArrowRight');
  await expect.poll(() => reading.textContent()).not.toBe(said);
  await vscode.screenshot('50 by keyboard');
});

/** Pictures of each section by the start of their headings (a part of them, where it begins with a blank), with the fewest marks that they must have; and its tables. */
const CONTENTS: Readonly<Record<SectionName, { pictures: Record<string, number>; tables: Record<string, number> }>> = {
  Overview: { pictures: { Estimates: 40 }, tables: { 'All parameters': 14 } },
  Data: { pictures: { 'Response by group': 30, 'Every pair of columns': 1000, 'What is there, and what is masked': 15 }, tables: {} },
  Model: { pictures: {}, tables: { 'Terms and priors': 4, 'The mask': 5 } },
  Diagnostics: {
    pictures: {
      'R-hat and effective sample size of all parameters': 20,
      'Trace of': 4,
      'Ranks of': 40,
      'Autocorrelation of': 40,
      'Effective sample size of': 10,
      ' against ': 500, // Of the parameter that is the worst.

      Energy: 20,
      'Length of trajectories': 4,
    },
    tables: { 'Parameters, worst first': 14 },
  },
  Posterior: {
    pictures: { 'Posterior and prior': 20, Contrast: 2, 'Any two parameters': 500, 'How far groups are drawn together': 15 },
    tables: {},
  },
  Predictive: {
    pictures: {
      'Observed against predicted': 30,
      'Observed density among replicated ones': 20,
      'Predictive interval of each row': 300,
      Residuals: 299,
      'Calibration, each row left out in turn': 10,
      'Statistics of replicated data': 30,
      'Rows that the fit hangs on': 5,
    },
    tables: { 'Predictions for new rows': 2, 'How well new data are foretold': 2 },
  },
  'What-if': {
    pictures: { 'What if, in Aalborg': 30, 'Effect of Temperature': 10, 'Effect of Pressure': 10, 'Effect of Coating': 8 },
    tables: {},
  },
  Compare: {
    pictures: { 'Which predicts better': 4, 'How far estimates lie apart': 20 },
    tables: { 'Estimates side by side': 14 },
  },
};

/** CSS pixels in which most sections are seen whole. */
const TALL = 3400;

/** More marks than that in one picture are slow to draw. */
const MOST_MARKS = 5000;

test.each(THEMES)('%s: every section is drawn, filled and accessible', async (theme) => {
  const panel = await fittedPanel();
  await openSection(panel, 'Overview');
  await choose(panel, 'Group', 'all groups');
  await choose(panel, 'Parameter', 'none picked');
  await panel.locator('vscode-textfield[type="search"] input').fill('');
  await openSection(panel, 'Posterior');
  await panel.evaluate(() => Object.assign(window, { sameDocument: true }));
  await vscode.setTheme(theme);
  await settled(panel); // The section that was open takes the new colours as it stands.
  expect(await panel.evaluate(() => 'sameDocument' in window)).toBe(true);
  await vscode.resize(TALL);
  const faults: string[] = [];
  try {
    for (const section of SECTIONS) {
      await openSection(panel, section);
      faults.push(...(await lacking(panel, section)), ...(await accessibilityFaults(panel)).map((fault) => `${section}: ${fault}`));
      await vscode.screenshot(`51 ${theme} - ${section}`);
    }
  } finally {
    await vscode.resize();
  }
  expect(faults).toEqual([]);
});

/** Which pictures and tables of a section are not there, or hold too little or too much. */
async function lacking(panel: Frame, section: SectionName): Promise<string[]> {
  const faults: string[] = [];
  const wanted = CONTENTS[section];
  const drawn = await pictures(panel);
  for (const [heading, least] of Object.entries(wanted.pictures)) {
    const marks = drawn.find((p) => p.heading.startsWith(heading) || (heading.startsWith(' ') && p.heading.includes(heading)))?.marks ?? -1;
    if (marks < least || marks > MOST_MARKS)
      faults.push(`${section}: ${heading} has ${marks} marks, of ${drawn.map((d) => `${d.heading} ${d.marks}`).join('; ')}`);
  }
  const filled = await tables(panel);
  for (const [label, least] of Object.entries(wanted.tables)) {
    if ((filled[label] ?? 0) < least) faults.push(`${section}: the table ${label} has ${filled[label]} rows, of ${JSON.stringify(filled)}`);
  }
  return faults;
}

test('the Predictions view is accessible in every theme', async () => {
  await fittedPanel();
  await vscode.runCommand('Open Predictions');
  const view = await vscode.webview('predictions');
  await view.getByTestId('mean').waitFor();
  const faults: string[] = [];
  for (const theme of THEMES) {
    await vscode.setTheme(theme);
    faults.push(...(await accessibilityFaults(view)).map((fault) => `${theme}: ${fault}`));
    await vscode.screenshot(`52 ${theme} - Predictions`);
  }
  expect(faults).toEqual([]);
});

test('what was open, picked and searched survives hiding, moving and reloading', async () => {
  const wanted = { section: 'Posterior', group: 'Dresden', term: 'Coating' };
  let panel = await fittedPanel();
  const state = async (): Promise<unknown> => {
    panel = await pooledPanel();
    if ((await unfinished(panel)).length > 0) return 'still drawing';
    return panel.evaluate(() => ({
      section: document.querySelector('vscode-tab-header[active]')?.textContent,
      group: document.querySelector<HTMLElement & { value: string }>('.selection vscode-single-select')?.value,
      term: [...document.querySelectorAll<HTMLElement & { value: string; label: string }>('.section vscode-single-select')].find(
        (s) => s.label === 'Term',
      )?.value,
    }));
  };
  await openSection(panel, 'Posterior');
  await choose(panel, 'Group', wanted.group);
  await choose(panel, 'Term', wanted.term);
  await expect.poll(state).toEqual(wanted);

  await vscode.page.getByRole('tab', { name: 'Results: apart.hmask.json' }).click(); // Hidden behind another,
  await vscode.page.getByRole('tab', { name: 'Results: pooled.hmask.json' }).click(); // and back.
  await expect.poll(state).toEqual(wanted);

  await vscode.runCommand('View: Move Editor into Previous Group');
  await expect.poll(state).toEqual(wanted);

  await vscode.reloadWindow();
  await expect.poll(state).toEqual(wanted);
  await vscode.screenshot('53 after reloading');
});

test('nothing was written to a console or the log as an error, and no content security policy was violated', async () => {
  expect(vscode.consoleErrors.filter((line) => /Content Security Policy|vscode-webview|hmask/.test(line))).toEqual([]);
  expect(await vscode.loggedErrors()).toEqual([]);
});
