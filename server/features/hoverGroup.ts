import { isMasked } from '../../core/posterior/report.ts';
import type { FeatureContext } from '../context.ts';
import { parameterText, SUMMARY_HEADER, summaryRow } from './hoverPosterior.ts';
import { cellCode, code, table } from './markdown.ts';

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
    const ends = `, ${group}]`;
    const own = [...fit.parameters.values()].filter((p) => p.name.startsWith('w[') && p.name.endsWith(ends));
    const rows = own.slice(0, 12).map((p) => (isMasked(p) ? [cellCode(p.name), 'masked', '', '', '', ''] : summaryRow(p)));
    if (rows.length > 0) parts.push(table(SUMMARY_HEADER(context), rows));
  }
  return parts.length === 0 ? null : parts.join('\n\n');
}
