// How long the results panel takes to open, in a VS Code served to a headless browser: min–median–max of milliseconds.
//   node bench/opening.mjs [--runs 5] [--against OTHER.vsix] [--groups 2000]
// From the click in the command palette (or on the tab) to a first section whose pictures and tables are drawn. With --against, another
// packed build takes turns with this one's. Build first; the browser and VS Code are those of the UI tests.
import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { packExtension } from '../scripts/package.mjs';
import { launchBrowser } from '../scripts/vscode/browser.mjs';
import { installExtension, startServer } from '../scripts/vscode/server.mjs';
import { quiet } from '../scripts/vscode/settings.mjs';
import { inFolder, median, options, print, root } from './figures.mjs';

const { runs, against, groups } = options({ runs: 5, against: '', groups: 2000 });

/**
 * Chromium holds back a page that looks for an update of a service worker installed less than about two seconds ago (up to five on a busy
 * machine). VS Code does so in every webview, and here the first webview is the first ever of the browser's new profile.
 */
const WORKER_SETTLED = 5000;

const COVARIATES = ['a', 'b', 'c', 'd', 'e'];
const MANY = {
  data: 'many.csv',
  response: 'y',
  group: 'g',
  covariates: COVARIATES,
  pooling: 'partial',
  sampler: { chains: 2, warmup: 100, draws: 400, seed: 1 },
};

/** Ten rows a group, the same every time. */
function manyRows() {
  const mixed = (i) => (Math.imul(Math.imul(i + 1, 0x9e3779b1) ^ (i >>> 7), 0x85ebca6b) >>> 8) / 2 ** 24;
  const lines = Array.from({ length: 10 * groups }, (_, i) => {
    const g = i % groups;
    const x = COVARIATES.map((_, c) => mixed(8 * i + c));
    const y = x.reduce((sum, v, c) => sum + v * (c + 1), 3 * mixed(-g)) + mixed(8 * i + 7);
    return [`group ${g + 1}`, ...x.map((v) => v.toFixed(4)), y.toFixed(4)].join(',');
  });
  return `${['g', ...COVARIATES, 'y'].join(',')}\n${lines.join('\n')}\n`;
}

/** In the page: when the first section of the panel in sight has all its pictures and tables, as `Date.now()` has it. */
function firstSection() {
  return new Promise((resolve) => {
    const ready = (frame) => {
      const inner = frame.contentDocument?.querySelector('#active-frame')?.contentDocument;
      const section = [...(inner?.querySelectorAll('.section') ?? [])].find((s) => s.childElementCount > 0);
      if (!section || getComputedStyle(frame).visibility !== 'visible' || section.querySelector('[aria-busy="true"]')) return false;
      const charts = [...section.querySelectorAll('hm-chart')].filter((chart) => chart.clientWidth > 0);
      return (
        charts.length > 0 && charts.every((chart) => chart.hasAttribute('drawn')) && section.querySelector('vscode-table-row') !== null
      );
    };
    const look = () => {
      if ([...document.querySelectorAll('iframe.webview')].some(ready)) resolve(Date.now());
      else requestAnimationFrame(look);
    };
    look();
  });
}

/** Opens a VS Code, does what a person does, and returns milliseconds by what was done. */
async function once(extensions, folder) {
  const server = await startServer({ extensions, settings: quiet });
  const browser = await launchBrowser();
  const page = await browser.newPage({ viewport: { width: 1600, height: 1000 } });
  const found = {};
  const choose = async (title) => {
    const input = page.locator('.quick-input-widget input[type="text"]');
    const type = async () => {
      await page.keyboard.press('F1');
      await input.fill(`>${title}`, { timeout: 3000 });
    };
    await type().catch(type); // The palette of the command before may just have been on its way out.
    const row = page.locator('.quick-input-list .monaco-list-row', { hasText: title }).first();
    await row.waitFor();
    return row;
  };
  const run = async (title) => (await choose(title)).click();
  const time = async (what, target) => {
    const start = Date.now();
    const drawn = page.evaluate(firstSection);
    await target.click();
    found[what] ??= [];
    found[what].push((await drawn) - start);
  };
  const status = (text) => page.locator('.statusbar-item[id^="hmask"]', { hasText: text });
  const show = async (name) => {
    await page.locator('.explorer-folders-view .monaco-list-row', { hasText: name }).first().dblclick();
    await status(/^\s*Fit\s*$/).waitFor();
  };
  const results = page.getByRole('tab', { name: /^Results/ });
  const close = async () => {
    await page.keyboard.press('Control+2');
    await run('View: Close Editor');
    await results.waitFor({ state: 'detached' });
  };
  try {
    await page.goto(server.url(folder));
    await show('manufacturing.hmask.json');
    await time('"Fit Hierarchical Model" to the first section', await choose('Fit Hierarchical Model'));
    await page.waitForTimeout(WORKER_SETTLED);
    for (let i = 0; i < 3; i++) {
      await close();
      await time('closed and opened once more', await choose('hmask: Open Results'));
    }
    await page.keyboard.press('Control+2');
    await run('File: New Untitled Text File'); // In front of the panel.
    const untitled = page.getByRole('tab', { name: /^Untitled/ });
    await untitled.waitFor();
    for (let i = 0; i < 3; i++) {
      await page.waitForTimeout(200);
      await time('hidden and shown again', results);
      await untitled.click();
    }
    await results.click();
    await close();
    await page.keyboard.press('Control+1');
    await show('many.hmask.json');
    await run('Fit Hierarchical Model');
    await status('Fitted').waitFor({ timeout: 120_000 });
    await page.evaluate(firstSection);
    await close();
    await time(`${groups.toLocaleString('en')} groups × ${COVARIATES.length + 1} terms`, await choose('hmask: Open Results'));
    return found;
  } finally {
    await browser.close();
    await server.stop();
  }
}

await inFolder(async (folder) => {
  const builds = { this: await packExtension(join(folder, 'hmask.vsix')), ...(against ? { other: against } : {}) };
  const workspace = join(folder, 'manufacturing');
  cpSync(join(root, 'examples', 'manufacturing'), workspace, { recursive: true });
  writeFileSync(join(workspace, 'many.csv'), manyRows());
  writeFileSync(join(workspace, 'many.hmask.json'), JSON.stringify(MANY));
  const all = {};
  for (const [name, vsix] of Object.entries(builds)) {
    mkdirSync(join(folder, name));
    await installExtension(vsix, join(folder, name));
  }
  for (let i = 0; i < runs; i++)
    for (const name of Object.keys(builds))
      for (const [what, times] of Object.entries(await once(join(folder, name), workspace))) {
        const line = against ? `${what}, ${name} build` : what;
        all[line] = [...(all[line] ?? []), ...times];
      }
  for (const [what, times] of Object.entries(all).sort())
    print(what, [`${Math.min(...times)}–${median(times).toFixed(0)}–${Math.max(...times)} ms (${times.length} times)`]);
});
