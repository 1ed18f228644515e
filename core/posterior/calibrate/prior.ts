/** What the priors alone say: draws of every parameter, and responses simulated from them. */

import type { Design, Parameter, Rows } from '../../design/design.ts';
import { drawPrior, isFixed } from '../../design/priors.ts';
import type { RowAuxiliary } from '../../families/family.ts';
import { familyOf } from '../../families/index.ts';
import type { Rng } from '../../math/rng.ts';
import { rngFor } from '../../math/streams.ts';
import type { Draws } from '../../sampler/types.ts';
import type { Prior } from '../../spec/types.ts';
import { type Lookup, lookupOf } from '../predict/lookup.ts';

/** Names of parameters whose prior is `flat()` and so cannot be drawn from; empty when the priors can be simulated. */
export function flatParameters(parameters: readonly Parameter[]): string[] {
  return parameters
    .filter(({ masked, prior }) => !masked && prior !== null && !isFixed(prior) && prior.dist === 'flat')
    .map(({ name }) => name);
}

/** Writes one draw of all unmasked parameters, at their indices. */
export function drawParameters(design: Design, parameters: readonly Parameter[], lookup: Lookup, rng: Rng, out: Float64Array): void {
  const from = (prior: Prior, positive: boolean): number => (isFixed(prior) ? prior.fixed : drawPrior(rng, prior, positive));
  for (const { masked, prior, kind, index } of parameters) {
    if (!masked && prior !== null) out[index] = from(prior, POSITIVE.has(kind));
  }
  for (const { masked, prior, index, term } of parameters) {
    if (masked || prior !== null) continue;
    if (design.terms[term].pooling === 'partial') out[index] = out[lookup.mu[term]] + out[lookup.tau[term]] * rng.normal();
  }
}

const POSITIVE: ReadonlySet<Parameter['kind']> = new Set(['scale', 'tau', 'own']);

/** Draws from the prior in the shape of a fit's, one chain, so that all that works on a posterior works on them. */
export function priorDraws(design: Design, parameters: readonly Parameter[], count: number, seed: number): Draws {
  const rng = rngFor(seed, 'prior');
  const lookup = lookupOf(design, parameters);
  const scalars = parameters.reduce((sum, p) => sum + (p.masked ? 0 : 1), 0);
  const values = new Float64Array(scalars * count);
  const one = new Float64Array(scalars);
  for (let s = 0; s < count; s++) {
    drawParameters(design, parameters, lookup, rng, one);
    for (let i = 0; i < scalars; i++) values[i * count + s] = one[i];
  }
  const still = (): Float64Array => new Float64Array(count);
  return {
    chains: 1,
    draws: count,
    parameters: scalars,
    values,
    statistics: {
      logDensity: still(),
      energy: still(),
      acceptance: still().fill(1),
      stepSize: still(),
      treeDepth: new Uint8Array(count),
      leapfrogs: new Uint32Array(count),
      diverging: new Uint8Array(count),
    },
    divergences: [],
    gradientEvaluations: 0,
  };
}

/** Writes a response for every row from one set of parameters; frequency weights stand for equal responses. */
export function simulateResponses(design: Design, rows: Rows, lookup: Lookup, parameters: Float64Array, rng: Rng, out: Float64Array): void {
  const family = familyOf(design.family);
  const terms = design.terms.length;
  const auxiliary: { -readonly [K in keyof RowAuxiliary]: RowAuxiliary[K] } = {
    trials: 1,
    scale: 1,
    own: lookup.own.map((index) => parameters[index]),
  };
  for (let row = 0; row < rows.n; row++) {
    const group = rows.group[row];
    let eta = rows.offset === null ? 0 : rows.offset[row];
    for (let t = 0; t < terms; t++) {
      const index = lookup.coefficient[group * terms + t];
      if (index >= 0) eta += parameters[index] * (design.terms[t].kind === 'intercept' ? 1 : rows.x[t][row]);
    }
    if (rows.trials !== null) auxiliary.trials = rows.trials[row];
    if (rows.se !== null) auxiliary.scale = rows.se[row];
    else if (lookup.scale[group] >= 0) auxiliary.scale = parameters[lookup.scale[group]];
    out[row] = family.draw(rng, eta, auxiliary);
  }
}
