/** A model and its rows from a spec and a small CSV with the columns g, x, y. */
import type { Design, ModelData, Rows } from '../../../core/design/design.ts';
import { resolveDesign } from '../../../core/design/resolve.ts';
import { parseSpec } from '../../../core/spec/parse.ts';
import { profileOfCsv } from '../rules/profileOfCsv.ts';

/** Groups A and B, and C and D that only the mask names; x is 0 in B. */
export const CSV = `g,x,y
A,-1,0
A,1,1
A,2,0
A,-2,1
B,0,1
B,0,1
B,0,1
`;
const MASK = { A: [1], B: [1], C: [1] };

export function modelOf(spec: object, csv = CSV): { design: Design; data: ModelData } {
  const text = JSON.stringify({ data: 'd.csv', response: 'y', group: 'g', covariates: ['x'], mask: MASK, ...spec });
  const parsed = parseSpec(text);
  if (parsed.spec === null || parsed.problems.length > 0) throw new Error(JSON.stringify(parsed.problems));
  const design = resolveDesign(parsed.spec, profileOfCsv(csv, parsed.spec.group));
  const cells = csv
    .trim()
    .split('\n')
    .slice(1)
    .map((line) => line.split(','));
  const column = (k: number) => Float64Array.from(cells, (c) => Number(c[k]));
  const rows: Rows = {
    n: cells.length,
    read: cells.length,
    dropped: 0,
    group: Int32Array.from(cells, (c) => design.groups.indexOf(c[0])),
    x: design.terms.map((t) => (t.kind === 'intercept' ? new Float64Array(0) : column(1))),
    y: column(2),
    trials: null,
    offset: null,
    se: null,
    weights: null,
    fileRow: Int32Array.from(cells.keys()),
  };
  const counts = { read: rows.n, used: rows.n, dropped: 0 };
  return { design, data: { rows, complete: true, counts, statistics: null, standardisation: new Map() } };
}
