import { type InlayHint, InlayHintKind } from 'vscode-languageserver/node';
import { formatPrior } from '../../core/design/priors.ts';
import { isMasked } from '../../core/posterior/report.ts';
import { itemsOf, membersOf, type Node, nodeAt, type Path } from '../../core/spec/json.ts';
import type { TextRange } from '../../core/spec/problem.ts';
import { covariatesAt } from '../../core/spec/products.ts';
import { OWN_KEYS } from '../../core/spec/types.ts';
import type { FeatureContext } from '../context.ts';
import { automaticPrior } from './automaticPrior.ts';
import { number } from './markdown.ts';

/** Rows at groups, posteriors at mask cells and predictions, numbers at automatic priors; within `visible`. */
export function inlayHints(context: FeatureContext, visible: TextRange): InlayHint[] {
  const hints: InlayHint[] = [];
  const add = (offset: number, label: string, tooltip: string) => {
    if (offset < visible.start || offset > visible.end) return;
    hints.push({ position: context.document.positionAt(offset), label, tooltip, kind: InlayHintKind.Type, paddingLeft: true });
  };
  rows(context, add);
  cells(context, add);
  predictions(context, add);
  priors(context, add);
  return hints;
}

type Add = (offset: number, label: string, tooltip: string) => void;
const endOf = (node: Node): number => node.offset + node.length;

function rows({ data, parsed }: FeatureContext, add: Add): void {
  if (data === null) return;
  for (const { key, node } of membersOf(nodeAt(parsed.tree, ['mask']))) {
    const seen = data.groupProfiles.get(key);
    if (seen !== undefined) add(endOf(node), `${seen.rows.toLocaleString('en')} rows`, 'Rows of the group in the data');
  }
}

function cells(context: FeatureContext, add: Add): void {
  const { fit, spec, parsed } = context;
  if (fit === null || spec === null) return;
  const mark = fit.stale ? ' (stale)' : '';
  for (const { key: group, value } of membersOf(nodeAt(parsed.tree, ['mask']))) {
    const { covariates } = spec.spec;
    const cells = itemsOf(value);
    const listed = cells.map((node, e) => ({ node, name: covariates[covariatesAt(covariates, cells.length, e).at(-1) ?? -1]?.name }));
    const named = membersOf(value).flatMap((m) => (m.value === undefined ? [] : [{ node: m.value, name: m.key }]));
    for (const { node, name } of [...listed, ...named]) {
      const parameter = name === undefined ? undefined : fit.parameters.get(`w[${name}, ${group}]`);
      if (parameter === undefined || isMasked(parameter)) continue;
      const { mean, sd, median } = parameter;
      if (mean === null || sd === null) add(endOf(node), `${number(median)}${mark}`, 'Posterior median; it has no mean or sd');
      else add(endOf(node), `${number(mean)} ± ${number(sd)}${mark}`, 'Posterior mean ± sd');
    }
  }
}

function predictions({ fit, spec, parsed }: FeatureContext, add: Add): void {
  if (fit === null || spec === null) return;
  for (const [i, node] of itemsOf(nodeAt(parsed.tree, ['predictions'])).entries()) {
    const answer = fit.report.predictions[i];
    if (answer === undefined || answer.group !== spec.spec.predictions[i]?.group) continue;
    add(endOf(node), `${number(answer.mean)} ± ${number(answer.sd)}${fit.stale ? ' (stale)' : ''}`, 'Predictive mean ± sd');
  }
}

function priors(context: FeatureContext, add: Add): void {
  const { tree } = context.parsed;
  const show = (path: Path) => {
    const node = nodeAt(tree, path);
    if (node?.value !== 'auto') return;
    const auto = automaticPrior(context, path);
    if (auto === null) return;
    const texts = [...new Set(auto.map((a) => formatPrior(a.prior)))];
    add(endOf(node), texts.length > 3 ? `${texts.slice(0, 3).join(' · ')} · …` : texts.join(' · '), 'What "auto" stands for');
  };
  for (const key of ['intercept', 'weights', 'scale', 'intercept_sd', 'weights_sd', ...OWN_KEYS]) show(['priors', key]);
  show(['priors', 'scale', 'prior']);
  for (const key of ['prior', 'sd']) {
    show(['intercept', key]);
    itemsOf(nodeAt(tree, ['covariates'])).forEach((_, i) => {
      show(['covariates', i, key]);
    });
  }
}
