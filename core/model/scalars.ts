/** From a hierarchy's position to the scalars that a summary lists, and back. */

import type { Design, Parameter } from '../design/design.ts';
import { coordinatesOf, ROLE, type Slot } from './coordinates.ts';
import type { Hierarchy } from './hierarchy.ts';
import { unconstrain } from './transforms.ts';

/** Where a listed scalar is found in a hierarchy that has been placed. */
type Source =
  | { readonly from: 'cell'; readonly cell: number }
  | { readonly from: 'term' | 'tau'; readonly term: number }
  | { readonly from: 'scale'; readonly group: number }
  | { readonly from: 'own'; readonly place: number };

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
      const beta = new Float64Array(coordinates.cells.count);
      const mus = new Float64Array(coordinates.terms.length);
      const set = (slot: Slot, value: number): void => {
        if (slot.at >= 0) position[slot.at] = unconstrain(slot.transform, value);
      };
      sources.forEach((s, i) => {
        if (s.from === 'cell') {
          beta[s.cell] = values[i];
          const slots = coordinates.terms[coordinates.cells.term[s.cell]];
          const at = coordinates.cell[s.cell];
          if (slots.role === ROLE.own && at >= 0) position[at] = unconstrain(slots.slot.transform, values[i]);
        } else if (s.from === 'term' || s.from === 'tau') {
          const slots = coordinates.terms[s.term];
          if (slots.role !== ROLE.partial) set(slots.slot, values[i]);
          else if (s.from === 'tau') set(slots.tau, values[i]);
          else mus[s.term] = values[i];
        } else if (s.from === 'scale') set(coordinates.scales![coordinates.scaleByGroup ? s.group : 0], values[i]);
        else if (s.from === 'own') set(coordinates.own[s.place], values[i]);
      });
      hierarchy.setCoefficients(position, beta, mus);
    },
  };
}

function sourceOf(p: Parameter, design: Design, cellAt: ReadonlyMap<number, number>): Source {
  if (p.kind === 'mu') return { from: 'term', term: p.term };
  if (p.kind === 'tau') return { from: 'tau', term: p.term };
  if (p.kind === 'scale') return { from: 'scale', group: Math.max(0, p.group) };
  if (p.kind === 'own') return { from: 'own', place: design.own.findIndex(({ key }) => key === p.name) };
  if (p.group < 0) return { from: 'term', term: p.term };
  return { from: 'cell', cell: cellAt.get(p.group * design.terms.length + p.term)! };
}

function read(hierarchy: Hierarchy, s: Source): number {
  if (s.from === 'cell') return hierarchy.beta[s.cell];
  if (s.from === 'term') return hierarchy.terms[s.term].value;
  if (s.from === 'scale') return hierarchy.parameters.scale[s.group];
  if (s.from === 'own') return hierarchy.parameters.own[s.place];
  return Math.abs(hierarchy.terms[s.term].tau);
}
