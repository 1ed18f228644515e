/** The statistics of a plain Gaussian model out of what the profile of the same file has found: no further scan. */

import type { Design, GroupStatistics, ModelData } from '../../core/design/design.ts';
import { buildRows, type RawRows } from '../../core/design/rows.ts';
import { activeSlopes, assembleStatistics } from '../../core/design/statistics.ts';
import { ALL } from '../../core/spec/types.ts';
import type { Facts, GroupFacts } from './facts.ts';
import type { Relation } from './opened.ts';
import { joinSamples } from './sample.ts';

/**
 * `null` unless the file was scanned for a profile that knows all of it: single columns as they are, unweighted, and no cell missing
 * where the mask is 1.
 */
export function fromProfile(relation: Relation, design: Design, where: string | null): ModelData | null {
  const facts = relation.found.get(where);
  const { response } = design;
  if (!facts?.plain || response.transform !== 'none' || response.se !== null || response.weights !== null) return null;
  if (design.groupColumn !== null && relation.names[relation.group] !== design.groupColumn) return null;
  const isPlain = design.terms.every(
    (t) => t.kind === 'intercept' || (t.factors.length === 1 && t.factors[0].transform === 'none' && t.factors[0].level === null),
  );
  if (!isPlain) return null;
  const column = (name: string) => relation.names.indexOf(name);
  const columns = design.terms.map((t) => (t.kind === 'intercept' ? -1 : column(t.factors[0].column)));
  const y = column(response.column);
  const known = new Map(facts.groups.map((g) => [g.name ?? '', g]));
  const statistics: GroupStatistics[] = [];
  for (let g = 0; g < design.groups.length; g++) {
    const active = [...activeSlopes(design, g).map((t) => columns[t]), y];
    const found = known.get(design.groupColumn === null ? ALL : design.groups[g]);
    const group = found ? statisticsOf(facts, found, active) : assembleStatistics(0, 0, 0, active.fill(0), () => 0);
    if (group === null) return null;
    statistics.push(group);
  }
  const used = statistics.reduce((sum, s) => sum + s.rows, 0);
  if (used !== facts.groups.reduce((sum, g) => sum + g.rows, 0)) return null;
  const { rows, standardisation } = buildRows(design, rawSample(facts, design, relation));
  return {
    rows: { ...rows, read: used, dropped: 0 },
    complete: false,
    counts: { read: used, used, dropped: 0 },
    statistics,
    standardisation,
  };
}

function statisticsOf(facts: Facts, group: GroupFacts, active: readonly number[]): GroupStatistics | null {
  const cells = active.map((c) => group.columns[facts.columns.indexOf(c)]);
  const order = active.map((c) => facts.correlated.indexOf(c));
  if (cells.some((c) => !c || c.count !== group.rows) || order.includes(-1)) return null;
  const product = (a: number, b: number) => {
    if (order[a] === order[b]) return group.rows > 1 ? cells[a].sd ** 2 * (group.rows - 1) : 0;
    return group.covariances[pairIndex(order[a], order[b], facts.correlated.length)] * group.rows;
  };
  const means = cells.map((c) => c.mean);
  return assembleStatistics(group.rows, group.rows, 0, means, product);
}

/** The place of a pair in the upper triangle of `size` columns, packed row by row without the diagonal. */
function pairIndex(a: number, b: number, size: number): number {
  const [low, high] = a < b ? [a, b] : [b, a];
  return low * (size - 1) - (low * (low - 1)) / 2 + (high - low - 1);
}

function rawSample(facts: Facts, design: Design, relation: Relation): RawRows {
  const code = new Map(design.groups.map((name, g) => [name, g]));
  const { group, columns } = joinSamples(facts.groups.map((g) => g.sample));
  const codes = facts.groups.map((g) => code.get(g.name ?? '') ?? -1);
  return {
    n: group.length,
    group: group.map((g) => codes[g]),
    fileRow: Int32Array.from(columns[0]),
    columns: new Map(facts.columns.map((c, k) => [relation.names[c], columns[k + 1]])),
  };
}
