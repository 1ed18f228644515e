/** From a spec's text to a model with its data, or to what is wrong with them. */

import type { DataProfile } from '../../core/data/profile.ts';
import type { Design, ModelData } from '../../core/design/design.ts';
import { isFixed } from '../../core/design/priors.ts';
import { resolveDesign } from '../../core/design/resolve.ts';
import { familyOf } from '../../core/families/index.ts';
import { whyNotCollapsed } from '../../core/model/collapsed/layout.ts';
import { type CheckResult, checkParsed, specContext } from '../../core/rules/check.ts';
import { dataFault } from '../../core/rules/dataFault.ts';
import { exactFit } from '../../core/rules/exactFit.ts';
import { improperPosterior } from '../../core/rules/improperPosterior.ts';
import { hasTooManyCovariates } from '../../core/rules/tooManyTerms.ts';
import { columnsOf, levelsDeclared } from '../../core/spec/columns.ts';
import { type ParsedSpec, parseSpec } from '../../core/spec/parse.ts';
import { isError, type Problem } from '../../core/spec/problem.ts';
import type { SamplerSpec, Spec } from '../../core/spec/types.ts';
import type { SpecSource } from '../../protocol/engine.ts';
import { DataError, sourceOf } from '../../sources/index.ts';
import { ProblemError } from '../errors.ts';
import { shareData } from './shared.ts';

export interface Prepared {
  readonly spec: Spec;
  readonly profile: DataProfile;
  readonly design: Design;
  readonly data: ModelData;
  readonly problems: readonly Problem[];
  /** Milliseconds spent on reading. */
  readonly readMs: number;
}

interface Examined {
  readonly spec: Spec | null;
  readonly profile: DataProfile | null;
  readonly problems: readonly Problem[];
}

/** The last data read for a spec: a changed prior or pooling needs no new reading while the file is as it was. */
interface Kept {
  readonly key: string;
  readonly data: ModelData;
}

/** Of more rows than this a check does not ask whether coefficients fit them exactly; a fit always does. */
const FEW_ROWS = 100_000;

export class Preparer {
  readonly #kept = new Map<string, Kept>();

  /** Everything that the editor would show for this text, and what only the rows of the data can tell. */
  check(source: SpecSource, signal?: AbortSignal): Promise<Examined> {
    return this.#examine(source, FEW_ROWS, signal);
  }

  /** @param mostRows of more rows it is not asked whether coefficients fit them exactly. */
  async #examine(source: SpecSource, mostRows: number, signal: AbortSignal | undefined): Promise<Examined> {
    const parsed = parseSpec(source.text);
    const { spec } = parsed;
    const isRead = spec !== null && !hasTooManyCovariates(spec);
    const ofSpec = isRead && { group: spec.group, columns: columnsOf(spec), levels: levelsDeclared(spec), covariates: spec };
    const profile = ofSpec ? await sourceOf(spec.data).profile({ ...placeOf(source, spec), ...ofSpec, signal }) : null;
    const found = checkParsed(parsed, profile);
    const ofRows = found.spec !== null && profile !== null ? await this.#checkRows(source, parsed, found, profile, mostRows, signal) : [];
    return { profile, spec: found.spec, problems: [...found.problems, ...ofRows] };
  }

  /** What a profile cannot tell: successes beyond their row's trials, and flat priors or exact fits that leave no posterior. */
  async #checkRows(
    source: SpecSource,
    parsed: ParsedSpec,
    found: CheckResult,
    profile: DataProfile,
    mostRows: number,
    signal: AbortSignal | undefined,
  ): Promise<readonly Problem[]> {
    const context = specContext(parsed);
    const { spec } = found;
    const errors = found.problems.filter(isError);
    // A row without trials must not hide one with too few.
    if (context === null || spec === null || !errors.every((e) => e.code === 'HM212')) return [];
    const counted = familyOf(spec.family).parts.includes('trials') && typeof spec.response.trials === 'string';
    const design = resolveDesign(spec, profile);
    const flat = errors.length === 0 && design.terms.some((t) => !isFixed(t.prior) && t.prior.dist === 'flat');
    const small = errors.length === 0 && design.scale !== null && design.groupRows.reduce((sum, n) => sum + n, 0) <= mostRows;
    if (!counted && !flat && !small) return [];
    try {
      const rows = { ...context, design, data: await this.#load(source, spec, profile, design, signal) };
      return [...(flat ? improperPosterior(rows) : []), ...(small ? exactFit(rows) : [])];
    } catch (error) {
      if (!(error instanceof DataError)) throw error;
      return [...dataFault(context, [error.fault], error.file)].filter((p) => errors.every((e) => e.code !== p.code));
    }
  }

  /**
   * Reads and resolves; a spec or data at fault come back as their problems alone.
   * @throws ProblemError when `overrides` ask for a method that does not apply; CalledOff soon after the signal is aborted.
   */
  async prepare(source: SpecSource, overrides: Partial<SamplerSpec>, signal?: AbortSignal): Promise<Prepared | readonly Problem[]> {
    const start = performance.now();
    const { spec: written, profile, problems } = await this.#examine(source, Number.POSITIVE_INFINITY, signal);
    if (!written || !profile || problems.some(isError)) return problems;
    const spec: Spec = { ...written, sampler: { ...written.sampler, ...overrides } };
    const design = resolveDesign(spec, profile);
    // A method that the spec itself names has been checked; one that stands in its place has not.
    const why = design.method === 'collapsed' ? whyNotCollapsed(design) : null;
    if (why !== null) throw new ProblemError(`The method "collapsed" does not apply: ${why}; use "auto".`);
    try {
      const data = await this.#load(source, spec, profile, design, signal);
      return { spec, profile, design, data, problems, readMs: performance.now() - start };
    } catch (error) {
      const context = error instanceof DataError ? specContext(parseSpec(source.text)) : null;
      if (!(error instanceof DataError) || context === null) throw error;
      return [...problems, ...dataFault(context, [error.fault], error.file)];
    }
  }

  async #load(source: SpecSource, spec: Spec, profile: DataProfile, design: Design, signal: AbortSignal | undefined): Promise<ModelData> {
    const { priors: _, sampler: __, predictions: ___, interval: ____, pooling: _____, ...shape } = spec;
    const terms = design.terms.map((t) => [t.name, t.factors, t.transform]);
    const key = JSON.stringify([
      profile.version,
      shape.data,
      shape.response,
      shape.group,
      shape.family,
      shape.missing,
      design.groups,
      terms,
      [...design.mask],
    ]);
    const kept = this.#kept.get(source.path);
    if (kept?.key === key) return kept.data;
    const data = shareData(await sourceOf(spec.data).load({ ...placeOf(source, spec), design, signal }));
    this.#kept.set(source.path, { key, data });
    return data;
  }

  forget(path: string): void {
    this.#kept.delete(path);
  }
}

const placeOf = (source: SpecSource, spec: Spec) => ({ specPath: source.path, source: spec.data, roots: source.roots });
