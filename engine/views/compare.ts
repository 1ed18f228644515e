/** Several fits side by side: how well each predicts rows it has not seen. */
import { type Comparison, compare } from '../../core/posterior/compare.ts';
import type { ViewOf } from '../../protocol/views.ts';
import type { ViewState } from './state.ts';

/** A kept fit with what the user calls it. */
export interface NamedState {
  readonly fit: string;
  readonly title: string;
  readonly state: ViewState;
}

/** Fits whose leave-one-out is over the same responses in the same rows as the first's are compared; all are shown. */
export function compareView(fits: readonly NamedState[]): ViewOf<'compare'> {
  const comparable = fits.filter(({ state }) => state.loo !== null && sameRows(fits[0].state, state));
  const models = comparable.map(({ state }) => ({ elpd: state.loo!.elpd, weight: weightsOf(state) }));
  const compared = new Map<string, Comparison>(
    models.length < 2 ? [] : compare(models).map((comparison) => [comparable[comparison.model].fit, comparison]),
  );
  return {
    kind: 'compare',
    fits: fits.map(({ fit, title, state }) => {
      const own = compared.get(fit);
      return {
        fit,
        title,
        report: state.report,
        difference: own ? { elpd: own.difference, se: own.differenceSe } : null,
        weight: own?.weight ?? null,
      };
    }),
  };
}

const weightsOf = ({ data: { rows } }: ViewState): Float64Array => rows.weights ?? new Float64Array(rows.n).fill(1);

function sameRows(a: ViewState, b: ViewState): boolean {
  const [x, y] = [a.data.rows, b.data.rows];
  return x.n === y.n && a.loo !== null && x.y.every((value, i) => value === y.y[i] && x.fileRow[i] === y.fileRow[i]);
}
