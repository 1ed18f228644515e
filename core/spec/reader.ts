/** Reads typed values off a JSON tree and notes what is wrong; a faulty value reads as `null` and its default stands in. */
import { removalEdits } from './edits.ts';
import { itemsOf, type Member, membersOf, type Node, rangeInString, rangeOf } from './json.ts';
import { didYouMean, nearest, nearestWord, quote } from './nearest.ts';
import { extremeFault, parsePrior } from './priors.ts';
import type { Fix, Problem, TextRange } from './problem.ts';
import type { PriorChoice } from './types.ts';

/** Faults of form beyond these are not noted; each costs the making of its fixes. */
const MOST_PROBLEMS = 500;

/** One reading of one text; collects its problems. */
export class Reader {
  readonly problems: Problem[] = [];
  /** Known keys that unknown ones of an object were taken for. */
  readonly #meant = new Map<Node, Set<string>>();

  readonly #broken: boolean;

  /** `broken`: the text is not JSON yet, so that what is not there may only not have been typed. */
  constructor(
    readonly text: string,
    broken = false,
  ) {
    this.#broken = broken;
  }

  /** So many faults have been told that no more are of use. */
  get #isFull(): boolean {
    return this.problems.length >= MOST_PROBLEMS;
  }

  error(code: string, range: TextRange, message: string, fixes: readonly Fix[] = []): null {
    if (!this.#isFull) this.problems.push({ code, severity: 'error', message, range, fixes });
    return null;
  }

  /** The members of an object by key; unknown and duplicate keys are told. `null` when the node is no object. */
  object(node: Node, name: string, known: readonly string[]): ReadonlyMap<string, Node> | null {
    if (node.type !== 'object') return this.wrongType(node, name, 'an object');
    const values = new Map<string, Node>();
    const members = membersOf(node);
    this.#duplicates(node, name);
    const present = new Set(members.map((m) => m.key));
    for (const member of members) {
      if (!known.includes(member.key)) this.#unknownKey(node, member, name, known, present);
      else if (member.value !== undefined && !values.has(member.key)) values.set(member.key, member.value);
    }
    return values;
  }

  /** Tells that a key is not there, unless another one was taken for it. */
  lacks(node: Node, key: string, message: string, fixes: readonly Fix[] = []): null {
    return this.#broken || this.#meant.get(node)?.has(key) ? null : this.error('HM005', opening(node), message, fixes);
  }

  /** The members of an object whose keys are the user's own names; only duplicates are told. */
  entries(node: Node, name: string): readonly Member[] | null {
    if (node.type !== 'object') return this.wrongType(node, name, 'an object');
    this.#duplicates(node, name);
    const seen = new Set<string>();
    return membersOf(node).filter((m) => !seen.has(m.key) && seen.add(m.key) !== undefined);
  }

  list(node: Node, name: string): readonly Node[] | null {
    return node.type === 'array' ? itemsOf(node) : this.wrongType(node, name, 'a list');
  }

  string(node: Node, name: string, what = 'text in double quotes'): string | null {
    if (node.type !== 'string') return this.wrongType(node, name, what);
    if (node.value === '') return this.error('HM003', rangeOf(node), `${quote(name)} is empty; it must be ${what}.`, this.#removal(node));
    return node.value as string;
  }

  boolean(node: Node, name: string): boolean | null {
    return node.type === 'boolean' ? (node.value as boolean) : this.wrongType(node, name, 'true or false');
  }

  /** A finite number. */
  number(node: Node, name: string): number | null {
    if (node.type !== 'number') return this.wrongType(node, name, 'a number');
    const value = node.value as number;
    if (Number.isFinite(value)) return value;
    return this.error('HM003', rangeOf(node), `${quote(name)} is too large for a number of double precision; write a smaller one.`);
  }

  /** One of a closed set of words; a near miss gets a quick fix. */
  choice<T extends string>(node: Node, name: string, choices: readonly T[]): T | null {
    const expected = choices.length === 1 ? quote(choices[0]) : `one of ${choices.join(', ')}`;
    if (node.type !== 'string') return this.wrongType(node, name, expected);
    const value = node.value as string;
    if ((choices as readonly string[]).includes(value)) return value as T;
    const guess = nearestWord(value, choices) ?? (choices.length === 1 ? choices[0] : null);
    const change = (to: string) => replacement(node, JSON.stringify(to), `Change to ${quote(to)}`);
    const fixes = guess === null ? choices.map((c) => ({ ...change(c), preferred: false })) : [change(guess)];
    const message = `${quote(value)} is no value for ${quote(name)}; it must be ${expected}.${choices.length === 1 ? '' : didYouMean(guess)}`;
    return this.error('HM003', rangeOf(node), message, fixes);
  }

  /** A prior string, a number (which fixes the parameter), or `"auto"`. */
  prior(node: Node, parameter: string, support: 'real' | 'positive'): PriorChoice | null {
    if (node.type === 'number') {
      const fixed = this.number(node, parameter);
      const extreme = fixed === null ? null : extremeFault(fixed, support);
      if (extreme !== null) return this.error('HM604', rangeOf(node), `${quote(parameter)} ${extreme}.`);
      if (fixed === null || support === 'real' || fixed > 0) return fixed === null ? null : { fixed };
      return this.error(
        'HM604',
        rangeOf(node),
        `${quote(parameter)} is positive and cannot be fixed at ${fixed}; write a number above 0, or a prior.`,
        [replacement(node, '1', 'Fix it at 1')],
      );
    }
    if (node.type !== 'string') return this.wrongType(node, parameter, 'a prior such as "normal(0, 5)", a number, or "auto"');
    const value = node.value as string;
    if (value === 'auto') return 'auto';
    const { prior, faults } = parsePrior(value, parameter, support);
    for (const fault of faults) {
      const range = rangeInString(this.text, node, fault.start, fault.end);
      const fixes: Fix[] = fault.replacements.map((text) => ({ title: `Change to ${text}`, edits: [{ ...range, text }] }));
      if (fault.rewritten !== undefined) fixes.push(replacement(node, JSON.stringify(fault.rewritten), `Change to ${fault.rewritten}`));
      this.error(fault.code, range.end > range.start ? range : rangeOf(node), fault.message, fixes);
    }
    return prior;
  }

  wrongType(node: Node, name: string, expected: string): null {
    const fixes = node.type === 'null' ? this.#removal(node) : convert(node, name, expected);
    return this.error('HM003', smallRange(node, this.text), `${quote(name)} must be ${expected}, not ${describe(node)}.`, fixes);
  }

  /** Takes out the property that a value is of. */
  #removal(value: Node): readonly Fix[] {
    const { parent } = value;
    const key = parent?.type === 'property' ? parent.children?.[0] : undefined;
    if (parent?.parent === undefined || key === undefined) return [];
    return [removeMember(parent.parent, { key: String(key.value), keyNode: key, value, node: parent }, this.text)];
  }

  #duplicates(node: Node, name: string): void {
    const seen = new Map<string, Member>();
    for (const member of membersOf(node)) {
      if (this.#isFull) return;
      if (seen.has(member.key)) {
        const message = `${quote(member.key)} appears twice in ${placeName(name)}, and only its first value is read; remove one.`;
        this.error('HM004', rangeOf(member.keyNode), message, [
          { ...removeMember(node, member, this.text), title: `Remove this ${quote(member.key)}` },
          { ...removeMember(node, seen.get(member.key)!, this.text), title: `Remove the first ${quote(member.key)}` },
        ]);
      } else seen.set(member.key, member);
    }
  }

  #unknownKey(node: Node, member: Member, name: string, known: readonly string[], present: ReadonlySet<string>): void {
    if (this.#isFull) return;
    const guess = nearest(
      member.key,
      known.filter((k) => !present.has(k)),
    );
    const fixes: Fix[] = [removeMember(node, member, this.text)];
    if (guess !== null) {
      fixes.unshift(replacement(member.keyNode, JSON.stringify(guess), `Change to ${quote(guess)}`));
      this.#meant.set(node, (this.#meant.get(node) ?? new Set()).add(guess));
    }
    const hint =
      guess === null
        ? `remove it (the nearest known one is ${quote(closest(member.key, known))}).`
        : `correct or remove it.${didYouMean(guess)}`;
    this.error('HM002', rangeOf(member.keyNode), `${quote(member.key)} is not a key of ${placeName(name)}; ${hint}`, fixes);
  }
}

/** An object of the spec by its key, the spec itself by what it is. */
const placeName = (name: string): string => (name === THE_SPEC ? name : quote(name));

/** What `object` is told of the outermost one. */
export const THE_SPEC = 'the spec';

/** A short value is shown whole, of a long one or one of several lines its bracket. */
function smallRange(node: Node, text: string): TextRange {
  const short = node.length <= 40 && !text.slice(node.offset, node.offset + node.length).includes('\n');
  return short || (node.type !== 'object' && node.type !== 'array') ? rangeOf(node) : opening(node);
}

const opening = (node: Node): TextRange => ({ start: node.offset, end: node.offset + 1 });

export function replacement(node: Node, text: string, title: string): Fix {
  return { title, edits: [{ ...rangeOf(node), text }], preferred: true };
}

/** Takes a property out. */
export function removeMember(object: Node, member: Member, text: string): Fix {
  return { title: `Remove ${quote(member.key)}`, edits: removalEdits(object, member.node, text) };
}

/** The known key that shares most with a hopeless one: the longest common prefix, else the first. */
function closest(key: string, known: readonly string[]): string {
  const common = (k: string) => {
    let n = 0;
    while (n < k.length && k[n] === key[n]) n++;
    return n;
  };
  return known.filter((k) => k !== '$schema').reduce((a, b) => (common(b) > common(a) ? b : a));
}

function describe(node: Node): string {
  switch (node.type) {
    case 'string':
      return `the text ${quote(node.value as string)}`;
    case 'object':
      return 'an object';
    case 'array':
      return 'a list';
    case 'null':
      return 'null';
    default:
      return `${node.type === 'boolean' ? '' : 'the number '}${String(node.value)}`;
  }
}

/** Fixes for a value of the wrong type that says what is meant all the same. */
function convert(node: Node, name: string, expected: string): readonly Fix[] {
  const { value } = node;
  const item = itemsOf(node)[0];
  if (node.type === 'string') {
    if (expected === 'a number' && /^-?\d+(\.\d+)?$/.test(value)) return [replacement(node, value, 'Remove the quotes')];
    if (expected.startsWith('true or false') && /^(true|false)$/.test(value)) return [replacement(node, value, 'Remove the quotes')];
    if (expected === 'a list') return [replacement(node, `[${JSON.stringify(value)}]`, 'Make it a list')];
  }
  if (node.type === 'number') {
    if (expected.startsWith('true or false') && (value === 0 || value === 1))
      return [replacement(node, String(value === 1), `Change to ${value === 1}`)];
    if (expected.startsWith('text') || expected.includes('in double quotes'))
      return [replacement(node, `"${String(value)}"`, 'Put it in quotes')];
    if (name === 'interval' && value > 0 && value < 1) return [replacement(node, `{ "prob": ${value} }`, 'Make it the probability')];
  }
  // A name within a list, where one name is wanted.
  if (node.type === 'array' && expected.includes('in double quotes') && itemsOf(node).length === 1 && item.type === 'string') {
    return [replacement(node, JSON.stringify(item.value), 'Remove the brackets')];
  }
  return [];
}
