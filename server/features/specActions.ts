/** What can be done to a whole spec at once. */
import { formatPrior } from '../../core/design/priors.ts';
import { setKey } from '../../core/rules/rule.ts';
import { additionAt, newLine } from '../../core/spec/edits.ts';
import { itemsOf, membersOf, nodeAt } from '../../core/spec/json.ts';
import type { Fix, TextEdit } from '../../core/spec/problem.ts';
import type { FeatureContext } from '../context.ts';
import { automaticRow } from './completionNames.ts';
import { predictionOf } from './completionPredictions.ts';

export function specActions(context: FeatureContext): readonly Fix[] {
  return [inferMask(context), addMissingGroups(context), writeAutoPriors(context), predictEveryGroup(context), sortGroups(context)].filter(
    (f) => f !== null,
  );
}

/** Writes the mask that the data suggest: every group, every covariate. */
function inferMask({ data }: FeatureContext): Fix | null {
  if (data === null || data.spec.covariates.length === 0 || data.spec.group === null) return null;
  const rows = data.profile.groups.map((g) => `${newLine(data, 2)}${JSON.stringify(g.name)}: ${automaticRow(data, g.name)}`);
  if (rows.length === 0) return null;
  return { title: 'Infer the mask from the data', edits: setKey(data, 'mask', `{${rows.join(',')}${newLine(data, 1)}}`) };
}

function addMissingGroups({ data }: FeatureContext): Fix | null {
  if (data === null || data.spec.mask === 'auto') return null;
  const { mask } = data.spec;
  const missing = data.profile.groups.filter((g) => !mask.has(g.name));
  const rows = missing.map((g): [string, string] => [g.name, automaticRow(data, g.name)]);
  const edits = additionAt(data, ['mask'], rows);
  return edits.length === 0 || mask.size === 0 ? null : { title: 'Add missing groups to the mask', edits };
}

/** Priors that are automatic, as numbers. Those of several covariates that differ go to the covariates' own `prior`. */
function writeAutoPriors({ design, spec }: FeatureContext): Fix | null {
  if (design === null || spec === null) return null;
  const values = new Map<string, string>();
  const intercept = design.terms.find((t) => t.kind === 'intercept');
  if (intercept?.auto.prior && spec.spec.intercept?.prior == null) values.set('intercept', formatPrior(intercept.prior));
  if (intercept?.sd && intercept.auto.sd && spec.spec.intercept?.sd == null) values.set('intercept_sd', formatPrior(intercept.sd));
  const slopes = design.terms.filter((t) => t.kind === 'slope');
  const widest = (priors: readonly string[]) => priors.reduce((a, b) => (width(b) > width(a) ? b : a));
  const weights = slopes.filter((t) => t.auto.prior).map((t) => formatPrior(t.prior));
  if (weights.length > 0 && spec.spec.priors.weights === 'auto') values.set('weights', widest(weights));
  const sds = slopes.filter((t) => t.sd !== null && t.auto.sd).map((t) => formatPrior(t.sd!));
  if (sds.length > 0 && spec.spec.priors.weights_sd === 'auto') values.set('weights_sd', widest(sds));
  if (design.scale?.auto) values.set('scale', formatPrior(design.scale.prior));
  for (const { key, prior, auto } of design.own) if (auto) values.set(key, formatPrior(prior));
  if (values.size === 0) return null;
  const title = 'Write auto priors out';
  const object = nodeAt(spec.tree, ['priors']);
  if (object === undefined || (object.children ?? []).length === 0) {
    const text = `{ ${[...values].map(([k, v]) => `${JSON.stringify(k)}: ${JSON.stringify(v)}`).join(', ')} }`;
    return { title, edits: setKey(spec, 'priors', text) };
  }
  const replaced: TextEdit[] = [];
  const added: [string, string][] = [];
  const scale: [string, string][] = [];
  for (const [key, value] of values) {
    const within = key === 'scale' && nodeAt(spec.tree, ['priors', 'scale'])?.type === 'object';
    const path = within ? ['priors', 'scale', 'prior'] : ['priors', key];
    if (nodeAt(spec.tree, path) !== undefined) replaced.push({ ...spec.locate(path), text: JSON.stringify(value) });
    else (within ? scale : added).push([within ? 'prior' : key, JSON.stringify(value)]);
  }
  return { title, edits: [...replaced, ...additionAt(spec, ['priors'], added), ...additionAt(spec, ['priors', 'scale'], scale)] };
}

const width = (prior: string): number => Number(/([\d.e+-]+)\)$/.exec(prior)?.[1] ?? 0);

/** One prediction for each group that has none, every covariate at the group's mean. */
function predictEveryGroup({ data }: FeatureContext): Fix | null {
  if (data === null) return null;
  const asked = new Set(data.spec.predictions.map((p) => p.group));
  const lines = data.groups.filter((group) => !asked.has(group) && data.groupProfiles.has(group)).map((group) => predictionOf(data, group));
  if (lines.length === 0) return null;
  const title = 'Add a prediction for every group';
  const list = nodeAt(data.tree, ['predictions']);
  const line = newLine(data, 2);
  const last = itemsOf(list).at(-1);
  if (list === undefined || last === undefined)
    return { title, edits: setKey(data, 'predictions', `[${line}${lines.join(`,${line}`)}${newLine(data, 1)}]`) };
  const end = last.offset + last.length;
  return { title, edits: [{ start: end, end, text: `,${line}${lines.join(`,${line}`)}` }] };
}

/** The mask's rows by name, numbers in names by their size; only where no comment would lose its row. */
function sortGroups({ parsed, text }: FeatureContext): Fix | null {
  const mask = nodeAt(parsed.tree, ['mask']);
  const members = membersOf(mask);
  if (mask === undefined || members.length < 2 || members.some((m) => m.value === undefined)) return null;
  const between = members.slice(1).map((m, i) => text.slice(members[i].node.offset + members[i].node.length, m.node.offset));
  if (between.some((gap) => gap.includes('/'))) return null;
  const order = new Intl.Collator('en', { numeric: true });
  const sorted = [...members].sort((a, b) => order.compare(a.key, b.key));
  if (sorted.every((m, i) => m === members[i])) return null;
  const edits = members.map((m, i) => ({
    start: m.node.offset,
    end: m.node.offset + m.node.length,
    text: text.slice(sorted[i].node.offset, sorted[i].node.offset + sorted[i].node.length),
  }));
  return { title: 'Sort groups', edits: edits.filter((_, i) => sorted[i] !== members[i]) };
}
