/** What a view reads of a kept fit, and the few look-ups that all views share. */
import type { DataProfile } from '../../core/data/profile.ts';
import type { Design, ModelData, Parameter } from '../../core/design/design.ts';
import { type Sketch, sketchDraws } from '../../core/posterior/diagnose/sketch.ts';
import type { FitReport, ParameterSummary } from '../../core/posterior/report.ts';
import { type Draws, drawsOf } from '../../core/sampler/types.ts';
import type { Spec } from '../../core/spec/types.ts';
import type { SpecSource } from '../../protocol/engine.ts';

/** Pareto-smoothed leave-one-out, a number a row of `ModelData.rows`. */
export interface PointwiseLoo {
  readonly elpd: Float64Array;
  readonly k: Float64Array;
}

export interface ViewState {
  /** The text that the fit is of. */
  readonly source: Pick<SpecSource, 'text'>;
  readonly spec: Spec;
  readonly design: Design;
  readonly data: ModelData;
  readonly profile: DataProfile;
  readonly parameters: readonly Parameter[];
  readonly draws: Draws;
  readonly report: FitReport;
  /** Aligned with `parameters`; `null` where a sketch is made when it is asked for. */
  readonly sketches: readonly (Sketch | null)[];
  /** `null` when the fit did not ask for it. */
  readonly loo: PointwiseLoo | null;
  /** The posterior mean of E[y] of every row, once the engine has worked it out; `null` before, for too many rows, and where nothing needs it. */
  readonly predicted: Float64Array | null;
}

/** A question that cannot be answered, told to the user as one sentence. */
export class ViewError extends Error {
  override readonly name = 'ViewError';
}

/** About this many marks a picture shows, however many rows or draws there are. */
export const MOST_MARKS = 2000;

/** The scalar of that name; masked ones and unknown ones are errors. */
export function parameterOf(state: ViewState, name: string): { parameter: Parameter; summary: ParameterSummary; values: Float64Array } {
  const index = state.parameters.findIndex((p) => p.name === name);
  if (index < 0) throw new ViewError(`This fit has no parameter ${name}.`);
  const summary = state.report.parameters[index];
  if (summary.masked) throw new ViewError(`${name} is masked: a structural zero without draws.`);
  return { parameter: state.parameters[index], summary, values: drawsOf(state.draws, state.parameters[index].index) };
}

/** What pictures need of all its draws. */
export function sketchFor(state: ViewState, name: string): Sketch {
  const { parameter } = parameterOf(state, name);
  return state.sketches[state.parameters.indexOf(parameter)] ?? sketchDraws(state.draws, parameter.index);
}

/** Index of the group in the design. */
export function groupIndexOf(state: ViewState, name: string): number {
  const g = state.design.groups.indexOf(name);
  if (g < 0) throw new ViewError(`This fit has no group ${name}.`);
  return g;
}

/** Indices of the rows of some groups, in file order; of all rows for `null`. */
export function rowsOf(state: ViewState, groups: readonly string[] | null): Int32Array {
  const { group, n } = state.data.rows;
  if (groups === null) return Int32Array.from({ length: n }, (_, i) => i);
  const wanted = new Uint8Array(state.design.groups.length);
  for (const name of groups) wanted[groupIndexOf(state, name)] = 1;
  let count = 0;
  for (let i = 0; i < n; i++) count += wanted[group[i]];
  const out = new Int32Array(count);
  for (let i = 0, k = 0; i < n; i++) if (wanted[group[i]] === 1) out[k++] = i;
  return out;
}

const divergent = new WeakMap<Draws, Int32Array>();

/** Indices of the divergent draws, chain after chain: looked for once a fit. */
export function divergentDraws(draws: Draws): Int32Array {
  const known = divergent.get(draws);
  if (known) return known;
  const { diverging } = draws.statistics;
  const found: number[] = [];
  for (let i = diverging.indexOf(1); i >= 0; i = diverging.indexOf(1, i + 1)) found.push(i);
  const indices = Int32Array.from(found);
  divergent.set(draws, indices);
  return indices;
}

/** At most `most` of them, evenly spaced: the same every time. */
export function thin(indices: Int32Array, most: number): Int32Array {
  const n = indices.length;
  if (n <= most) return indices;
  return Int32Array.from({ length: most }, (_, k) => indices[Math.floor(((k + 0.5) * n) / most)]);
}
