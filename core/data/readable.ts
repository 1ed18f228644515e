/** Which keys of a spec's `data` would make numbers or dates of the texts in a column. */
import { type CellRules, DEFAULT_READER, type Encoding, type ReaderSettings } from '../spec/types.ts';
import { numberIn } from './cells.ts';
import { isDate, unitOfDates } from './dates.ts';

/** Keys of `data` with values as JSON has them; `delimiter: null` stands for leaving it out. */
export interface ReadingKeys {
  readonly delimiter?: null;
  readonly decimal?: '.' | ',';
  readonly thousands?: string | null;
  readonly na?: readonly string[];
  readonly comment?: string;
  readonly skip?: number;
  readonly encoding?: Encoding;
  readonly dates?: Readonly<Record<string, string>>;
  readonly table?: string;
}

/** What nobody writes but where a value is missing; in lower case. */
const MISSING = new Set(
  '- -- --- – — . .. … ? * na n/a nan nat null none nil #n/a #na <na> #value! #div/0! #ref! #num! #name? #null! \\n n.a. n.a n.d. n.d nd n/d na. k.a. missing miss unknown blank empty void'
    .split(' ')
    .concat('not available', 'not recorded', 'not applicable', 'no data', 'keine angabe', 'nicht verfügbar', 'non disponible'),
);
/** What `na` takes the place of, in the usual case. */
const USUAL = ['NA', 'N/A', 'NaN', 'null'];
/** Parters of thousands, the most usual first. */
const PARTERS = ['.', ',', ' ', "'", '’'];

const isMissing = (text: string): boolean => MISSING.has(text.trim().toLowerCase());

/**
 * The ways in which every text would be a number, or empty beside numbers; several where the texts do not tell between them (`1,234`), none
 * where no way would do.
 * @param texts the different texts of a column that are neither empty nor numbers as it is read now.
 * @param numbers what else the column holds: no numbers, whole ones, or such with decimals.
 */
export function keysForNumbers(
  texts: readonly string[],
  settings: ReaderSettings | undefined,
  numbers: 'none' | 'whole' | 'decimal',
): readonly ReadingKeys[] {
  const rules = settings ?? DEFAULT_READER;
  const missing = texts.filter(isMissing);
  const rest = texts.filter((text) => !isMissing(text));
  const na = missing.length === 0 ? {} : { na: [...new Set([...(rules.na ?? USUAL), ...missing.map((text) => text.trim())])] };
  if (rest.length === 0) return missing.length === 0 || numbers === 'none' ? [] : [na];
  const fitting = otherRules(rules).filter(
    (other) =>
      rest.every((text) => numberIn(text, other) !== null) &&
      // What is a number with a decimal point now would be text.
      !(numbers === 'decimal' && other.decimal !== rules.decimal && !rest.some((text) => text.includes(rules.decimal))),
  );
  const least = Math.min(...fitting.map((other) => changes(rules, other)));
  const found = fitting
    .filter((other) => changes(rules, other) === least)
    .map((other) => ({
      ...(other.decimal === rules.decimal ? {} : { decimal: other.decimal }),
      ...(other.thousands === rules.thousands ? {} : { thousands: other.thousands }),
      ...na,
    }));
  if (found.length > 0) return found;
  const beforeComments = rest.map((text) => /^([^#]*\S)\s*#/.exec(text)?.[1] ?? text);
  if (rules.comment === null && beforeComments.every((text) => numberIn(text, rules) !== null)) return [{ comment: '#', ...na }];
  return [];
}

/** The ways of writing numbers other than the given one. */
function otherRules({ decimal, thousands, na }: CellRules): CellRules[] {
  const all = ([decimal === '.' ? ',' : '.', decimal] as const).flatMap((d) =>
    [null, ...PARTERS.filter((p) => p !== d)].map((t): CellRules => ({ decimal: d, thousands: t, na })),
  );
  return all.filter((other) => other.decimal !== decimal || other.thousands !== thousands);
}

const changes = (a: CellRules, b: CellRules): number =>
  Number(a.decimal !== b.decimal) + (a.thousands === b.thousands ? 0 : b.thousands === null ? 0.5 : 1);

/** The key that makes times of a column's texts; `null` where some are no dates. */
export function keysForDates(column: string, texts: readonly string[]): ReadingKeys | null {
  const rest = texts.filter((text) => !isMissing(text));
  return rest.length > 0 && rest.every(isDate) ? { dates: { [column]: unitOfDates(rest) } } : null;
}

/** The keys as a spec has them: `"decimal": ",", "thousands": "."`. */
export function keysText(keys: ReadingKeys): string {
  return Object.entries(keys)
    .filter(([, value]) => value !== null)
    .map(([key, value]) => `${JSON.stringify(key)}: ${valueText(value)}`)
    .join(', ');
}

/** A value as people write JSON: on one line, with blanks. */
export function valueText(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(valueText).join(', ')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const members = Object.entries(value).map(([key, v]) => `${JSON.stringify(key)}: ${valueText(v)}`);
  return `{ ${members.join(', ')} }`;
}

/** What to do to a spec, as a clause: `write "decimal": "," in "data"`. */
export function keysAdvice(keys: ReadingKeys): string {
  const gone = Object.entries(keys).flatMap(([key, value]) => (value === null ? [JSON.stringify(key)] : []));
  const written = keysText(keys);
  const parts = [...(written === '' ? [] : [`write ${written} in "data"`]), ...(gone.length === 0 ? [] : [`leave ${gone.join(', ')} out`])];
  return parts.join(' and ');
}
