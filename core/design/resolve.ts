/** Spec + data profile → Design: groups in order, covariates expanded, the mask filled in, automatic priors as numbers. */
import { columnOf, type DataProfile } from '../data/profile.ts';
import { familyOf } from '../families/index.ts';
import { ALL, type CovariateSpec, type Pooling, type PriorChoice, type Spec } from '../spec/types.ts';
import { automaticPriors } from './autoPriors.ts';
import type { Design, Factor, Term } from './design.ts';
import { outcomesOf } from './outcome.ts';
import { slopesOf } from './slopes.ts';

/** The groups of the model: as the mask names them, then as the data do. */
export function groupsOf(spec: Spec, profile: DataProfile): string[] {
  if (spec.group === null) return [ALL];
  const names = new Set<string>(spec.mask === 'auto' ? [] : spec.mask.keys());
  for (const g of profile.groups) names.add(g.name);
  return [...names];
}

/** 0 where every cell of one of the covariate's columns is empty in the group; 1 for a group without rows. */
export function automaticMask(covariate: Pick<CovariateSpec, 'columns'>, group: string, profile: DataProfile): 0 | 1 {
  const found = profile.groups.find((g) => g.name === group);
  return found && found.rows > 0 ? maskFromCells(covariate, found, profile) : 1;
}

function maskFromCells(covariate: Pick<CovariateSpec, 'columns'>, group: DataProfile['groups'][number], profile: DataProfile): 0 | 1 {
  for (const name of covariate.columns) {
    const column = columnOf(profile, name);
    if (column !== undefined && group.columns[column.index].empty === group.rows) return 0;
  }
  return 1;
}

/** groups × covariates (of the spec), row-major: what the spec says, and the automatic mask where it says nothing. */
export function fillMask(spec: Spec, profile: DataProfile, groups: readonly string[]): Uint8Array {
  const profiles = new Map(profile.groups.map((g) => [g.name, g]));
  const out = new Uint8Array(groups.length * spec.covariates.length);
  groups.forEach((group, g) => {
    const given = spec.mask === 'auto' ? undefined : spec.mask.get(group);
    const seen = profiles.get(group);
    spec.covariates.forEach((covariate, p) => {
      out[g * spec.covariates.length + p] = given?.[p] ?? (seen && seen.rows > 0 ? maskFromCells(covariate, seen, profile) : 1);
    });
  });
  return out;
}

/** Resolves a spec that has no errors against the profile of its data. */
export function resolveDesign(spec: Spec, profile: DataProfile): Design {
  const groups = groupsOf(spec, profile);
  const rows = new Map(profile.groups.map((g) => [g.name, g.rows]));
  const auto = automaticPriors(spec, profile);
  const choose = (choices: readonly (PriorChoice | null)[], fallback: () => Term['prior']) => {
    const chosen = choices.find((c) => c !== null) ?? 'auto';
    return chosen === 'auto' ? { prior: fallback(), auto: true } : { prior: chosen, auto: false };
  };
  const term = (
    kind: Term['kind'],
    name: string,
    factors: readonly Factor[],
    options: NonNullable<Spec['intercept']>,
    covariate: number,
    transform: Term['transform'] = 'none',
  ): Term => {
    const intercept = kind === 'intercept';
    const pooling: Pooling = options.pooling ?? spec.pooling;
    const prior = choose([options.prior, intercept ? spec.priors.intercept : spec.priors.weights], () => auto.coefficient(factors));
    const sd = choose([options.sd, intercept ? spec.priors.intercept_sd : spec.priors.weights_sd], () => auto.populationSd(factors));
    return {
      name,
      kind,
      factors,
      transform,
      pooling,
      prior: prior.prior,
      sd: pooling === 'partial' ? sd.prior : null,
      auto: { prior: prior.auto, sd: pooling === 'partial' && sd.auto },
      covariate,
    };
  };
  const terms: Term[] = spec.intercept ? [term('intercept', 'alpha', [], spec.intercept, -1)] : [];
  for (const { covariate, name, factors, transform } of slopesOf(spec, profile)) {
    terms.push(term('slope', name, factors, spec.covariates[covariate], covariate, transform));
  }
  const given = fillMask(spec, profile, groups);
  const mask = new Uint8Array(groups.length * terms.length);
  for (let g = 0; g < groups.length; g++) {
    terms.forEach((t, k) => {
      mask[g * terms.length + k] = t.covariate < 0 ? 1 : given[g * spec.covariates.length + t.covariate];
    });
  }
  const family = familyOf(spec.family);
  const hasScale = family.measured && spec.response.se === null;
  const scalar = (choice: PriorChoice, fallback: () => Term['prior']) => choose([choice], fallback);
  return {
    family: spec.family,
    response: { ...spec.response, levels: outcomesOf(spec, columnOf(profile, spec.response.column)) },
    groupColumn: spec.group,
    groups,
    groupRows: spec.group === null ? [profile.rows] : groups.map((g) => rows.get(g) ?? 0),
    terms,
    mask,
    scale: hasScale ? { ...scalar(spec.priors.scale.prior, auto.scale), by: spec.priors.scale.by } : null,
    own: family.own.map(({ key, prior }) => ({ key, ...scalar(spec.priors[key], () => prior) })),
    missing: spec.missing,
    interval: spec.interval,
    method: spec.sampler.method,
  };
}
