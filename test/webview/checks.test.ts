import { describe, expect, it } from 'vitest';
import type { FitReport } from '../../core/posterior/report.ts';
import { sensitivityReading, sensitivityTable, skillTable, statisticsReading, statisticsTable } from '../../webview/panel/checks.ts';
import { manufacturing } from '../engine/views/fixture.ts';

const { report } = manufacturing();
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
      loo: { elpd: -376.9, se: 15.8, p: 8.1, pareto_k_max: 0.3, k_over_threshold: 0, method: 'exact', refits: 0 },
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
});
