import { resolveDesign } from '../design/resolve.ts';
import { whyNotCollapsed } from '../model/collapsed/layout.ts';
import { type DataRule, problemOf, replaceAt } from './rule.ts';

/** HM703: `collapsed` is asked for where coefficients cannot be integrated out. */
export const samplerMethod: DataRule = function* (context) {
  if (context.spec.sampler.method !== 'collapsed') return;
  const why = whyNotCollapsed(resolveDesign(context.spec, context.profile));
  if (why === null) return;
  const path = ['sampler', 'method'];
  yield problemOf('HM703', 'error', `The method "collapsed" does not apply: ${why}; use "auto".`, context.locate(path), [
    { ...replaceAt(context, path, '"auto"', 'Change to "auto"'), preferred: true },
    replaceAt(context, path, '"nuts"', 'Change to "nuts"'),
  ]);
};
