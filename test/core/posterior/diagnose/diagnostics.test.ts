import { describe, expect, it } from 'vitest';
import { splitChains, wholeChains } from '../../../../core/posterior/diagnose/chains.ts';
import { bfmiOf, Diagnostician, rHatOf } from '../../../../core/posterior/diagnose/diagnostics.ts';
import { EssWorkspace } from '../../../../core/posterior/diagnose/ess.ts';
import { highestDensity, quantileOfSorted } from '../../../../core/posterior/diagnose/interval.ts';
import { ARRAYS, type Golden, readDraws, readValues } from '../reference.ts';

// Made by ArviZ 0.23.4 (numpy 2.4.6, scipy 1.17.1); see test/reference/diagnostics/README.md.
const VALUES = readValues('values.json').values as Readonly<Record<string, Golden>>;

function expectClose(actual: number, expected: unknown, what: string): void {
  if (expected === 'NaN') expect(actual, what).toBeNaN();
  else
    expect(Math.abs(actual - Number(expected)), `${what}: ${actual} against ${expected}`).toBeLessThanOrEqual(
      1e-9 * Math.max(Math.abs(Number(expected)), 1e-12),
    );
}

describe.each(ARRAYS.filter((name) => !name.startsWith('energy')))('%s as ArviZ 0.23.4', (name) => {
  const { values, chains, draws } = readDraws(name);
  const golden = VALUES[name];
  const diagnostician = new Diagnostician();
  const found = diagnostician.diagnose(values, chains, draws);
  const sorted = found.sorted.slice();
  const ess = new EssWorkspace();

  it.each([
    ['mean', found.mean],
    ['sd_ddof1', found.sd],
    ['ess_bulk', found.essBulk],
    ['ess_tail', found.essTail],
    ['ess_mean', found.essMean],
    ['ess_sd', found.essSd],
    ['ess_identity', ess.ess(values, wholeChains(chains, draws))],
    ['ess_median', diagnostician.essQuantile(values, chains, draws, 0.5)],
    ['ess_quantile_0.05', diagnostician.essQuantile(values, chains, draws, 0.05)],
    ['ess_quantile_0.95', diagnostician.essQuantile(values, chains, draws, 0.95)],
    ['rhat_rank', found.rHat],
    ['rhat_z_scale', found.rHatBulk],
    ['rhat_folded', found.rHatFolded],
    ['rhat_split', chains > 1 ? rHatOf(values, splitChains(chains, draws)) : Number.NaN],
    ['mcse_mean', found.mcseMean],
    ['mcse_sd', found.mcseSd],
    ['mcse_median', diagnostician.mcseQuantile(values, chains, draws, 0.5)],
    ...[0.05, 0.25, 0.5, 0.75, 0.95].map(
      (p) => [`mcse_quantile_${p}`, diagnostician.mcseQuantile(values, chains, draws, p)] as [string, number],
    ),
  ])('%s', (what, value) => {
    expect(golden, what).toHaveProperty([what]);
    expectClose(value, golden[what], what);
  });

  it('quantiles and highest-density intervals', () => {
    for (const [p, expected] of Object.entries(golden.quantiles_linear as Golden))
      expectClose(quantileOfSorted(sorted, Number(p)), expected, p);
    for (const prob of [0.94, 0.9, 0.5]) {
      const { lower, upper } = highestDensity(sorted, prob);
      // ArviZ leaves NaN draws out of an interval; here such draws have none.
      const expected = name.startsWith('contains_nan') ? ['NaN', 'NaN'] : (golden[`hdi_${prob}`] as readonly unknown[]);
      expectClose(lower, expected[0], `hdi ${prob}`);
      expectClose(upper, expected[1], `hdi ${prob}`);
    }
  });
});

describe('short chains as ArviZ 0.23.4', () => {
  // Made by test/reference/diagnostics/short.py; null where ArviZ has NaN.
  const cases = readValues('short.json') as unknown as readonly (Golden & { chains: number; draws: number; values: readonly number[] })[];

  it.each(cases.map((c) => [c.chains, c.draws, c] as const))('%d × %d', (chains, draws, golden) => {
    const found = new Diagnostician().diagnose(Float64Array.from(golden.values), chains, draws);
    const table = [
      ['ess_bulk', found.essBulk],
      ['ess_tail', found.essTail],
      ['ess_mean', found.essMean],
      ['mcse_mean', found.mcseMean],
      ['mcse_sd', found.mcseSd],
      ['rhat', found.rHat],
    ] as const;
    for (const [name, value] of table) expectClose(value, golden[name] ?? 'NaN', name);
  });
});

describe('E-BFMI as ArviZ 0.23.4', () => {
  it('of independent energies', () => {
    const { values, chains, draws } = readDraws('energy_iid_4x1000');
    const expected = VALUES.energy_iid_4x1000.bfmi as readonly number[];
    bfmiOf(values, chains, draws).forEach((value, chain) => {
      expectClose(value, expected[chain], `chain ${chain}`);
    });
  });
});
