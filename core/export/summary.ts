import type { FitReport } from '../posterior/report.ts';
import { csvLine } from './csv.ts';

const COLUMNS = ['mean', 'sd', 'median', 'lower', 'upper', 'q5', 'q95', 'mcse_mean', 'mcse_sd', 'ess_bulk', 'ess_tail', 'r_hat'] as const;

/** The summary table as CSV: a row a parameter, in the report's order; a masked one has no numbers. */
export function* summaryCsv({ parameters }: Pick<FitReport, 'parameters'>): Generator<string> {
  yield csvLine(['name', 'masked', ...COLUMNS]);
  for (const parameter of parameters)
    yield csvLine([parameter.name, parameter.masked, ...COLUMNS.map((column) => (parameter.masked ? null : parameter[column]))]);
}
