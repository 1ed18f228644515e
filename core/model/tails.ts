/**
 * How fast the posterior's tails fall: which means and sds exist. Told by the model and the data, not by draws, whose mean is always some number.
 *
 * A density that falls as |x|^−e has a mean where e > 2 and a variance where e > 3. A prior such as cauchy (e = 2) or student_t (e = nu + 1) keeps its tail
 * in the posterior where the likelihood does not fall: a coefficient that no row reads, or whose rows all leave it one side (with separation by
 * one covariate alone: Ghosh, Li & Mitra 2018). Each group that data hold adds 1 to the tail of its population's sd (Gelman 2006), each row one to
 * that of a scale.
 */
import type { Distribution, Prior } from '../spec/types.ts';
import type { Design, ModelData, Parameter } from './design.ts';
import { isFixed } from './priors.ts';
import { freeSide } from './propriety.ts';

/** The power of each prior's tail; `Infinity` where it falls faster than any, 0 for `flat()`. */
export function tailOf(prior: Prior): number {
  if (isFixed(prior)) return Number.POSITIVE_INFINITY;
  return (TAILS[prior.dist] ?? light)(prior.args);
}

const light = (): number => Number.POSITIVE_INFINITY;

const TAILS: Partial<Record<Distribution['dist'], (args: readonly number[]) => number>> = {
  flat: () => 0,
  cauchy: () => 2,
  half_cauchy: () => 2,
  student_t: ([nu]) => nu + 1,
  half_student_t: ([nu]) => nu + 1,
  inverse_gamma: ([shape]) => shape + 1,
};

export const hasMean = (tail: number): boolean => tail > 2;
export const hasSd = (tail: number): boolean => tail > 3;

/** The power of every parameter's tail in the posterior, in the order of `parameters`; `Infinity` for masked ones. `data`: `null` for the prior alone. */
export function posteriorTails(design: Design, parameters: readonly Parameter[], data: ModelData | null): Float64Array {
  const terms = design.terms.length;
  const suspects = design.terms.map((t) => !hasSd(Math.min(tailOf(t.prior), t.sd === null ? Number.POSITIVE_INFINITY : tailOf(t.sd))));
  const held = heldCells(design, data, suspects);
  const populations = design.terms.map((term, t) => {
    const groups = design.groups.filter((_, g) => held[g * terms + t] === 1).length;
    return term.sd === null ? null : populationTails(tailOf(term.prior), tailOf(term.sd), groups);
  });
  return Float64Array.from(parameters, ({ masked, kind, term, group, prior }) => {
    if (masked) return Number.POSITIVE_INFINITY;
    const population = term < 0 ? null : populations[term];
    switch (kind) {
      case 'mu':
        return population?.mu ?? tailOf(design.terms[term].prior);
      case 'tau':
        return population?.tau ?? Number.POSITIVE_INFINITY;
      case 'scale':
        return scaleTail(design, data, group);
      case 'own':
        // The likelihood tends to that of a simpler family.
        return tailOf(prior!);
      default: {
        const isHeld = group < 0 ? design.groups.some((_, g) => held[g * terms + term] === 1) : held[group * terms + term] === 1;
        if (isHeld) return Number.POSITIVE_INFINITY;
        return population === null ? tailOf(design.terms[term].prior) : Math.min(population.mu, population.tau);
      }
    }
  });
}

/** Of mu and tau of a population of which data hold the coefficients of so many groups. */
function populationTails(mu: number, tau: number, groups: number): { readonly mu: number; readonly tau: number } {
  if (groups === 0) return { mu, tau };
  // A flat mu follows tau, which costs a group; else the two can only run off together.
  return { mu: mu + tau - 1 + groups, tau: tau + groups - (mu === 0 ? 1 : 0) };
}

/** groups × terms; 1 where rows of the group hold its coefficient on both sides. Only the terms asked for are looked at; others count as held. */
function heldCells(design: Design, data: ModelData | null, wanted: readonly boolean[]): Uint8Array {
  const terms = design.terms.length;
  const held = new Uint8Array(design.groups.length * terms);
  if (data === null) return held;
  const { rows } = data;
  /** 1: rows hold it from running up, 2: down, 3: both. */
  const sides = new Uint8Array(held.length);
  design.terms.forEach((term, t) => {
    if (!wanted[t] || !data.complete) return;
    for (let i = 0; i < rows.n; i++) {
      const x = term.kind === 'intercept' ? 1 : rows.x[t][i];
      const side = freeSide(design, rows, i);
      const cell = rows.group[i] * terms + t;
      if (x === 0 || Number.isNaN(side) || design.mask[cell] === 0) continue;
      sides[cell] |= side === 0 ? 3 : side > 0 === x > 0 ? 2 : 1;
    }
  });
  for (let cell = 0; cell < held.length; cell++) {
    const [g, t] = [Math.floor(cell / terms), cell % terms];
    if (design.mask[cell] === 0) continue;
    held[cell] = wanted[t] && data.complete ? Number(sides[cell] === 3) : Number(design.groupRows[g] > 0);
  }
  return held;
}

/** Of a scale: its prior's, one more a row, one less a coefficient under a flat prior. `group`: −1 for the scale of all. */
function scaleTail(design: Design, data: ModelData | null, group: number): number {
  const prior = tailOf(design.scale!.prior);
  if (prior === Number.POSITIVE_INFINITY || data === null) return prior;
  const terms = design.terms.length;
  const groups = group < 0 ? design.groups.map((_, g) => g) : [group];
  let rows = groups.reduce((sum, g) => sum + design.groupRows[g], 0);
  if (data.complete) {
    rows = 0;
    for (let i = 0; i < data.rows.n; i++) if (group < 0 || data.rows.group[i] === group) rows += data.rows.weights?.[i] ?? 1;
  }
  let flat = 0;
  design.terms.forEach((term, t) => {
    if (isFixed(term.prior) || term.prior.dist !== 'flat') return;
    const active = groups.filter((g) => design.mask[g * terms + t] === 1).length;
    flat += term.pooling === 'none' ? active : Math.min(1, active);
  });
  return rows === 0 ? prior : prior + Math.max(0, rows - flat);
}
