import { dirname, resolve } from 'node:path';
import { jsonParts } from '../../core/export/json.ts';
import type { Rows } from '../../core/model/design.ts';
import { lookupOf } from '../../core/posterior/lookup.ts';
import { RowEvaluator } from '../../core/posterior/pointwise.ts';
import { describe, predictPoint, usualCircumstance } from '../../core/posterior/predict.ts';
import { predictionTailsOf, withoutMissing } from '../../core/posterior/predictionTails.ts';
import type { Predictive } from '../../core/posterior/report.ts';
import { rngFor } from '../../core/posterior/streams.ts';
import { ALL } from '../../core/spec/types.ts';
import { Multiplier } from '../../engine/multiply.ts';
import { forEachPredictor } from '../../engine/predictRows.ts';
import type { FitState } from '../../engine/state.ts';
import type { SpecSource } from '../../protocol/engine.ts';
import { readNewRows } from '../../sources/duckdb.ts';
import { EXIT, type Exit, UsageError } from '../exit.ts';
import { guarded } from '../guarded.ts';
import { interruptible } from '../interrupt.ts';
import { print, printJson } from '../output.ts';
import { printProblems } from '../print/problems.ts';
import { formatNumber as n, renderTable } from '../print/table.ts';
import { type Fitted, runFit } from '../run.ts';
import { readSpec } from '../source.ts';

/** One row of the new file: its prediction, or why it has none. */
interface PredictedRow {
  readonly row: number;
  readonly group: string;
  readonly mean?: number | null;
  readonly sd?: number | null;
  readonly lower?: number;
  readonly upper?: number;
  readonly mu?: Predictive;
  /** Why there is no mean or sd. */
  readonly note?: string;
  readonly problem?: string;
}

interface PredictOptions {
  readonly new?: string;
  readonly json?: boolean;
}

export async function predictCommand(spec: string, options: PredictOptions): Promise<Exit> {
  if (options.new === undefined) throw new UsageError('hmask predict needs --new FILE.csv.');
  const source = await readSpec(spec);
  const file = resolve(options.new);
  const result = await runFit(source, {});
  if (typeof result === 'number') return result;
  return interruptible((signal) => predict(source, file, result, options, signal));
}

async function predict(source: SpecSource, file: string, result: Fitted, options: PredictOptions, signal: AbortSignal): Promise<Exit> {
  const { state } = result;
  const roots = [...source.roots, dirname(file)];
  const newSource = { ...source, path: file };
  const { standardisation } = state.data;
  const fitted = { specPath: source.path, roots: source.roots, source: state.spec.data };
  const found = await guarded(newSource, () =>
    readNewRows({ specPath: file, file, fitted, roots, design: state.design, standardisation, signal }),
  );
  if (found === null) return EXIT.fault;
  for (const fault of found.faults) {
    const data = { file, line: fault.line ?? 1, column: fault.column ?? 1 };
    printProblems(newSource, [{ code: 'HM120', severity: 'error', message: fault.message, range: { start: 0, end: 0 }, data }]);
  }
  if (found.faults.some((f) => f.fatal)) return EXIT.fault;
  const rows: PredictedRow[] = Array.from({ length: found.rows.n }, (_, i) => {
    const g = found.rows.group[i];
    const row = found.rows.fileRow[i] + 1;
    return g >= 0
      ? { row, group: state.design.groups[g] ?? ALL }
      : { row, group: found.unknownGroups.get(i) ?? '', ...newGroup(state, found.rows, i, found.unknownGroups.get(i) ?? '') };
  });
  const multiplier = new Multiplier();
  const model = new RowEvaluator(state, found.rows);
  await forEachPredictor(state, found.rows, multiplier, (i, eta) => {
    const rng = rngFor(state.report.seed, 'prediction', i);
    const mu = new Float64Array(eta.length);
    const response = new Float64Array(eta.length);
    for (let s = 0; s < eta.length; s++) {
      const auxiliary = model.auxiliary(i, s);
      mu[s] = model.family.mean(eta[s], auxiliary);
      response[s] = model.family.draw(rng, eta[s], auxiliary);
    }
    const x = Float64Array.from(state.design.terms, (t, k) => (t.kind === 'intercept' ? 1 : found.rows.x[k][i]));
    rows[i] = { ...rows[i], ...described(state, found.rows.group[i], x, mu, response) };
  });
  multiplier.dispose();
  if (options.json) await printJson(jsonParts({ spec: state.report.spec, interval: state.design.interval, rows }));
  else await print(renderRows(rows, state.design.interval));
  if (result.interrupted) return EXIT.cancelled;
  return found.faults.length > 0 || rows.some((r) => r.problem !== undefined) ? EXIT.fault : EXIT.done;
}

/** A row of a group that the model lacks: its coefficients come from the population, where every term has one. */
function newGroup(state: FitState, rows: Rows, i: number, name: string): Partial<PredictedRow> {
  const { design, report } = state;
  if (name === '') return { problem: 'the row names no group' };
  if (design.terms.some((t) => t.pooling === 'none')) return { problem: 'the model has no such group' };
  const x = Float64Array.from(design.terms, (t, k) => (t.kind === 'intercept' ? 1 : rows.x[k][i]));
  const usual = usualCircumstance(design, state.data);
  const circumstance = { trials: rows.trials?.[i] ?? usual.trials, offset: rows.offset?.[i] ?? 0, se: rows.se?.[i] ?? usual.se };
  const point = { group: -1, x, ignored: [], lacking: [] };
  const rng = rngFor(report.seed, 'prediction', i);
  const { mu, response } = predictPoint(state, lookupOf(design, state.parameters), point, circumstance, rng);
  return described(state, -1, x, mu, response);
}

/** What the draws say, without means and sds that do not exist. */
function described(state: FitState, group: number, x: Float64Array, mu: Float64Array, response: Float64Array): Partial<PredictedRow> {
  const tails = predictionTailsOf(state).at(group, x);
  const { interval } = state.design;
  return { ...withoutMissing(describe(response, interval), tails.response), mu: withoutMissing(describe(mu, interval), tails.mu) };
}

function renderRows(rows: readonly PredictedRow[], { kind, prob }: { readonly kind: 'eti' | 'hdi'; readonly prob: number }): string {
  const label = `${Number((100 * prob).toFixed(3))} % ${kind.toUpperCase()}`;
  const header = ['row', 'group', 'mean', 'sd', `${label} from`, 'to', 'mean response'];
  const cells = rows.map((r) =>
    r.mu === undefined
      ? [String(r.row), r.group, r.problem ?? '', null, null, null, null]
      : [String(r.row), r.group, n(r.mean!), n(r.sd!), n(r.lower!), n(r.upper!), n(r.mu.mean)],
  );
  return renderTable(header, cells);
}
