/** How dates and times are written that `dates` reads: patterns for JavaScript and RE2 alike, which a cell matches as a whole. */
import type { DateUnit } from '../spec/types.ts';

export const CLOCK = '[0-9]{1,2}:[0-9]{2}(:[0-9]{2}([.][0-9]+)?)?';
/** `2024-01-31`, `2024-01-31 12:00:00+01`, `2024-01-31T12:00Z`. */
export const ISO_DATE = `[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}([ T]${CLOCK} ?(Z|[+-][0-9]{2}(:?[0-9]{2})?)?)?`;
/** `31.01.2024 12:00`: day first, as always where dots part the numbers. */
export const DOTTED_DATE = `[0-9]{1,2}[.][0-9]{1,2}[.][0-9]{4}( ${CLOCK})?`;

const DATE = new RegExp(`^(?:${ISO_DATE}|${DOTTED_DATE})$`);
const TIMED = new RegExp(`[ T]${CLOCK}`);

/** Whether a text is written as `dates` reads one. */
export const isDate = (text: string): boolean => DATE.test(text.trim());

/** Days where no text has a time of day, else hours. */
export const unitOfDates = (texts: readonly string[]): DateUnit => (texts.some((text) => TIMED.test(text)) ? 'hours' : 'days');
