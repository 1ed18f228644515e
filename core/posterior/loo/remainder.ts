/**
 * Whether scales under flat priors still have a posterior once a row or a group is left out. By the rules of HM504: a noise scale wants two observations
 * more than coefficients under flat priors, the sd of a population three groups (Gelman 2006).
 */
import { weightOf } from '../../data/table.ts';
import type { Design, Rows } from '../../design/design.ts';
import { isFixed } from '../../design/priors.ts';
import type { Prior } from '../../spec/types.ts';
import { leftOut } from './loo.ts';

/** How a remark begins that says why leave-one-out has no value. */
export const NO_LOO = 'Leave-one-out has no value';

const FEWEST_GROUPS = 3;
/** Sums of frequency weights are rounded. */
const ROUNDING = 1e-9;

const isFlat = (prior: Prior | null): boolean => prior !== null && !isFixed(prior) && prior.dist === 'flat';

/** What leaving a row, or a group, out leaves without a posterior: one number each, 1 for those. */
export interface Unheld {
  readonly rows: Uint8Array;
  readonly groups: Uint8Array;
}

/** `null` where no scale has a flat prior. */
export function unheldWithout(design: Design, rows: Rows): Unheld | null {
  const flatScale = design.scale !== null && isFlat(design.scale.prior);
  const flatSds = [...design.terms.keys()].filter((t) => isFlat(design.terms[t].sd));
  if (!flatScale && flatSds.length === 0) return null;
  const weights = new Float64Array(design.groups.length);
  for (let i = 0; i < rows.n; i++) weights[rows.group[i]] += weightOf(rows, i);
  const isHeld = (group: number, less: number): boolean => {
    const left = Float64Array.from(weights, (w, g) => (g === group ? w - less : w));
    if (flatScale && !holdsScale(design, left)) return false;
    return flatSds.every((t) => left.filter((w, g) => w > ROUNDING && isActive(design, g, t)).length >= FEWEST_GROUPS);
  };
  const known = new Map<string, number>();
  const ofRow = (i: number): number => {
    const less = leftOut(weightOf(rows, i));
    const key = `${rows.group[i]} ${less}`;
    const found = known.get(key) ?? Number(!isHeld(rows.group[i], less));
    known.set(key, found);
    return found;
  };
  return {
    rows: Uint8Array.from({ length: rows.n }, (_, i) => ofRow(i)),
    groups: Uint8Array.from(weights, (w, g) => Number(w > 0 && !isHeld(g, w))),
  };
}

const isActive = (design: Design, group: number, term: number): boolean => design.mask[group * design.terms.length + term] === 1;

function holdsScale(design: Design, weights: Float64Array): boolean {
  const all = [...weights.keys()];
  const units = design.scale!.by === 'all' ? [all] : all.map((g) => [g]);
  return units.every((groups) => {
    const weight = groups.reduce((sum, g) => sum + weights[g], 0);
    let flat = 0;
    design.terms.forEach((term, t) => {
      const active = groups.filter((g) => isActive(design, g, t)).length;
      if (isFlat(term.prior)) flat += term.pooling === 'none' ? active : Math.min(1, active);
    });
    return weight + ROUNDING >= flat + 2;
  });
}
