/**
 * How slowly coefficients fall although rows hold them, because the noise itself can grow: powers of R as a coefficient is at R → ∞.
 *
 * - A sampled scale goes along to R. Each of n rows costs one power, the scale's prior e_σ − 1, and each of F flat coefficients (population means and
 *   sds included), free to roam over R now, gives one back: e_β + e_σ − 1 + n − F, with e_β = 1 for a flat coefficient, which is among the F.
 *   For y ~ N(β, σ²), both flat, that is the power n − 1 of the t with n − 2 degrees of freedom.
 * - Student's t lets a row lie R away for R^−(ν + 1): e_β + (ν + 1) m, where m rows at least move when β does, other flat coefficients following.
 * - A negative binomial at shape φ ~ 1 / R bears any rate: φ^(a − 1) near 0, one power of φ a positive count: e_β + n₊ + a − F, upwards.
 */

import type { Design, ModelData, Rows } from '../design/design.ts';
import { isFixed, supportOf } from '../design/priors.ts';
import type { Prior } from '../spec/types.ts';

/** A power of a tail by prior; from tails.ts. */
export type TailOf = (prior: Prior) => number;

const isFlat = (prior: Prior | null): boolean => prior !== null && !isFixed(prior) && prior.dist === 'flat';
/** More than 3 or 2 by this: where logarithms make a moment exist at the very power at which it would not. */
const BY_LOGARITHMS = 1e-9;

/** A coefficient: a cell of an unpooled or partially pooled term, or a shared one (`group` −1). */
interface Place {
  readonly term: number;
  readonly group: number;
}

export class NoiseTails {
  readonly #design: Design;
  readonly #rows: Rows | null;
  readonly #tailOf: TailOf;
  /** Σ of frequency weights of each group. */
  readonly #weight: Float64Array;

  constructor(design: Design, data: ModelData, tailOf: TailOf) {
    this.#design = design;
    this.#rows = data.complete ? data.rows : null;
    this.#tailOf = tailOf;
    this.#weight = Float64Array.from(design.groupRows);
    if (this.#rows === null) return;
    this.#weight.fill(0);
    for (let i = 0; i < this.#rows.n; i++) this.#weight[this.#rows.group[i]] += this.#weightOf(i);
  }

  /** The tail of a coefficient that its rows hold. */
  coefficient(place: Place): number {
    return Math.min(this.#alongScale(place, this.#base(place, this.#unitsOf(place))), this.#beyondRows(place), this.#atSmallShape(place));
  }

  /** Of a population's mean or sd, all of whose groups run off with it. */
  population(term: number, what: 'mu' | 'tau'): number {
    const { prior, sd } = this.#design.terms[term];
    const own = this.#costOf(what === 'mu' ? prior : sd!);
    const place = { term, group: -1 };
    return Math.min(this.#alongScale(place, own), this.#atSmallShape(place, own));
  }

  /** Of a scale: `group` −1 for that of all. */
  scale(group: number): number {
    const groups = this.#design.groups.map((_, g) => g);
    return 1 + this.#cost(new Set(group < 0 ? groups : [group]));
  }

  #weightOf = (row: number): number => this.#rows?.weights?.[row] ?? 1;
  #isActive = ({ term, group }: Place, g: number): boolean =>
    (group < 0 || group === g) && this.#weight[g] > 0 && this.#design.mask[g * this.#design.terms.length + term] === 1;
  #groupsOf = (place: Place): number[] => this.#design.groups.flatMap((_, g) => (this.#isActive(place, g) ? [g] : []));

  /** A flat one costs a power itself and gives it back among the flat ones. */
  #costOf = (prior: Prior): number => (isFlat(prior) ? 1 : this.#tailOf(prior));

  /** All groups whose scale goes along with the coefficient's. */
  #unitsOf(place: Place): Set<number> {
    return new Set(this.#design.scale?.by === 'group' ? this.#groupsOf(place) : this.#design.groups.keys());
  }

  /** Groups of the coefficient's term, other than these, whose rows hold its population. */
  #outside = (term: number, free: ReadonlySet<number>): number => this.#groupsOf({ term, group: -1 }).filter((g) => !free.has(g)).length;

  /** Whether a flat prior lets the coefficient go while these groups let go of it. */
  #isFree({ term, group }: Place, free: ReadonlySet<number>): boolean {
    const { prior, sd, pooling } = this.#design.terms[term];
    if (pooling !== 'partial' || group < 0) return isFlat(prior);
    return this.#outside(term, free) === 0 && (isFlat(prior) || isFlat(sd));
  }

  /** What the prior takes for a coefficient at R while the rows of all groups but `free` hold theirs; 1 for a free one, which gives it back. */
  #base(place: Place, free: ReadonlySet<number>): number {
    const { term, group } = place;
    const { prior, sd, pooling } = this.#design.terms[term];
    if (this.#isFree(place, free)) return 1;
    if (pooling !== 'partial' || sd === null || group < 0) return this.#tailOf(prior);
    const outside = this.#outside(term, free);
    if (outside === 0) return Math.min(this.#tailOf(prior), this.#tailOf(sd));
    // The population's own tails, held by the other groups alone; a fixed mean lets the sd go alone.
    const [mu, tau] = [this.#tailOf(prior), this.#tailOf(sd)];
    return Math.min(mu + tau - 1 + outside, tau + outside - (mu === 0 ? 1 : 0));
  }

  /** Flat coefficients, means and sds that are told by rows of these groups alone. */
  #flats(groups: ReadonlySet<number>): Place[] {
    return this.#design.terms.flatMap((t, term): Place[] => {
      const own = this.#groupsOf({ term, group: -1 });
      const inside = own.filter((g) => groups.has(g));
      if (t.pooling === 'none') return isFlat(t.prior) ? inside.map((group) => ({ term, group })) : [];
      if (inside.length === 0 || inside.length < own.length) return [];
      const shared = { term, group: -1 };
      return [...(isFlat(t.prior) ? [shared] : []), ...(isFlat(t.sd) ? [shared] : [])];
    });
  }

  /** What it costs that the scales of these groups are at R: e_σ − 1 each, and their rows, less the flat ones. */
  #cost(groups: ReadonlySet<number>): number {
    const { scale } = this.#design;
    if (scale === null) return Number.POSITIVE_INFINITY;
    let power = -this.#flats(groups).length;
    for (const g of groups) power += this.#weight[g];
    return power + (scale.by === 'group' ? groups.size : 1) * (this.#tailOf(scale.prior) - 1);
  }

  #alongScale(place: Place, base: number): number {
    const units = this.#unitsOf(place);
    return units.size === 0 ? base : base + this.#cost(units);
  }

  /** Student's t: rows left behind. */
  #beyondRows(place: Place): number {
    const nu = this.#design.own.find(({ key }) => key === 'nu');
    if (nu === undefined || this.#rows === null) return Number.POSITIVE_INFINITY;
    const own = new Set(this.#groupsOf(place));
    const base = this.#isFree(place, own) ? 0 : this.#base(place, own);
    if (base === Number.POSITIVE_INFINITY) return base;
    const { least, order } = nearLeast(nu.prior);
    return base + (least + 1) * this.#fewestMoved(place) + (order > 1 ? BY_LOGARITHMS : 0);
  }

  /** The least weight of rows that move with the coefficient, when the other flat ones follow as best they can. */
  #fewestMoved(place: Place): number {
    const rows = this.#rows!;
    const others = this.#flats(new Set(this.#design.groups.keys())).filter((p) => p.term !== place.term || p.group !== place.group);
    const own = this.#column(place);
    let moved = 0;
    for (let i = 0; i < rows.n; i++) if (own[i] !== 0) moved += this.#weightOf(i);
    let fewest = moved;
    let inside = 0;
    const reached = own.map((value) => Number(value !== 0));
    for (const other of others) {
      const column = this.#column(other);
      const matched = new Map<number, number>();
      let all = 0;
      let shares = false;
      for (let i = 0; i < rows.n; i++) {
        const weight = this.#weightOf(i);
        if (own[i] !== 0 || column[i] !== 0) all += weight;
        if (own[i] === 0 || column[i] === 0) continue;
        shares = true;
        matched.set(own[i] / column[i], (matched.get(own[i] / column[i]) ?? 0) + weight);
      }
      if (!shares) continue;
      inside++;
      column.forEach((value, i) => {
        if (value !== 0) reached[i] = 1;
      });
      fewest = Math.min(fewest, all - Math.max(...matched.values()));
    }
    // In general position each other one lets one more row stay.
    const all = reached.reduce((sum, value, i) => sum + value * this.#weightOf(i), 0);
    return Math.max(0, Math.min(fewest, all - inside));
  }

  #column(place: Place): Float64Array {
    const rows = this.#rows!;
    const isIntercept = this.#design.terms[place.term].kind === 'intercept';
    return Float64Array.from({ length: rows.n }, (_, i) =>
      this.#weightOf(i) > 0 && this.#isActive(place, rows.group[i]) ? (isIntercept ? 1 : rows.x[place.term][i]) : 0,
    );
  }

  /** Negative binomial: the shape near 0. */
  #atSmallShape(place: Place, base = this.#base(place, new Set(this.#design.groups.keys()))): number {
    const shape = this.#design.own.find(({ key }) => key === 'shape');
    if (shape === undefined || this.#rows === null || base === Number.POSITIVE_INFINITY) return Number.POSITIVE_INFINITY;
    const { least, order } = nearLeast(shape.prior);
    if (least > 0) return Number.POSITIVE_INFINITY;
    const { y, n } = this.#rows;
    let positive = 0;
    for (let i = 0; i < n; i++) if (y[i] > 0) positive += this.#weightOf(i);
    const flats = this.#flats(new Set(this.#design.groups.keys())).filter((p) => this.#liftOf(p) < Number.POSITIVE_INFINITY);
    return base + this.#liftOf(place) + positive + order - flats.length;
  }

  /** What it takes beside for no positive count to fall with the coefficient: 0, or that the intercept lifts them. */
  #liftOf(place: Place): number {
    const { y, n } = this.#rows!;
    const column = this.#column(place);
    const falls = (side: number): boolean => {
      for (let i = 0; i < n; i++) if (side * column[i] < 0 && y[i] > 0) return true;
      return false;
    };
    if (!falls(1) || !falls(-1)) return 0;
    const term = this.#design.terms.findIndex((t) => t.kind === 'intercept');
    const groups = this.#groupsOf(place);
    if (term < 0 || !groups.every((g) => this.#isActive({ term, group: -1 }, g))) return Number.POSITIVE_INFINITY;
    const own = this.#design.terms[term].pooling === 'complete' ? [-1] : groups;
    const everywhere = new Set(this.#design.groups.keys());
    return own.reduce((sum, group) => sum + Math.max(0, this.#base({ term, group }, everywhere) - 1), 0);
  }
}

/** Where a positive parameter's prior ends below, and a if it is of the order (x − least)^(a − 1) there; Infinity where it vanishes faster. */
function nearLeast(prior: Prior): { readonly least: number; readonly order: number } {
  if (isFixed(prior)) return { least: prior.fixed, order: 1 };
  const least = supportOf(prior, true).lower;
  if (prior.dist === 'gamma') return { least, order: prior.args[0] };
  return { least, order: prior.dist === 'lognormal' || prior.dist === 'inverse_gamma' ? Number.POSITIVE_INFINITY : 1 };
}
