/**
 * The No-U-Turn Sampler (Hoffman & Gelman 2014) with multinomial sampling along the trajectory and the generalised U-turn
 * criterion (Betancourt 2017, "A conceptual introduction to Hamiltonian Monte Carlo", appendix A), with the additional checks
 * across the two halves of each sub-tree that Stan has had since 2.21. The metric is the identity: see whitening.ts.
 */
import { exp, log, logAddExp } from '../math/elementary.ts';
import type { Rng } from '../math/rng.ts';
import { copyPoint, energyOf, type PhasePoint, phasePoint } from './integrator.ts';
import { type Kernel, type TransitionInfo, transitionInfo } from './kernel.ts';
import { MacroStep } from './macroStep.ts';
import type { LogDensity } from './types.ts';

/** How far apart energies may lie within one step. */
const TOLERANCE = 2;

interface Subtree {
  readonly sample: PhasePoint;
  readonly rho: Float64Array;
  readonly begin: Float64Array;
  readonly end: Float64Array;
  logWeight: number;
}

function subtree(dimension: number): Subtree {
  const array = (): Float64Array => new Float64Array(dimension);
  return { sample: phasePoint(dimension), rho: array(), begin: array(), end: array(), logWeight: Number.NEGATIVE_INFINITY };
}

/** Whether a + b still moves along both `left` and `right`. */
function onward(a: Float64Array, b: Float64Array | null, left: Float64Array, right: Float64Array): boolean {
  let alongLeft = 0;
  let alongRight = 0;
  for (let i = 0; i < a.length; i++) {
    const rho = b === null ? a[i] : a[i] + b[i];
    alongLeft += rho * left[i];
    alongRight += rho * right[i];
  }
  return alongLeft > 0 && alongRight > 0;
}

export class Nuts implements Kernel {
  readonly info = transitionInfo();
  readonly divergedAt: Float64Array;
  readonly #motion: MacroStep;
  readonly #maxDepth: number;
  readonly #moving: PhasePoint;
  readonly #forward: PhasePoint;
  readonly #backward: PhasePoint;
  readonly #tree: Subtree;
  readonly #grown: Subtree;
  readonly #levels: { readonly left: Subtree; readonly right: Subtree }[] = [];
  #step = 0;
  #energy0 = 0;
  #acceptanceSum = 0;
  #easeSum = 0;
  #leaves = 0;

  constructor(density: LogDensity, maxDepth: number) {
    const d = density.dimension;
    this.#motion = new MacroStep(density, false, TOLERANCE);
    this.#maxDepth = maxDepth;
    this.divergedAt = new Float64Array(d);
    this.#moving = phasePoint(d);
    this.#forward = phasePoint(d);
    this.#backward = phasePoint(d);
    this.#tree = subtree(d);
    this.#grown = subtree(d);
  }

  /** Replaces `state` (z, gradient, logDensity) by the next draw; its momentum is drawn anew. */
  step(rng: Rng, state: PhasePoint, stepSize: number): TransitionInfo {
    rng.normals(state.p);
    this.#energy0 = energyOf(state);
    this.#acceptanceSum = 0;
    this.#easeSum = 0;
    this.#leaves = 0;
    this.#motion.evaluations = 0;
    const info = this.info;
    info.depth = 0;
    info.diverging = false;
    const tree = this.#tree;
    copyPoint(state, this.#forward);
    copyPoint(state, this.#backward);
    copyPoint(state, tree.sample);
    tree.rho.set(state.p);
    tree.begin.set(state.p);
    tree.end.set(state.p);
    tree.logWeight = 0;
    while (info.depth < this.#maxDepth) {
      const forwards = rng.uniform() < 0.5;
      this.#step = forwards ? stepSize : -stepSize;
      const edge = forwards ? this.#forward : this.#backward;
      copyPoint(edge, this.#moving);
      const valid = this.#build(rng, info.depth, this.#grown);
      copyPoint(this.#moving, edge);
      if (!valid) break;
      info.depth++;
      if (!this.#join(rng, forwards)) break;
    }
    copyPoint(tree.sample, state);
    info.leapfrogs = this.#motion.evaluations;
    info.acceptance = this.#leaves > 0 ? this.#acceptanceSum / this.#leaves : 0;
    info.ease = this.#leaves > 0 ? this.#easeSum / this.#leaves : 0;
    info.energy = energyOf(state);
    return info;
  }

  /** Joins the newly grown sub-tree to the tree; returns whether the trajectory may go on. */
  #join(rng: Rng, forwards: boolean): boolean {
    const tree = this.#tree;
    const grown = this.#grown;
    const total = logAddExp(tree.logWeight, grown.logWeight);
    // Biased progressive sampling (Betancourt 2017, appendix A.3.2): later parts are favoured.
    if (log(rng.uniform()) < grown.logWeight - tree.logWeight) copyPoint(grown.sample, tree.sample);
    tree.logWeight = total;
    // In time's order: the left part, then the right one. A sub-tree grown backwards begins at its far, later end.
    const left = forwards ? tree : grown;
    const right = forwards ? grown : tree;
    const leftBegin = forwards ? tree.begin : grown.end;
    const leftEnd = forwards ? tree.end : grown.begin;
    const rightBegin = forwards ? grown.begin : tree.begin;
    const rightEnd = forwards ? grown.end : tree.end;
    const going =
      onward(left.rho, right.rho, leftBegin, rightEnd) &&
      onward(left.rho, rightBegin, leftBegin, rightBegin) &&
      onward(right.rho, leftEnd, leftEnd, rightEnd);
    for (let i = 0; i < tree.rho.length; i++) tree.rho[i] += grown.rho[i];
    if (forwards) tree.end.set(grown.end);
    else tree.begin.set(grown.end);
    return going;
  }

  /** Grows a sub-tree of 2^depth states from `#moving`; false when it diverges or turns back on itself. */
  #build(rng: Rng, depth: number, out: Subtree): boolean {
    if (depth === 0) return this.#leaf(out);
    if (this.#levels.length < depth) this.#levels.push({ left: subtree(out.rho.length), right: subtree(out.rho.length) });
    const { left, right } = this.#levels[depth - 1];
    if (!this.#build(rng, depth - 1, left) || !this.#build(rng, depth - 1, right)) return false;
    out.logWeight = logAddExp(left.logWeight, right.logWeight);
    const chosen = log(rng.uniform()) < right.logWeight - out.logWeight ? right : left;
    copyPoint(chosen.sample, out.sample);
    for (let i = 0; i < out.rho.length; i++) out.rho[i] = left.rho[i] + right.rho[i];
    out.begin.set(left.begin);
    out.end.set(right.end);
    return (
      onward(out.rho, null, left.begin, right.end) &&
      onward(left.rho, right.begin, left.begin, right.begin) &&
      onward(right.rho, left.end, left.end, right.end)
    );
  }

  #leaf(out: Subtree): boolean {
    const at = this.#moving;
    const motion = this.#motion;
    motion.cut = 0;
    const end = motion.advance(at, this.#step);
    this.#leaves++;
    if (end !== 'moved') {
      this.info.diverging = end === 'diverged';
      if (this.info.diverging) this.divergedAt.set(at.z);
      return false;
    }
    const gain = this.#energy0 - energyOf(at);
    const accepted = gain > 0 ? 1 : exp(gain);
    this.#acceptanceSum += accepted;
    if (motion.cut === 0) this.#easeSum += accepted;
    out.logWeight = gain;
    copyPoint(at, out.sample);
    out.rho.set(at.p);
    out.begin.set(at.p);
    out.end.set(at.p);
    return true;
  }
}
