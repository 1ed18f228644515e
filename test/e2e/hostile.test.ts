/** Names that try to be HTML, scripts, links, icons and formulas: they are text wherever they are shown, and nothing runs. */
import type { Frame } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { insist, visible } from './gestures.ts';
import { openSection, SECTIONS } from './panelPage.ts';
import { Workbench } from './workbench.ts';

const IMAGE = '<img src=x onerror="window.__pwned=1">';
const SCRIPT = '<script>window.__pwned=1</script>';
const LINK = '[click me](command:workbench.action.closeAllEditors)';
const ICON = '$(flame)';

const RESPONSE = `${SCRIPT} ${ICON} Speed`;
const GROUP = `${LINK} Group`;
const COVARIATES = [`${IMAGE} Feed`, `=HYPERLINK("//pwned.invalid","${ICON}")`, `![x](//pwned.invalid/y.png) \u202Etfel | right`];
const GROUPS = [
  `${IMAGE} ${ICON}`,
  LINK,
  `@SUM(1+1)*cmd|' /C calc'!A0 ${'very long '.repeat(40)}`,
  '\u202Edesrever \u0007bell &lt;b&gt;',
  '__proto__',
];

const quoted = (cell: string): string => `"${cell.replaceAll('"', '""')}"`;

function csv(): string {
  const rows = Array.from({ length: 200 }, (_, i) => {
    const g = i % GROUPS.length;
    const [a, b, c] = [i % 17, (i * 7) % 13, (i * 5) % 11];
    // The last covariate does not exist for the second group; its cells are hostile, too.
    const third = g === 1 ? (i % 2 ? IMAGE : LINK) : String(c);
    return [quoted(GROUPS[g]), String(a), String(b), quoted(third), String(2 * a - b + (g === 1 ? 0 : c) + ((i * 31) % 7) / 3 + g)].join(
      ',',
    );
  });
  return [[GROUP, ...COVARIATES, RESPONSE].map(quoted).join(','), ...rows].join('\n') + '\n';
}

const spec = (covariates: readonly string[]): string =>
  JSON.stringify(
    {
      data: 'hostile.csv',
      response: RESPONSE,
      group: GROUP,
      covariates: covariates.map((column) => ({ column })),
      mask: { [GROUPS[1]]: [1, 1, 0] },
      sampler: { chains: 2, warmup: 200, draws: 600, seed: 1 },
      predictions: GROUPS.slice(0, 3).map((group) => ({
        name: `${IMAGE}${LINK}${ICON}`,
        group,
        at: Object.fromEntries(COVARIATES.map((c) => [c, 3])),
      })),
    },
    null,
    2,
  );

/** A file may be called so on Linux. */
const FILE = `${ICON} ${LINK} <img src=x onerror=window.__pwned=1>.hmask.json`;
const BROKEN = `broken ${FILE}`;

let vscode: Workbench;
beforeAll(async () => {
  vscode = await Workbench.open({
    files: { 'hostile.csv': csv(), [FILE]: spec(COVARIATES), [BROKEN]: spec([`${LINK} ${ICON} ${IMAGE}`, ...COVARIATES.slice(1)]) },
    settings: { 'hmask.inlayHints.enabled': true, 'editor.wordWrap': 'on' },
  });
  await vscode.openFile(FILE);
  await vscode.statusItem('Fit').waitFor();
  await vscode.runCommand('Fit Hierarchical Model');
  const panel = await vscode.webview('panel');
  await panel.getByRole('tab', { name: 'Overview' }).waitFor();
  await vscode.statusItem('Fitted').waitFor();
});
afterAll(() => vscode?.close());
afterEach(({ task }) => vscode.showFailure(task));

/** Whatever hostile text became more than text in the window or one of its webviews. */
async function harm(): Promise<string[]> {
  const found: string[] = [];
  for (const frame of vscode.page.frames()) {
    const of = await frame
      .evaluate(() => {
        const selectors = [
          'img[src="x"]',
          'img[src*="pwned"]',
          'a[href*="pwned"]',
          '.codicon-flame',
          '[href^="command:workbench"]',
          '[data-href^="command:workbench"]',
        ];
        const elements = selectors.flatMap((s) => [...document.querySelectorAll(s)].map((e) => `${s}: ${e.outerHTML.slice(0, 200)}`));
        return '__pwned' in window ? ['a script ran', ...elements] : elements;
      })
      .catch(() => []); // It vanished meanwhile.
    found.push(...of);
  }
  return found;
}

test('the panel shows hostile names as text in every section', async () => {
  expect(await vscode.squiggles().count()).toBe(0);
  const panel: Frame = await vscode.webview('panel');
  for (const section of SECTIONS) {
    await openSection(panel, section);
    expect(await harm(), section).toEqual([]);
    // Our own words about a name that turns the direction of text stay as they are.
    expect(
      await panel.evaluate(() =>
        [...document.querySelectorAll('.section :is(h2, .reading, .note, pre)')].map((e) => e.textContent).join('\n'),
      ),
    ).not.toContain('\u202E');
    await vscode.screenshot(`60 hostile - ${section}`);
  }
  await openSection(panel, 'Overview');
  const shown = (await panel.locator('.section').first().textContent()) ?? '';
  for (const name of [...GROUPS, ...COVARIATES, RESPONSE]) expect(shown).toContain(name.trim());
  // The tooltip of a mark.
  const mark = panel.locator('hm-chart svg .mark-symbol path').first();
  const rest = async (): Promise<void> => {
    await vscode.page.mouse.move(0, 0);
    await mark.hover({ force: true });
  };
  await insist('hovering over a mark', rest, visible(panel.locator('#vg-tooltip-element.visible')));
  expect(await harm()).toEqual([]);
});

test('so do hovers, the tree and the Predictions view', async () => {
  await vscode.openFile(FILE);
  for (const text of ['Feed"', 'closeAllEditors)']) {
    await vscode.hover(text, /\S/);
    expect(await harm(), text).toEqual([]);
    await vscode.screenshot(`61 hostile - hover ${text.replace(/\W/g, '')}`);
    await vscode.page.keyboard.press('Escape');
  }
  await vscode.runCommand('Open Predictions');
  const view = await vscode.webview('predictions');
  await view.getByTestId('mean').waitFor();
  await vscode.page.locator('.pane-body .monaco-list-row', { hasText: FILE }).first().waitFor();
  await vscode.page.locator('.pane-body .monaco-list-row', { hasText: FILE }).first().hover();
  await vscode.screenshot('62 hostile - Predictions and the tree');
  expect(await harm()).toEqual([]);
});

test('and notifications', async () => {
  await vscode.runCommand('Explorer: Focus on Folders View');
  await vscode.openFile(BROKEN);
  await vscode.squiggles().first().waitFor();
  await vscode.runCommand('Fit Hierarchical Model');
  const refused = vscode.notification('Not fitted: ');
  await refused.waitFor();
  expect(await refused.textContent()).toContain('click me');
  expect(await refused.locator('.notification-list-item-message a').count()).toBe(0);
  await vscode.screenshot('63 hostile - a notification');
  expect(await harm()).toEqual([]);
});

test('no content security policy was violated', async () => {
  // VS Code repeats the refusal there, as text.
  const others = (line: string) => !line.includes('Not fitted: ');
  expect(vscode.consoleErrors.filter((line) => /Content Security Policy|pwned/.test(line)).filter(others)).toEqual([]);
  expect((await vscode.loggedErrors()).filter(others)).toEqual([]);
});
