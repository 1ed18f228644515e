/** The formats that a fit is saved in, by name. */
import { drawsCsv } from './draws.ts';
import type { Format } from './format.ts';
import { jsonParts } from './json.ts';
import { summaryCsv } from './summary.ts';

export const FORMATS = {
  report: { title: 'Everything but the draws, as JSON', extension: 'json', suffix: 'results', text: ({ report }) => jsonParts(report) },
  summary: { title: 'The summary table, as CSV', extension: 'csv', suffix: 'summary', text: ({ report }) => summaryCsv(report) },
  draws: { title: 'All draws, as CSV', extension: 'csv', suffix: 'draws', text: drawsCsv },
} as const satisfies Readonly<Record<string, Format>>;

export type ExportFormat = keyof typeof FORMATS;
