/** The page of a webview: our own script and style, and nothing else. */
import { randomBytes } from 'node:crypto';
import { Uri, type Webview } from 'vscode';
import { webviewHtml } from '../../protocol/html.ts';

/** Sets a webview's page and what it may load. */
export function fillPage(webview: Webview, extensionUri: Uri, kind: 'panel' | 'predictions', title: string): void {
  const folder = Uri.joinPath(extensionUri, 'dist', 'webview');
  webview.options = { enableScripts: true, localResourceRoots: [folder] };
  webview.html = webviewHtml({
    nonce: randomBytes(18).toString('base64'),
    cspSource: webview.cspSource,
    scriptUri: webview.asWebviewUri(Uri.joinPath(folder, `${kind}.js`)).toString(),
    styleUri: webview.asWebviewUri(Uri.joinPath(folder, `${kind}.css`)).toString(),
    title,
    kind,
  });
}
