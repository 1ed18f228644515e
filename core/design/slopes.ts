/**
 * From the list of covariates to the numbers they stand for: the one way that fits, predictions, new rows, priors, rules and the editor
 * take. A text column becomes indicators of its levels but the first; a product multiplies its factors as the list declares them.
 */
import { type ColumnProfile, columnOf, type DataProfile } from '../data/profile.ts';
import { declarationsOf } from '../spec/products.ts';
import type { CovariateSpec, Spec, Transform } from '../spec/types.ts';
import type { Factor } from './design.ts';

/** A coefficient's covariate: a column of numbers, an indicator, or a product of such. */
export interface Slope {
  /** Index into `Spec.covariates`. */
  readonly covariate: number;
  /** As in `w[name, group]`. */
  readonly name: string;
  readonly factors: readonly Factor[];
  /** Of the product of several factors; `none` for one, which has its own. */
  readonly transform: Transform;
}

/** Whether a column holds names rather than numbers: its levels become indicators. */
export function isText(levels: CovariateSpec['levels'], column: ColumnProfile | undefined): boolean {
  return levels !== null || column?.kind === 'text';
}

/** Every slope of a spec whose columns the data have, in the order of the covariates. */
export function slopesOf(spec: Pick<Spec, 'covariates'>, profile: DataProfile): Slope[] {
  return spec.covariates.flatMap((covariate, p) => slopesOfCovariate(spec, p, covariate, profile));
}

function slopesOfCovariate(spec: Pick<Spec, 'covariates'>, p: number, covariate: CovariateSpec, profile: DataProfile): Slope[] {
  if (covariate.parts.length === 1) {
    return factorsOf(covariate, profile).map((f) => ({ covariate: p, name: factorName(f), factors: [f], transform: 'none' }));
  }
  let sets: Factor[][] = [[]];
  for (const part of covariate.parts) {
    const factors = factorsOf(declarationsOf(spec.covariates, part)[0] ?? bare(part), profile);
    sets = sets.flatMap((set) => factors.map((f) => [...set, f]));
  }
  return sets.map((factors) => ({ covariate: p, name: productName(covariate, factors), factors, transform: covariate.transform }));
}

type Declared = Pick<CovariateSpec, 'columns' | 'name' | 'transform' | 'levels'>;

/** A column that no covariate declares, as a product reads it. */
const bare = (column: string): Declared => ({ columns: [column], name: column, transform: 'none', levels: null });

function factorsOf({ columns: [columnName], name, transform, levels }: Declared, profile: DataProfile): Factor[] {
  const column = columnOf(profile, columnName);
  if (!isText(levels, column)) return [{ column: columnName, name, transform, level: null, levels: null }];
  const all = levels ?? column?.levels ?? [];
  return all.slice(1).map((level) => ({ column: columnName, name, transform: 'none', level, levels: all }));
}

const factorName = (f: Factor): string => (f.level === null ? f.name : `${f.name}[${f.level}]`);

/** Of numbers the covariate's name; with indicators, its factors' names, or its own name and their levels where it has one. */
function productName(covariate: CovariateSpec, factors: readonly Factor[]): string {
  const levels = factors.flatMap((f) => f.level ?? []);
  if (levels.length === 0) return covariate.name;
  return covariate.name === covariate.parts.join(':') ? factors.map(factorName).join(':') : `${covariate.name}[${levels.join(':')}]`;
}
