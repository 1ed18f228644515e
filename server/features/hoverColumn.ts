import type { ColumnProfile } from '../../core/data/profile.ts';
import { outcomesOf } from '../../core/design/outcome.ts';
import type { FeatureContext } from '../context.ts';
import { cellCode, code, number, percent, table } from './markdown.ts';
import { histogramPicture } from './picture.ts';

/** Groups that a hover lists at most. */
const MOST_GROUPS = 12;

/** A column's profile: counts, moments, a histogram, and its groups. `null` when the data have not been read. */
export function columnText(context: FeatureContext, name: string): string | null {
  const { profile } = context;
  if (profile === null || profile.columns.length === 0) return null;
  const column = profile.columns.find((c) => c.name === name);
  if (column === undefined) return `The data have no column ${code(name)}.`;
  const parts = [
    `**${code(name)}** · ${column.date === undefined ? kindOf(column) : sinceText(column.date)} · ${percent(column.empty / Math.max(1, profile.rows))} empty`,
  ];
  if (column.kind === 'number' || column.kind === 'mixed') {
    parts.push(
      `${column.count.toLocaleString('en')} numbers, mean ${number(column.mean)}, sd ${number(column.sd)}, ${number(column.min)} to ${number(column.max)}`,
    );
    if (column.histogram !== null) parts.push(histogramPicture(column.histogram, 'histogram'));
  } else if (column.levels.length > 0) {
    const shown = column.levels.slice(0, MOST_GROUPS).map(code).join(' · ');
    parts.push(`${column.distinct} different: ${shown}${column.distinct > MOST_GROUPS ? ' · …' : ''}`);
  }
  const outcomes = context.spec?.spec.response.column === name ? outcomesOf(context.spec.spec, column) : null;
  if (outcomes?.length === 2) parts.push(outcomes.map((spellings, k) => `${k} is ${spellings.map(code).join(' or ')}`).join(', '));
  const groups = groupsTable(context, column);
  if (groups !== null) parts.push(groups);
  return parts.join('\n\n');
}

/** What the numbers of a column of dates are. */
function sinceText({ unit, origin }: NonNullable<ColumnProfile['date']>): string {
  const since = new Date(1000 * origin)
    .toISOString()
    .replace(/(T00:00:00)?\.000Z$/, '')
    .replace('T', ' ');
  return `${unit} since ${since}`;
}

function kindOf({ kind, integer, infinite, texts }: ColumnProfile): string {
  switch (kind) {
    case 'number':
      return `${integer ? 'whole numbers' : 'numbers'}${infinite > 0 ? `, ${infinite} not finite` : ''}`;
    case 'mixed':
      return `numbers and ${texts} cells of text`;
    case 'text':
      return 'text';
    case 'empty':
      return 'empty';
    case 'unread':
      return 'not read yet';
  }
}

function groupsTable({ profile }: FeatureContext, column: ColumnProfile): string | null {
  if (profile === null || profile.groupColumn === null || profile.groupColumn === column.name || profile.groups.length < 2) return null;
  const numbers = column.kind === 'number' || column.kind === 'mixed';
  const header = ['group', 'rows', 'empty', ...(numbers ? ['mean', 'sd', 'range'] : [])];
  const rows = profile.groups.slice(0, MOST_GROUPS).map((g) => {
    const c = g.columns[column.index];
    const counts = [cellCode(g.name), String(g.rows), String(c.empty)];
    return numbers ? [...counts, number(c.mean), number(c.sd), `${number(c.min)} – ${number(c.max)}`] : counts;
  });
  const more = profile.groups.length - rows.length;
  return table(header, rows) + (more > 0 ? `\n\n… and ${more} more groups` : '');
}
