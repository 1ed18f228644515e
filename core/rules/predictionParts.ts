import { RESPONSE_PARTS } from '../families/family.ts';
import { familyOf } from '../families/index.ts';
import { quote } from '../spec/nearest.ts';
import { problemOf, removeAt, type SpecRule } from './rule.ts';

/** HM807: a prediction says something of a part that its response does not have. */
export const predictionParts: SpecRule = function* (context) {
  const { spec, unread, locate } = context;
  const { family, response, predictions } = spec;
  if (unread.has('family') || unread.has('response')) return;
  const lacks = {
    exposure: response.exposure === null ? 'the response has no "exposure"' : null,
    trials: familyOf(family).parts.includes('trials') ? null : `the family ${quote(family)} has no trials`,
    se: response.se === null ? 'the response has no "se"' : null,
  };
  for (const [i, prediction] of predictions.entries()) {
    for (const part of RESPONSE_PARTS) {
      const why = lacks[part];
      if (prediction[part] === null || why === null) continue;
      const path = ['predictions', i, part];
      const message = `The prediction gives ${quote(part)}, but ${why}; remove it, or change the response.`;
      yield problemOf('HM807', 'error', message, locate(path, 'key'), [
        { title: `Remove ${quote(part)}`, edits: removeAt(context, path), preferred: true },
      ]);
    }
  }
};
