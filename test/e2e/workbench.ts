/**
 * A VS Code in a browser with the packed extension, and what a person does in it. Every helper waits for what it says;
 * none sleeps for a guessed time.
 */
import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Frame, Locator, Page } from 'playwright-core';
import { inject } from 'vitest';
import { root } from '../../scripts/tools/places.mjs';
import { launchBrowser } from '../../scripts/vscode/browser.mjs';
import { type Server, startServer } from '../../scripts/vscode/server.mjs';
import { quiet } from '../../scripts/vscode/settings.mjs';

export type Theme = 'Default Light Modern' | 'Default Dark Modern' | 'Default High Contrast' | 'Default High Contrast Light';

export interface WorkbenchOptions {
  /** Files of the workspace beside those of examples/manufacturing, by name. */
  readonly files?: Readonly<Record<string, string>>;
  /** Open the folder in restricted mode; by default it is trusted. */
  readonly restricted?: boolean;
  readonly theme?: Theme;
  readonly settings?: Readonly<Record<string, unknown>>;
}

/** What VS Code marks the page with, by theme. */
const THEME_CLASS: Readonly<Record<Theme, string>> = {
  'Default Light Modern': 'vs',
  'Default Dark Modern': 'vs-dark',
  'Default High Contrast': 'hc-black',
  'Default High Contrast Light': 'hc-light',
};

const VIEWPORT = { width: 1600, height: 1000 };

const writeSettings = (folder: string, settings: Readonly<Record<string, unknown>>): Promise<void> =>
  writeFile(join(folder, '.vscode', 'settings.json'), JSON.stringify(settings, null, 2));

export class Workbench {
  /** Everything that a page of the workbench or a webview wrote to its console as an error, CSP violations included, with its address. */
  readonly consoleErrors: string[] = [];

  private constructor(
    readonly page: Page,
    /** The workspace: a copy of examples/manufacturing. */
    readonly folder: string,
    private readonly browser: Browser,
    private readonly server: Server,
    private settings: Readonly<Record<string, unknown>>,
  ) {
    page.on('console', (message) => {
      if (message.type() === 'error') this.consoleErrors.push(`${message.text()} (${message.location().url})`);
    });
  }

  /** Starts a server and a browser, and opens the workspace. */
  static async open({
    files = {},
    restricted = false,
    theme = 'Default Dark Modern',
    settings = {},
  }: WorkbenchOptions = {}): Promise<Workbench> {
    const parent = await mkdtemp(join(tmpdir(), 'hmask-workspace-'));
    const folder = join(parent, 'manufacturing');
    await cp(join(root, 'examples', 'manufacturing'), folder, { recursive: true });
    for (const [name, text] of Object.entries(files)) {
      await mkdir(join(folder, name, '..'), { recursive: true });
      await writeFile(join(folder, name), text);
    }
    await mkdir(join(folder, '.vscode'), { recursive: true });
    const workspaceSettings = { ...quiet, 'workbench.colorTheme': theme, ...settings };
    await writeSettings(folder, workspaceSettings);

    const server = await startServer({ extensions: inject('extensions'), trust: restricted, settings: workspaceSettings });
    const browser = await launchBrowser();
    const page = await browser.newPage({ viewport: VIEWPORT });
    const workbench = new Workbench(page, folder, browser, server, workspaceSettings);
    await page.goto(server.url(folder));
    await page.locator('.monaco-workbench .explorer-folders-view .monaco-list-row').first().waitFor();
    return workbench;
  }

  async close(): Promise<void> {
    await this.browser.close();
    await this.server.stop();
    await rm(join(this.folder, '..'), { recursive: true, force: true });
  }

  /** Brings a file of the workspace to the front: by its tab, or from the explorer. */
  async openFile(name: string): Promise<void> {
    const tab = this.tab(name);
    if (await tab.isVisible()) await tab.click();
    else await this.page.locator('.explorer-folders-view .monaco-list-row', { hasText: name }).first().dblclick();
    await this.page.locator('.editor-group-container.active .tab.active', { hasText: name }).waitFor();
    await this.editor().locator('.view-line').first().waitFor();
  }

  /** The tab of a file. */
  tab(name: string): Locator {
    return this.page.locator(`.tab[data-resource-name="${name}"]`).first();
  }

  /** As a person reloads it: the window writes down its state first, which a browser's reload would not wait for. */
  async reloadWindow(): Promise<void> {
    await this.page.evaluate(() => Object.assign(window, { before: true }));
    await this.runCommand('Developer: Reload Window');
    await this.page.waitForFunction(() => !('before' in window));
  }

  /** Runs a command by its title from the palette. */
  async runCommand(title: string): Promise<void> {
    await this.page.keyboard.press('F1');
    const input = this.page.locator('.quick-input-widget input[type="text"]');
    await input.waitFor();
    await input.fill(`>${title}`);
    await this.page.locator('.quick-input-list .monaco-list-row', { hasText: title }).first().click();
  }

  /** Replaces the first `before` in the editor in front as a person would: by find and replace. */
  async replace(before: string, after: string): Promise<void> {
    await this.editor().click();
    await this.page.keyboard.press('Control+H');
    const widget = this.page.locator('.find-widget.visible');
    await widget.getByLabel('Find', { exact: true }).fill(before);
    await widget.getByLabel('Replace', { exact: true }).fill(after);
    await widget.locator('.matchesCount', { hasText: / of / }).waitFor();
    await widget.getByLabel('Replace', { exact: true }).press('Enter'); // Selects the match,
    await widget.getByLabel('Replace', { exact: true }).press('Enter'); // and replaces it.
    await this.page.keyboard.press('Escape');
    await widget.waitFor({ state: 'hidden' });
  }

  /** The text editor in front. */
  editor(): Locator {
    return this.page.locator('.editor-group-container.active .monaco-editor').first();
  }

  /** The squiggles of errors in view. */
  squiggles(): Locator {
    return this.page.locator('.monaco-editor .squiggly-error');
  }

  /** Rests the mouse on the first line with `text`, at its first place, and returns the hover. */
  async hover(text: string): Promise<Locator> {
    const box = await this.place(text);
    await this.page.mouse.move(box.x - 40, box.y - 60);
    await this.page.mouse.move(box.x + box.width / 2, box.y + box.height / 2, { steps: 4 });
    const hover = this.page.locator('.monaco-hover:not(.hidden) .monaco-hover-content').first();
    await hover.waitFor();
    return hover;
  }

  /** Clicks into the first `text`, `characters` behind its start. */
  async placeCursor(text: string, characters = 1): Promise<void> {
    const { x, y, width, height } = await this.place(text);
    await this.page.mouse.click(x + (characters * width) / text.length, y + height / 2);
  }

  /** Where the first `text` is drawn in an editor. */
  private async place(text: string): Promise<{ x: number; y: number; width: number; height: number }> {
    const found = await this.page.evaluate((wanted) => {
      for (const line of document.querySelectorAll('.monaco-editor .view-line')) {
        const walker = document.createTreeWalker(line, NodeFilter.SHOW_TEXT);
        for (let node = walker.nextNode(); node; node = walker.nextNode()) {
          const at = (node.textContent ?? '').replaceAll('\u00a0', ' ').indexOf(wanted);
          if (at < 0) continue;
          const range = document.createRange();
          range.setStart(node, at);
          range.setEnd(node, at + wanted.length);
          const { x, y, width, height } = range.getBoundingClientRect();
          return { x, y, width, height };
        }
      }
      return null;
    }, text);
    if (!found) throw new Error(`"${text}" is in no visible line.`);
    return found;
  }

  /** A notification with this text. */
  notification(text: string | RegExp): Locator {
    return this.page.locator('.notification-list-item', { hasText: text });
  }

  /** The button of a notification. */
  notificationButton(text: string | RegExp, button: string): Locator {
    return this.notification(text).getByRole('button', { name: button });
  }

  /** How many problems of the Problems view, which it opens, have this text. */
  async problems(text: string): Promise<number> {
    await this.runCommand('Problems: Focus on Problems View');
    await this.page.locator('.markers-panel').waitFor();
    return this.page.locator('.markers-panel .monaco-list-row', { hasText: text }).count();
  }

  /** Closes all notifications. */
  async dismissNotifications(): Promise<void> {
    await this.runCommand('Notifications: Clear All Notifications');
    await this.page.locator('.notification-list-item').first().waitFor({ state: 'detached' });
  }

  /** The extension's item in the status bar, once it says this. */
  statusItem(text: string): Locator {
    return this.page.locator('.statusbar-item[id^="hmask"]', { hasText: text });
  }

  /** The document inside a webview that is shown; a reloaded webview has a new one. */
  async webview(kind: 'panel' | 'predictions'): Promise<Frame> {
    for (const end = Date.now() + 60_000; Date.now() < end; await this.page.waitForTimeout(50)) {
      for (const frame of this.page.frames()) {
        const found = await frame.evaluate(() => document.body?.dataset.kind).catch(() => null); // It may vanish meanwhile.
        if (found === kind) return frame;
      }
    }
    throw new Error(`No ${kind} webview is shown.`);
  }

  /** Changes the colour theme in the settings, as another window would, and waits until the workbench has it. */
  async setTheme(theme: Theme): Promise<void> {
    this.settings = { ...this.settings, 'workbench.colorTheme': theme };
    await writeSettings(this.folder, this.settings);
    await this.page.locator(`.monaco-workbench.${THEME_CLASS[theme]}`).waitFor();
  }

  /** What the extension wrote to its log as errors: faults of the webviews among them. */
  async loggedErrors(): Promise<string[]> {
    const logs = join(this.server.home, 'data', 'data', 'logs');
    const files = (await readdir(logs, { recursive: true })).filter((name) => /hmask[^/]*\.log$/.test(name));
    const texts = await Promise.all(files.map((name) => readFile(join(logs, name), 'utf8')));
    return texts.flatMap((text) => text.split('\n')).filter((line) => line.includes('[error]'));
  }

  /** Makes the window as high as `height` CSS pixels, or as it was. */
  async resize(height: number = VIEWPORT.height): Promise<void> {
    await this.page.setViewportSize({ ...VIEWPORT, height });
  }

  /** For `afterEach`: what the window showed when a test failed. */
  async showFailure(task: { readonly name: string; readonly result?: { readonly state: string } }): Promise<void> {
    if (task.result?.state === 'fail') await this.screenshot(`failed - ${task.name}`);
  }

  /** Saves what the window shows now, for a person to look at. */
  async screenshot(name: string): Promise<void> {
    await this.page.screenshot({ path: join(root, 'screenshots', `${name}.png`) });
  }
}
