/** The engine: keeps fits by name and answers requests as they come; a cancel reaches a running one at its next breath. */
import { FORMATS } from '../core/export/index.ts';
import { thinDraws } from '../core/posterior/check/replicate.ts';
import type { CancelRequest, EngineAnswer, EngineRequest, FitId, SpecDraft } from '../protocol/engine.ts';
import type { ViewRequest, ViewResponse } from '../protocol/views.ts';
import { type CalibrationOutcome, type CalibrationWatch, calibrate } from './assess/calibrate.ts';
import { predictiveMeans } from './assess/predictRows.ts';
import { isMendable } from './errors.ts';
import { draftFor } from './read/draft.ts';
import { offerOf } from './read/offer.ts';
import { Preparer } from './read/prepare.ts';
import { continueFit, type FitResult, type FitWatch, fitSpec } from './sample/fit.ts';
import type { FitState } from './state.ts';
import { Multiplier } from './threads/multiply.ts';
import { answerView } from './views/answer.ts';
import { isLinear } from './views/replicate.ts';
import { ViewError } from './views/state.ts';

const UTF8 = new TextEncoder();

/** Rows × draws that predictive means are taken over: as many evenly spaced draws as that allows. */
const MOST_PREDICTED = 20_000_000;
const FEWEST_DRAWS = 100;
const OF_ROWS: ReadonlySet<ViewRequest['kind']> = new Set(['observed_predicted', 'row_intervals', 'residuals']);

export class Engine {
  readonly preparer = new Preparer();
  readonly #fits = new Map<FitId, FitState>();
  readonly #stops = new Map<number, Int32Array>();
  readonly #multiplier = new Multiplier();
  readonly #post: (answer: EngineAnswer) => void;
  #lastFit = 0;

  /** @param post takes progress, and every request's one answer. */
  constructor(post: (answer: EngineAnswer) => void) {
    this.#post = post;
  }

  state(fit: FitId): FitState | undefined {
    return this.#fits.get(fit);
  }

  /** Never rejects: whatever goes wrong becomes the request's answer. */
  async handle(request: EngineRequest | CancelRequest): Promise<void> {
    if (request.kind === 'cancel') {
      const stop = this.#stops.get(request.id);
      if (stop) Atomics.store(stop, 0, 1);
      return;
    }
    const { id } = request;
    try {
      this.#post(await this.#answer(request));
    } catch (error) {
      this.#post(failure(id, error));
    } finally {
      this.#stops.delete(id);
    }
  }

  async #answer(request: EngineRequest): Promise<EngineAnswer> {
    const { id } = request;
    switch (request.kind) {
      case 'fit':
        return this.#keep(id, await fitSpec(this.preparer, request.source, request, this.#watch(id)));
      case 'continue':
        return this.#keep(id, await continueFit(this.#fit(request.fit), request.draws, this.#watch(id)));
      case 'calibrate':
        return this.#calibrated(id, await calibrate(this.preparer, request.source, null, request.rounds, this.#roundsWatch(id)));
      case 'check':
        return { kind: 'checked', id, problems: (await this.preparer.check(request.source)).problems };
      case 'draft':
        return { kind: 'drafted', id, draft: await this.#draft(request) };
      case 'view':
        return { kind: 'viewed', id, view: await this.#view(request.fit, request.view) };
      case 'export':
        return {
          kind: 'exported',
          id,
          parts: Array.from(FORMATS[request.format].text(this.#fit(request.fit)), (part) => UTF8.encode(part)),
        };
      case 'forget': {
        const state = this.#fits.get(request.fit);
        this.#fits.delete(request.fit);
        if (state && ![...this.#fits.values()].some((s) => s.source.path === state.source.path)) this.preparer.forget(state.source.path);
        return { kind: 'forgotten', id };
      }
    }
  }

  async #draft({ specPath, file, choices }: Extract<EngineRequest, { readonly kind: 'draft' }>): Promise<SpecDraft> {
    const { covariates, ...roles } = choices;
    return offerOf(await draftFor(specPath, file, { ...roles, covariates: covariates ?? undefined, comments: true }));
  }

  #calibrated(id: number, outcome: CalibrationOutcome): EngineAnswer {
    switch (outcome.kind) {
      case 'calibrated':
        return { kind: 'calibrated', id, report: outcome.report, stopped: outcome.stopped };
      case 'refused':
        return { kind: 'refused', id, problems: outcome.problems };
      case 'cancelled':
        return { kind: 'cancelled', id };
    }
  }

  #roundsWatch(id: number): CalibrationWatch {
    return { stop: this.#stopOf(id), progress: (done, total) => this.#post({ kind: 'rounds', id, done, total }) };
  }

  #watch(id: number): FitWatch {
    return { stop: this.#stopOf(id), progress: (phase, chains) => this.#post({ kind: 'progress', id, phase, chains }) };
  }

  #stopOf(id: number): Int32Array {
    const stop = new Int32Array(new SharedArrayBuffer(4));
    this.#stops.set(id, stop);
    return stop;
  }

  #fit(fit: FitId): FitState {
    const state = this.#fits.get(fit);
    if (!state) throw new ViewError('This fit is no longer kept; fit again.');
    return state;
  }

  async #view(fit: FitId, view: ViewRequest): Promise<ViewResponse> {
    const named = (name: FitId) => {
      const state = this.#fits.get(name);
      return state && { fit: name, title: state.report.spec, state };
    };
    if (OF_ROWS.has(view.kind)) await this.#predictRows(fit);
    const state = this.#fit(fit);
    return answerView(view, state, { fit, title: state.report.spec }, named);
  }

  /** The predictive mean of every row: draws × rows, once a fit, when a picture first needs it and the coefficients' means do not tell. */
  async #predictRows(fit: FitId): Promise<void> {
    const state = this.#fit(fit);
    const { rows } = state.data;
    const most = Math.floor(MOST_PREDICTED / Math.max(1, rows.n));
    if (state.predicted !== null || isLinear(state) || most < FEWEST_DRAWS) return;
    const predicted = await predictiveMeans({ ...state, draws: thinDraws(state.draws, most) }, rows, this.#multiplier);
    if (this.#fits.has(fit)) this.#fits.set(fit, { ...state, predicted });
  }

  #keep(id: number, result: FitResult): EngineAnswer {
    switch (result.kind) {
      case 'refused':
        return { kind: 'refused', id, problems: result.problems };
      case 'cancelled':
        return { kind: 'cancelled', id };
      case 'fitted': {
        const fit = `fit-${++this.#lastFit}`;
        this.#fits.set(fit, result.state);
        return { kind: 'fitted', id, fit, report: result.state.report, problems: result.state.problems };
      }
    }
  }
}

/** One sentence for the user. A fault of ours carries a code to report. */
function failure(id: number, error: unknown): EngineAnswer {
  if (isMendable(error)) return { kind: 'failed', id, code: 'cannot', message: error.message };
  const message = (error instanceof Error ? error.message : String(error)).replace(/\.$/, '');
  return { kind: 'failed', id, code: 'HM900', message: `The engine failed (HM900): ${message}. Please report this with your spec.` };
}
