/** Points over the log scales of a collapsed model, with weights, that stand for their posterior. */
import type { CollapsedModel } from '../model/collapsed/model.ts';
import { unconstrain } from '../model/transforms.ts';
import { meanOf, varianceOf } from './chains.ts';
import type { Fitted } from './lookup.ts';
import { drawsAt, lookupOf } from './lookup.ts';

export interface ScaleNodes {
  /** Unconstrained positions. */
  readonly positions: readonly Float64Array[];
  /** log of each node's share of the posterior, up to a constant; `null` for draws, which count alike. */
  readonly logWeight: Float64Array | null;
}

/** Steps a posterior sd of the log scale; the trapezoid rule is exact to the last digits for a smooth density at half of this. */
const STEPS_PER_SD = 10;
/** Far enough also for the posterior without a row or a group, which is wider. */
const LOG_CUTOFF = -120;
const MOST_STEPS = 4000;

/**
 * No scale: one node. One: quadrature, exact to about 1e-10. More: the draws, at most `most` of them, evenly thinned.
 */
export function scaleNodes(model: CollapsedModel, fitted: Fitted, most = Number.POSITIVE_INFINITY): ScaleNodes {
  const draws = positionsOf(model, fitted);
  if (model.dimension === 0) return { positions: [new Float64Array(0)], logWeight: null };
  if (model.dimension > 1) {
    const stride = Math.max(1, Math.ceil(draws.length / most));
    return { positions: draws.filter((_, s) => s % stride === 0), logWeight: null };
  }
  const values = Float64Array.from(draws, (position) => position[0]);
  return quadrature(model, meanOf(values), Math.sqrt(varianceOf(values)) || 0.1);
}

function positionsOf(model: CollapsedModel, { design, parameters, draws }: Fitted): Float64Array[] {
  const lookup = lookupOf(design, parameters);
  const columns = model.free.map((f) => drawsAt(draws, f.kind === 'tau' ? lookup.tau[f.index] : lookup.scale[Math.max(0, f.index)])!);
  const size = draws.chains * draws.draws;
  return Array.from({ length: size }, (_, s) => Float64Array.from(model.free, (f, i) => unconstrain(f.transform, columns[i][s])));
}

function quadrature(model: CollapsedModel, centre: number, sd: number): ScaleNodes {
  const gradient = new Float64Array(1);
  const at = (u: number): number => model.evaluate(Float64Array.of(u), gradient);
  const step = sd / STEPS_PER_SD;
  const nodes: [number, number][] = [[centre, at(centre)]];
  let top = nodes[0][1];
  for (const direction of [-1, 1]) {
    for (let i = 1; i <= MOST_STEPS; i++) {
      const u = centre + direction * i * step;
      const value = at(u);
      if (!(value > top + LOG_CUTOFF)) break;
      top = Math.max(top, value);
      nodes.push([u, value]);
    }
  }
  return { positions: nodes.map(([u]) => Float64Array.of(u)), logWeight: Float64Array.from(nodes, ([, value]) => value - top) };
}
