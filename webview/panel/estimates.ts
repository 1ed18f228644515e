/** The fit's scalars joined with their places in the model: what the forest, the tables and the pickers work on. */
import type { FitReport, ParameterSummary } from '../../core/posterior/report.ts';
import type { Structure } from '../../protocol/views/structure.ts';
import type { Estimate } from '../charts/forest.ts';
import { intervalText, near, rHat, whole } from '../shared/format.ts';
import { type Cell, type Column, lazyRow, masked, number, type Table, text, withColumns } from '../shared/tableData.ts';

export interface Scalar {
  readonly name: string;
  /** What it is of: `Intercept`, a covariate, `scale`. */
  readonly term: string;
  readonly group: string | null;
  readonly kind: Structure['parameters'][number]['kind'];
  /** `null` when masked. */
  readonly summary: ParameterSummary | null;
}

const PREFIX: Partial<Record<Scalar['kind'], string>> = { mu: 'mean of ', tau: 'sd of ' };

/** The same list for the same report, however often a section asks. */
const known = new WeakMap<FitReport, { readonly structure: Structure; readonly scalars: readonly Scalar[] }>();

export function scalarRows(report: FitReport, structure: Structure): readonly Scalar[] {
  const before = known.get(report);
  if (before?.structure === structure) return before.scalars;
  const scalars = joined(report, structure);
  known.set(report, { structure, scalars });
  return scalars;
}

function joined(report: FitReport, structure: Structure): Scalar[] {
  return report.parameters.map((p, i) => {
    const { kind, term, group } = structure.parameters[i];
    const base = term < 0 ? kind : structure.terms[term].kind === 'intercept' ? 'Intercept' : structure.terms[term].name;
    return {
      name: p.name,
      term: `${PREFIX[kind] ?? ''}${base}`,
      group: group < 0 ? null : structure.groups[group],
      kind,
      summary: p.masked ? null : p,
    };
  });
}

/** More R-hat than this is flagged. */
export const R_HAT_LIMIT = 1.01;
/** Fewer effective draws a chain than this are, too. */
export const ESS_PER_CHAIN = 100;

/**
 * Worst first, as the verdict has it: those that its flags name, in their order, then by how many times a limit is overstepped, that of R-hat or that
 * of the effective sample size.
 */
export function worstFirst(scalars: readonly Scalar[], { verdict, sampling }: Pick<FitReport, 'verdict' | 'sampling'>): Scalar[] {
  const flagged = new Map<string, number>();
  for (const name of verdict.flags.flatMap((f) => f.parameters)) if (!flagged.has(name)) flagged.set(name, flagged.size);
  const place = (s: Scalar): number => flagged.get(s.name) ?? flagged.size;
  const badness = ({ summary }: Scalar): number => {
    const { r_hat, ess_bulk, ess_tail } = summary!;
    const excess = Math.max(((r_hat ?? 1) - 1) / (R_HAT_LIMIT - 1), (ESS_PER_CHAIN * sampling.chains) / Math.min(ess_bulk, ess_tail));
    return Number.isNaN(excess) ? Number.MAX_VALUE : excess;
  };
  return scalars.filter((s) => s.summary !== null).sort((a, b) => place(a) - place(b) || badness(b) - badness(a));
}

/** Draws from the priors are independent: the columns that tell of chains say nothing. */
const OF_PRIORS = [0, 1, 2, 3, 4, 5, 6];

/** Tables by their scalars: a row that was written out once stays so. */
const tables = new WeakMap<readonly Scalar[], { readonly report: FitReport; readonly table: Table }>();

export function estimatesTable(scalars: readonly Scalar[], report: FitReport): Table {
  const before = tables.get(scalars);
  if (before?.report === report) return before.table;
  const all = writtenOut(scalars, report);
  const table = report.method === 'prior' ? withColumns(all, OF_PRIORS) : all;
  tables.set(scalars, { report, table });
  return table;
}

function writtenOut(scalars: readonly Scalar[], report: FitReport): Table {
  const interval = intervalText(report.interval);
  const least = ESS_PER_CHAIN * report.sampling.chains;
  const seen = scalars.flatMap((scalar) => scalar.summary ?? []);
  // A column with bad news stays.
  const unless = (bad: boolean, spare: number): Pick<Column, 'spare'> => (bad ? {} : { spare });
  const columns: Column[] = [
    { title: 'Parameter', share: 2.6 },
    // The parameter's name has it, too.
    { title: 'Group', share: 1.8, spare: 5 },
    { title: 'Mean', number: true },
    { title: 'SD', number: true, note: 'Posterior standard deviation', spare: 2 },
    { title: 'Median', number: true, spare: 4 },
    { title: 'Lower', number: true, note: `Lower end of the ${interval} interval` },
    { title: 'Upper', number: true, note: `Upper end of the ${interval} interval` },
    {
      title: 'ESS bulk',
      number: true,
      note: 'Effective number of independent draws for the mean',
      ...unless(
        seen.some((s) => s.ess_bulk < least),
        1,
      ),
    },
    {
      title: 'ESS tail',
      number: true,
      note: 'Effective number of independent draws for the 5 % and 95 % quantiles',
      ...unless(
        seen.some((s) => s.ess_tail < least),
        3,
      ),
    },
    {
      title: 'R-hat',
      number: true,
      note: 'Agreement of the chains: 1.00 is best, above 1.01 is a warning',
      ...unless(
        seen.some((s) => s.r_hat !== null && s.r_hat > R_HAT_LIMIT),
        0.5,
      ),
    },
  ];
  const bad = (cell: Cell, is: boolean): Cell => (is ? { ...cell, tone: 'bad' } : cell);
  const cells = ({ name, group, summary: s }: Scalar): Cell[] => {
    const head = [text(name), group === null ? text('all', 'muted') : text(group)];
    if (s === null) return [...head, ...Array.from({ length: 8 }, () => masked)];
    const value = (x: number | null): Cell => (x === null ? { text: '–', value: null, title: s.note } : number(x, (v) => near(v, s.sd)));
    return [
      ...head,
      value(s.mean),
      value(s.sd),
      value(s.median),
      value(s.lower),
      value(s.upper),
      bad(number(s.ess_bulk, whole), s.ess_bulk < least),
      bad(number(s.ess_tail, whole), s.ess_tail < least),
      bad(number(s.r_hat, rHat), s.r_hat !== null && s.r_hat > R_HAT_LIMIT),
    ];
  };
  return { columns, rows: scalars.map((scalar) => lazyRow(scalar.name, () => cells(scalar))) };
}

/** `scale is 0.50; 90 % equal-tailed interval 0.47 to 0.53`. */
export function readingOf(s: ParameterSummary, report: FitReport): string {
  if (s.mean === null)
    return `${s.name} has the median ${near(s.median, s.upper - s.lower)} and no mean; ${intervalText(report.interval)} interval ${near(s.lower, s.sd)} to ${near(s.upper, s.sd)}.`;
  return `${s.name} is ${near(s.mean, s.sd)}; ${intervalText(report.interval)} interval ${near(s.lower, s.sd)} to ${near(s.upper, s.sd)}.`;
}

/** Lines in a forest plot; the table has them all. */
const MOST_LINES = 80;

/** A scalar as the forest plot takes it; one without a mean has its median as the point. */
export const asEstimate = (s: Scalar): Estimate => ({
  name: s.name,
  term: s.term,
  group: s.group,
  mean: s.summary?.mean ?? s.summary?.median ?? Number.NaN,
  lower: s.summary?.lower ?? Number.NaN,
  upper: s.summary?.upper ?? Number.NaN,
  masked: s.summary === null,
});

/** Entries of a list to pick from: more would take longer to build than to search the table. */
const MOST_OFFERED = 300;

/** Scalars that a picker offers: all when they are few, else those of the largest groups, and the one that is picked. */
export function offeredScalars(scalars: readonly Scalar[], structure: Structure, picked: string | null): readonly Scalar[] {
  const offered = topScalars(scalars, structure, MOST_OFFERED);
  const missing = scalars.find((s) => s.name === picked && !offered.includes(s));
  return missing ? [missing, ...offered] : offered;
}

/** Population parameters, then groups with most rows first, until the picture is full. */
export function topScalars(scalars: readonly Scalar[], structure: Structure, most = MOST_LINES): readonly Scalar[] {
  if (scalars.length <= most) return scalars;
  const rows = new Map(structure.groups.map((g, i) => [g, structure.groupRows[i]]));
  const groups = [...new Set(scalars.flatMap((s) => (s.group === null ? [] : [s.group])))].sort((a, b) => rows.get(b)! - rows.get(a)!);
  const counts = new Map<string, number>();
  for (const s of scalars) if (s.group !== null) counts.set(s.group, (counts.get(s.group) ?? 0) + 1);
  let left = most - scalars.filter((s) => s.group === null).length;
  const shown = new Set<string>();
  for (const g of groups) {
    left -= counts.get(g)!;
    if (left < 0) break;
    shown.add(g);
  }
  return scalars.filter((s) => s.group === null || shown.has(s.group));
}
