import { jsonParts } from '../../core/export/json.ts';
import { type Comparison, compare } from '../../core/posterior/loo/compare.ts';
import { NO_LOO } from '../../core/posterior/loo/remainder.ts';
import { EXIT, type Exit, UsageError } from '../exit.ts';
import { print, printJson } from '../output.ts';
import { formatNumber as n, renderTable } from '../print/table.ts';
import { runFit } from '../run.ts';
import { readSpec } from '../source.ts';

/** Fits each spec and ranks them by leave-one-out. */
export async function compareCommand(specs: readonly string[], options: { readonly json?: boolean }): Promise<Exit> {
  if (specs.length < 2) throw new UsageError('hmask compare needs two specs or more.');
  const models: { readonly spec: string; readonly elpd: Float64Array; readonly weight: Float64Array; readonly y: Float64Array }[] = [];
  for (const spec of specs) {
    const result = await runFit(await readSpec(spec), {});
    if (typeof result === 'number') return result;
    if (result.interrupted) return EXIT.cancelled;
    const { loo, data, report } = result.state;
    if (loo === null) {
      const why = report.verdict.notes?.find((note) => note.startsWith(NO_LOO));
      throw new UsageError(why === undefined ? `${spec} has too many rows for leave-one-out.` : `${spec}: ${why}`);
    }
    models.push({ spec, elpd: loo.elpd, weight: data.rows.weights ?? new Float64Array(data.rows.n).fill(1), y: data.rows.y });
  }
  const [first] = models;
  const other = models.find((m) => m.y.length !== first.y.length || m.y.some((y, i) => y !== first.y[i]));
  if (other)
    throw new UsageError(`${first.spec} and ${other.spec} are not about the same responses in the same order, so they cannot be compared.`);
  const ranked = compare(models);
  if (options.json) await printJson(jsonParts({ models: ranked.map(({ model, ...rest }) => ({ spec: models[model].spec, ...rest })) }));
  else await print(render(ranked, specs));
  return EXIT.done;
}

function render(ranked: readonly Comparison[], specs: readonly string[]): string {
  const header = ['model, best first', 'elpd', '± se', 'difference', '± se', 'stacking weight'];
  const rows = ranked.map((c) => [specs[c.model], n(c.elpd, 1), n(c.se, 1), n(c.difference, 1), n(c.differenceSe, 1), n(c.weight, 2)]);
  return renderTable(header, rows);
}
