/**
 * A VS Code in a browser with the packed extension, and what a person does in it. Every helper waits until its effect is seen;
 * none sleeps for a guessed time.
 */
import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Browser, Frame, Locator, Page } from 'playwright-core';
import { inject } from 'vitest';
import { root } from '../../scripts/tools/places.mjs';
import { launchBrowser } from '../../scripts/vscode/browser.mjs';
import { type Server, startServer } from '../../scripts/vscode/server.mjs';
import { quiet } from '../../scripts/vscode/settings.mjs';
import { cursorAt, gone, insist, placeOf, visible } from './gestures.ts';

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

/** Milliseconds until what a helper waits for counts as missing; the machine may be slow. */
const LONGEST = 120_000;

/** A frame that does not answer for so long is still to be loaded. */
const SILENT_MS = 2000;

/** Rows of the palette above the command that was typed. */
const MOST_ROWS = 20;

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
    page.setDefaultTimeout(LONGEST);
    const workbench = new Workbench(page, folder, browser, server, workspaceSettings);
    try {
      await page.goto(server.url(folder));
      await page.locator('.monaco-workbench .explorer-folders-view .monaco-list-row').first().waitFor();
      return workbench;
    } catch (error) {
      await workbench.tellWhatIsShown('opening the window');
      await workbench.close();
      throw error;
    }
  }

  async close(): Promise<void> {
    await this.browser.close();
    await this.server.stop();
    await rm(join(this.folder, '..'), { recursive: true, force: true });
  }

  /** Brings a file of the workspace to the front: by its tab, or from the explorer. */
  async openFile(name: string): Promise<void> {
    const tab = this.tab(name);
    const row = this.page.locator('.explorer-folders-view .monaco-list-row', { hasText: name }).first();
    await insist(
      `opening ${name}`,
      async () => ((await tab.isVisible()) ? tab.click() : row.dblclick()),
      visible(this.page.locator('.editor-group-container.active .tab.active', { hasText: name })),
    );
    await this.editor().locator('.view-line').first().waitFor();
  }

  /** Takes back what was typed into a file since it was saved, and brings it to the front. */
  async revert(name: string): Promise<void> {
    await this.openFile(name);
    await this.editor().click();
    await this.runCommand('File: Revert File');
    await this.page.locator(`.tab.dirty[data-resource-name="${name}"]`).waitFor({ state: 'detached' });
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

  /** Presses a key until it brings up what is wanted; what else it brought up is sent away first. */
  async ask(key: string, wanted: Locator): Promise<void> {
    let asked = false;
    const press = async (): Promise<void> => {
      if (asked) await this.page.keyboard.press('Escape');
      asked = true;
      await this.page.keyboard.press(key);
    };
    await insist(`pressing ${key}`, press, visible(wanted));
  }

  /** Runs a command by its title from the palette. */
  async runCommand(title: string): Promise<void> {
    const palette = this.page.locator('.quick-input-widget');
    const input = palette.locator('input[type="text"]');
    // With or without its category before it, and its keys behind it.
    const row = palette.getByRole('option', { name: new RegExp(`(^|: )${title}(,|$)`) }).first();
    await this.ask('F1', input);
    await insist(`typing ${title}`, () => input.fill(`>${title}`), visible(row));
    const hasFocus = () => row.evaluate((element) => element.classList.contains('focused'));
    for (let rows = 0; rows < MOST_ROWS && !(await hasFocus()); rows++) await input.press('ArrowDown');
    await input.press('Enter');
    await row.waitFor({ state: 'hidden' });
  }

  /** Replaces each `before` in the editor in front, of which there is one at least, as a person would: by find and replace. */
  async replace(before: string, after: string): Promise<void> {
    const widget = this.page.locator('.find-widget.visible');
    const [find, by] = ['Find', 'Replace'].map((label) => widget.getByLabel(label, { exact: true }));
    const found = (text: string | RegExp) => visible(widget.locator('.matchesCount', { hasText: text }));
    await this.editor().click();
    await this.ask('Control+H', by);
    await insist(`looking for ${before}`, () => find.fill(before), found(/ of /));
    await by.fill(after);
    await insist(`replacing ${before}`, () => by.press('Control+Alt+Enter'), found('No results'));
    await insist('closing the search', () => find.press('Escape'), gone(widget));
  }

  /** The text editor in front. */
  editor(): Locator {
    return this.page.locator('.editor-group-container.active .monaco-editor').first();
  }

  /** The text in view in the editor in front. */
  async text(): Promise<string> {
    return ((await this.editor().locator('.view-lines').textContent()) ?? '').replaceAll('\u00a0', ' ');
  }

  /** The squiggles of errors in view. */
  squiggles(): Locator {
    return this.page.locator('.monaco-editor .squiggly-error');
  }

  /** Rests the mouse on the first `text` until a hover that says `wanted` is there, and returns it. */
  async hover(text: string, wanted: RegExp): Promise<Locator> {
    const hover = this.page.locator('.monaco-hover:not(.hidden) .monaco-hover-content', { hasText: wanted }).first();
    const rest = async (): Promise<void> => {
      const { x, y, width, height } = await placeOf(this.page, text);
      await this.page.mouse.move(x - 40, y - 60);
      await this.page.mouse.move(x + width / 2, y + height / 2, { steps: 4 });
    };
    await insist(`hovering over ${text}`, rest, visible(hover));
    return hover;
  }

  /** Puts the cursor into the first `text`, `characters` behind its start, with a click. */
  async placeCursor(text: string, characters = 1): Promise<void> {
    const click = async (): Promise<void> => {
      const { x, y, width, height } = await placeOf(this.page, text);
      await this.page.mouse.click(x + (characters * width) / text.length, y + height / 2);
    };
    await insist(`a click on ${text}`, click, cursorAt(this.page, text, characters));
  }

  /** A notification with this text. */
  notification(text: string | RegExp): Locator {
    return this.page.locator('.notification-list-item', { hasText: text });
  }

  /** The button of a notification. */
  notificationButton(text: string | RegExp, button: string): Locator {
    return this.notification(text).getByRole('button', { name: button });
  }

  /** Shows the Problems view. */
  async showProblems(): Promise<Locator> {
    await this.runCommand('Problems: Focus on Problems View');
    const view = this.page.locator('.markers-panel');
    await view.waitFor();
    return view;
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
    return this.frame(`document.body?.dataset.kind === '${kind}'`);
  }

  /** The panel with the results of a spec; others may lie behind or beside it. */
  async results(spec: string): Promise<Frame> {
    return this.frame(`document.querySelector('body[data-kind="panel"] h1')?.textContent === 'Results of ${spec}'`);
  }

  /** The frame in which an expression is true. */
  private async frame(expression: string): Promise<Frame> {
    for (const end = Date.now() + LONGEST; Date.now() < end; await this.page.waitForTimeout(50)) {
      for (const frame of this.page.frames()) {
        const answer = frame.evaluate(expression).catch(() => false); // It may vanish meanwhile,
        if (await Promise.race([answer, sleep(SILENT_MS, false)])) return frame; // or never answer.
      }
    }
    throw new Error(`In no webview that is shown: ${expression}.`);
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
    if (task.result?.state === 'fail') await this.tellWhatIsShown(task.name);
  }

  /** A picture, and the text for whom the picture does not reach. */
  private async tellWhatIsShown(name: string): Promise<void> {
    console.log(`The window when this failed: ${name}\n${await this.page.locator('body').ariaSnapshot()}`);
    await this.screenshot(`failed - ${name}`);
  }

  /** Saves what the window shows now, for a person to look at. */
  async screenshot(name: string): Promise<void> {
    await this.page.screenshot({ path: join(root, 'screenshots', `${name}.png`) });
  }
}
