/** From a hierarchy's position to the scalars that a summary lists, and back. */
import { coordinatesOf, ROLE, type Slot } from './coordinates.ts';
import type { Design, Parameter } from './design.ts';
import type { Hierarchy } from './hierarchy.ts';
import { unconstrain } from './transforms.ts';

/** Where a listed scalar is found in a hierarchy that has been placed. */
type Source =
  | { readonly from: 'cell'; readonly cell: number }
  | { readonly from: 'term' | 'tau'; readonly term: number }
  | { readonly from: 'scale'; readonly group: number }
  | { readonly from: 'extra' };

export interface Scalars {
  /** Number of unmasked scalars. */
  readonly width: number;
  /** Writes the scalars at a position, one for each unmasked parameter of `listParameters`. */
  constrain(hierarchy: Hierarchy, position: Float64Array, out: Float64Array): void;
  /** Writes the position at which a hierarchy has these scalars; fixed ones are not read. */
  unconstrain(hierarchy: Hierarchy, values: Float64Array, position: Float64Array): void;
}

export function scalarsOf(design: Design, parameters: readonly Parameter[]): Scalars {
  const { cells } = coordinatesOf(design);
  const cellAt = new Map<number, number>();
  for (let c = 0; c < cells.count; c++) cellAt.set(cells.group[c] * design.terms.length + cells.term[c], c);
  const sources: Source[] = parameters.filter((p) => !p.masked).map((p) => sourceOf(p, design, cellAt));
  return {
    width: sources.length,
    constrain(hierarchy, position, out) {
      hierarchy.place(position);
      sources.forEach((s, i) => {
        out[i] = read(hierarchy, s);
      });
    },
    unconstrain(hierarchy, values, position) {
      const { coordinates } = hierarchy;
      const set = (slot: Slot, value: number): void => {
        if (slot.at >= 0) position[slot.at] = unconstrain(slot.transform, value);
      };
      // Shared values first: the coordinates of partially pooled cells depend on them.
      sources.forEach((s, i) => {
        if (s.from === 'term' || s.from === 'tau') {
          const slots = coordinates.terms[s.term];
          if (slots.role === ROLE.partial) set(s.from === 'tau' ? slots.tau : slots.mu, values[i]);
          else set(slots.slot, values[i]);
        } else if (s.from === 'scale') set(coordinates.scales![coordinates.scaleByGroup ? s.group : 0], values[i]);
        else if (s.from === 'extra') set(coordinates.extra!, values[i]);
      });
      hierarchy.place(position);
      sources.forEach((s, i) => {
        if (s.from !== 'cell' || coordinates.cell[s.cell] < 0) return;
        const t = coordinates.cells.term[s.cell];
        const slots = coordinates.terms[t];
        const { value } = hierarchy.terms[t];
        if (slots.role === ROLE.own) position[coordinates.cell[s.cell]] = unconstrain(slots.slot.transform, values[i]);
        else {
          const deviation = hierarchy.stretch[s.cell] > 0 ? (values[i] - value) / hierarchy.stretch[s.cell] : 0;
          position[coordinates.cell[s.cell]] = deviation + hierarchy.centring[s.cell] * value;
        }
      });
    },
  };
}

function sourceOf(p: Parameter, design: Design, cellAt: ReadonlyMap<number, number>): Source {
  if (p.kind === 'mu') return { from: 'term', term: p.term };
  if (p.kind === 'tau') return { from: 'tau', term: p.term };
  if (p.kind === 'scale') return { from: 'scale', group: Math.max(0, p.group) };
  if (p.kind === 'nu' || p.kind === 'shape') return { from: 'extra' };
  if (p.group < 0) return { from: 'term', term: p.term };
  return { from: 'cell', cell: cellAt.get(p.group * design.terms.length + p.term)! };
}

function read(hierarchy: Hierarchy, s: Source): number {
  if (s.from === 'cell') return hierarchy.beta[s.cell];
  if (s.from === 'term') return hierarchy.terms[s.term].value;
  if (s.from === 'tau') return hierarchy.terms[s.term].tau;
  return s.from === 'scale' ? hierarchy.parameters.scale[s.group] : hierarchy.parameters.extra;
}
