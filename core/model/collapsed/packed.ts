/** Lays a collapsed Gaussian's groups out in the memory of its kernels; core/kernels/groupWords.ts says where things lie. */
import { type GroupKernels, groupKernels } from '../../kernels/groups.ts';
import * as at from '../../kernels/groupWords.ts';
import { FIRST_ADDRESS } from '../../kernels/kernels.ts';
import type { CollapsedLayout, GroupLayout } from './layout.ts';

export interface PackedGroups {
  readonly kernels: GroupKernels;
  readonly words: Int32Array;
  readonly numbers: Float64Array;
  /** Addresses in `words`: the frame, and the groups' entries one after another. */
  readonly frame: number;
  readonly entries: number;
  /** Normals that a draw takes. */
  readonly noise: number;
}

/** Hands out addresses. */
class Room {
  next: number;

  constructor(next: number) {
    this.next = next;
  }

  take(length: number): number {
    this.next += length;
    return this.next - length;
  }
}

export function packGroups({ groups, shared, interceptTerm }: CollapsedLayout, terms: number): PackedGroups {
  const largest = (size: (g: GroupLayout) => number): number => groups.reduce((m, g) => Math.max(m, size(g)), 0);
  const [n, k, s] = [largest((g) => g.slopes), largest((g) => g.locals), largest((g) => g.shared.length)];
  const size = shared.length;
  const noise = groups.reduce((sum, g) => sum + g.locals + 1, size);
  const drawn = groups.reduce((sum, g) => sum + g.slopes + 1, 0);
  const numbers = new Room(FIRST_ADDRESS / 8);
  const frame = Int32Array.of(
    0,
    groups.length,
    numbers.take(groups.length),
    numbers.take(terms),
    interceptTerm,
    size,
    ...[size * size, size, size * size, groups.length, terms, 3].map((length) => numbers.take(length)),
    ...[(n + 1) ** 2, s, k * k, s * s, k, s].map((length) => numbers.take(length)),
    ...[noise + 3, size, drawn].map((length) => numbers.take(length)),
  );
  const words = new Room(0);
  const addresses = groups.map((g) => addressesOf(g, numbers, words));
  // Words follow the numbers: the lists that groups point to, the frame, the entries.
  const first = 2 * numbers.next;
  const frameAt = first + words.take(at.FRAME);
  const entries = first + words.take(groups.length * at.ENTRY);
  const kernels = groupKernels(4 * (first + words.next));
  const packed = {
    kernels,
    words: new Int32Array(kernels.buffer),
    numbers: new Float64Array(kernels.buffer),
    frame: frameAt,
    entries,
    noise,
  };
  frame[at.ENTRIES] = entries;
  packed.words.set(frame, frameAt);
  addresses.forEach((entry, g) => {
    for (let list = at.SLOPE; list < at.ENTRY; list++) entry[list] += first;
    packed.words.set(entry, entries + g * at.ENTRY);
    fill(packed, entry, groups[g], shared);
  });
  return packed;
}

function addressesOf(g: GroupLayout, numbers: Room, words: Room): Int32Array {
  const { slopes: n, locals: k } = g;
  const s = g.shared.length;
  const role = g.intercept !== 'local' ? at.ROLE_NONE : g.interceptProper ? at.ROLE_PROPER : at.ROLE_FLAT;
  const sizes = [at.SCALARS_LENGTH, n, n, n, n, n, n + 1, n * n, k, k, k, k * k, s, s, k * s, s * s];
  return Int32Array.of(n, k, s, role, ...sizes.map((size) => numbers.take(size)), ...[k, k, k, s, s].map((size) => words.take(size)));
}

function fill({ words, numbers }: PackedGroups, entry: Int32Array, g: GroupLayout, shared: CollapsedLayout['shared']): void {
  numbers.set([g.weight, g.residualMean, g.residual.squares, g.interceptSd, g.intercept0, g.residual.mean], entry[at.SCALARS]);
  numbers.set(g.meanX, entry[at.MEAN_X]);
  numbers.set(g.xy, entry[at.XY]);
  numbers.set(g.gap, entry[at.GAP]);
  numbers.set(g.residual.xy, entry[at.RESIDUAL_XY]);
  numbers.set(g.q0, entry[at.LOCATION]);
  numbers.set(g.xx, entry[at.XX]);
  numbers.set(g.localSd, entry[at.OWN_SD]);
  words.set(g.localSlope, entry[at.SLOPE]);
  words.set(g.localProper, entry[at.PROPER]);
  g.localSlope.forEach((j, a) => {
    words[entry[at.TERM] + a] = g.terms[j];
  });
  words.set(g.shared, entry[at.SHARED]);
  words.set(g.sharedCoordinate, entry[at.COORDINATE]);
  g.shared.forEach((c, i) => {
    numbers[entry[at.SHARED_SD] + i] = shared[c].sd;
  });
}
