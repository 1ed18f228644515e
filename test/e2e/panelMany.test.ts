/** Two thousand groups of six terms stay usable; and how long the panel takes, printed. */
import type { Frame } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { openSection, pictures, SECTIONS, settled } from './panelPage.ts';
import { Workbench } from './workbench.ts';

const GROUPS = 2000;
const ROWS_EACH = 10;
const COVARIATES = ['a', 'b', 'c', 'd', 'e'];

/** Numbers from 0 to 1 that look random, the same every time. */
const mixed = (i: number): number => (Math.imul(Math.imul(i + 1, 0x9e3779b1) ^ (i >>> 7), 0x85ebca6b) >>> 8) / 2 ** 24;

function csv(): string {
  const lines = Array.from({ length: GROUPS * ROWS_EACH }, (_, i) => {
    const g = i % GROUPS;
    const x = COVARIATES.map((_, c) => mixed(i * 8 + c));
    const y = x.reduce((sum, v, c) => sum + v * (c + 1), 3 * mixed(-g)) + mixed(i * 8 + 7);
    return [`group ${g + 1}`, ...x.map((v) => v.toFixed(4)), y.toFixed(4)].join(',');
  });
  return [['g', ...COVARIATES, 'y'].join(','), ...lines].join('\n') + '\n';
}

const SPEC = JSON.stringify({
  data: 'many.csv',
  response: 'y',
  group: 'g',
  covariates: COVARIATES,
  pooling: 'partial',
  sampler: { chains: 2, warmup: 100, draws: 400, seed: 1 },
});

let vscode: Workbench;
beforeAll(async () => {
  vscode = await Workbench.open({
    files: { 'many.csv': csv(), 'many.hmask.json': SPEC },
    settings: { 'hmask.results.openAfterFit': false },
  });
});
afterAll(() => vscode?.close());
afterEach(({ task }) => vscode.showFailure(task));

async function fitSpec(spec: string): Promise<void> {
  await vscode.openFile(spec);
  await vscode.statusItem('Fit').waitFor();
  await vscode.runCommand('Fit Hierarchical Model');
  await vscode.statusItem('Fitted').waitFor({ timeout: 200_000 });
}

/** From the command to a first section that is drawn, in milliseconds. */
async function open(): Promise<{ panel: Frame; ms: number }> {
  const start = await vscode.runCommand('hmask: Open Results').then(() => Date.now());
  const panel = await vscode.webview('panel');
  const drawn = await panel.evaluate(firstPicture);
  return { panel, ms: drawn - start };
}

/** When the first picture was drawn, as `Date.now()` has it. */
function firstPicture(): Promise<number> {
  return new Promise((resolve) => {
    const look = (): void => {
      if (document.querySelector('.section hm-chart[drawn]')) resolve(Date.now());
      else requestAnimationFrame(look);
    };
    look();
  });
}

const close = async (): Promise<void> => {
  await vscode.page.keyboard.press('Control+2');
  await vscode.runCommand('View: Close Editor');
  await expect.poll(() => vscode.page.getByRole('tab', { name: /^Results/ }).count()).toBe(0);
};

const median = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];
const tell = (what: string, ms: number): void => console.log(`${what}: ${ms.toFixed(0)} ms`);

test('the reference problem: how long the first section and a what-if step take', async () => {
  await fitSpec('manufacturing.hmask.json');
  const first = await open();
  tell('First section ready, cold, from the palette', first.ms);
  await openSection(first.panel, 'What-if');
  tell('A what-if step, from the slider to the numbers and the picture', median(await first.panel.evaluate(timeSteps)));
  await close();
  tell('First section ready, opened once more', (await open()).ms);

  await vscode.page.keyboard.press('Control+2');
  await vscode.runCommand('File: New Untitled Text File'); // In front of the panel.
  const start = Date.now();
  await vscode.page.getByRole('tab', { name: /^Results/ }).click();
  tell('First section ready, shown again', (await (await vscode.webview('panel')).evaluate(firstPicture)) - start);
  await close();
});

/** Moves the first slider twenty times; milliseconds from each step to its redrawn picture. */
async function timeSteps(): Promise<number[]> {
  const slider = document.querySelector<HTMLInputElement>('.section input[type="range"]:not([disabled])')!;
  const chart = slider.closest('hm-figure')!.querySelector('hm-chart')!;
  const times: number[] = [];
  for (let i = 0; i < 20; i++) {
    const drawn = new Promise<void>((resolve) => {
      const observer = new MutationObserver(() => {
        observer.disconnect();
        resolve();
      });
      observer.observe(chart, { subtree: true, childList: true, attributes: true });
    });
    const start = performance.now();
    slider.value = String(Number(slider.value) + Number(slider.step));
    slider.dispatchEvent(new Event('input', { bubbles: true }));
    await drawn;
    times.push(performance.now() - start);
  }
  return times;
}

test('two thousand groups of six terms', async () => {
  await fitSpec('many.hmask.json');
  const { panel, ms } = await open();
  tell('2,000 groups × 6 terms open', ms);
  for (const section of SECTIONS) {
    const start = performance.now();
    await openSection(panel, section);
    tell(`2,000 groups, ${section}`, performance.now() - start);
    const marks = (await pictures(panel)).map((p) => p.marks);
    expect(Math.max(0, ...marks), section).toBeLessThan(5000);
    expect(await panel.locator('.section vscode-table-row').count(), section).toBeLessThan(500);
    await vscode.screenshot(`70 two thousand groups - ${section}`);
  }
  await openSection(panel, 'Overview');
  const search = panel.locator('vscode-textfield[type="search"] input');
  const start = performance.now();
  await search.fill('w[c, group 1234]');
  await expect.poll(() => panel.locator('hm-table').last().locator('vscode-table-row').count()).toBe(1);
  tell('2,000 groups, a search', performance.now() - start);
  await settled(panel);
  await vscode.screenshot('71 two thousand groups - searched');
});
