import type { FitReport } from '../../core/posterior/report.ts';

const COLUMNS = ['mean', 'sd', 'median', 'lower', 'upper', 'q5', 'q95', 'mcse_mean', 'mcse_sd', 'ess_bulk', 'ess_tail', 'r_hat'] as const;

/** The summary table as CSV: a row a parameter, in the report's order; a masked one has no numbers. */
export function summaryCsv(report: FitReport): string {
  const rows = report.parameters.map((parameter) => {
    const numbers = COLUMNS.map((column) => (parameter.masked ? '' : (parameter[column] ?? '')));
    return [quote(parameter.name), parameter.masked ? 'true' : 'false', ...numbers].join(',');
  });
  return `${['name', 'masked', ...COLUMNS].join(',')}\n${rows.join('\n')}\n`;
}

/** A cell of CSV; a name that a spreadsheet would take for a formula stays text. */
function quote(text: string): string {
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n']/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
