import type { Hover } from 'vscode-languageserver/node';
import { type FeatureContext, toRange } from '../context.ts';
import { columnText } from './hoverColumn.ts';
import { groupText } from './hoverGroup.ts';
import { atText, cellText, covariatePosterior, predictionText } from './hoverPosterior.ts';
import { keyText, priorText, wordText } from './hoverWords.ts';
import { covariateNamed, placeAt } from './place.ts';

/** What is known of the thing under the cursor: its data, its meaning, and after a fit its posterior. */
export function hover(context: FeatureContext, offset: number): Hover | null {
  const place = placeAt(context, offset);
  if (place === null) return null;
  const value = text(context, place);
  if (value === null) return null;
  return { contents: { kind: 'markdown', value }, range: toRange(context, place.range) };
}

function text(context: FeatureContext, place: NonNullable<ReturnType<typeof placeAt>>): string | null {
  switch (place.kind) {
    case 'column':
      return join(place.covariate === undefined ? null : covariatePosterior(context, place.covariate), columnText(context, place.name));
    case 'covariate': {
      const covariate = context.spec?.spec.covariates[place.index];
      if (covariate === undefined) return null;
      // What the reader fitted for comes first; a hover shows no more than its top without scrolling.
      return join(covariatePosterior(context, place.index), ...covariate.columns.map((c) => columnText(context, c)));
    }
    case 'group':
      return groupText(context, place.name);
    case 'cell':
      return cellText(context, place.group, place.covariate);
    case 'at':
      return join(columnOfAt(context, place.name), atText(context, place.prediction, place.name));
    case 'prediction':
      return predictionText(context, place.index);
    case 'word':
      return wordText(place.key, place.value);
    case 'prior':
      return priorText(context, place.path, place.value);
    case 'key':
      return join(keyText(place.path), place.path.length === 2 && place.path[0] === 'priors' ? priorText(context, place.path, null) : null);
    case 'file':
      return fileText(context);
  }
}

/** A value that stands for a column of a product. */
const columnOfAt = (context: FeatureContext, name: string): string | null =>
  covariateNamed(context, name) < 0 && context.profile?.columns.some((c) => c.name === name) ? columnText(context, name) : null;

function fileText({ profile }: FeatureContext): string | null {
  if (profile === null) return null;
  const fatal = profile.faults.find((f) => f.fatal);
  if (fatal !== undefined) return null;
  return `${profile.rows.toLocaleString('en')} rows, ${profile.columns.length} columns${profile.groupColumn === null ? '' : `, ${profile.groups.length} groups`}`;
}

const join = (...parts: readonly (string | null)[]): string | null =>
  parts.filter((p) => p !== null && p !== '').join('\n\n---\n\n') || null;
