/** Several fits side by side: how well each predicts rows it has not seen. */
import type { ComparedFit, ViewOf } from '../../protocol/views.ts';
import type { ViewState } from './state.ts';

/** A kept fit with what the user calls it. */
export interface NamedState {
  readonly fit: string;
  readonly title: string;
  readonly state: ViewState;
}

/** Differences of elpd are against the best, row by row, with the standard error of Vehtari et al. 2017, equation 24. */
export function compareView(fits: readonly NamedState[]): ViewOf<'compare'> {
  const pointwise = fits.map(({ state }) => state.loo?.elpd ?? null);
  const totals = pointwise.map((elpd) => (elpd === null ? Number.NEGATIVE_INFINITY : elpd.reduce((a, b) => a + b, 0)));
  const best = totals.indexOf(Math.max(...totals));
  const compared: ComparedFit[] = fits.map(({ fit, title, state }, i) => ({
    fit,
    title,
    report: state.report,
    difference: sameRows(fits[best]?.state, state) ? differenceOf(pointwise[i], pointwise[best]) : null,
    weight: null,
  }));
  return { kind: 'compare', fits: compared };
}

/** Whether two fits saw the same responses in the same rows. */
function sameRows(a: ViewState | undefined, b: ViewState): boolean {
  if (!a || a.data.rows.n !== b.data.rows.n) return false;
  return a.data.rows.y.every((y, i) => y === b.data.rows.y[i] && a.data.rows.fileRow[i] === b.data.rows.fileRow[i]);
}

function differenceOf(elpd: Float64Array | null, best: Float64Array | null): { elpd: number; se: number } | null {
  if (elpd === null || best === null || elpd.length !== best.length) return null;
  const n = elpd.length;
  const each = elpd.map((value, i) => value - best[i]);
  const total = each.reduce((a, b) => a + b, 0);
  const variance = each.reduce((sum, d) => sum + (d - total / n) ** 2, 0) / Math.max(1, n - 1);
  return { elpd: total, se: Math.sqrt(n * variance) };
}
