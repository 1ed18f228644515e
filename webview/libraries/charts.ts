/** Vega, with the interpreter that a strict content security policy allows: a script of its own, imported by the pages. */

import embed, { type Result } from 'vega-embed';
import { expressionInterpreter } from 'vega-interpreter';
import type { TopLevelSpec } from 'vega-lite';

/** Draws a picture into an element. The caller finalizes the result. */
export const drawChart = (container: HTMLElement, spec: TopLevelSpec): Promise<Result> =>
  embed(container, spec, {
    ast: true,
    expr: expressionInterpreter,
    actions: false,
    renderer: 'svg',
    tooltip: { theme: 'custom' },
    mode: 'vega-lite',
  });
