/** A fit's report and structure in one piece of bytes: written here once, and read once by the page. */
import type { PackedResults } from '../../protocol/page.ts';
import type { ViewState } from './state.ts';
import { structureView } from './structure.ts';

/** UTF-8 of the JSON of `PackedResults`. */
export function packResults(state: ViewState): Uint8Array {
  const structure = structureView(state);
  const packed: PackedResults = { report: state.report, structure: { ...structure, mask: [...structure.mask] } };
  return new TextEncoder().encode(JSON.stringify(packed));
}
