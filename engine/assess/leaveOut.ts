/** Rows and groups left out of a collapsed fit: exactly where scales can be integrated over by quadrature, by weighted draws of them where not. */

import { weightOf } from '../../core/data/table.ts';
import type { ModelData } from '../../core/design/design.ts';
import { exp } from '../../core/math/elementary.ts';
import type { Steps } from '../../core/math/steps.ts';
import type { CollapsedModel } from '../../core/model/collapsed/model.ts';
import type { CollapsedTarget } from '../../core/model/collapsed/target.ts';
import { type LeftOut, leaveGroupsOut, leaveRowsOut } from '../../core/posterior/loo/exactLoo.ts';
import { groupDensity } from '../../core/posterior/loo/groupOut.ts';
import { logMeanExp, type Pointwise } from '../../core/posterior/loo/loo.ts';
import { paretoThreshold } from '../../core/posterior/loo/psis.ts';
import type { Unheld } from '../../core/posterior/loo/remainder.ts';
import { positionsOf, type ScaleNodes, scaleNodes } from '../../core/posterior/loo/scaleNodes.ts';
import type { Fitted } from '../../core/posterior/predict/lookup.ts';
import type { FitReport } from '../../core/posterior/report.ts';
import type { Target } from '../../core/sampler/chain.ts';
import type { SamplerSpec } from '../../core/spec/types.ts';
import { sampleOnce, withResponses } from './calibrate.ts';
import { MOST_REFITS } from './refits.ts';

/** Solutions at scale nodes × groups beyond which this gives way to PSIS. */
const MOST_SOLUTIONS = 200_000;
const FEWEST_NODES = 500;
/** Densities of rows beyond which draws of the scales are thinned to the fewest. */
const MOST_DENSITIES = 200_000;
/** A group's elpd is doubtful with a larger Monte Carlo standard error than this, or with weights of so high a k-hat that they have no variance. */
const LARGEST_ERROR = 0.2;
const LARGEST_K = 0.5;

/** Rows and groups left out of a collapsed model. */
export interface Marginal {
  readonly model: CollapsedModel;
  /** Whether scales are known or integrated over by quadrature. */
  readonly exact: boolean;
  readonly rows: LeftOut;
  readonly groups: LeftOut;
  /** Of k-hat, for the nodes that there are. */
  readonly threshold: number;
}

/** `null` where the model is not collapsed, or too large. */
export function* leaveOut(fitted: Fitted, { rows }: ModelData, target: Target | CollapsedTarget): Steps<Marginal | null> {
  if (!('model' in target)) return null;
  // Its own coordinates: the axes that chains walk on may be bent.
  const density = target.model;
  const isLarge = (nodes: ScaleNodes): boolean => nodes.positions.length * density.layout.groups.length > MOST_SOLUTIONS;
  const groups = density.layout.groups.length;
  const most = Math.max(FEWEST_NODES, Math.floor(MOST_DENSITIES / Math.max(rows.n, groups)));
  const nodes = scaleNodes(density, fitted, { most: Math.min(most, Math.floor(MOST_SOLUTIONS / groups)) });
  if (isLarge(nodes)) return null;
  let ofRows = yield* leaveRowsOut(density, rows, nodes);
  let ofGroups = yield* leaveGroupsOut(density, nodes);
  const isShort = ({ k }: LeftOut): boolean => nodes.kind === 'quadrature' && k.includes(Number.POSITIVE_INFINITY);
  if (isShort(ofRows) || isShort(ofGroups)) {
    const wide = scaleNodes(density, fitted, { wide: true });
    if (!isLarge(wide)) {
      if (isShort(ofRows)) ofRows = yield* leaveRowsOut(density, rows, wide);
      if (isShort(ofGroups)) ofGroups = yield* leaveGroupsOut(density, wide);
    }
  }
  return {
    model: density,
    exact: nodes.kind !== 'draws',
    rows: ofRows,
    groups: ofGroups,
    threshold: paretoThreshold(nodes.positions.length),
  };
}

/** Rows whose rest has no posterior: under flat priors of scales, or of coefficients that they alone tell. */
export const rowsWithoutRest = (marginal: Marginal | null, unheld: Unheld | null, rows: number): number[] =>
  Array.from({ length: rows }, (_, i) => i).filter((i) => unheld?.rows[i] === 1 || (marginal !== null && Number.isNaN(marginal.rows.k[i])));

/** Puts what stands of the marginal answers in the place of PSIS, with their k-hat. */
export function preferMarginal(pointwise: Pointwise, { rows, threshold }: Marginal): Pointwise {
  const better = (i: number): boolean => rows.k[i] <= threshold && Number.isFinite(rows.elpd[i]);
  return {
    ...pointwise,
    elpd: pointwise.elpd.map((value, i) => (better(i) ? rows.elpd[i] : value)),
    k: pointwise.k.map((value, i) => (better(i) ? rows.k[i] : value)),
  };
}

/** A fit, and what it takes to fit again. */
export interface Refitting {
  readonly fitted: Fitted;
  readonly data: ModelData;
  readonly sampler: SamplerSpec;
  /** Once true, what is left stays doubtful. */
  readonly stopped: () => boolean;
}

/**
 * What the report says of groups left out; `null` for fewer than two, and where one of them leaves no posterior.
 * @param refitting to fit again without the groups that weights fail on; `null` where that takes too long.
 */
export async function groupsOutOf(
  { design }: Fitted,
  { model, exact, groups: found, threshold }: Marginal,
  unheld: Unheld | null,
  refitting: Refitting | null,
): Promise<FitReport['groups_out']> {
  const places = design.groups.map((_, g) => g).filter((g) => model.layout.groups[g].weight > 0);
  if (places.length < 2 || places.some((g) => unheld?.groups[g] === 1 || Number.isNaN(found.k[g]))) return null;
  // A scale of the group's own has only its prior left without the group; of what the rows rule out, such as scales near 0, no draw tells, and no k-hat.
  const ownScale = !exact && design.scale?.by === 'group';
  const isDoubtful = (g: number): boolean => ownScale || !(found.k[g] <= Math.min(threshold, LARGEST_K) && found.mcse[g] <= LARGEST_ERROR);

  const doubtful = places.filter(isDoubtful);
  const again = new Map<number, Again>();
  if (refitting !== null && doubtful.length <= MOST_REFITS) {
    for (const g of doubtful) {
      const answer = await withoutGroup(model, refitting, g);
      if (answer === null) break;
      again.set(g, answer);
    }
  }
  const groups = places.map((g) => {
    const answer = again.get(g);
    const base = { group: design.groups[g], elpd: answer?.elpd ?? found.elpd[g] };
    const wrong = answer === undefined ? isDoubtful(g) : !(answer.mcse <= LARGEST_ERROR);
    return wrong ? { ...base, doubtful: true as const } : base;
  });
  if (groups.some((g) => !Number.isFinite(g.elpd))) return null;
  const total = groups.reduce((sum, g) => sum + g.elpd, 0);
  const mean = total / groups.length;
  const squares = groups.reduce((sum, g) => sum + (g.elpd - mean) ** 2, 0);
  const errors = places.reduce((sum, g) => sum + (again.get(g)?.mcse ?? found.mcse[g]) ** 2, 0);
  return { elpd: total, se: Math.sqrt(squares), mcse: Math.sqrt(errors), method: exact ? 'exact' : 'integrated', groups };
}

interface Again {
  readonly elpd: number;
  readonly mcse: number;
}

/** The mean density of a group's rows over the scales of a fit without them; `null` when it was stopped. */
async function withoutGroup(model: CollapsedModel, { fitted, data, sampler, stopped }: Refitting, group: number): Promise<Again | null> {
  const { parameters } = fitted;
  const design = { ...fitted.design, groupRows: fitted.design.groupRows.map((n, g) => (g === group ? 0 : n)) };
  const weights = Float64Array.from(data.rows.group, (g, i) => (g === group ? 0 : weightOf(data.rows, i)));
  const draws = await sampleOnce(design, withResponses(data, design, { ...data.rows, weights }), sampler, data.rows.n + group, stopped);
  if (draws === null) return null;
  const densities = Float64Array.from(positionsOf(model, { design, parameters, draws }), (position) =>
    model.solveAt(position) ? groupDensity(model, group) : Number.NaN,
  );
  const elpd = logMeanExp(densities);
  return { elpd, mcse: errorOfChain(densities, elpd) };
}

const BATCHES = 20;

/** Monte Carlo standard error of the log of a mean over draws that depend on those before them: by means of batches. */
function errorOfChain(logDensity: Float64Array, estimate: number): number {
  const size = Math.floor(logDensity.length / BATCHES);
  if (size < 2) return Number.POSITIVE_INFINITY;
  let squares = 0;
  for (let b = 0; b < BATCHES; b++) {
    let mean = 0;
    for (let s = b * size; s < (b + 1) * size; s++) mean += exp(logDensity[s] - estimate) / size;
    squares += (mean - 1) ** 2;
  }
  return Math.sqrt(squares / (BATCHES - 1) / BATCHES);
}
