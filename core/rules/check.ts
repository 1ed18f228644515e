/**
 * A spec against its data: every problem that the editor squiggles, `hmask check` prints and a fit refuses on.
 * Pure: the data come as a profile.
 */
import type { ColumnProfile, DataProfile } from '../data/profile.ts';
import { fillMask, groupsOf } from '../design/resolve.ts';
import { withColumns } from '../spec/columns.ts';
import { type ParsedSpec, parseSpec } from '../spec/parse.ts';
import type { Problem, Severity } from '../spec/problem.ts';
import type { Spec } from '../spec/types.ts';
import { dataFault } from './dataFault.ts';
import { DATA_RULES, SPEC_RULES } from './index.ts';
import type { DataContext, SpecContext } from './rule.ts';

export interface CheckResult {
  /** `null` when the text is too broken to stand for a spec. */
  readonly spec: Spec | null;
  /** In the order of their places. */
  readonly problems: readonly Problem[];
}

export type Check = (text: string, profile: DataProfile | null) => CheckResult;

/** More problems of one code than this are summed up in one. */
const MOST_OF_A_CODE = 50;
/** A rule that finds this many faults is not asked for more: each costs the making of its fixes. */
const MOST_OF_A_RULE = 200;
/** The same at one place of the text, where they would be read one below the other. */
const MOST_AT_A_PLACE = 4;

/** Parses a spec and holds it against the profile of its data; without a profile only what the spec alone can tell. */
export const check: Check = (text, profile) => checkParsed(parseSpec(text), profile);

/** The same for a text that is parsed already. */
export function checkParsed(parsed: ParsedSpec, profile: DataProfile | null): CheckResult {
  const problems = [...parsed.problems];
  const take = (found: Iterable<Problem>) => {
    let n = 0;
    for (const problem of found) {
      problems.push(problem);
      n += 1;
      if (n >= MOST_OF_A_RULE) break;
    }
  };
  const context = specContext(parsed);
  const data = context !== null && parsed.wellFormed && profile !== null ? dataContext(context, profile) : null;
  // The rest of a half-typed text would be judged on what is not there yet.
  if (context !== null && parsed.wellFormed) {
    for (const rule of SPEC_RULES) take(rule(context));
    if (profile !== null) {
      take(dataFault(context, profile.faults, profile.file));
      if (data !== null) for (const rule of DATA_RULES) take(rule(data));
    }
  }
  return { spec: data?.spec ?? parsed.spec, problems: sum(sort(problems)) };
}

export function specContext(parsed: ParsedSpec): SpecContext | null {
  const { spec, tree, text, unread, locate } = parsed;
  return spec === null || tree === undefined ? null : { spec, tree, text, unread, locate };
}

/** `null` when the data could not be read. */
export function dataContext(context: SpecContext, profile: DataProfile): DataContext | null {
  if (profile.faults.some((f) => f.fatal)) return null;
  const columns = new Map<string, ColumnProfile>();
  for (const c of profile.columns) if (!columns.has(c.name)) columns.set(c.name, c);
  const spec = withColumns(context.spec, (name) => columns.has(name));
  const groupsKnown = !context.unread.has('group') && (spec.group === null || profile.groupColumn !== null);
  const named = spec.mask === 'auto' ? [] : [...spec.mask.keys()];
  const groups = groupsKnown ? groupsOf(spec, profile) : named;
  const groupIndex = new Map(groups.map((name, g) => [name, g]));
  const groupProfiles = new Map(groupsKnown ? profile.groups.map((g) => [g.name, g]) : []);
  return { ...context, spec, profile, columns, groupsKnown, groups, groupIndex, groupProfiles, mask: fillMask(spec, profile, groups) };
}

const RANK: Readonly<Record<Severity, number>> = { error: 0, warning: 1, info: 2, hint: 3 };

const sort = (problems: Problem[]): Problem[] =>
  problems.sort((a, b) => a.range.start - b.range.start || RANK[a.severity] - RANK[b.severity] || (a.code < b.code ? -1 : 1));

/** Keeps the first problems of each code, and of each code at one place; one more says how many there are beside them. */
function sum(problems: readonly Problem[]): readonly Problem[] {
  const atPlace = fold(problems, MOST_AT_A_PLACE, (p) => `${p.code} ${p.severity} ${p.range.start} ${p.range.end}`);
  return fold(atPlace, MOST_OF_A_CODE, (p) => `${p.code} ${p.severity}`);
}

function fold(problems: readonly Problem[], most: number, keyOf: (p: Problem) => string): readonly Problem[] {
  const counts = new Map<string, number>();
  const last = new Map<string, Problem>();
  for (const p of problems) {
    const n = (counts.get(keyOf(p)) ?? 0) + 1;
    counts.set(keyOf(p), n);
    if (n === most + 1) last.set(keyOf(p), p);
  }
  const seen = new Map<string, number>();
  return problems.flatMap((p) => {
    const key = keyOf(p);
    const n = (seen.get(key) ?? 0) + 1;
    seen.set(key, n);
    const more = counts.get(key)! - most - 1;
    if (n > most + 1) return [];
    return last.get(key) === p && more > 0
      ? [{ ...p, message: `${p.message} (And ${more + most >= MOST_OF_A_RULE - 1 ? 'many' : more} more like this.)` }]
      : [p];
  });
}
