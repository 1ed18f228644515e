import { describe, expect, it } from 'vitest';
import type { Design, ModelData, Rows } from '../../core/design/design.ts';
import { listParameters } from '../../core/design/parameters.ts';
import { groupStatistics } from '../../core/design/statistics.ts';
import { familyOf } from '../../core/families/index.ts';
import { Rng } from '../../core/math/rng.ts';
import { Calibration, type CalibrationReport, simulate } from '../../core/posterior/calibrate/sbc.ts';
import type { Draws } from '../../core/sampler/types.ts';
import type { Family, Pooling, Prior, SamplerSpec } from '../../core/spec/types.ts';
import { sampleOnce, withResponses } from '../../engine/assess/calibrate.ts';
import { gaussianDesign, gaussianRows } from '../core/model/gaussianCase.ts';

const SAMPLER: SamplerSpec = { method: 'auto', chains: 1, warmup: 200, draws: 396, seed: 20, target_accept: 0.8, max_treedepth: 10 };
const ROUNDS = 100;
/** A planted error shows the sooner the more rounds. */
const PLANTED_ROUNDS = 600;
const normal = (mu: number, sigma: number): Prior => ({ dist: 'normal', args: [mu, sigma] });
const half = (sigma: number): Prior => ({ dist: 'half_normal', args: [sigma] });

interface Shape {
  readonly name: string;
  readonly family: Family;
  readonly pooling: readonly [Pooling, Pooling, Pooling];
}

const shapes: readonly Shape[] = [
  { name: 'Gaussian, no pooling', family: 'gaussian', pooling: ['none', 'none', 'none'] },
  { name: 'Gaussian, partial pooling', family: 'gaussian', pooling: ['partial', 'partial', 'partial'] },
  { name: 'Gaussian, complete pooling', family: 'gaussian', pooling: ['complete', 'complete', 'complete'] },
  { name: 'Gaussian, mixed', family: 'gaussian', pooling: ['partial', 'none', 'complete'] },
  { name: 'Student-t', family: 'student_t', pooling: ['none', 'none', 'none'] },
  { name: 'Bernoulli', family: 'bernoulli', pooling: ['partial', 'none', 'complete'] },
  { name: 'binomial', family: 'binomial', pooling: ['none', 'partial', 'none'] },
  { name: 'Poisson with exposure', family: 'poisson', pooling: ['partial', 'none', 'none'] },
  { name: 'negative binomial', family: 'negative_binomial', pooling: ['none', 'complete', 'none'] },
];

function build({ family, pooling }: Shape, n = 30): { design: Design; data: ModelData } {
  const identity = family === 'gaussian' || family === 'student_t';
  const term = (p: Pooling, sd: number) => ({ pooling: p, prior: normal(0, sd), sd: half(0.5) });
  const plain = gaussianDesign({
    seed: 4,
    groups: 3,
    intercept: term(pooling[0], 0.8),
    slopes: [term(pooling[1], 0.6), term(pooling[2], 0.6)],
    scale: identity ? { prior: half(1), by: 'all' } : null,
  });
  const design: Design = {
    ...plain,
    family,
    response: { ...plain.response, trials: family === 'binomial' ? 6 : null, exposure: family === 'poisson' ? 'hours' : null },
    own: familyOf(family).own.map(({ key }) => ({ key, prior: { dist: 'gamma', args: [4, key === 'nu' ? 0.5 : 1] }, auto: false })),
  };
  const rng = Rng.of(3, 3);
  const drawn = gaussianRows(design, n, 6);
  // Masked cells hold 0 in what the sources load.
  const rows: Rows = {
    ...drawn,
    x: drawn.x.map((column) => column.map((v) => (Number.isNaN(v) ? 0 : v))),
    trials: family === 'binomial' ? new Float64Array(n).fill(6) : null,
    offset: family === 'poisson' ? Float64Array.from({ length: n }, () => Math.log(0.5 + rng.uniform())) : null,
  };
  const statistics = family === 'gaussian' ? groupStatistics(design, rows) : null;
  return { design, data: { rows, complete: true, counts: { read: n, used: n, dropped: 0 }, statistics, standardisation: new Map() } };
}

async function refit(design: Design, data: ModelData, round: number): Promise<Draws> {
  return (await sampleOnce(design, data, SAMPLER, round, () => false))!;
}

/** @param fitted what is fitted when it is not what is simulated. */
async function calibrate({ design, data }: ReturnType<typeof build>, fitted = design, rounds = ROUNDS): Promise<CalibrationReport> {
  const parameters = listParameters(design);
  const calibration = new Calibration(design, parameters, SAMPLER.seed);
  for (let round = 0; round < rounds; round++) {
    const simulated = simulate(design, parameters, data.rows, SAMPLER.seed, round);
    if (simulated === null) calibration.omit();
    else calibration.add(round, simulated, await refit(fitted, withResponses(data, fitted, simulated.rows), round), parameters);
  }
  return calibration.report();
}

describe('simulation-based calibration', () => {
  it.each(shapes)(
    '$name: every rank is uniform',
    async (shape) => {
      const report = await calibrate(build(shape));
      expect(report.rounds).toBeGreaterThan(0.9 * ROUNDS);
      expect(report.verdict).toMatch(/^Calibrated/);
    },
    120_000,
  );
});

describe('a planted error is caught', () => {
  // Few rows, so that priors matter.
  const base = build(shapes[0], 9);

  it('a mask that reads what is masked', async () => {
    const everywhere = base.design.mask.slice().fill(1);
    const noisy = (rows: Rows): Rows => ({ ...rows, x: rows.x.map((column) => column.map((v) => (v === 0 ? 2 : v))) });
    const partial = build(shapes[1]);
    const masked = partial.design.mask.indexOf(0);
    expect(masked).toBeGreaterThanOrEqual(0);
    const parameters = listParameters(partial.design);
    const calibration = new Calibration(partial.design, parameters, SAMPLER.seed);
    // The wrong model has more coefficients; those that the right one has are compared.
    const wrong = { ...partial.design, mask: everywhere };
    const wrongParameters = listParameters(wrong);
    for (let round = 0; round < ROUNDS; round++) {
      const simulated = simulate(partial.design, parameters, partial.data.rows, SAMPLER.seed, round)!;
      const draws = await refit(wrong, withResponses(partial.data, wrong, noisy(simulated.rows)), round);
      const size = draws.chains * draws.draws;
      const kept = parameters.filter((p) => !p.masked);
      const values = new Float64Array(kept.length * size);
      for (const p of kept) {
        const from = wrongParameters.find((w) => w.name === p.name)!.index;
        values.set(draws.values.subarray(from * size, (from + 1) * size), p.index * size);
      }
      calibration.add(round, simulated, { ...draws, parameters: kept.length, values }, parameters);
    }
    expect(calibration.report().calibrated).toBe(false);
  }, 120_000);

  it('a lost Jacobian of the scale', async () => {
    // Without its Jacobian a half-normal scale is sampled as half-normal / scale: an inverse power too many.
    const jacobian: Design = { ...base.design, scale: { prior: { dist: 'gamma', args: [1e-3, 1] }, by: 'all', auto: false } };
    expect((await calibrate(base, jacobian, PLANTED_ROUNDS)).calibrated).toBe(false);
  }, 120_000);

  it('a prior of the wrong scale', async () => {
    const narrow: Design = { ...base.design, terms: base.design.terms.map((t) => ({ ...t, prior: normal(0, 0.3) })) };
    expect((await calibrate(base, narrow, PLANTED_ROUNDS)).calibrated).toBe(false);
  }, 120_000);
});
