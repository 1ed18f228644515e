/** What of a spec's text a fit depends on. Pure. */
import { createScanner } from 'jsonc-parser';
import { nodeAt, readJson } from '../../core/spec/json.ts';

/** The text without comments and layout: equal for two texts that say the same in the same order. */
export function fingerprint(text: string): string {
  const scanner = createScanner(text, true);
  const tokens: string[] = [];
  while (scanner.getPosition() < text.length) {
    scanner.scan();
    const start = scanner.getTokenOffset();
    tokens.push(text.slice(start, start + scanner.getTokenLength()));
  }
  return tokens.join(' ').trimEnd();
}

/** The data file that the spec names, as it names it; `null` when it names none, or a cluster. */
export function dataFile(text: string): string | null {
  const { tree } = readJson(text);
  const data = nodeAt(tree, ['data']);
  const file = data?.type === 'object' ? nodeAt(data, ['file']) : data;
  return file?.type === 'string' ? file.value : null;
}
