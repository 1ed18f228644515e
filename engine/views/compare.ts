/** Several fits side by side: how well each predicts rows it has not seen. */
import { type Comparison, compare } from '../../core/posterior/loo/compare.ts';
import type { SpecChanges } from '../../protocol/views/compare.ts';
import type { ViewOf } from '../../protocol/views.ts';
import { lineDiff } from './lineDiff.ts';
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
    fits: fits.map(({ fit, title, state }, i) => {
      const own = compared.get(fit);
      return {
        fit,
        title,
        report: state.report,
        difference: own ? { elpd: own.difference, se: own.differenceSe } : null,
        weight: own?.weight ?? null,
        changes: i === 0 ? null : changesOf(fits[0].state, state),
      };
    }),
  };
}

/** Lines of a difference that are shown. */
const MOST_LINES = 400;

function changesOf(shown: ViewState, here: ViewState): SpecChanges {
  const lines = lineDiff(shown.source.text, here.source.text);
  return { lines: lines.slice(0, MOST_LINES), more: Math.max(0, lines.length - MOST_LINES), run: runChanges(shown, here) };
}

/** The sampler's settings as they were in force, draws added later included; the method; the data's file. */
function runChanges(shown: ViewState, here: ViewState): SpecChanges['run'] {
  const facts = ({ spec: { sampler }, report, profile }: ViewState): [name: string, value: string][] => [
    ['method', report.method],
    ['chains', String(sampler.chains)],
    ['warmup', String(sampler.warmup)],
    ['draws', String(report.sampling.draws)],
    ['seed', String(report.seed)],
    ['target_accept', String(sampler.target_accept)],
    ['max_treedepth', String(sampler.max_treedepth)],
    ['data', `${profile.file}, ${report.rows.used} rows`],
  ];
  const others = facts(here);
  const run = facts(shown).flatMap(([name, value], k) => (value === others[k][1] ? [] : [{ name, shown: value, here: others[k][1] }]));
  const sameFile = shown.profile.file === here.profile.file && shown.profile.version !== here.profile.version;
  return sameFile ? [...run, { name: 'contents of the data', shown: 'as they were then', here: 'changed in between' }] : run;
}

const weightsOf = ({ data: { rows } }: ViewState): Float64Array => rows.weights ?? new Float64Array(rows.n).fill(1);

function sameRows(a: ViewState, b: ViewState): boolean {
  const [x, y] = [a.data.rows, b.data.rows];
  return x.n === y.n && a.loo !== null && x.y.every((value, i) => value === y.y[i] && x.fileRow[i] === y.fileRow[i]);
}
