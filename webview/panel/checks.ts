/** The checks that a report carries, as tables with a reading each. */

import type { CalibrationReport, CalibrationResult } from '../../core/posterior/calibrate/sbc.ts';
import type { FitReport, GroupsOutReport, LooReport, SensitivityRow } from '../../core/posterior/report.ts';
import type { ObservedPredicted, ReplicatedStatistic } from '../../protocol/views/predictive.ts';
import type { Structure } from '../../protocol/views/structure.ts';
import type { GroupOut } from '../charts/groupsOut.ts';
import type { RootogramBin } from '../charts/rootogram.ts';
import type { StatisticPanel } from '../charts/statistics.ts';
import { intervalText, near, percent, plural, short, whole } from '../shared/format.ts';
import { number, type Table, text } from '../shared/tableData.ts';

const STATISTICS = { mean: 'Mean', sd: 'Standard deviation', min: 'Smallest', max: 'Largest', zeros: 'Share of zeros' } as const;
/** A statistic so far out among replicated data sets is missed by the model. */
const FAR = 0.01;

const isFar = (p: number): boolean => p < FAR || p > 1 - FAR;

type Statistics = Pick<NonNullable<FitReport['predictive']>, 'statistics'>;

/** Statistics of the observed response among those of replicated data sets. */
export function statisticsTable({ statistics }: Statistics): Table {
  return {
    columns: [
      { title: 'Statistic', share: 1.6 },
      { title: 'Observed', number: true },
      { title: 'Replicated, from', number: true },
      { title: 'to', number: true },
      { title: 'p', number: true, note: 'Share of replicated data sets with a larger value; near 0 or 1 the model misses it' },
    ],
    rows: statistics.map((s) => ({
      key: s.name,
      cells: [
        text(STATISTICS[s.name]),
        number(s.observed, short),
        number(s.lower, short),
        number(s.upper, short),
        { ...number(s.p, (p) => (p === null ? '–' : p.toFixed(3))), tone: isFar(s.p) ? ('bad' as const) : undefined },
      ],
    })),
  };
}

/** A panel a statistic; draws from the priors have no p: they are meant to be wider than the data. */
export function statisticPanels(statistics: readonly ReplicatedStatistic[], judged = true): StatisticPanel[] {
  return statistics.map((s) => ({
    ...s,
    title: STATISTICS[s.name],
    subtitle: judged ? `p = ${s.p.toFixed(3)}` : null,
    far: judged && isFar(s.p),
  }));
}

export function statisticsReading({ statistics }: Statistics): string {
  const missed = statistics.filter((s) => isFar(s.p)).map((s) => STATISTICS[s.name].toLowerCase());
  if (missed.length === 0) return 'Replicated data sets have statistics like the observed ones.';
  return `The model misses the ${missed.join(' and the ')} of the response: replicated data sets hardly ever have it.`;
}

const METHODS: Readonly<Record<LooReport['method'], string>> = {
  exact: 'exact',
  integrated: 'coefficients integrated out, draws of the scales weighted',
  psis: 'Pareto-smoothed',
};

function doubtOf({ groups }: GroupsOutReport): string {
  const doubtful = groups.filter((g) => g.doubtful).length;
  return doubtful === 0 ? '' : `; doubtful, for importance weights fail on ${doubtful} of ${plural(groups.length, 'group')}`;
}

/** What was computed of: leave-one-out, WAIC, leave-one-group-out, R². */
export function skillTable(report: FitReport): Table {
  const { loo, waic, groups_out: groupsOut, r2 } = report;
  const row = (key: string, what: string, value: number, se: number, note: string): Table['rows'][number] => ({
    key,
    cells: [text(what), number(value, short), number(se, short), text(note, 'muted')],
  });
  const interval = intervalText(report.interval);
  return {
    columns: [
      { title: 'Measure', share: 2 },
      { title: 'Estimate', number: true, share: 1.3 },
      { title: 'SE or SD', number: true },
      { title: 'Note', share: 2.4, spare: 1 },
    ],
    rows: [
      ...(loo
        ? [
            row(
              'loo',
              'Elpd, leaving out rows',
              loo.elpd,
              loo.se,
              `${METHODS[loo.method]}; ${short(loo.p)} effective parameters; ${plural(loo.k_over_threshold, 'row')} over the limit of Pareto k${loo.doubtful > 0 ? `; rough for ${plural(loo.doubtful, 'row')}` : ''}`,
            ),
          ]
        : []),
      ...(groupsOut
        ? [
            row(
              'groups',
              'Elpd, leaving out groups',
              groupsOut.elpd,
              groupsOut.se,
              `how well a group never seen is foretold${doubtOf(groupsOut)}`,
            ),
          ]
        : []),
      ...(waic ? [row('waic', 'WAIC, as an elpd', waic.elpd, waic.se, `${short(waic.p)} effective parameters`)] : []),
      ...(r2
        ? [row('r2', 'Bayesian R²', r2.mean, r2.sd, `${interval} interval ${near(r2.lower, r2.sd)} to ${near(r2.upper, r2.sd)}`)]
        : []),
    ],
  };
}

const READINGS: Readonly<Record<SensitivityRow['reading'], string>> = {
  none: 'the data decide',
  conflict: 'prior and data disagree',
  strong_prior: 'the prior decides',
};

/** What each parameter owes to its prior and to the data: troubled ones first. */
export function sensitivityTable(rows: readonly SensitivityRow[]): Table {
  const rank = (r: SensitivityRow): number => (r.reading === 'none' ? 1 : 0);
  return {
    columns: [
      { title: 'Parameter', share: 2 },
      { title: 'Prior', number: true, note: 'How much the posterior moves when the prior is made stronger or weaker' },
      { title: 'Data', number: true, note: 'How much it moves when the data count for more or less' },
      { title: 'Reading', share: 2.4 },
    ],
    rows: [...rows]
      .sort((a, b) => rank(a) - rank(b) || b.prior - a.prior)
      .map((r) => ({
        key: r.name,
        cells: [
          text(r.name),
          number(r.prior, short),
          number(r.likelihood, short),
          {
            ...text(`${READINGS[r.reading]}${r.doubtful ? ' (doubtful)' : ''}`, r.reading === 'none' && !r.doubtful ? 'muted' : 'bad'),
            title: r.text,
          },
        ],
      })),
  };
}

export function sensitivityReading(rows: readonly SensitivityRow[]): string {
  const troubled = rows.filter((r) => r.reading !== 'none');
  const unsure = rows.filter((r) => r.doubtful).length;
  const doubt = unsure > 0 ? ` Doubtful for ${plural(unsure, 'parameter')}: the importance weights that tell it fail.` : '';
  if (troubled.length === 0) return `No parameter hangs on its prior: making priors stronger or weaker changes little.${doubt}`;
  return `${plural(troubled.length, 'parameter')} of ${whole(rows.length)} ${troubled.length === 1 ? 'hangs on its prior' : 'hang on their priors'}: ${troubled[0].text}${troubled[0].doubtful ? '' : doubt}`;
}

export const coverageText = ({ coverage }: NonNullable<FitReport['predictive']>, prob: number): string =>
  `${percent(coverage)} of the rows lie in their ${percent(prob)} predictive interval.`;

/** The response in bins: observed, predicted, replicated. */
export function observedTable(view: ObservedPredicted): Table {
  return {
    columns: [
      { title: 'From', number: true },
      { title: 'To', number: true },
      { title: 'Observed', number: true },
      { title: 'Predicted mean', number: true },
      { title: 'Replicated, 5 %', number: true },
      { title: 'Replicated, 95 %', number: true },
    ],
    rows: view.observed.map((observed, k) => ({
      key: String(k),
      cells: [
        number(view.lower + k * view.width, short),
        number(view.lower + (k + 1) * view.width, short),
        number(observed, whole),
        number(view.predicted[k], whole),
        number(view.replicatedLower[k], whole),
        number(view.replicatedUpper[k], whole),
      ],
    })),
  };
}

/** What data sets drawn from the priors are like, beside the one observed. */
export function priorReading({ statistics }: Statistics): string {
  const [mean, sd] = [statistics.find((s) => s.name === 'mean'), statistics.find((s) => s.name === 'sd')];
  const span = (s: Statistics['statistics'][number]): string =>
    `between ${short(s.lower)} and ${short(s.upper)} (observed: ${short(s.observed)})`;
  if (!mean || !sd) return 'In 90 of 100 data sets drawn from the priors the statistics lie between the two ends.';
  const far = [mean, sd].some((s) => s.observed < s.lower || s.observed > s.upper);
  return `In 90 of 100 data sets drawn from the priors the mean lies ${span(mean)} and the standard deviation ${span(sd)}.${far ? ' What was observed lies outside: the priors may be in its way.' : ''}`;
}

export function rootogramReading(bins: readonly RootogramBin[]): string {
  const off = bins.filter((b) => b.off);
  const [first] = bins;
  const zeros =
    first?.off && first.to === 0
      ? ` Zeros occur ${whole(first.observed)} times, where ${whole(first.lower)} to ${whole(first.upper)} are expected.`
      : '';
  if (off.length <= Math.ceil(0.2 * bins.length) && zeros === '')
    return `Counts occur about as often as the model expects: ${plural(bins.length - off.length, 'bar')} of ${bins.length} lie inside the band.`;
  return `${plural(off.length, 'bar')} of ${bins.length} lie outside the band that holds 90 % of replicated data sets.${zeros}`;
}

/** Worst first, by the elpd of a row. */
export function groupsOut(
  { groups_out: out }: FitReport,
  { groups, groupRows }: Pick<Structure, 'groups' | 'groupRows'>,
): readonly GroupOut[] {
  const rows = new Map(groups.map((g, i) => [g, groupRows[i]]));
  return (out?.groups ?? [])
    .map(({ group, elpd }) => ({ group, elpd, rows: rows.get(group) ?? 0, each: elpd / (rows.get(group) ?? 0) }))
    .filter((g) => g.rows > 0)
    .sort((a, b) => a.each - b.each);
}

/** The elpd of a row over all groups. */
export const perRow = (groups: readonly GroupOut[]): number =>
  groups.reduce((sum, g) => sum + g.elpd, 0) / groups.reduce((sum, g) => sum + g.rows, 0);

export function groupsOutReading(groups: readonly GroupOut[]): string {
  const [worst] = groups;
  return `From the other groups alone the model foretells ${worst.group} worst: an elpd of ${short(worst.each)} a row, where all groups have ${short(perRow(groups))} on average.`;
}

/** Those that are not uniform first, then by p. */
export function doubtfulFirst(results: readonly CalibrationResult[]): CalibrationResult[] {
  return [...results].sort((a, b) => Number(a.uniform) - Number(b.uniform) || a.p - b.p);
}

/** A line a quantity, in the order given. */
export function calibrationTable(report: CalibrationReport, results: readonly CalibrationResult[]): Table {
  return {
    columns: [
      { title: 'Quantity', share: 2.4 },
      { title: 'Ranks' },
      { title: 'p', number: true, note: 'Of a χ² test over the bins' },
      { title: 'Fewest in a bin', number: true },
      { title: 'Most in a bin', number: true },
      { title: 'Band', note: 'What 99 % of bins hold when ranks are uniform' },
    ],
    rows: results.map((r) => ({
      key: r.name,
      cells: [
        text(r.name),
        r.uniform ? text('uniform') : text('not uniform', 'bad'),
        number(r.p, (p) => (p === null ? '–' : p.toFixed(3))),
        number(Math.min(...r.counts), whole),
        number(Math.max(...r.counts), whole),
        text(`${report.binLower} to ${report.binUpper}`, 'muted'),
      ],
    })),
  };
}
