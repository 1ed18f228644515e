/** The page a webview starts from: our own script and style only, and no network. */

export interface WebviewPage {
  /** Fresh for every page; letters, digits, + / = only. */
  readonly nonce: string;
  /** `webview.cspSource`. */
  readonly cspSource: string;
  readonly scriptUri: string;
  readonly styleUri: string;
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
 * `'wasm-unsafe-eval'` lets Graphviz, which comes inside the script, compile; it does not allow `eval`.
 * Vega runs through its interpreter and needs nothing.
 */
export function webviewHtml(page: WebviewPage): string {
  const policy = [
    `default-src 'none'`,
    `script-src 'nonce-${page.nonce}' 'wasm-unsafe-eval'`,
    `style-src ${page.cspSource} 'unsafe-inline'`,
    `img-src ${page.cspSource} data: blob:`,
    `font-src ${page.cspSource}`,
  ].join('; ');
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${escapeHtml(policy)}">
<title>${escapeHtml(page.title)}</title>
<link rel="stylesheet" href="${escapeHtml(page.styleUri)}">
</head>
<body data-kind="${page.kind}">
<main id="root" aria-busy="true"><p class="waiting">Loading…</p></main>
<script nonce="${escapeHtml(page.nonce)}" src="${escapeHtml(page.scriptUri)}"></script>
</body>
</html>
`;
}
