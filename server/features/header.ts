import type { Range } from 'vscode-languageserver/node';

/** Where a column's name stands in a CSV's header; `null` when it is not there. The delimiter is found when not given. */
export function headerRange(header: string, column: string, delimiter: string | null): Range | null {
  const text = header.startsWith('\uFEFF') ? header.slice(1) : header;
  const shift = header.length - text.length;
  const mark = delimiter ?? [',', ';', '\t', '|'].reduce((a, b) => (text.split(b).length > text.split(a).length ? b : a));
  let at = 0;
  let line = 0;
  let lineStart = 0;
  while (at <= text.length) {
    const start = at;
    let name = '';
    const startLine = line;
    const startCharacter = start - lineStart + (line === 0 ? shift : 0);
    if (text[at] === '"') {
      at++;
      while (at < text.length && !(text[at] === '"' && text[at + 1] !== '"')) {
        if (text[at] === '\n') {
          line++;
          lineStart = at + 1;
        }
        name += text[at];
        at += text[at] === '"' ? 2 : 1;
      }
      at++;
    } else {
      while (at < text.length && text[at] !== mark && text[at] !== '\n' && text[at] !== '\r') name += text[at++];
    }
    if (name === column) {
      return { start: { line: startLine, character: startCharacter }, end: { line, character: at - lineStart + (line === 0 ? shift : 0) } };
    }
    if (text[at] !== mark) return null;
    at++;
  }
  return null;
}
