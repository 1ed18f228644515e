import { additionAt } from '../spec/edits.ts';
import { nearest, quote } from '../spec/nearest.ts';
import { type DataRule, listing, maskRowText, problemOf } from './rule.ts';

/** HM402: groups of the data that the mask does not name; they take the automatic mask. */
export const maskGroupLeftOut: DataRule = function* (context) {
  const { spec, groupProfiles } = context;
  if (spec.mask === 'auto' || spec.mask.size === 0) return;
  const { mask } = spec;
  const unnamed = [...groupProfiles.keys()].filter((name) => !mask.has(name));
  // One that a name of the mask was likely meant for is told there.
  const meant = new Set([...mask.keys()].filter((name) => !groupProfiles.has(name)).map((name) => nearest(name, unnamed)));
  const left = unnamed.filter((name) => !meant.has(name));
  if (left.length === 0 || spec.covariates.length === 0) return;
  const message = `The mask leaves out the ${left.length === 1 ? 'group' : 'groups'} ${listing(left.map(quote))}, which ${left.length === 1 ? 'takes' : 'take'} the automatic mask; add ${left.length === 1 ? 'it' : 'them'} to say so.`;
  const title = left.length === 1 ? `Add ${quote(left[0])} to the mask` : `Add the ${left.length} groups to the mask`;
  const edits = additionAt(
    context,
    ['mask'],
    left.map((name) => [name, maskRowText(context, name)]),
  );
  yield problemOf('HM402', 'info', message, context.locate(['mask'], 'key'), [{ title, edits, preferred: true }]);
};
