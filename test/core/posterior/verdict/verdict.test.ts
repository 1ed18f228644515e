import { describe, expect, it } from 'vitest';
import type { Parameter } from '../../../../core/design/design.ts';
import { Rng } from '../../../../core/math/rng.ts';
import { assess } from '../../../../core/posterior/diagnose/summary.ts';
import type { Verdict } from '../../../../core/posterior/report.ts';
import type { Trial } from '../../../../core/posterior/verdict/trial.ts';
import { judge } from '../../../../core/posterior/verdict/verdict.ts';
import type { Draws } from '../../../../core/sampler/types.ts';
import type { Prior } from '../../../../core/spec/types.ts';
import { makeDraws } from '../makeDraws.ts';

const NORMAL: Prior = { dist: 'normal', args: [0, 5] };
const INTERVAL = { kind: 'eti', prob: 0.9 } as const;

/** Columns of stationary AR(1) draws with standard normal margins; rho 0 for independent ones. */
function columns(seed: number, count: number, chains: number, draws: number, rho = 0): Float64Array[] {
  const rng = Rng.of(seed, 77);
  const innovation = Math.sqrt(1 - rho * rho);
  return Array.from({ length: count }, () => {
    const values = new Float64Array(chains * draws);
    for (let i = 0; i < values.length; i++) values[i] = i % draws === 0 ? rng.normal() : rho * values[i - 1] + innovation * rng.normal();
    return values;
  });
}

function verdictOn(draws: Draws, changes: Partial<Trial> = {}, prior: Prior = NORMAL): Verdict {
  const parameters = Array.from(
    { length: draws.parameters },
    (_, index): Parameter => ({ name: `w[x${index}, all]`, kind: 'w', term: index, group: 0, masked: false, index, prior }),
  );
  return judge({
    draws,
    parameters,
    modes: [],
    assessment: assess(draws, parameters, INTERVAL),
    sampler: { draws: draws.draws, target_accept: 0.8, max_treedepth: 10 },
    stopped: false,
    paretoK: null,
    dispersion: null,
    ...changes,
  });
}

const idsOf = (verdict: Verdict): string[] => verdict.flags.map((flag) => flag.id);

describe('a clean fit', () => {
  it.each([
    ['example, independent draws', 9, 300, 0],
    ['example, ESS about half the draws', 9, 300, 0.33],
    ['default draws, ESS about a quarter', 9, 1000, 0.6],
    ['a hundred parameters', 100, 300, 0.2],
  ])('flags nothing in at least 99 of 100 seeds: %s', (_, count, draws, rho) => {
    let flagged = 0;
    for (let seed = 1; seed <= 100; seed++) {
      const verdict = verdictOn(makeDraws(4, draws, columns(seed, count, 4, draws, rho)));
      if (verdict.flags.length > 0) flagged++;
    }
    expect(flagged).toBeLessThanOrEqual(1);
  });

  it('says so', () => {
    const verdict = verdictOn(makeDraws(4, 1000, columns(1, 3, 4, 1000)));
    expect(verdict).toEqual({
      trustworthy: true,
      headline: 'The draws can be trusted: nothing is wrong with this fit.',
      flags: [],
      notes: [],
    });
  });

  it('notes an R-hat above 1.01 that chance explains, without a flag', () => {
    const notes = Array.from({ length: 30 }, (_, seed) => verdictOn(makeDraws(4, 300, columns(seed, 9, 4, 300, 0.4)))).flatMap(
      (v) => v.notes ?? [],
    );
    expect(notes.length).toBeGreaterThan(0);
    expect(notes[0]).toContain('above 1.01');
  });
});

describe('planted trouble is flagged', () => {
  const clean = () => columns(5, 3, 4, 300);

  it('two chains in different modes', () => {
    const draws = clean();
    for (let i = 600; i < 1200; i++) draws[1][i] += 3;
    const verdict = verdictOn(makeDraws(4, 300, draws));
    expect(verdict.trustworthy).toBe(false);
    expect(verdict.flags.find((f) => f.id === 'r_hat')).toMatchObject({ severity: 'error', parameters: ['w[x1, all]'] });
  });

  it('one chain half a standard deviation off', () => {
    const draws = clean();
    for (let i = 0; i < 300; i++) draws[0][i] += 0.6;
    expect(idsOf(verdictOn(makeDraws(4, 300, draws)))).toContain('r_hat');
  });

  it('one chain with twice the spread', () => {
    const draws = clean();
    for (let i = 0; i < 300; i++) draws[0][i] *= 2;
    expect(idsOf(verdictOn(makeDraws(4, 300, draws)))).toContain('r_hat');
  });

  it('a stuck chain, and a chain stuck for a while', () => {
    const whole = clean();
    for (const column of whole) column.fill(0.3, 300, 600);
    const stuck = verdictOn(makeDraws(4, 300, whole)).flags.find((f) => f.id === 'stuck');
    expect(stuck?.message).toContain('Chain 2 is stuck');
    const part = clean();
    for (const column of part) column.fill(0.3, 310, 350);
    expect(idsOf(verdictOn(makeDraws(4, 300, part)))).toContain('stuck');
  });

  it('5 % divergences', () => {
    const diverging = Uint8Array.from({ length: 1200 }, (_, i) => (i % 20 === 0 ? 1 : 0));
    const verdict = verdictOn(makeDraws(4, 300, clean(), { diverging }));
    expect(verdict.flags).toHaveLength(1);
    expect(verdict.flags[0]).toMatchObject({
      id: 'divergences',
      severity: 'error',
      message: '60 draws diverged (5.0 %).',
      action: { kind: 'target_accept', value: 0.95 },
    });
    expect(verdict.headline).toBe('Do not trust this fit yet: 60 draws diverged (5.0 %).');
  });

  it('heavy tails', () => {
    const rng = Rng.of(3, 3);
    const cauchy = Float64Array.from({ length: 1200 }, () => rng.normal() / rng.normal());
    expect(idsOf(verdictOn(makeDraws(4, 300, [cauchy])))).toContain('heavy_tails');
  });

  it('slow mixing', () => {
    const verdict = verdictOn(makeDraws(4, 300, columns(2, 2, 4, 300, 0.95)));
    expect(verdict.flags.find((f) => f.id === 'ess')?.action).toMatchObject({ kind: 'more_draws' });
  });

  it('low energy changes', () => {
    const [energy] = columns(4, 1, 4, 300, 0.95);
    expect(idsOf(verdictOn(makeDraws(4, 300, clean(), { energy })))).toEqual(['bfmi']);
  });

  it('trajectories cut short', () => {
    const treeDepth = new Uint8Array(1200).fill(3).fill(10, 0, 50);
    expect(idsOf(verdictOn(makeDraws(4, 300, clean(), { treeDepth })))).toEqual(['treedepth']);
  });

  it.each([
    ['overwhelmed by the data', { dist: 'normal', args: [10, 1] }, 0.01],
    ['as strong as the data', { dist: 'normal', args: [14, 1] }, Math.SQRT1_2],
    ['of a scale', { dist: 'half_normal', args: [0.1] }, 0.01],
  ] as const)('a prior far from the data, %s', (_, prior, width) => {
    const draws = clean().map((column) => column.map((x) => 1 + width * x));
    const flag = verdictOn(makeDraws(4, 300, draws), {}, prior).flags.find((f) => f.id === 'prior_conflict');
    expect(flag?.parameters).toHaveLength(3);
  });

  it('a draw that is not finite', () => {
    const draws = clean();
    draws[0][17] = Number.NaN;
    expect(verdictOn(makeDraws(4, 300, draws)).flags.find((f) => f.id === 'ess')?.message).toContain('not all finite');
  });

  it('too few draws, a stop, influential rows, overdispersed counts', () => {
    expect(idsOf(verdictOn(makeDraws(4, 50, columns(1, 2, 4, 50))))).toEqual(['too_short']);
    const stopped = verdictOn(makeDraws(4, 300, clean()), {
      stopped: true,
      sampler: { draws: 1000, target_accept: 0.8, max_treedepth: 10 },
    });
    expect(stopped).toMatchObject({ trustworthy: true, flags: [{ id: 'stopped', action: { kind: 'more_draws', draws: 700 } }] });
    const model = verdictOn(makeDraws(4, 300, clean()), {
      paretoK: { threshold: 0.68, rows: [17], largest: 1.1 },
      dispersion: { ratio: 2.4, p: 0, family: 'poisson' },
    });
    expect(idsOf(model)).toEqual(['overdispersion', 'pareto_k']);
    expect(model.headline).toContain('question the model: the counts vary 2.4 times');
    expect(model.flags[1].message).toContain('Row 17');
  });
});

describe('influential rows', () => {
  it('are a note where they are no outliers', () => {
    const paretoK = { threshold: 0.68, rows: [17, 4], largest: 1.1, outliers: [4] };
    const both = verdictOn(makeDraws(4, 300, columns(5, 3, 4, 300)), { paretoK });
    expect(both.flags[0].message).toContain('Row 4 is an outlier');
    expect(both.notes?.[0]).toContain('row 17');
    const none = verdictOn(makeDraws(4, 300, columns(5, 3, 4, 300)), { paretoK: { ...paretoK, outliers: [] } });
    expect(none).toMatchObject({ trustworthy: true, flags: [] });
    expect(none.notes?.[0]).toContain('2 rows (17, 4)');
  });

  it('are not called rough where leave-one-out is exact', () => {
    const paretoK = { threshold: 0.68, rows: [17, 4], largest: 1.1, outliers: [4], exact: [17, 4] };
    const { flags, notes } = verdictOn(makeDraws(4, 300, columns(5, 3, 4, 300)), { paretoK });
    expect(flags[0].message).toContain('Row 4 is an outlier');
    expect(flags[0].advice).not.toContain('importance weights');
    expect(notes).toEqual([]);
    const one = verdictOn(makeDraws(4, 300, columns(5, 3, 4, 300)), { paretoK: { ...paretoK, outliers: [], exact: [4] } });
    expect(one.notes?.[0]).toContain('rough for row 17');
  });
});

describe('what the spec fixes', () => {
  it('is not called stuck', () => {
    expect(idsOf(verdictOn(makeDraws(4, 300, [new Float64Array(1200).fill(2)]), {}, { fixed: 2 }))).toEqual([]);
  });
});
