/** What each covariate of the model comes to in each group: from the columns' own profile, or worked out from the rows. */

import type { SlopeFacts } from '../data/derivedFacts.ts';
import { isPlain, slopeKey } from '../design/derived.ts';
import type { Slope } from '../design/slopes.ts';
import { slopesIn } from './predictionInputs.ts';
import type { DataContext } from './rule.ts';

export interface SlopeView {
  readonly slopes: readonly Slope[];
  /** By covariate of the spec: places in `slopes`. */
  readonly ofCovariate: readonly (readonly number[])[];
  /** `null` where nothing is known. */
  facts(slope: number, group: string): SlopeFacts | null;
  /** Whether its correlations with others are known. */
  isCorrelated(slope: number): boolean;
  /** NaN where it is not known, or one of the two is constant. */
  correlation(a: number, b: number, group: string): number;
}

const views = new WeakMap<DataContext, SlopeView>();

/** Made once for a context. */
export function slopeView(context: DataContext): SlopeView {
  let view = views.get(context);
  if (view === undefined) {
    view = makeView(context);
    views.set(context, view);
  }
  return view;
}

function makeView(context: DataContext): SlopeView {
  const { spec, profile, columns, groupProfiles } = context;
  const slopes = slopesIn(context);
  const ofCovariate = spec.covariates.map((): number[] => []);
  slopes.forEach((s, i) => {
    ofCovariate[s.covariate].push(i);
  });
  const { derived = null } = profile;
  const placeOf = new Map(derived?.slopes.map((key, i) => [key, i]));
  const places = slopes.map((slope) => placeOf.get(slopeKey(slope)));
  const column = slopes.map(({ factors }) => columns.get(factors[0].column)!);
  const position = new Map(profile.correlated.map((index, i) => [index, i]));
  const isLinear = slopes.map((s) => isPlain(s) && ['none', 'center', 'standardize'].includes(s.factors[0].transform));
  const isWorkedOut = places.map((place) => place !== undefined && derived?.correlations != null);
  const isKnown = slopes.map((_, s) => isWorkedOut[s] || (isLinear[s] && position.has(column[s].index)));
  const size = derived?.slopes.length ?? 0;
  return {
    slopes,
    ofCovariate,
    facts(s, group) {
      const place = places[s];
      if (isPlain(slopes[s]) || (place === undefined && slopes[s].factors.every((f) => f.level === null) && slopes[s].factors.length === 1))
        return groupProfiles.get(group)?.columns[column[s].index] ?? null;
      return place === undefined ? null : (derived?.groups.get(group)?.[place] ?? null);
    },
    isCorrelated: (s) => isKnown[s],
    correlation(a, b, group) {
      const own = derived?.correlations?.get(group);
      if (own !== undefined && places[a] !== undefined && places[b] !== undefined) return packed(own, size, places[a], places[b]);
      const [i, j] = [a, b].map((s) => (isLinear[s] ? position.get(column[s].index) : undefined));
      const seen = groupProfiles.get(group);
      return seen === undefined || i === undefined || j === undefined
        ? Number.NaN
        : packed(seen.correlations, profile.correlated.length, i, j);
    },
  };
}

/** Pair (i, j) of a packed upper triangle of `size` columns. */
function packed(pairs: readonly number[], size: number, i: number, j: number): number {
  if (i === j) return 1;
  const [a, b] = i < j ? [i, j] : [j, i];
  return pairs[a * size - (a * (a + 1)) / 2 + b - a - 1];
}
