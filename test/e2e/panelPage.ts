/** The results panel as a person sees it: its sections, its pictures, its tables; and what a checker of accessibility finds in it. */
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type { AxeResults } from 'axe-core';
import type { Frame, Locator, Page } from 'playwright-core';
import { expect } from 'vitest';
import { focused, insist } from './gestures.ts';

export const SECTIONS = ['Overview', 'Data', 'Model', 'Diagnostics', 'Posterior', 'Predictive', 'What-if', 'Compare'] as const;
export type SectionName = (typeof SECTIONS)[number];

/** How many marks a picture has. */
export interface Picture {
  readonly heading: string;
  readonly marks: number;
}

/** Opens a section by its tab and waits until everything in it is drawn. */
export async function openSection(panel: Frame, name: SectionName): Promise<void> {
  await panel.getByRole('tab', { name, exact: true }).click();
  await panel.locator('vscode-tab-header[active]', { hasText: name }).waitFor();
  await settled(panel);
}

/** Waits until nothing in the open section is on its way, in the colours of the theme. */
export async function settled(panel: Frame): Promise<void> {
  await expect.poll(() => unfinished(panel)).toEqual([]);
}

/** What is still to come in the open section, in words, at either of two looks. */
export const unfinished = async (panel: Frame): Promise<string[]> => [...(await panel.evaluate(look)), ...(await panel.evaluate(look))];

/** Runs in the panel: what is still to come, a frame later. */
async function look(): Promise<string[]> {
  await new Promise((done) => {
    requestAnimationFrame(done);
    setTimeout(done, 100); // What is hidden has no frames.
  });
  const section = [...document.querySelectorAll<HTMLElement>('.section')].find((s) => s.childElementCount > 0);
  if (!section) return ['no section is open'];
  const ground = getComputedStyle(document.body).backgroundColor;
  const waiting = [...section.querySelectorAll('.waiting, .stale, [aria-busy="true"]')].map((e) => `waiting: ${e.textContent?.trim()}`);
  const charts = [...section.querySelectorAll<HTMLElement>('hm-chart')].filter((c) => c.clientWidth > 0);
  const undrawn = charts
    .filter((c) => c.querySelector<SVGElement>('svg') === null || getComputedStyle(c.querySelector('svg')!).backgroundColor !== ground)
    .map((c) => `not drawn: ${c.closest('.figure')?.querySelector('h2')?.textContent} ${c.textContent?.slice(0, 80)}`);
  const empty = [...section.querySelectorAll('vscode-table')].filter((t) => !t.querySelector('vscode-table-row'));
  return [...waiting, ...undrawn, ...empty.map((t) => `no rows: ${t.getAttribute('aria-label')}`)];
}

/** The pictures of the open section. */
export function pictures(panel: Frame): Promise<Picture[]> {
  return panel.evaluate(() =>
    [...document.querySelectorAll<HTMLElement>('.section hm-chart')].map((chart) => ({
      heading: chart.closest('.figure')?.querySelector('h2')?.textContent ?? '',
      marks: chart.querySelectorAll('svg .role-mark > :is(path, rect, text, line)').length,
    })),
  );
}

/** Moves the focus into the panel, which is in the second column, as a keyboard does. */
export const focusPanel = (page: Page, panel: Frame): Promise<void> =>
  insist('pressing Control+2', () => page.keyboard.press('Control+2'), focused(panel));

/** Moves the focus to a control as a keyboard does. */
export async function tabTo(page: Page, target: Locator, key: 'Tab' | 'Shift+Tab' = 'Tab'): Promise<void> {
  for (let i = 0; i < MOST_TABS; i++) {
    if (await target.evaluate((e) => e.matches(':focus, :focus-within'))) return;
    await page.keyboard.press(key);
  }
  throw new Error(`${key} does not reach ${target}.`);
}

/** Presses of Tab before a control counts as out of reach. */
const MOST_TABS = 80;

/** How many rows each table of the open section has in sight. */
export function tables(panel: Frame): Promise<Record<string, number>> {
  return panel.evaluate(() =>
    Object.fromEntries(
      [...document.querySelectorAll('.section vscode-table')].map((t) => [
        t.getAttribute('aria-label') ?? '',
        t.querySelectorAll('vscode-table-row').length,
      ]),
    ),
  );
}

const axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** What axe-core finds wrong with a webview, a line a rule and element; empty when all is well. */
export async function accessibilityFaults(webview: Frame): Promise<string[]> {
  await webview.evaluate(`if (!window.axe) { ${axe} }`);
  const { violations } = await webview.evaluate(() => (window as unknown as { axe: { run(): Promise<AxeResults> } }).axe.run());
  return violations.flatMap((v) => v.nodes.map((n) => `${v.id} (${v.help}): ${n.target.join(' ')} ${n.html.slice(0, 200)}`));
}
