/**
 * Gestures in a window that may be slow. Each ends when its effect is seen; one that a busy window did not hear is made again, as a person
 * would, and says so.
 */
import type { Frame, Locator, Page } from 'playwright-core';

/** Whether something is seen within a number of milliseconds. */
export type Seen = (ms: number) => Promise<boolean>;

/** Seconds that the effect of a gesture is waited for, one gesture after the other. */
const PATIENCE = [5, 10, 20, 40, 80];

/** What a gesture that was made again prints first; the summary of the tests looks for it. */
const AGAIN = 'Once more: ';

/** Makes a gesture until its effect is seen. */
export async function insist(what: string, gesture: () => Promise<unknown>, seen: Seen): Promise<void> {
  for (const [i, seconds] of PATIENCE.entries()) {
    if (i > 0) console.log(`${AGAIN}${what}, which had no effect in ${PATIENCE[i - 1]} s`);
    await gesture();
    if (await seen(seconds * 1000)) return;
  }
  throw new Error(`No effect, made ${PATIENCE.length} times: ${what}.`);
}

/** Whether any element of a locator becomes visible. */
export const visible =
  (locator: Locator): Seen =>
  (timeout) =>
    locator
      .first()
      .waitFor({ timeout })
      .then(
        () => true,
        () => false,
      );

/** Whether all elements of a locator go away. */
export const gone =
  (locator: Locator): Seen =>
  (timeout) =>
    locator
      .first()
      .waitFor({ state: 'hidden', timeout })
      .then(
        () => true,
        () => false,
      );

/** Whether something holds, which is looked at again and again. */
export const holds =
  (isSo: () => Promise<boolean>): Seen =>
  async (ms) => {
    for (const end = Date.now() + ms; ; await new Promise((wake) => setTimeout(wake, LOOK_MS))) {
      if (await isSo()) return true;
      if (Date.now() > end) return false;
    }
  };

/** Whether a webview has the keyboard. */
export const focused = (webview: Frame): Seen => holds(() => webview.evaluate(() => document.hasFocus()));

/** Between two looks. */
const LOOK_MS = 50;

export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Two looks that see a text in the same place, this far apart, see it at rest: lenses and hints that arrive move lines. */
const REST_MS = 150;

/** Where the first `text` is drawn in an editor, once it rests there. */
export async function placeOf(page: Page, text: string): Promise<Box> {
  let last: Box | null = null;
  for (const end = Date.now() + LONGEST_MS; Date.now() < end; await page.waitForTimeout(REST_MS)) {
    const box = await page.evaluate(findText, text);
    if (box !== null && last !== null && near(box, last, 0)) return box;
    last = box;
  }
  throw new Error(last === null ? `"${text}" is in no visible line.` : `"${text}" does not come to rest.`);
}

const LONGEST_MS = 120_000;

/** Whether the cursor of the editor with the focus stands `characters` behind the start of the first `text`. */
export const cursorAt = (page: Page, text: string, characters: number): Seen =>
  holds(async () => {
    const [box, cursor] = await Promise.all([page.evaluate(findText, text), page.evaluate(boxOf, CURSOR)]);
    if (box === null || cursor.length !== 1) return false;
    const letter = box.width / text.length;
    return near({ ...cursor[0], width: 0, height: 0 }, { x: box.x + characters * letter, y: box.y, width: 0, height: 0 }, letter / 2);
  });

const CURSOR = '.monaco-editor.focused .cursors-layer > .cursor';

/** Whether an error is underlined at the first `text`. */
export const underlined = (page: Page, text: string): Seen =>
  holds(async () => {
    const [box, squiggles] = await Promise.all([page.evaluate(findText, text), page.evaluate(boxOf, '.monaco-editor .squiggly-error')]);
    return box !== null && squiggles.some((s) => overlap(s, box));
  });

const near = (a: Box, b: Box, tolerance: number): boolean =>
  (['x', 'y', 'width', 'height'] as const).every((key) => Math.abs(a[key] - b[key]) <= tolerance);

const overlap = (a: Box, b: Box): boolean => a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;

/** Runs in the page. */
function boxOf(selector: string): Box[] {
  return [...document.querySelectorAll(selector)].map((element) => {
    const { x, y, width, height } = element.getBoundingClientRect();
    return { x, y, width, height };
  });
}

/** Runs in the page: where the first `text` is drawn in an editor. */
function findText(wanted: string): Box | null {
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
}
