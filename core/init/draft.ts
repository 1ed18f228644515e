/** A first spec for a data file: what is not given is guessed, and the check has no word against what is written. */

import type { ColumnProfile, DataProfile } from '../data/profile.ts';
import { type ReadingKeys, valueText } from '../data/readable.ts';
import { automaticMask } from '../design/resolve.ts';
import { check } from '../rules/check.ts';
import { nodeAt, readJson } from '../spec/json.ts';
import { isError, type Problem } from '../spec/problem.ts';
import { visible } from '../spec/text.ts';
import { DEFAULT_FAMILY, type FamilyGuess, type Guess, guessFamily, guessGroup, guessResponse, noCovariate, unusable } from './roles.ts';

export interface Draft {
  readonly text: string;
  readonly response: Guess;
  /** `null`: one group of all rows. */
  readonly group: Guess | null;
  readonly family: FamilyGuess;
  readonly pooling: 'none' | 'partial';
  readonly covariates: readonly string[];
  /** Columns that are in no model, with the reason. */
  readonly leftOut: readonly Guess[];
  /** Rows with empty cells are left out. */
  readonly drops: boolean;
  /** What the check still has against it: errors that only other data, or other choices, can mend. */
  readonly problems: readonly Problem[];
}

export interface DraftChoices {
  /** As the spec is to name the file. */
  readonly data: string;
  /** Keys of `data` without which the file is not read as meant. */
  readonly keys?: ReadingKeys;
  readonly response: string | null;
  /** `false`: no group at all, whatever looks like one. */
  readonly group: string | null | false;
  /** Those that the user chose; left out: what is guessed to be of use. */
  readonly covariates?: readonly string[];
  /** Whether the spec says why, in comments. */
  readonly comments?: boolean;
}

/** From so many groups on their spread can be told. */
const POOL_FROM = 5;
/** A fit of more coefficients than this takes long, and one of fewer rows than this to a coefficient says little. */
const MOST_COEFFICIENTS = 400;
const ROWS_A_COEFFICIENT = 5;
const MOST_COVARIATES = 10;
const GIVEN = 'as you said';
/** More groups than this are listed in the mask only where some covariate does not exist for one of them. */
const MOST_LISTED = 20;

/** Response and group, from the columns alone; `null` when no column can be the response. */
export function guessRoles(profile: DataProfile, choices: DraftChoices): { readonly response: Guess; readonly group: Guess | null } | null {
  const given = (column: string | null): Guess | null => (column === null ? null : { column, reason: GIVEN });
  const group = choices.group === false ? null : (given(choices.group) ?? guessGroup(profile, choices.response));
  const response = given(choices.response) ?? guessResponse(profile, group?.column ?? null);
  return response === null ? null : { response, group };
}

/**
 * `null` when no column can be the response. The profile must have the group's column, if there is to be one: see `guessRoles`.
 */
export function draftSpec(profile: DataProfile, choices: DraftChoices): Draft | null {
  const roles = guessRoles(profile, choices);
  if (roles === null) return null;
  const { response, group } = roles;
  const leftOut: Guess[] = [];
  const candidates: ColumnProfile[] = [];
  for (const c of profile.columns) {
    if (c.name === response.column || c.name === group?.column) continue;
    const reason = unusable(c, profile.rows) ?? (choices.covariates === undefined ? noCovariate(c, profile.rows) : null);
    if (choices.covariates !== undefined && !choices.covariates.includes(c.name)) continue;
    if (reason === null) candidates.push(c);
    else leftOut.push({ column: c.name, reason });
  }
  const most = choices.covariates === undefined ? mostCovariates(profile, group !== null) : candidates.length;
  for (const c of candidates.splice(most))
    leftOut.push({ column: c.name, reason: `it is beyond the first ${most}, which such a fit has time and rows for` });
  const family = guessFamily(profile.columns.find((c) => c.name === response.column));
  const pooling = group !== null && profile.groups.length >= POOL_FROM ? 'partial' : 'none';
  const frame: Frame = { profile, data: dataText(choices), response, group, pooling, comments: choices.comments === true };
  return settle(frame, family, candidates, leftOut);
}

function mostCovariates(profile: DataProfile, grouped: boolean): number {
  const groups = grouped ? Math.max(1, profile.groups.length) : 1;
  const byRows = Math.floor(profile.rows / ROWS_A_COEFFICIENT / (groups >= POOL_FROM ? 1 : groups));
  return Math.max(1, Math.min(MOST_COVARIATES, Math.floor(MOST_COEFFICIENTS / groups), byRows));
}

interface Frame {
  readonly profile: DataProfile;
  /** As JSON. */
  readonly data: string;
  readonly response: Guess;
  readonly group: Guess | null;
  readonly pooling: Draft['pooling'];
  readonly comments: boolean;
}

/** Takes out what the check speaks against, until it has nothing to say. */
function settle(frame: Frame, guessed: FamilyGuess, candidates: readonly ColumnProfile[], left: readonly Guess[]): Draft {
  let covariates = [...candidates];
  let family = guessed;
  let drops = false;
  const leftOut = [...left];
  for (;;) {
    const text = write(frame, family, covariates, drops);
    const problems = check(text, frame.profile).problems.filter((p) => p.severity === 'error' || p.severity === 'warning');
    const draft = { ...frame, text, family, covariates: covariates.map((c) => c.name), leftOut, drops, problems: problems.filter(isError) };
    const place = covariates.findIndex((_, i) => problems.some((p) => isAbout(p, text, i)));
    if (!drops && problems.some((p) => ['HM208', 'HM303', 'HM406'].includes(p.code) && p.severity === 'error')) drops = true;
    else if (place >= 0) {
      leftOut.push({ column: covariates[place].name, reason: reasonOf(problems.find((p) => isAbout(p, text, place))!) });
      covariates = covariates.filter((_, i) => i !== place);
    } else if (problems.some((p) => p.code === 'HM209') && family !== DEFAULT_FAMILY) family = DEFAULT_FAMILY;
    else return draft;
  }
}

/** Whether a problem is of one covariate: where the list names it, or its column of the mask. */
function isAbout(problem: Problem, text: string, covariate: number): boolean {
  const { tree } = readJson(text);
  const item = nodeAt(tree, ['covariates', covariate]);
  const within = (node: typeof item) =>
    node !== undefined && problem.range.start >= node.offset && problem.range.end <= node.offset + node.length;
  if (within(item)) return true;
  const rows = nodeAt(tree, ['mask'])?.children ?? [];
  return rows.some((row) => within(row.children?.[1]?.children?.[covariate]));
}

/** What a problem says, without its advice. */
const reasonOf = ({ message }: Problem): string => `${message[0].toLowerCase()}${message.slice(1)}`.replace(/[;.][^;.]*\.?$/, '');

function write(frame: Frame, family: FamilyGuess, covariates: readonly ColumnProfile[], drops: boolean): string {
  const { profile, data, response, group, pooling } = frame;
  const masked = group !== null && profile.groupColumn === group.column && covariates.length > 0;
  const mask = masked ? maskText(profile, covariates) : null;
  // A colon or star in a column's name is a product where the data lack that column; they have it.
  const entries: (readonly [key: string, json: string, why: string] | null)[] = [
    ['data', data, `${profile.rows.toLocaleString('en')} rows`],
    ['response', JSON.stringify(response.column), response.reason === GIVEN ? '' : response.reason],
    group === null ? null : ['group', JSON.stringify(group.column), `${profile.groups.length.toLocaleString('en')} groups`],
    ['covariates', `[${covariates.map((c) => JSON.stringify(c.name)).join(', ')}]`, ''],
    mask === null ? null : ['mask', `{\n${mask}\n  }`, '0 where a covariate does not exist: its cells are all empty there'],
    ['family', JSON.stringify(family.family), family.reason],
    pooling === 'partial' ? ['pooling', '"partial"', 'with five groups or more they can learn from each other'] : null,
    drops ? ['missing', '"drop"', 'rows with empty cells where the mask is 1 are left out'] : null,
  ];
  const shown = entries.filter((e) => e !== null);
  const lines = shown.map(([key, json, why], i) => {
    const comma = i < shown.length - 1 ? ',' : '';
    const text = `  ${JSON.stringify(key)}: ${json}${comma}`;
    if (!frame.comments || why === '') return text;
    const comment = `// ${visible(why)}`;
    // A value of several lines has its comment above.
    return json.includes('\n') ? `  ${comment}\n${text}` : `${text} ${comment}`;
  });
  return `{\n${lines.join('\n')}\n}\n`;
}

const dataText = ({ data, keys = {} }: DraftChoices): string =>
  Object.keys(keys).length === 0 ? JSON.stringify(data) : valueText({ file: data, ...keys });

/** `null` where there are many groups and nothing is masked: the automatic mask says the same. */
function maskText(profile: DataProfile, covariates: readonly ColumnProfile[]): string | null {
  const rows = profile.groups.map((g) => ({
    name: g.name,
    cells: covariates.map((c) => automaticMask({ columns: [c.name] }, g.name, profile)),
  }));
  if (rows.length > MOST_LISTED && rows.every((r) => r.cells.every((cell) => cell === 1))) return null;
  return rows.map(({ name, cells }) => `    ${JSON.stringify(name)}: [${cells.join(', ')}]`).join(',\n');
}
