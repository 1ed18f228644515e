/** Definition, references and rename of covariates and groups within the spec; of a column into the data's header. */
import type { Location, Range, WorkspaceEdit } from 'vscode-languageserver/node';
import { quote } from '../../core/spec/nearest.ts';
import type { TextRange } from '../../core/spec/problem.ts';
import type { Header } from '../../sources/index.ts';
import { type FeatureContext, toRange } from '../context.ts';
import { dataUri } from './dataFile.ts';
import { headerRange } from './header.ts';
import { type CovariateMention, covariateMentions, covariateNamed, groupMentions, type Place, placeAt } from './place.ts';

interface Mention {
  readonly range: TextRange;
  readonly definition: boolean;
  readonly form?: CovariateMention['form'];
  readonly value?: CovariateMention['value'];
}

function mentionsOf(context: FeatureContext, place: Place): readonly Mention[] {
  switch (place.kind) {
    case 'group':
      return groupMentions(context, place.name);
    case 'covariate':
      return covariateMentions(context, place.index);
    case 'cell':
      return covariateMentions(context, place.covariate);
    case 'at':
      return covariateMentions(context, covariateNamed(context, place.name));
    default:
      return [];
  }
}

/** `header` is that of the data, or `null` when there is none to show. */
export function definition(context: FeatureContext, offset: number, header: Header | null): Location[] {
  const place = placeAt(context, offset);
  if (place === null) return [];
  const factor = place.kind === 'at' && covariateNamed(context, place.name) < 0 ? place.name : null;
  const column = place.kind === 'column' ? place.name : place.kind === 'covariate' ? columnOf(context, place.index) : factor;
  if (column !== null) {
    const uri = header === null ? null : dataUri(context, header.file);
    const range = header === null ? null : headerRange(header.text, column, header.delimiter);
    return uri === null || range === null || header === null ? [] : [{ uri, range: lowered(range, header.line - 1) }];
  }
  return mentionsOf(context, place)
    .filter((m) => m.definition)
    .map((m) => ({ uri: context.document.uri, range: toRange(context, m.range) }));
}

export function references(context: FeatureContext, offset: number, withDefinition: boolean): Location[] {
  const place = placeAt(context, offset);
  if (place === null) return [];
  return mentionsOf(context, place)
    .filter((m) => withDefinition || !m.definition)
    .map((m) => ({ uri: context.document.uri, range: toRange(context, m.range) }));
}

/** The range and name that would be renamed, or `null` where nothing can. */
export function prepareRename(context: FeatureContext, offset: number): { range: Range; placeholder: string } | null {
  const place = placeAt(context, offset);
  if (place === null || mentionsOf(context, place).length === 0) return null;
  if ((place.kind === 'cell' || place.kind === 'at') && !place.key) return null;
  const name = nameOf(context, place);
  const { start } = place.range;
  const mention = mentionsOf(context, place).find((m) => m.range.start === start + 1);
  const end = mention === undefined ? place.range.end : mention.range.end + 1;
  return name === null ? null : { range: toRange(context, { start: start + 1, end: end - 1 }), placeholder: name };
}

/** Why a thing cannot have a new name, as a sentence; `null` when it can. */
export function renameFault(context: FeatureContext, offset: number, newName: string): string | null {
  const place = placeAt(context, offset);
  if (place === null || prepareRename(context, offset) === null) return 'Only covariates and groups can be renamed.';
  if (newName.trim() === '') return 'A name must not be empty.';
  if (newName === nameOf(context, place)) return null;
  if (place.kind === 'group') return groupMentions(context, newName).length > 0 ? `The spec has a group ${quote(newName)} already.` : null;
  return context.spec?.spec.covariates.some((c) => c.name === newName) ? `The spec has a covariate ${quote(newName)} already.` : null;
}

/**
 * Renames a covariate or a group everywhere in the spec. A covariate keeps its column, so that the data need not follow: it gets a `name`.
 */
export function rename(context: FeatureContext, offset: number, newName: string): WorkspaceEdit | null {
  const place = placeAt(context, offset);
  if (place === null || renameFault(context, offset, newName) !== null) return null;
  const quoted = JSON.stringify(newName);
  const edits = mentionsOf(context, place).map(({ range, form, value }) => {
    const old = context.text.slice(range.start, range.end);
    const named = `${old}, "name": ${quoted}`;
    const copy = value === undefined ? '0' : context.text.slice(value.offset, value.offset + value.length);
    const newText = {
      item: `{ "column": ${named} }`,
      column: named,
      name: quoted,
      // The column's own value stays for the product.
      factor: `${quoted}: ${copy}, ${old}`,
      part: quoted.slice(1, -1),
    }[form ?? 'name'];
    return { range: toRange(context, range), newText };
  });
  return edits.length === 0 ? null : { changes: { [context.document.uri]: edits } };
}

function nameOf(context: FeatureContext, place: Place): string | null {
  if (place.kind === 'group') return place.name;
  const named = place.kind === 'at' ? covariateNamed(context, place.name) : -1;
  const index = place.kind === 'covariate' ? place.index : place.kind === 'cell' ? place.covariate : named;
  return context.spec?.spec.covariates[index]?.name ?? null;
}

const columnOf = (context: FeatureContext, index: number): string | null => context.spec?.spec.covariates[index]?.columns[0] ?? null;

/** A range so many lines further down. */
const lowered = ({ start, end }: Range, lines: number): Range => ({
  start: { ...start, line: start.line + lines },
  end: { ...end, line: end.line + lines },
});
