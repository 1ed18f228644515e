/**
 * How long the texts are that a predicate makes out of a row, before it runs: a few nested `replace` make gigabytes out of one cell.
 * Works on DuckDB's syntax tree, after `checkPredicate` has let its nodes pass.
 */

/** At most so many times the longest cell, and so many characters beside that. */
const MOST_CELLS = 16;
const MOST_CONSTANTS = 10_000;

/** A length: so many cells, and so many characters of the predicate's own. */
interface Length {
  readonly cells: number;
  readonly constants: number;
}

type Node = { readonly [key: string]: unknown };
const isNode = (value: unknown): value is Node => typeof value === 'object' && value !== null && !Array.isArray(value);

const ADVICE = 'compare the columns as they are, or prepare a column for it in the data';

/** Why the texts of a predicate may grow too long, as one sentence; `null` when they cannot. */
export function growthFault(node: unknown): string | null {
  const lengths = new Lengths();
  lengths.of(node);
  return lengths.fault;
}

class Lengths {
  fault: string | null = null;

  of(node: unknown): Length {
    const length = this.#lengthOf(node);
    if (length.cells > MOST_CELLS || length.constants > MOST_CONSTANTS) {
      this.fault ??= `"where" makes texts of more than ${MOST_CELLS} cells' length; ${ADVICE}.`;
    }
    return length;
  }

  #lengthOf(node: unknown): Length {
    if (Array.isArray(node)) return longest(node.map((child) => this.of(child)));
    if (!isNode(node)) return { cells: 0, constants: 0 };
    if (node.class === 'COLUMN_REF') return { cells: 1, constants: 0 };
    if (node.class === 'CONSTANT') return { cells: 0, constants: textOf(node)?.length ?? 0 };
    const children = Object.values(node).filter((value) => typeof value === 'object');
    if (node.class !== 'FUNCTION') return longest(children.map((child) => this.of(child)));
    const given = Array.isArray(node.children) ? node.children : [];
    switch (node.function_name) {
      case 'concat':
      case '||':
      case 'list_value':
        return total(given.map((child) => this.of(child)));
      case 'replace':
        return this.#replaced(given);
      default:
        return longest(children.map((child) => this.of(child)));
    }
  }

  /** Each place of what is replaced may become the whole of what stands in its place. */
  #replaced([within, what, by]: readonly unknown[]): Length {
    const { cells, constants } = this.of(within);
    const [from, to] = [textOf(what), textOf(by)];
    if (to === null) {
      this.fault ??= `"where" may replace by a text in quotes only; ${ADVICE}.`;
      return { cells, constants };
    }
    const times = Math.max(1, to.length / Math.max(1, from?.length ?? 1));
    return { cells: cells * times, constants: constants * times };
  }
}

/** The text of a constant; `null` for anything else. */
export function textOf(node: unknown): string | null {
  if (!isNode(node) || node.class !== 'CONSTANT' || !isNode(node.value)) return null;
  return typeof node.value.value === 'string' ? node.value.value : null;
}

const longest = (lengths: readonly Length[]): Length => ({
  cells: lengths.reduce((most, l) => Math.max(most, l.cells), 0),
  constants: lengths.reduce((most, l) => Math.max(most, l.constants), 0),
});

const total = (lengths: readonly Length[]): Length => ({
  cells: lengths.reduce((sum, l) => sum + l.cells, 0),
  constants: lengths.reduce((sum, l) => sum + l.constants, 0),
});
