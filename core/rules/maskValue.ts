import { membersOf, type Node, nodeAt, rangeOf } from '../spec/json.ts';
import { quote } from '../spec/nearest.ts';
import { covariatesAt } from '../spec/products.ts';
import type { CovariateSpec } from '../spec/types.ts';
import { problemOf, type SpecRule } from './rule.ts';

/** HM404: mask entries other than the numbers 0 and 1. */
export const maskValue: SpecRule = function* (context) {
  const { spec, tree, text } = context;
  if (spec.mask === 'auto') return;
  for (const group of spec.mask.keys()) {
    const row = nodeAt(tree, ['mask', group]);
    const named = membersOf(row).flatMap((m) => (m.value === undefined ? [] : [{ name: m.key, cell: m.value }]));
    const listed =
      row?.type === 'array'
        ? (row.children ?? []).map((cell, i) => ({ name: nameOf(spec.covariates, row.children?.length ?? 0, i), cell }))
        : [];
    for (const { name, cell } of row?.type === 'object' ? named : listed) {
      if (cell.type === 'number' && (cell.value === 0 || cell.value === 1)) continue;
      const source = text.slice(cell.offset, cell.offset + cell.length);
      const message = `The mask of ${quote(group)} for ${quote(name)} is ${source.length > 40 ? 'a nested value' : source}; write the number 0 or 1.`;
      const fixes = meant(cell).map((v, i) => ({ title: `Change to ${v}`, edits: [{ ...rangeOf(cell), text: v }], preferred: i === 0 }));
      yield problemOf('HM404', 'error', message, rangeOf(cell), fixes);
    }
  }
};

function nameOf(covariates: readonly CovariateSpec[], length: number, entry: number): string {
  const [only, ...others] = covariatesAt(covariates, length, entry);
  if (only === undefined) return covariates[entry]?.name ?? `${entry + 1}`;
  return others.length === 0 ? covariates[only].name : covariates[only].written;
}

/** What an entry may stand for, the likelier first. */
function meant(cell: Node): readonly string[] {
  if (cell.value === false || cell.value === '0' || cell.value === null) return ['0', '1'];
  return ['1', '0'];
}
