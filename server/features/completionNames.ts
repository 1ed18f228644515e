/** Names that come from the data: columns, groups, levels, files. */
import type { ColumnProfile } from '../../core/data/profile.ts';
import { automaticMask } from '../../core/design/resolve.ts';
import type { DataContext } from '../../core/rules/rule.ts';
import { itemsOf, membersOf, nodeAt } from '../../core/spec/json.ts';
import type { FeatureContext } from '../context.ts';
import type { Choice, Files } from './choice.ts';
import { columnText } from './hoverColumn.ts';
import { number, percent } from './markdown.ts';

/** With more columns than this their pictures would make a completion slow to send; a hover has them. */
const MOST_DOCUMENTED = 60;

/** Columns, those that suit the role first. */
export function columnChoices(context: FeatureContext, role: 'response' | 'group' | 'covariate'): readonly Choice[] {
  const { profile, spec } = context;
  if (profile === null) return [];
  const used = new Set([spec?.spec.response.column, spec?.spec.group, ...(spec?.spec.covariates ?? []).flatMap((c) => c.columns)]);
  const rank = (c: ColumnProfile): number => {
    const suits = role === 'group' ? c.kind === 'text' || (c.integer && c.distinct < 0.5 * profile.rows) : c.kind === 'number';
    return (suits ? 0 : 1) + (used.has(c.name) ? 2 : 0);
  };
  const documented = profile.columns.length <= MOST_DOCUMENTED;
  return [...profile.columns]
    .sort((a, b) => rank(a) - rank(b) || a.index - b.index)
    .map((c) => ({
      label: c.name,
      detail: detailOf(c, profile.rows),
      documentation: documented ? (columnText(context, c.name) ?? undefined) : undefined,
    }));
}

function detailOf(c: ColumnProfile, rows: number): string {
  const empty = c.empty > 0 ? `, ${percent(c.empty / Math.max(1, rows))} empty` : '';
  if (c.kind === 'number') return `${c.integer ? 'whole numbers' : 'numbers'} ${number(c.min)} to ${number(c.max)}${empty}`;
  if (c.kind === 'text') return `text, ${c.distinct} different${empty}`;
  return `${c.kind === 'mixed' ? 'numbers and text' : c.kind}${empty}`;
}

/** Groups of the model; as keys of the mask, those it lacks, each with the row that the data suggest. */
export function groupChoices(context: FeatureContext, asKey: boolean): readonly Choice[] {
  const { data, profile } = context;
  if (data === null) return (profile?.groups ?? []).map((g) => ({ label: g.name }));
  const present = new Set(membersOf(nodeAt(context.parsed.tree, ['mask'])).map((m) => m.key));
  const names = asKey ? [...data.groupProfiles.keys()].filter((g) => !present.has(g)) : data.groups;
  return names.map((name) => {
    const rows = data.groupProfiles.get(name)?.rows ?? 0;
    const value = data.groups.includes(name) ? automaticRow(data, name) : undefined;
    return { label: name, detail: `${rows} rows${asKey && value !== undefined ? `, mask ${value}` : ''}`, value };
  });
}

/** The row that the data suggest for a group, whatever the spec says now. */
export function automaticRow({ spec, profile }: DataContext, group: string): string {
  return `[${spec.covariates.map((c) => automaticMask(c, group, profile)).join(', ')}]`;
}

export function maskRowChoices({ data }: FeatureContext, group: string): readonly Choice[] {
  if (data === null || !data.groupProfiles.has(group)) return [];
  const row = automaticRow(data, group);
  return [{ label: row, json: row, detail: 'from the data' }];
}

/** Covariates that a mask row in object form may name. */
export function covariateKeyChoices(context: FeatureContext, group: string): readonly Choice[] {
  const present = new Set(membersOf(nodeAt(context.parsed.tree, ['mask', group])).map((m) => m.key));
  const { data, spec } = context;
  const g = data?.groups.indexOf(group) ?? -1;
  return (spec?.spec.covariates ?? []).flatMap((c, p) => {
    const value = data !== null && g >= 0 ? String(data.mask[g * data.spec.covariates.length + p]) : '0';
    return present.has(c.name) ? [] : [{ label: c.name, value }];
  });
}

/** Products of the column before the colon with each other one; `null` when nothing of that kind is being typed. */
export function productChoices({ profile }: FeatureContext, typed: string): readonly Choice[] | null {
  const first = profile?.columns.find((c) => typed.startsWith(`${c.name}:`));
  if (profile === null || first === undefined) return null;
  return profile.columns
    .filter((c) => c.kind !== 'empty')
    .map((c) => ({ label: `${first.name}:${c.name}`, detail: `product, ${detailOf(c, profile.rows)}` }));
}

/** Levels of the response, or of an item of the list of covariates: those that are not listed yet. */
export function levelChoices(context: FeatureContext, of: readonly ['response'] | readonly ['covariates', number]): readonly Choice[] {
  const spec = context.spec?.spec;
  const column = of[0] === 'response' ? spec?.response.column : spec?.covariates.find((c) => c.item === of[1])?.columns[0];
  const levels = context.profile?.columns.find((c) => c.name === column)?.levels ?? [];
  const listed = new Set(itemsOf(nodeAt(context.parsed.tree, [...of, 'levels'])).map((level) => level.value));
  return levels
    .filter((label) => !listed.has(label))
    .slice(0, 200)
    .map((label) => ({ label }));
}

export const fileChoices = (files: Files): readonly Choice[] => files.map((label) => ({ label, detail: 'data file' }));
