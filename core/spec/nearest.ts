/** Names longer than this are not compared: the distance is quadratic in their length. */
const LONGEST = 200;

/**
 * The candidate most like `name`, for "did you mean": smallest optimal-string-alignment distance, letters' case counting half,
 * the first of equals. `null` when none is near: more than two edits in five; a lone letter is near its other case only.
 */
export function nearest(name: string, candidates: Iterable<string>): string | null {
  if (name.length === 0 || name.length > LONGEST) return null;
  // Any letter is one edit away from any other.
  const limit = name.length === 1 ? 0 : Math.max(1, Math.floor(name.length * 0.4));
  let best: string | null = null;
  let bestDistance = limit + 0.75;
  for (const candidate of candidates) {
    if (candidate === name || candidate.length > LONGEST || Math.abs(candidate.length - name.length) > limit) continue;
    const sameCase = distance(name.toLowerCase(), candidate.toLowerCase());
    const d = sameCase + (sameCase > 0 && distance(name, candidate) === sameCase ? 0 : 0.5);
    if (d < bestDistance) {
      best = candidate;
      bestDistance = d;
    }
  }
  return best;
}

/** The level that a cell was probably meant for: the same number spelt otherwise (`4.0` for `4`), the same but for blanks and case, else the nearest. */
export function nearestLevel(text: string, levels: readonly string[]): string | null {
  const plain = text.trim().toLowerCase();
  const isNumber = plain !== '' && Number.isFinite(Number(plain));
  const same = levels.find((l) => l.trim().toLowerCase() === plain || (isNumber && l.trim() !== '' && Number(l) === Number(plain)));
  return same ?? nearest(text, levels);
}

/** ` Did you mean "x"?`, or which levels there are. */
export function meantLevel(text: string, levels: readonly string[]): string {
  const guess = nearestLevel(text, levels);
  if (guess !== null) return didYouMean(guess);
  const shown = levels.slice(0, MOST_LEVELS).map(quote).join(', ');
  return ` Its levels are ${shown}${levels.length > MOST_LEVELS ? ` and ${levels.length - MOST_LEVELS} more` : ''}.`;
}

const MOST_LEVELS = 8;

/** Other words for those of the spec, as brms, Bambi, PyMC, Stan and statistics books have them: lower case, letters and digits only. */
const SYNONYMS = new Map<string, readonly string[]>(
  Object.entries({
    normal: ['gauss', 'norm', 'gaussian', 'n'],
    student_t: ['t', 'student'],
    laplace: ['doubleexponential', 'lasso'],
    flat: ['improper', 'noninformative', 'uninformative'],
    half_student_t: ['halft', 'halfstudent'],
    exponential: ['exp', 'expon'],
    inverse_gamma: ['invgamma', 'igamma', 'ig'],
    log: ['ln'],
    log1p: ['logp1'],
    center: ['centre', 'centered', 'centred', 'demean'],
    standardize: ['standardise', 'standardized', 'scale', 'zscore', 'z', 'normalize'],
    none: ['no', 'off', 'identity', 'separate', 'unpooled'],
    partial: ['hierarchical', 'multilevel', 'random', 'mixed'],
    complete: ['full', 'pooled', 'fixed', 'global'],
    drop: ['omit', 'remove', 'exclude', 'listwise', 'naomit'],
    zero: ['fill'],
    error: ['raise', 'fail', 'stop'],
    'utf-8': ['utf', 'unicode', 'utf8', 'utf8sig', 'ascii', 'usascii'],
    'utf-16': ['utf16le', 'utf16be', 'ucs2', 'unicodelittle'],
    'windows-1252': ['latin1', 'latin', 'iso88591', 'iso885915', 'cp1252', 'ansi', 'win1252', 'windows1252'],
    days: ['d', 'day', 'date', 'dates', 'daily'],
    hours: ['h', 'hr', 'hrs', 'hour', 'hourly'],
    seconds: ['s', 'sec', 'secs', 'second', 'time', 'datetime'],
    nuts: ['hmc', 'mcmc'],
    hdi: ['hpd', 'hpdi'],
    eti: ['quantile', 'quantiles', 'central', 'equaltailed', 'ci'],
  }),
);

/** More words for a name, beside those that it has. */
export function addSynonyms(name: string, words: readonly string[]): void {
  SYNONYMS.set(name, [...(SYNONYMS.get(name) ?? []), ...words]);
}

/** The word of a closed set that is most like `word`, or means the same elsewhere; `null` when there is none. */
export function nearestWord<T extends string>(word: string, choices: readonly T[]): T | null {
  const plain = word.toLowerCase().replace(/[^a-z0-9]/g, '');
  const same = word.length > LONGEST ? undefined : choices.find((c) => SYNONYMS.get(c)?.includes(plain));
  return same ?? (nearest(word, choices) as T | null);
}

/** Insertions, deletions, substitutions and swaps of neighbours that turn `a` into `b`. */
export function distance(a: string, b: string): number {
  let before = new Uint16Array(b.length + 1);
  let last = Uint16Array.from({ length: b.length + 1 }, (_, j) => j);
  let row = new Uint16Array(b.length + 1);
  for (let i = 1; i <= a.length; i++) {
    row[0] = i;
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1] ? 0 : 1;
      let d = Math.min(last[j] + 1, row[j - 1] + 1, last[j - 1] + same);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) d = Math.min(d, before[j - 2] + 1);
      row[j] = d;
    }
    [before, last, row] = [last, row, before];
  }
  return last[b.length];
}

/** ` Did you mean "x"?`, or nothing. */
export function didYouMean(candidate: string | null): string {
  return candidate === null ? '' : ` Did you mean ${quote(candidate)}?`;
}

/** A user's name in a message: quoted as JSON, cut when long, without line breaks. */
export function quote(name: string): string {
  return JSON.stringify(name.length > 80 ? `${name.slice(0, 79)}…` : name);
}
