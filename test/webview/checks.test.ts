import { describe, expect, it } from 'vitest';
import type { FitReport } from '../../core/posterior/report.ts';
import { answerView } from '../../engine/views/answer.ts';
import type { Structure } from '../../protocol/views/structure.ts';
import { type RootogramBin, rootogramBins } from '../../webview/charts/rootogram.ts';
import {
  groupsOut,
  groupsOutReading,
  priorReading,
  rootogramReading,
  sensitivityReading,
  sensitivityTable,
  skillTable,
  statisticsReading,
  statisticsTable,
} from '../../webview/panel/checks.ts';
import { estimatesTable, scalarRows } from '../../webview/panel/estimates.ts';
import { manufacturing } from '../engine/views/fixture.ts';

const state = manufacturing();
const { report } = state;
const statistic = (name: 'mean' | 'max', p: number) => ({ name, observed: 1, lower: 0, upper: 2, p });

describe('statistics of replicated data', () => {
  const check = { coverage: 0.9, statistics: [statistic('mean', 0.4), statistic('max', 0.001)] };
  it('names what the model misses', () => {
    expect(statisticsReading(check)).toContain('misses the largest of the response');
    expect(statisticsTable(check).rows.map((r) => r.cells[4].tone)).toEqual([undefined, 'bad']);
  });
  it('says when nothing is missed', () => {
    expect(statisticsReading({ ...check, statistics: [statistic('mean', 0.4)] })).toBe(
      'Replicated data sets have statistics like the observed ones.',
    );
  });
});

describe('skillTable', () => {
  it('lists what was computed and nothing else', () => {
    const full: FitReport = {
      ...report,
      loo: { elpd: -376.9, se: 15.8, p: 8.1, pareto_k_max: 0.3, k_over_threshold: 0, method: 'exact', refits: 0, doubtful: 0 },
      waic: null,
      groups_out: null,
      r2: { mean: 0.996, sd: 0.0002, lower: 0.9957, upper: 0.9963 },
    };
    const rows = skillTable(full).rows;
    expect(rows.map((r) => r.key)).toEqual(['loo', 'r2']);
    expect(rows[0].cells.map((c) => c.text)).toEqual([
      'Elpd, leaving out rows',
      '−377',
      '15.8',
      'exact; 8.10 effective parameters; 0 rows over the limit of Pareto k',
    ]);
    expect(skillTable({ ...full, loo: null, r2: null }).rows).toEqual([]);
  });
  it('says what is rough', () => {
    const loo = { elpd: -3, se: 1, p: 1, pareto_k_max: 0.9, k_over_threshold: 2, method: 'integrated' as const, refits: 0, doubtful: 1 };
    const groups = [
      { group: 'a', elpd: -1, doubtful: true as const },
      { group: 'b', elpd: -2 },
    ];
    const rough: FitReport = {
      ...report,
      loo,
      waic: null,
      r2: null,
      groups_out: { elpd: -3, se: 1, mcse: 0.3, method: 'integrated', groups },
    };
    const notes = skillTable(rough).rows.map((r) => r.cells[3].text);
    expect(notes[0]).toContain('coefficients integrated out');
    expect(notes[0]).toContain('rough for 1 row');
    expect(notes[1]).toContain('importance weights fail on 1 of 2 groups');
  });
});

describe('sensitivity', () => {
  const rows = [
    { name: 'a', prior: 0.01, likelihood: 0.9, reading: 'none' as const, text: '' },
    { name: 'b', prior: 0.3, likelihood: 0.9, reading: 'conflict' as const, text: 'b: prior and data disagree.' },
  ];
  it('puts troubled parameters first', () => {
    expect(sensitivityTable(rows).rows.map((r) => [r.key, r.cells[3].tone])).toEqual([
      ['b', 'bad'],
      ['a', 'muted'],
    ]);
    expect(sensitivityReading(rows)).toBe('1 parameter of 2 hangs on its prior: b: prior and data disagree.');
    expect(sensitivityReading(rows.slice(0, 1))).toContain('No parameter');
  });
  it('marks readings whose weights fail', () => {
    const unsure = [{ ...rows[0], doubtful: true as const }];
    expect(sensitivityTable(unsure).rows[0].cells[3]).toMatchObject({ text: 'the data decide (doubtful)', tone: 'bad' });
    expect(sensitivityReading(unsure)).toContain('Doubtful for 1 parameter: the importance weights that tell it fail.');
  });
});

describe('rootograms', () => {
  const bin = (from: number, observed: number): RootogramBin => ({
    from,
    to: from,
    observed,
    expected: 10,
    lower: 5,
    upper: 15,
    off: observed < 5 || observed > 15,
  });
  it('ends where nothing is observed or replicated any more', () => {
    const columns = { expected: [3, 1, 0.01, 0], lower: [1, 0, 0, 0], upper: [6, 3, 0, 0] };
    const bins = rootogramBins({
      width: 2,
      observed: Int32Array.of(7, 2, 0, 0),
      expected: Float64Array.from(columns.expected),
      lower: Float64Array.from(columns.lower),
      upper: Float64Array.from(columns.upper),
    });
    expect(bins.map((b) => [b.from, b.to, b.off])).toEqual([
      [0, 1, true],
      [2, 3, false],
    ]);
  });
  it.each<[string, number[], string]>([
    ['as expected', [9, 10, 11], 'Counts occur about as often as the model expects: 3 bars of 3'],
    ['too many zeros', [40, 10, 11], 'Zeros occur 40 times, where 5 to 15 are expected.'],
    ['off in the middle', [10, 40, 40], '2 bars of 3 lie outside the band'],
  ])('says when counts are %s', (_, observed, said) => {
    expect(rootogramReading(observed.map((o, k) => bin(k, o)))).toContain(said);
  });
});

describe('groups left out', () => {
  const structure = { groups: ['a', 'b', 'c'], groupRows: [10, 100, 0] };
  const elpd = (group: string, value: number) => ({ group, elpd: value });
  const out = {
    ...report,
    groups_out: { elpd: -170, se: 40, mcse: 0, method: 'exact' as const, groups: [elpd('b', -150), elpd('a', -20), elpd('c', 0)] },
  };
  it('are ranked by the elpd of a row, not by their size', () => {
    const groups = groupsOut(out, structure);
    expect(groups.map((g) => [g.group, g.rows, g.each])).toEqual([
      ['a', 10, -2],
      ['b', 100, -1.5],
    ]);
    expect(groupsOutReading(groups)).toContain('foretells a worst: an elpd of −2.00 a row, where all groups have −1.55');
  });
  it('are none where it was not computed', () => {
    expect(groupsOut(report, structure)).toEqual([]);
  });
});

describe('what the priors say', () => {
  const statistic = (name: 'mean' | 'sd', observed: number) => ({ name, observed, lower: -5, upper: 5, p: 0 });
  it('is told without a warning while the data lie inside', () => {
    expect(priorReading({ statistics: [statistic('mean', 1), statistic('sd', 2)] })).toBe(
      'In 90 of 100 data sets drawn from the priors the mean lies between −5.00 and 5.00 (observed: 1.00) and the standard deviation between −5.00 and 5.00 (observed: 2.00).',
    );
  });
  it('names priors that are in the way of the data', () => {
    expect(priorReading({ statistics: [statistic('mean', 50), statistic('sd', 2)] })).toContain('the priors may be in its way');
  });
  it('has no columns that tell of chains', () => {
    const structure = answerView({ kind: 'structure' }, state, { fit: 'f', title: 'f' }, () => undefined) as Structure;
    const table = (method: 'nuts' | 'prior') => {
      const own = { ...state.report, method };
      return estimatesTable(scalarRows(own, structure), own).columns.map((c) => c.title);
    };
    expect(table('nuts')).toContain('R-hat');
    expect(table('prior')).toEqual(['Parameter', 'Group', 'Mean', 'SD', 'Median', 'Lower', 'Upper']);
  });
});
