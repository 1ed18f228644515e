/** What names from the user's files must not do to our sentences, to a terminal or to a log. */

/** Characters that turn the direction of the text around them. */
const TURNS = /\p{Bidi_Control}/gu;
/** The same, control characters (a terminal's escape sequences begin with one), what else breaks a line, and what has no width. */
const STEERS = /[\p{Cc}\p{Bidi_Control}\u200b\u2028\u2029\u2060-\u2064\ufeff]/gu;
/** The same without the line feed. */
const STEERS_BUT_LINES = /(?!\n)[\p{Cc}\p{Bidi_Control}\u200b\u2028\u2029\u2060-\u2064\ufeff]/gu;

const SHORT: ReadonlyMap<string, string> = new Map([
  ['\n', '\\n'],
  ['\r', '\\r'],
  ['\t', '\\t'],
]);

const spelled = (c: string): string => `[U+${c.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}]`;

const shown = (c: string): string => SHORT.get(c) ?? spelled(c);

/** A sentence with names in it: what would turn its direction is spelled out, as the editor does. */
export const upright = (text: string): string => text.replace(TURNS, spelled);

/** Text as one line that neither breaks, nor turns, nor steers what shows it: such characters are spelled out. */
export const visible = (text: string): string => text.replace(STEERS, shown);

/** The same for a text of several lines. */
export const visibleLines = (text: string): string => text.replace(STEERS_BUT_LINES, shown);

/** JSON that a terminal can show; it is read back as the same document. */
export const visibleJson = (json: string): string =>
  json.replace(STEERS_BUT_LINES, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`);
