/** Predictions as they may be meant: groups that have none yet, covariates at the group's mean. */
import { type KeyMeaning, vocabularyOf } from '../../core/design/at.ts';
import { neededValues, predictionInputs, slopesIn } from '../../core/rules/predictionInputs.ts';
import type { DataContext } from '../../core/rules/rule.ts';
import { itemsOf, membersOf, nodeAt } from '../../core/spec/json.ts';
import type { FeatureContext } from '../context.ts';
import type { Choice } from './choice.ts';
import { number } from './markdown.ts';

/** More whole predictions than this are not offered at once. */
const MOST = 100;

/** A whole prediction for each group, those without one first. */
export function predictionChoices({ data, parsed }: FeatureContext): readonly Choice[] | null {
  if (data === null) return null;
  const asked = new Set(itemsOf(nodeAt(parsed.tree, ['predictions'])).map((p) => String(nodeAt(p, ['group'])?.value)));
  const groups = [...data.groups].sort((a, b) => Number(asked.has(a)) - Number(asked.has(b)));
  return groups.slice(0, MOST).map((label) => ({ label, json: predictionOf(data, label), detail: "a prediction at the group's mean" }));
}

/** A prediction for a group at its mean, as the spec writes it. */
export const predictionOf = (data: DataContext, group: string): string =>
  `{ ${data.spec.group === null ? '' : `"group": ${JSON.stringify(group)}, `}"at": ${wholeAt(data, group)} }`;

/** All values of a prediction. */
export function wholeAtChoices(context: FeatureContext, index: number): readonly Choice[] | null {
  const { data } = context;
  if (data === null) return null;
  const json = wholeAt(data, groupOf(context, index));
  return [{ label: json, json, detail: "the group's mean" }];
}

/** Covariates of a prediction at the group's mean; the masked ones last, those it has left out, but for the one that is being typed. */
export function atChoices(context: FeatureContext, index: number, typed: string): readonly Choice[] {
  const { data, spec, parsed } = context;
  const group = groupOf(context, index);
  const present = new Set(membersOf(nodeAt(parsed.tree, ['predictions', index, 'at'])).map((m) => m.key));
  const free = (key: string) => key === typed || !present.has(key);
  if (data === null) return (spec?.spec.covariates ?? []).filter((c) => free(c.name)).map((c) => ({ label: c.name, value: '0' }));
  const { required, optional } = predictionInputs(data);
  const needed = new Set(required.map((r) => r.key));
  const choices = required
    .filter((input) => free(input.key))
    .map((input) => ({ ...atMean(data, group, input.key, input.column), active: isActive(data, group, input.covariates) }))
    .map((c) => (c.active ? c : { ...c, detail: 'masked for this group, so ignored' }));
  const keys = vocabularyOf(slopesIn(data)).keys;
  const others = [...optional].filter((key) => !needed.has(key) && free(key)).map((label) => otherChoice(label, keys.get(label)?.[0]));
  return [...choices.filter((c) => c.active), ...others, ...choices.filter((c) => !c.active)];
}

/** A text covariate at its first level, an indicator, a product given whole, or another name of a column of numbers. */
function otherChoice(label: string, meaning: KeyMeaning | undefined): Choice {
  if (meaning?.kind !== 'text')
    return { label, value: '0', detail: meaning?.kind === 'indicator' ? 'indicator of a level' : 'product or column' };
  const [reference, ...levels] = meaning.levels;
  return { label, value: JSON.stringify(reference), detail: `a level: ${[`${reference} (reference)`, ...levels].slice(0, 6).join(', ')}` };
}

/** All values that a prediction for a group needs, as the spec writes them. */
function wholeAt(data: DataContext, group: string): string {
  const values = neededValues(data, group, new Map()).map(
    ({ key, column }) => `${JSON.stringify(key)}: ${atMean(data, group, key, column).value}`,
  );
  return values.length === 0 ? '{}' : `{ ${values.join(', ')} }`;
}

function atMean(data: DataContext, group: string, label: string, columnName: string) {
  const column = data.columns.get(columnName)!;
  const cells = data.groupProfiles.get(group)?.columns[column.index] ?? column;
  const value = Number.isFinite(cells.mean) ? number(cells.mean) : '0';
  return { label, value, detail: `mean ${value}, ${number(cells.min)} to ${number(cells.max)}` };
}

function isActive(data: DataContext, group: string, covariates: readonly number[]): boolean {
  const g = data.groups.indexOf(group);
  return g < 0 || covariates.some((p) => data.mask[g * data.spec.covariates.length + p] === 1);
}

const groupOf = ({ parsed, spec }: FeatureContext, index: number): string =>
  String(nodeAt(parsed.tree, ['predictions', index, 'group'])?.value ?? spec?.spec.predictions[index]?.group ?? '');
