/**
 * From a covariate's declaration to its numbers there is one way: the rows of a fit, the same rows as predictions of the spec, and as new
 * data have the same linear predictor and the same mean at every draw.
 */
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { untransformed } from '../../core/data/transform.ts';
import { vocabularyOf } from '../../core/design/at.ts';
import type { Design, ModelData } from '../../core/design/design.ts';
import { listParameters } from '../../core/design/parameters.ts';
import { familyOf } from '../../core/families/index.ts';
import { Rng } from '../../core/math/rng.ts';
import { rngFor } from '../../core/math/streams.ts';
import { lookupOf } from '../../core/posterior/predict/lookup.ts';
import { RowEvaluator } from '../../core/posterior/predict/pointwise.ts';
import { circumstanceOf, onOwnScale, predictAll, predictPoint } from '../../core/posterior/predict/predict.ts';
import type { PredictionSpec } from '../../core/spec/types.ts';
import { readNewRows } from '../../sources/duckdb/index.ts';
import { makeDraws } from '../core/posterior/makeDraws.ts';
import { Folder } from '../sources/folder.ts';

let folder: Folder;
beforeAll(() => {
  folder = new Folder();
});
afterAll(() => folder.remove());

const DRAWS = 8;

/** A fit with draws out of the air: nothing here hangs on where they come from. */
function fitted(design: Design, seed: number) {
  const rng = Rng.of(seed, 1);
  const parameters = listParameters(design);
  const values = parameters
    .filter((p) => !p.masked)
    .map((p) =>
      Float64Array.from({ length: DRAWS }, () =>
        p.kind === 'alpha' || p.kind === 'w' || p.kind === 'mu' ? 0.02 * rng.normal() : 0.5 + rng.uniform(),
      ),
    );
  return { design, parameters, draws: makeDraws(1, DRAWS, values) };
}

type Row = Readonly<Record<string, string | number>>;

const HEADER = ['g', 'x', 'z', 'k', 'grade', 'e', 'n', 's', 'y'];
const number = (min: number, max: number) => fc.integer({ min: 100 * min, max: 100 * max }).map((v) => v / 100);
const row: fc.Arbitrary<Row> = fc.record({
  g: fc.constantFrom('A', 'B', 'C 1'),
  x: number(0.1, 9),
  z: number(0.1, 5),
  k: fc.constantFrom('lo', 'hi', 'NA', "o'k"),
  grade: fc.constantFrom('1', '2', '10', 'INF'),
  e: number(0.1, 20),
  n: fc.integer({ min: 3, max: 9 }),
  s: number(0.1, 2),
  y: fc.integer({ min: 0, max: 1 }),
});

const TRANSFORMS = ['none', 'log', 'log10', 'log1p', 'sqrt', 'square', 'center', 'standardize'];
const transform = fc.constantFrom(...TRANSFORMS);
const pooling = fc.constantFrom('none', 'partial', 'complete');
const shuffled = (levels: readonly string[]) => fc.shuffledSubarray([...levels], { minLength: levels.length });

const covariates = fc
  .record({
    x: fc.record({ column: fc.constant('x'), transform, pooling }),
    square: fc.option(fc.constant({ column: 'x', name: 'x2', transform: 'square' })),
    z: fc.option(fc.record({ column: fc.constant('z'), name: fc.constantFrom('z', 'speed'), transform, pooling })),
    k: fc.option(
      fc.record({ column: fc.constant('k'), name: fc.constantFrom('k', 'kind'), levels: shuffled(['lo', 'hi', 'NA', "o'k"]), pooling }),
    ),
    grade: fc.option(fc.record({ column: fc.constant('grade'), levels: shuffled(['1', '2', '10', 'INF']) })),
    products: fc.uniqueArray(fc.constantFrom('x:z', 'x:k', 'k:grade', 'x:z:k', 'z*grade', 'grade:z', 'x:x'), { maxLength: 3 }),
    powered: fc.option(
      fc.record({ column: fc.constant('x:z'), name: fc.constant('both'), transform: fc.constantFrom('square', 'center', 'standardize') }),
    ),
  })
  .map(({ products, powered, ...single }) => {
    const list: unknown[] = [...Object.values(single).filter((c) => c !== null), ...products, ...(powered === null ? [] : [powered])];
    // Levels that no covariate declares cannot hold what reads as an empty cell.
    const uses = JSON.stringify(products);
    const lacks = (name: string, c: unknown) => c === null && uses.includes(name);
    if (lacks('k', single.k)) list.push({ column: 'k', levels: ['lo', 'hi', 'NA', "o'k"] });
    if (lacks('grade', single.grade)) list.push({ column: 'grade', levels: ['1', '2', '10', 'INF'] });
    return list;
  });

const family = fc.constantFrom(
  { family: 'gaussian', response: { column: 'x', transform: 'log' } },
  { family: 'gaussian', response: { column: 'x', transform: 'standardize' } },
  { family: 'student_t', response: { column: 'z', transform: 'sqrt', se: 's' } },
  { family: 'gaussian', response: 'y' },
  { family: 'bernoulli', response: 'y' },
  { family: 'binomial', response: { column: 'y', trials: 'n' } },
  { family: 'poisson', response: { column: 'y', exposure: 'e' } },
  { family: 'negative_binomial', response: { column: 'y', exposure: 'e' } },
);

const problem = fc.record({
  rows: fc.array(row, { minLength: 6, maxLength: 14 }),
  covariates,
  family,
  mask: fc.array(fc.array(fc.constantFrom(0, 1, 1), { minLength: 12, maxLength: 12 }), { minLength: 3, maxLength: 3 }),
  intercept: fc.record({ pooling }),
  byName: fc.boolean(),
  grouped: fc.boolean(),
});

/** What a row says of the design's columns, as a prediction gives it. */
function valuesOf(design: Design, r: Row, byName: boolean): Map<string, number | string> {
  const at = new Map<string, number | string>();
  const { keys, keyOf } = vocabularyOf(design.terms);
  for (const { column, name, levels } of design.terms.flatMap((t) => t.factors)) {
    const short = keyOf(column);
    const key = byName ? name : keys.has(short) ? short : column;
    at.set(key, levels === null ? Number(r[column]) : String(r[column]));
  }
  return at;
}

function expectNear(actual: ArrayLike<number>, expected: ArrayLike<number>, what: string): void {
  for (let s = 0; s < expected.length; s++) {
    if (Object.is(actual[s], expected[s])) continue;
    const gap = Math.abs(actual[s] - expected[s]);
    if (!(gap <= 1e-9 * Math.max(1, Math.abs(expected[s])))) expect.fail(`${what}: ${actual[s]}, but fitted ${expected[s]}`);
  }
}

async function checkOneWay(spec: Readonly<Record<string, unknown>>, rows: readonly Row[], byName: boolean, seed: number): Promise<void> {
  const { design, source } = await folder.design(spec);
  const data: ModelData = await folder.load(spec);
  const fit = fitted(design, seed);
  const lookup = lookupOf(design, fit.parameters);
  const { family, response } = design;
  const evaluator = new RowEvaluator(fit, data.rows);
  if (source.kind !== 'file') throw new Error('a file was expected');
  const fresh = await readNewRows({
    specPath: folder.specPath,
    file: source.file,
    fitted: { specPath: folder.specPath, roots: [folder.path], source },
    roots: [folder.path],
    design,
    standardisation: data.standardisation,
  });
  expect(fresh.faults).toEqual([]);
  const again = new RowEvaluator(fit, fresh.rows);
  const moments = data.standardisation.get(response.column);
  const predictions: PredictionSpec[] = [];
  const means: number[] = [];
  for (let i = 0; i < data.rows.n; i++) {
    const r = rows[data.rows.fileRow[i]];
    const eta = evaluator.eta(i).slice();
    expectNear(again.eta(i), eta, `new row ${i}`);
    const mu = Float64Array.from(eta, (v, s) =>
      untransformed(familyOf(family).mean(v, evaluator.auxiliary(i, s)), response.transform, moments),
    );
    // A mean that overflows is reported as none.
    const mean = mu.reduce((a, b) => a + b, 0) / mu.length;
    means.push(Number.isFinite(mean) ? mean : Number.NaN);
    predictions.push({
      name: null,
      group: design.groups[data.rows.group[i]],
      at: valuesOf(design, r, byName),
      exposure: response.exposure === null ? null : Number(r.e),
      trials: family === 'binomial' ? Number(r.n) : null,
      se: response.se === null ? null : Number(r.s),
      scale: 'response',
    });
    const x = Float64Array.from(design.terms, (t, k) => (t.kind === 'intercept' ? 1 : fresh.rows.x[k][i]));
    const point = { group: fresh.rows.group[i], x, ignored: [], lacking: [], faults: [] };
    const drawn = predictPoint(fit, lookup, point, circumstanceOf(fit, data, predictions[i]), rngFor(1, 'prediction', i));
    expectNear(onOwnScale(design, data.standardisation, drawn).mu, mu, `mean of new row ${i}`);
  }
  const reports = predictAll(fit, data, predictions, 1);
  expect(reports.length).toBe(predictions.length);
  expectNear(
    reports.map((p) => p.mu.mean!),
    means,
    'predictions',
  );
}

describe('one way from a declaration to its numbers', () => {
  it('D1, D13, D14, D15, D16: rows as fitted, as predictions and as new data agree', async () => {
    let seed = 0;
    await fc.assert(
      fc.asyncProperty(problem, async ({ rows, covariates, family, mask, intercept, byName, grouped }) => {
        seed += 1;
        const csv = [HEADER, ...rows.map((r) => HEADER.map((h) => r[h]))].map((cells) => cells.join(',')).join('\n');
        const file = `d${seed}.csv`;
        folder.write(file, `${csv}\n`);
        const spec = {
          data: file,
          ...family,
          covariates,
          intercept,
          ...(grouped
            ? { group: 'g', mask: Object.fromEntries(['A', 'B', 'C 1'].map((g, i) => [g, mask[i].slice(0, covariates.length)])) }
            : {}),
        };
        await checkOneWay(spec, rows, byName, seed);
      }),
      { numRuns: Number(process.env.RUNS ?? 40), endOnFailure: true },
    );
  }, 900_000);
});
