import { describe, expect, it } from 'vitest';
import type { Parameter } from '../../../../core/design/design.ts';
import { summarise } from '../../../../core/posterior/diagnose/summary.ts';
import { makeDraws } from '../makeDraws.ts';
import { readDraws } from '../reference.ts';

const parameter = (name: string, index: number): Parameter => ({
  name,
  kind: 'w',
  term: 0,
  group: 0,
  masked: index < 0,
  index,
  prior: null,
});

describe('summarise', () => {
  const { values, chains, draws } = readDraws('iid_normal_4x1000');
  const constant = new Float64Array(values.length).fill(0.1);

  it('gives one row a parameter, in order, and no numbers for a masked one', () => {
    const rows = summarise(
      makeDraws(chains, draws, [values, constant]),
      [parameter('b', 0), parameter('gone', -1), parameter('fixed', 1)],
      {
        kind: 'eti',
        prob: 0.9,
      },
    );
    expect(rows[1]).toEqual({ name: 'gone', masked: true });
    expect(rows[0]).toMatchObject({ name: 'b', masked: false });
    const [b, , fixed] = rows;
    if (b.masked || fixed.masked) throw new Error('not masked');
    expect(b.lower).toBe(b.q5);
    expect(b.upper).toBe(b.q95);
    expect(b.r_hat).toBeCloseTo(1, 3);
    expect(fixed).toMatchObject({ mean: 0.1, median: 0.1, r_hat: null, ess_bulk: 4000 });
    expect(fixed.sd).toBeCloseTo(0, 15);
  });

  it('takes the highest-density interval when the spec asks for it', () => {
    const [row] = summarise(makeDraws(chains, draws, [values]), [parameter('b', 0)], { kind: 'hdi', prob: 0.94 });
    expect(row).toMatchObject({ lower: -1.878880762655755, upper: 1.8026565452448318 });
  });
});
