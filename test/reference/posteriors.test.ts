import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { normalQuantile } from '../../core/math/normal.ts';
import type { FitReport, Predictive } from '../../core/posterior/report.ts';
import { runCli } from '../built.ts';

/** One parameter of a posterior known by quadrature or a very long run (`mcse_mean` 0: exactly). */
interface Known {
  readonly mean: number;
  readonly sd: number;
  readonly q5: number;
  readonly q50: number;
  readonly q95: number;
  readonly mcse_mean: number;
  /** Standard errors for one effective draw, in posterior sds, where a normal's do not do. */
  readonly unit_se?: Readonly<Partial<Record<'sd' | 'q5' | 'q50' | 'q95', number>>>;
}

interface Reference {
  readonly parameters: Readonly<Record<string, Known>>;
  readonly masked?: readonly string[];
  readonly predictions?: readonly { readonly group: string; readonly mean: number; readonly sd: number; readonly q5: number; readonly q95: number; readonly ignored?: readonly string[] }[];
  readonly optional?: readonly string[];
}

const folder = join(dirname(fileURLToPath(import.meta.url)), 'posteriors');
const read = (name: string, file: string): string => readFileSync(join(folder, name, file), 'utf8');

/** Of an effective draw of a normal: the standard error of its sd, its 5 % quantile and its median, over its sd. */
const NORMAL = { sd: Math.SQRT1_2, q5: 2.1132, q50: 1.2533, q95: 2.1132 } as const;
/** A case with an exact sampler fails less than once in a thousand; ESS and MCSE are estimates, hence the slack. */
const CHANCE = 1e-3;
const SLACK = 1.12;

function scores(report: FitReport, reference: Reference): [name: string, z: number][] {
  const out: [string, number][] = [];
  for (const [name, known] of Object.entries(reference.parameters)) {
    const p = report.parameters.find((q) => q.name === name);
    if (p === undefined && reference.optional?.includes(name)) continue;
    if (p === undefined || p.masked) throw new Error(`${name} is not among the sampled parameters`);
    const unit = { ...NORMAL, ...known.unit_se };
    const behind = known.mcse_mean > 0 ? (known.mcse_mean / known.sd) ** 2 : 0;
    const error = (ess: number): number => known.sd * Math.sqrt(1 / ess + behind);
    const tail = Math.min(p.ess_tail, report.sampling.chains * report.sampling.draws);
    out.push([`${name} mean`, (p.mean! - known.mean) / error(p.ess_bulk)]);
    out.push([`${name} sd`, (p.sd! - known.sd) / (unit.sd * error(Math.min(p.ess_bulk, tail)))]);
    out.push([`${name} q5`, (p.q5 - known.q5) / (unit.q5 * error(tail))]);
    out.push([`${name} median`, (p.median - known.q50) / (unit.q50 * error(p.ess_bulk))]);
    out.push([`${name} q95`, (p.q95 - known.q95) / (unit.q95 * error(tail))]);
  }
  const least = Math.min(...report.parameters.map((p) => (p.masked ? Number.POSITIVE_INFINITY : Math.min(p.ess_bulk, p.ess_tail))));
  reference.predictions?.forEach((known, i) => {
    const p: Predictive = report.predictions[i];
    const error = known.sd / Math.sqrt(least);
    out.push([`prediction ${i} mean`, (p.mean! - known.mean) / error]);
    out.push([`prediction ${i} sd`, (p.sd! - known.sd) / (NORMAL.sd * error)]);
    out.push([`prediction ${i} lower`, (p.lower - known.q5) / (NORMAL.q5 * error)]);
    out.push([`prediction ${i} upper`, (p.upper - known.q95) / (NORMAL.q95 * error)]);
  });
  return out;
}

describe('posteriors that are known', () => {
  it.each(readdirSync(folder).sort())('%s', async (name) => {
    const { code, stdout } = await runCli(['fit', join(folder, name, 'case.hmask.json'), '--json']);
    expect(code).toBe(0);
    const report: FitReport = JSON.parse(stdout);
    const reference: Reference = JSON.parse(read(name, 'reference.json'));
    const all = scores(report, reference);
    const limit = -SLACK * normalQuantile(CHANCE / (2 * all.length));
    expect(all.filter(([, z]) => !(Math.abs(z) <= limit))).toEqual([]);
    for (const masked of reference.masked ?? []) expect(report.parameters).toContainEqual({ name: masked, masked: true });
    reference.predictions?.forEach((known, i) => {
      expect(report.predictions[i].ignored).toEqual(known.ignored ?? []);
    });
    for (const p of report.parameters) if (!p.masked) expect(p.r_hat ?? 1).toBeLessThan(1.01);
  });

  it.each(['exact_a_masked_two_group_seed1', 'pooled_c1_12_groups'])('%s: leave-one-out agrees with ArviZ', async (name) => {
    const { stdout } = await runCli(['fit', join(folder, name, 'case.hmask.json'), '--json']);
    const report: FitReport = JSON.parse(stdout);
    const known = JSON.parse(read(name, 'loo.json'));
    const error = (known.mcse.elpd_loo_batch_sd * Math.sqrt(known.mcse.draws_per_batch)) / Math.sqrt(4000);
    expect(Math.abs(report.loo!.elpd - known.elpd_loo)).toBeLessThan(3 * error);
    expect(Math.abs(report.waic!.elpd - known.elpd_waic)).toBeLessThan(4 * error);
  });
});
