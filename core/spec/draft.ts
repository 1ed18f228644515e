/** A first spec for a data file: the response and the group guessed where they are not given, the mask inferred. */
import type { ColumnProfile, DataProfile } from '../data/profile.ts';

export interface Draft {
  readonly text: string;
  readonly response: string;
  readonly group: string | null;
}

export interface DraftChoices {
  /** As the spec is to name the file. */
  readonly data: string;
  readonly response: string | null;
  readonly group: string | null;
}

/** A group column's values are few beside the rows. */
const ROWS_A_GROUP = 5;
const MOST_LEVELS = 20;

/** `null` when no column can be the response. The mask is complete once the profile has the group's column. */
export function draftSpec(profile: DataProfile, choices: DraftChoices): Draft | null {
  const { columns } = profile;
  const group = choices.group ?? guessGroup(columns, profile.rows, choices.response);
  const numbers = columns.filter((c) => c.kind === 'number' && c.name !== group);
  // The response tends to be written last, and to be known in every row.
  const response = choices.response ?? (numbers.findLast((c) => c.empty === 0) ?? numbers.at(-1))?.name;
  if (response === undefined) return null;
  const covariates = columns.filter((c) => c.name !== group && c.name !== response && usable(c));
  const spec: Record<string, unknown> = { data: choices.data, response };
  if (group !== null) spec.group = group;
  spec.covariates = covariates.map((c) => c.name);
  const lines = Object.entries(spec).map(([key, value]) => `  ${JSON.stringify(key)}: ${JSON.stringify(value)}`);
  if (group !== null && profile.groupColumn === group && covariates.length > 0)
    lines.push(`  "mask": {\n${maskRows(profile, covariates)}\n  }`);
  lines.push(`  "family": ${JSON.stringify(familyFor(columns.find((c) => c.name === response)))}`);
  return { text: `{\n${lines.join(',\n')}\n}\n`, response, group };
}

const usable = (c: ColumnProfile): boolean => c.kind === 'number' || (c.kind === 'text' && c.distinct > 1 && c.distinct <= MOST_LEVELS);

function guessGroup(columns: readonly ColumnProfile[], rows: number, response: string | null): string | null {
  const candidates = columns.filter(
    (c) => c.kind === 'text' && c.empty === 0 && c.distinct > 1 && c.distinct * ROWS_A_GROUP <= rows && c.name !== response,
  );
  return candidates[0]?.name ?? null;
}

function maskRows(profile: DataProfile, covariates: readonly ColumnProfile[]): string {
  return profile.groups
    .map((g) => {
      const row = covariates.map((c) => (g.rows > 0 && g.columns[c.index].empty === g.rows ? 0 : 1));
      return `    ${JSON.stringify(g.name)}: [${row.join(', ')}]`;
    })
    .join(',\n');
}

function familyFor(response: ColumnProfile | undefined): string {
  if (!response?.integer || response.min < 0) return 'gaussian';
  if (response.min === 0 && response.max === 1) return 'bernoulli';
  return response.distinct <= 50 && response.min <= 1 ? 'poisson' : 'gaussian';
}
