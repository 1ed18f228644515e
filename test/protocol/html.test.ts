import { describe, expect, it } from 'vitest';
import { escapeHtml, webviewHtml } from '../../protocol/html.ts';

const page = webviewHtml({
  nonce: 'abc123',
  cspSource: 'https://*.vscode-cdn.net',
  script: 'start(1 < 2 && "a")',
  style: 'main > p { color: red }',
  charts: 'var charts = 1 < 2;',
  librariesUri: 'https://host/webview/?a=1&b=2/',
  title: '</title><script>alert(1)</script>',
  kind: 'panel',
});

const policy = /http-equiv="Content-Security-Policy" content="([^"]*)"/.exec(page)![1].replace(/&#39;/g, "'");

describe('webviewHtml', () => {
  it('allows our own script and nothing from the network', () => {
    const rules = new Map(policy.split('; ').map((rule) => [rule.slice(0, rule.indexOf(' ')), rule.slice(rule.indexOf(' ') + 1)]));
    expect(rules.get('default-src')).toBe("'none'");
    expect(rules.get('script-src')).toBe("'nonce-abc123' 'wasm-unsafe-eval'");
    expect(rules.has('connect-src')).toBe(false);
    expect(policy).not.toContain("'unsafe-eval'");
  });
  it("a page's address and forms lead nowhere", () => {
    expect(policy.split('; ')).toEqual(expect.arrayContaining(["base-uri 'none'", "form-action 'none'"]));
  });
  it('has its script with the nonce, as it is', () => {
    expect(page.match(/<script/g)).toHaveLength(2);
    expect(page).toContain('<script nonce="abc123">start(1 < 2 && "a")</script>');
    expect(page).toContain('<style>main > p { color: red }</style>');
  });
  it('has the charts as text that no browser runs', () => {
    expect(page).toContain('<script type="text/plain" id="charts">var charts = 1 < 2;</script>');
  });
  it('has what is not ours as text', () => {
    expect(page).toContain('data-libraries="https://host/webview/?a=1&amp;b=2/"');
    expect(page).toContain('<title>&lt;/title&gt;&lt;script&gt;alert(1)&lt;/script&gt;</title>');
  });
});

describe('escapeHtml', () => {
  it.each([
    ['a < b & c > "d"', 'a &lt; b &amp; c &gt; &quot;d&quot;'],
    ["it's", 'it&#39;s'],
    ['', ''],
  ])('%j', (text, escaped) => {
    expect(escapeHtml(text)).toBe(escaped);
  });
});
