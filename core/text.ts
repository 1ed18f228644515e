/** What names from the user's files must not do to our sentences. */

/** Characters that turn the direction of all text behind them. */
const TURNS = /[\u202a-\u202e\u2066-\u2069]/g;

/** A sentence with names in it: what would turn its direction is spelled out, as the editor does. */
export const upright = (text: string): string => text.replace(TURNS, (c) => `[U+${c.charCodeAt(0).toString(16).toUpperCase()}]`);
