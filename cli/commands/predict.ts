import { dirname, resolve } from 'node:path';
import { jsonParts } from '../../core/export/json.ts';
import { rngFor } from '../../core/math/streams.ts';
import { lookupOf } from '../../core/posterior/predict/lookup.ts';
import { describe, onOwnScale, predictPoint, usualCircumstance } from '../../core/posterior/predict/predict.ts';
import { predictionTailsOf, withoutMissing } from '../../core/posterior/predict/predictionTails.ts';
import type { Predictive } from '../../core/posterior/report.ts';
import { ALL, type PredictionScale } from '../../core/spec/types.ts';
import type { FitState } from '../../engine/state.ts';
import type { SpecSource } from '../../protocol/engine.ts';
import { type NewRows, sourceOf } from '../../sources/index.ts';
import { EXIT, type Exit, UsageError } from '../exit.ts';
import { guarded } from '../guarded.ts';
import { interruptible } from '../interrupt.ts';
import { print, printJson } from '../output.ts';
import { outcomeLine, ownScale } from '../print/fit.ts';
import { printProblems } from '../print/problems.ts';
import { formatNumber as n, renderTable } from '../print/table.ts';
import { type FinishedFit, runFit } from '../run.ts';
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

async function predict(source: SpecSource, file: string, result: FinishedFit, options: PredictOptions, signal: AbortSignal): Promise<Exit> {
  const { state } = result;
  const roots = [...source.roots, dirname(file)];
  const newSource = { ...source, path: file };
  const { standardisation } = state.data;
  const fitted = { specPath: source.path, roots: source.roots, source: state.spec.data };
  const found = await guarded(newSource, () =>
    sourceOf(fitted.source).newRows({ specPath: file, file, fitted, roots, design: state.design, standardisation, signal }),
  );
  if (found === null) return EXIT.fault;
  for (const fault of found.faults) {
    const data = { file, line: fault.line ?? 1, column: fault.column ?? 1 };
    printProblems(newSource, [{ code: 'HM120', severity: 'error', message: fault.message, range: { start: 0, end: 0 }, data }]);
  }
  // Nothing is left to answer; what is wrong has been told.
  if (found.rows.n === 0 && found.faults.length > 0) return EXIT.fault;
  const predicted = Array.from({ length: found.rows.n }, (_, i) => predictRow(state, found, i));
  const refused = new Map(found.faults.map((f): [number, PredictedRow] => [f.row, { row: f.row + 1, group: f.group, problem: f.message }]));
  const rows = [...predicted, ...refused.values()].sort((a, b) => a.row - b.row);
  const { interval, response } = state.design;
  const scale: PredictionScale = 'response';
  const missing = rows.find((r) => r.note !== undefined)?.note;
  const notes = [
    ...(missing === undefined ? [] : [`–: ${missing}`]),
    ...(response.transform === 'none' ? [] : [ownScale(state.design)]),
    ...(response.levels === null ? [] : [outcomeLine(state.design)]),
  ];
  if (options.json) await printJson(jsonParts({ spec: state.report.spec, interval, scale, rows }));
  else await print([renderRows(rows, interval), ...notes].join('\n'));
  if (result.interrupted) return EXIT.cancelled;
  return rows.some((r) => r.problem !== undefined) ? EXIT.fault : EXIT.done;
}

/**
 * The prediction of a row of new data, by the same way as the spec's own. A group that the model lacks has its coefficients from the
 * population, where every term has one.
 */
function predictRow(state: FitState, { rows, unknownGroups }: NewRows, i: number): PredictedRow {
  const { design, report, data, parameters } = state;
  const group = rows.group[i];
  const name = group >= 0 ? (design.groups[group] ?? ALL) : (unknownGroups.get(i) ?? '');
  const row = { row: rows.fileRow[i] + 1, group: name };
  if (group < 0 && name === '') return { ...row, problem: 'the row names no group' };
  if (group < 0 && design.terms.some((t) => t.pooling === 'none')) return { ...row, problem: 'the model has no such group' };
  const x = Float64Array.from(design.terms, (t, k) => (t.kind === 'intercept' ? 1 : rows.x[k][i]));
  const usual = usualCircumstance(design, data);
  const circumstance = { trials: rows.trials?.[i] ?? usual.trials, offset: rows.offset?.[i] ?? usual.offset, se: rows.se?.[i] ?? usual.se };
  const point = { group, x, ignored: [], lacking: [], faults: [] };
  const drawn = predictPoint(state, lookupOf(design, parameters), point, circumstance, rngFor(report.seed, 'prediction', i));
  const { mu, response } = onOwnScale(design, data.standardisation, drawn);
  const tails = predictionTailsOf(state).at(group, x, true);
  const [whole, mean] = [describe(response, design.interval), describe(mu, design.interval)];
  return { ...row, ...withoutMissing(whole, tails.response), mu: withoutMissing(mean, tails.mu) };
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
