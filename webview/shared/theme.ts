/** The editor's colours and fonts for pictures, read from the variables that VS Code gives a webview. */

export type ThemeKind = 'light' | 'dark' | 'hc-light' | 'hc-dark';

export interface Theme {
  readonly kind: ThemeKind;
  readonly background: string;
  readonly foreground: string;
  /** Axis labels and secondary text. */
  readonly muted: string;
  readonly grid: string;
  /** The main mark of a picture without groups. */
  readonly accent: string;
  /** What is compared with the main mark: priors, predictions. */
  readonly second: string;
  /** Divergences and other bad news. */
  readonly bad: string;
  /** Of groups, in the design's order, repeated when there are more. */
  readonly categories: readonly string[];
  readonly font: string;
  readonly fontSize: number;
  readonly highContrast: boolean;
}

/** Told apart also by people who see few colours (after Okabe & Ito), dark enough for a white ground. */
const LIGHT = ['#0b6fb8', '#c2570c', '#0a7d5a', '#9a4690', '#8a6d00', '#3f4fb5', '#b3263e', '#247a85', '#6b5b4d', '#5c5c5c'];
const DARK = ['#5cb3f2', '#f4a259', '#4ec9a0', '#d98fd0', '#e3c84b', '#98a4f5', '#f27f8d', '#6fd3de', '#c9b39c', '#b0b0b0'];
const HC_LIGHT = ['#0f4a85', '#8f3a00', '#00573b', '#6b1d63', '#5c4a00', '#2b2f8f', '#8a0f24', '#00535c', '#4a3a2c', '#333333'];
const HC_DARK = ['#4fc1ff', '#ffb057', '#56e8b5', '#ff9df2', '#ffe94d', '#b3bcff', '#ff8f9d', '#7df1ff', '#ecd2b4', '#d6d6d6'];

const CATEGORIES: Readonly<Record<ThemeKind, readonly string[]>> = {
  light: LIGHT,
  dark: DARK,
  'hc-light': HC_LIGHT,
  'hc-dark': HC_DARK,
};

/** Which of the four themes the page has, by the classes that VS Code keeps on the body. */
export function themeKind(classes: { contains(name: string): boolean }): ThemeKind {
  if (classes.contains('vscode-high-contrast-light')) return 'hc-light';
  if (classes.contains('vscode-high-contrast')) return 'hc-dark';
  return classes.contains('vscode-dark') ? 'dark' : 'light';
}

/** @param read The value of a CSS variable, empty when unset. */
export function themeFrom(kind: ThemeKind, read: (variable: string) => string): Theme {
  const dark = kind === 'dark' || kind === 'hc-dark';
  const highContrast = kind.startsWith('hc');
  const pick = (variable: string, fallback: string): string => read(variable).trim() || fallback;
  const foreground = pick('--vscode-foreground', dark ? '#cccccc' : '#3b3b3b');
  return {
    kind,
    background: pick(GROUND, dark ? '#1f1f1f' : '#ffffff'),
    foreground,
    muted: highContrast ? foreground : pick('--vscode-descriptionForeground', dark ? '#9d9d9d' : '#5f5f5f'),
    grid: highContrast ? (dark ? '#6f6f6f' : '#8f8f8f') : dark ? '#3a3a3a' : '#e2e2e2',
    accent: CATEGORIES[kind][0],
    second: CATEGORIES[kind][1],
    bad: highContrast ? (dark ? '#ff8f9d' : '#8a0f24') : dark ? '#f48771' : '#c72e0f',
    categories: CATEGORIES[kind],
    font: pick('--vscode-font-family', 'sans-serif'),
    fontSize: Number.parseFloat(pick('--vscode-font-size', '13')) || 13,
    highContrast,
  };
}

/** Not the editor's own: a side bar has another ground, and a picture stands on what the page has. */
const GROUND = '--hm-ground';

export function readTheme(): Theme {
  const style = getComputedStyle(document.documentElement);
  const ground = getComputedStyle(document.body).backgroundColor;
  return themeFrom(themeKind(document.body.classList), (variable) => (variable === GROUND ? ground : style.getPropertyValue(variable)));
}

/** Calls back whenever the editor's theme changes; VS Code then rewrites the body's classes and the root's style. */
export function onThemeChange(changed: () => void): void {
  const observer = new MutationObserver(() => changed());
  observer.observe(document.body, { attributes: true, attributeFilter: ['class', 'data-vscode-theme-id'] });
  observer.observe(document.documentElement, { attributes: true, attributeFilter: ['style'] });
}

/** The colour of the group at that place in the design. */
export const groupColor = (theme: Theme, index: number): string => theme.categories[index % theme.categories.length];
