import { itemsOf, nodeAt, rangeOf } from '../spec/json.ts';
import { quote } from '../spec/nearest.ts';
import type { Fix } from '../spec/problem.ts';
import { plural, problemOf, type SpecRule } from './rule.ts';

/** HM403: a mask row with more or fewer entries than there are covariates. */
export const maskLength: SpecRule = function* (context) {
  const { spec, tree } = context;
  const list = nodeAt(tree, ['covariates']);
  if (spec.mask === 'auto' || (list !== undefined && list.type !== 'array')) return;
  const want = itemsOf(list).length;
  const each = context.unread.has('covariates') ? want : spec.covariates.length;
  for (const group of spec.mask.keys()) {
    const row = nodeAt(tree, ['mask', group]);
    if (row?.type !== 'array') continue;
    const cells = itemsOf(row);
    if (cells.length === want || cells.length === each) continue;
    const fixes: Fix[] = [];
    if (cells.length < want) {
      const lacking = Array(want - cells.length).fill('1');
      const at = cells.length === 0 ? row.offset + 1 : cells[cells.length - 1].offset + cells[cells.length - 1].length;
      const text = `${cells.length === 0 ? '' : ', '}${lacking.join(', ')}`;
      fixes.push({
        title: `Add ${lacking.join(', ')}`,
        edits: [{ start: at, end: at, text }],
        preferred: true,
      });
    } else {
      const start = want === 0 ? row.offset + 1 : cells[want - 1].offset + cells[want - 1].length;
      const end = want === 0 ? row.offset + row.length - 1 : cells[cells.length - 1].offset + cells[cells.length - 1].length;
      fixes.push({ title: `Keep the first ${want}`, edits: [{ start, end, text: '' }], preferred: true });
    }
    const have = cells.length === 1 ? '1 entry' : `${cells.length} entries`;
    const message = `The mask row of ${quote(group)} has ${have} for ${plural(want, 'covariate')}; give one 0 or 1 for each.`;
    yield problemOf('HM403', 'error', message, rangeOf(row), fixes);
  }
};
