/** The page a webview starts from: our own scripts and style only, and no network. */

export interface WebviewPage {
  /** Fresh for every page; letters, digits, + / = only. */
  readonly nonce: string;
  /** `webview.cspSource`. */
  readonly cspSource: string;
  /**
   * These stand in the page itself, which VS Code is given before it has a frame for it; what a page asks for comes a good deal later.
   * Without `</script`, `<!--` and `</style`. `charts` is text until the page's script wants it.
   */
  readonly script: string;
  readonly style: string;
  readonly charts: string;
  /** The folder of what the script imports, with a slash at its end. */
  readonly librariesUri: string;
  readonly title: string;
  readonly kind: 'panel' | 'predictions';
}

const ENTITIES: ReadonlyMap<string, string> = new Map([
  ['&', '&amp;'],
  ['<', '&lt;'],
  ['>', '&gt;'],
  ['"', '&quot;'],
  ["'", '&#39;'],
]);

/** Text as HTML shows it, also inside a quoted attribute. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (c) => ENTITIES.get(c)!);
}

/**
 * What the page's script imports has its nonce. `'wasm-unsafe-eval'` lets Graphviz compile; it does not allow `eval`.
 * Vega runs through its interpreter and needs nothing.
 */
export function webviewHtml(page: WebviewPage): string {
  const policy = [
    `default-src 'none'`,
    `script-src 'nonce-${page.nonce}' 'wasm-unsafe-eval'`,
    `style-src 'unsafe-inline'`,
    `img-src ${page.cspSource} data: blob:`,
    `font-src ${page.cspSource}`,
    `base-uri 'none'`,
    `form-action 'none'`,
  ].join('; ');
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${escapeHtml(policy)}">
<title>${escapeHtml(page.title)}</title>
<style>${page.style}</style>
</head>
<body data-kind="${page.kind}" data-libraries="${escapeHtml(page.librariesUri)}">
<main id="root" aria-busy="true"><p class="waiting">Loading…</p></main>
<script type="text/plain" id="charts">${page.charts}</script>
<script nonce="${escapeHtml(page.nonce)}">${page.script}</script>
</body>
</html>
`;
}
