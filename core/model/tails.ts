/**
 * How fast the posterior's tails fall: which means and sds exist. Told by the model and the data, not by draws, whose mean is always some number.
 *
 * A density that falls as |x|^−e has a mean where e > 2 and a variance where e > 3. A prior such as cauchy (e = 2) or student_t (e = nu + 1) keeps its tail
 * in the posterior where the likelihood does not fall: a coefficient that no row reads, or whose rows all leave it one side (with separation by
 * one covariate alone: Ghosh, Li & Mitra 2018). Each group that data hold adds 1 to the tail of its population's sd (Gelman 2006), each row one to
 * that of a scale; and what rows hold can run off together with the noise (noiseTails.ts).
 */

import type { Design, ModelData, Parameter } from '../design/design.ts';
import { isFixed } from '../design/priors.ts';
import type { Distribution, Prior } from '../spec/types.ts';
import { NoiseTails } from './noiseTails.ts';
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
  const noise = data === null ? null : new NoiseTails(design, data, tailOf);
  const populations = design.terms.map((term, t) => {
    const groups = design.groups.filter((_, g) => held[g * terms + t] === 1).length;
    if (term.sd === null) return null;
    const { mu, tau } = populationTails(tailOf(term.prior), tailOf(term.sd), groups);
    if (groups === 0 || noise === null) return { mu, tau };
    return { mu: Math.min(mu, noise.population(t, 'mu')), tau: Math.min(tau, noise.population(t, 'tau')) };
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
        return noise === null ? tailOf(prior!) : noise.scale(group);
      case 'own':
        // The likelihood tends to that of a simpler family.
        return tailOf(prior!);
      default: {
        const isHeld = group < 0 ? design.groups.some((_, g) => held[g * terms + term] === 1) : held[group * terms + term] === 1;
        if (isHeld) return noise?.coefficient({ term, group }) ?? Number.POSITIVE_INFINITY;
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
