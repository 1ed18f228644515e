/** The two ways to a likelihood, by kernels or statistics and row by row, held together. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cellsOf } from '../../../../core/design/cells.ts';
import { familyOf } from '../../../../core/families/index.ts';
import { Rng } from '../../../../core/math/rng.ts';
import { RowLikelihood } from '../../../../core/model/likelihood/kernel.ts';
import { blockStarts, familyGradient, familyParameters, type Likelihood } from '../../../../core/model/likelihood/likelihood.ts';
import { plainLikelihood } from '../../../../core/model/likelihood/plain.ts';
import { gaussianLikelihood } from '../../../../core/model/likelihood/statistics.ts';
import { type Options, options, problemOf } from '../randomModel.ts';

describe('a likelihood row by row', () => {
  it('has the value, gradient and information of the kernels and of the statistics', () => {
    fc.assert(
      fc.property(options, (o: Options) => {
        const { design, rows, statistics } = problemOf(o);
        const cells = cellsOf(design);
        const form = familyOf(design.family).likelihood;
        if (form === 'plain') return;
        const fast = form === 'statistics' ? gaussianLikelihood(design, cells, statistics!) : new RowLikelihood(design, cells, rows, form);
        const rng = Rng.of(o.seed, 31);
        const beta = Float64Array.from({ length: cells.count }, () => rng.normal());
        const parameters = familyParameters(design.groups.length, design.own.length);
        if (design.scale !== null) parameters.scale.set(parameters.scale.map(() => 0.3 + rng.uniform()));
        parameters.own.set(parameters.own.map(() => 0.5 + 4 * rng.uniform()));
        const all = (likelihood: Likelihood): number[] => {
          const gradient = new Float64Array(cells.count);
          const out = familyGradient(design.groups.length, design.own.length);
          const value = likelihood.evaluate(beta, parameters, gradient, out);
          const blocks = new Float64Array(blockStarts(cells).at(-1)!);
          const logScale = new Float64Array(design.groups.length);
          likelihood.information(beta, parameters, blocks, logScale);
          // Without a scale nothing reads its derivatives.
          const scales = design.scale === null ? [] : [...out.logScale, ...logScale];
          return [value, ...gradient, ...out.own, ...blocks, ...scales];
        };
        const expected = all(plainLikelihood(design, cells, rows));
        all(fast).forEach((v, i) => {
          expect(Math.abs(v - expected[i])).toBeLessThan(1e-9 * Math.max(1, Math.abs(expected[i]), Math.abs(expected[0])));
        });
      }),
      { numRuns: 200 },
    );
  });
});
