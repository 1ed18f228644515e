import type { FeatureContext } from '../context.ts';
import { parametersText, parameterText } from './hoverPosterior.ts';
import { code } from './markdown.ts';

/** A group's rows, what its mask leaves, and after a fit its coefficients. */
export function groupText(context: FeatureContext, group: string): string | null {
  const { data, fit } = context;
  const parts: string[] = [];
  if (data !== null) {
    const seen = data.groupProfiles.get(group);
    const rows = seen === undefined ? 'no rows in the data' : `${seen.rows.toLocaleString('en')} rows`;
    parts.push(`Group **${code(group)}** · ${rows}`);
    const g = data.groups.indexOf(group);
    const k = data.spec.covariates.length;
    const named = (value: 0 | 1) =>
      data.spec.covariates.filter((_, p) => g >= 0 && data.mask[g * k + p] === value).map((c) => code(c.name));
    if (g >= 0 && k > 0) {
      parts.push(`active: ${named(1).join(', ') || 'none'}`);
      if (named(0).length > 0) parts.push(`masked: ${named(0).join(', ')}`);
    }
  }
  if (fit !== null) {
    const alpha = parameterText(context, `alpha[${group}]`);
    if (alpha !== null) parts.push(alpha);
    const own = parametersText(context, (name) => name.startsWith('w[') && name.endsWith(`, ${group}]`));
    // What is stale is said once.
    if (own !== null) parts.push(...(alpha === null ? own : own.slice(0, 1)));
  }
  return parts.length === 0 ? null : parts.join('\n\n');
}
