/** Values of the keys of `data`. Words of closed sets come from the schema. */
import { unitOfDates } from '../../core/data/dates.ts';
import type { ColumnProfile } from '../../core/data/profile.ts';
import { keysOfColumn } from '../../core/rules/dataKeys.ts';
import { holdsDates } from '../../core/rules/dateLevels.ts';
import { membersOf, nodeAt } from '../../core/spec/json.ts';
import type { FeatureContext } from '../context.ts';
import type { Choice, Files } from './choice.ts';

const DELIMITERS: readonly Choice[] = [
  { label: ',', detail: 'comma' },
  { label: ';', detail: 'semicolon' },
  { label: '\\t', json: '"\\t"', detail: 'tab' },
  { label: '|', detail: 'bar' },
];
const PARTERS: readonly Choice[] = [
  { label: '.', detail: '1.234.567,8' },
  { label: ',', detail: '1,234,567.8' },
  { label: ' ', detail: '1 234 567, with no-break spaces, too' },
  { label: "'", detail: "1'234'567" },
];
const COMMENTS: readonly Choice[] = [
  { label: '#', detail: 'to the end of the line' },
  { label: '%', detail: 'to the end of the line' },
];

/** Values of a key of `data` that are open to any text; `null` for other keys. */
export function settingChoices(context: FeatureContext, key: string): readonly Choice[] | null {
  switch (key) {
    case 'delimiter':
      return DELIMITERS;
    case 'thousands':
      return PARTERS;
    case 'comment':
      return COMMENTS;
    case 'table':
      return (context.profile?.faults ?? []).flatMap((f) => (f.kind === 'table' ? (f.suggestions ?? []) : [])).map((label) => ({ label }));
    default:
      return null;
  }
}

/** Patterns of folders that hold several files of a kind, then the files. */
export function filesChoices(files: Files): readonly Choice[] {
  const patterns = new Map<string, number>();
  for (const file of files) {
    const pattern = file.replace(/[^/]*?(\.[a-z]+(?:\.gz)?)$/i, '*$1');
    patterns.set(pattern, (patterns.get(pattern) ?? 0) + 1);
  }
  const several = [...patterns].filter(([, n]) => n > 1).map(([label, n]) => ({ label, detail: `${n} data files` }));
  return [...several, ...files.map((label) => ({ label, detail: 'data file' }))];
}

/** Spellings among the data's numbers that stand for empty cells, then usual ones. */
export function missingChoices(context: FeatureContext): readonly Choice[] {
  const { spec, profile } = context;
  const found = spec === null || profile === null ? [] : profile.columns.flatMap((c) => keysOfColumn(spec, c).flatMap((k) => k.na ?? []));
  return [...new Set([...found, 'NA', 'N/A', 'NaN', 'null', '-', '.'])].map((label) => ({ label, detail: 'empty cell' }));
}

/** Columns for `dates`, those that hold dates first. */
export function dateChoices({ profile, parsed }: FeatureContext): readonly Choice[] {
  const present = new Set(membersOf(nodeAt(parsed.tree, ['data', 'dates'])).map((m) => m.key));
  const columns = (profile?.columns ?? []).filter((c) => !present.has(c.name) && (c.kind === 'text' || c.date !== undefined));
  const rank = (c: ColumnProfile): number => (holdsDates(c) ? 0 : 1);
  return [...columns]
    .sort((a, b) => rank(a) - rank(b) || a.index - b.index)
    .map((c) => ({
      label: c.name,
      detail: holdsDates(c) ? 'dates' : 'text',
      value: JSON.stringify(unitOfDates(c.levels)),
    }));
}
