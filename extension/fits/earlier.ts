/** Which fits of a spec are kept beside its last one, so that a change can be compared with what was before it. Pure. */
import type { FitReport } from '../../core/posterior/report.ts';
import type { FitId } from '../../protocol/engine.ts';
import { fingerprint } from './fingerprint.ts';

/** A fit that a later one of the same spec has taken the place of; the engine still has its draws. */
export interface EarlierFit {
  readonly fit: FitId;
  readonly fittedAt: Date;
  /** Bytes that its draws take. */
  readonly size: number;
}

/** What is known of the fit that is being replaced. */
export interface Replaced {
  readonly fit: FitId | null;
  readonly report: Pick<FitReport, 'parameters' | 'sampling'> | null;
  readonly fittedAt: Date | null;
  readonly text: string | null;
  readonly dataChanged: boolean;
  readonly earlier: readonly EarlierFit[];
}

/** Earlier fits of a spec that are kept, and the bytes that their draws may take together. */
export const MOST_EARLIER = 2;
export const MOST_BYTES = 256 * 2 ** 20;

/**
 * The fit of `text` takes the place of `before`.
 * @param text `null` when it only goes on with the same fit: then there is nothing to compare it with.
 * @returns The earlier fits from now on, newest first, and those to be forgotten.
 */
export function replaceFit(
  before: Replaced,
  text: string | null,
): { readonly earlier: readonly EarlierFit[]; readonly dropped: readonly FitId[] } {
  const { fit, report, fittedAt } = before;
  if (fit === null || report === null || fittedAt === null) return { earlier: before.earlier, dropped: [] };
  const changed = text !== null && (before.dataChanged || before.text === null || fingerprint(before.text) !== fingerprint(text));
  if (!changed) return { earlier: before.earlier, dropped: [fit] };
  const earlier: EarlierFit[] = [];
  const dropped: FitId[] = [];
  let bytes = 0;
  for (const one of [{ fit, fittedAt, size: bytesOf(report) }, ...before.earlier]) {
    bytes += one.size;
    if (earlier.length < MOST_EARLIER && bytes <= MOST_BYTES && dropped.length === 0) earlier.push(one);
    else dropped.push(one.fit);
  }
  return { earlier, dropped };
}

/** Of draws × parameters, in double precision. */
const bytesOf = ({ parameters, sampling }: Pick<FitReport, 'parameters' | 'sampling'>): number =>
  8 * parameters.length * sampling.chains * sampling.draws;
