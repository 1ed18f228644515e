/** What the extension host takes from a webview: a message is let in only when every field of it is what its channel says. */
import type { Flag } from '../core/posterior/report.ts';
import { content, finite, type Guard, type Kinds, literals, object, oneOf, text, whole } from './guard.ts';
import type { PageMessage } from './page.ts';
import type { PanelMessage, SavedFile } from './panel.ts';
import type { PredictionsMessage } from './predictions.ts';
import { isScenario, isViewRequest } from './views.ts';

const id = whole(0, Number.MAX_SAFE_INTEGER);

const PAGE: Kinds<PageMessage> = {
  ready: {},
  want_results: {},
  view: { id, fit: text, request: isViewRequest },
  add_prediction: { scenario: isScenario },
  copy: { text: content },
  fault: { message: content },
};

type Action = NonNullable<Flag['action']>;

/** Draws a chain that a button may ask for; the engine has bounds of its own. */
const MOST_DRAWS = 1e9;

const action: Guard<Action> = oneOf<Action>({
  more_draws: { draws: whole(1, MOST_DRAWS) },
  target_accept: { value: (value): value is number => finite(value) && value > 0 && value < 1 },
  open_parameter: { parameter: text },
});

/** A message of the results panel. */
export const isPanelMessage: Guard<PanelMessage> = oneOf<PanelMessage>({
  ...PAGE,
  command: {
    command: literals('fit', 'cancel', 'open_spec', 'check_priors', 'open_predictions', 'calibrate', 'cancel_calibration'),
  },
  act: { action },
  save: { file: object<SavedFile>({ name: text, encoding: literals('text', 'base64'), content }) },
});

/** A message of the view Predictions. */
export const isPredictionsMessage: Guard<PredictionsMessage> = oneOf<PredictionsMessage>({
  ...PAGE,
  command: { command: literals('fit', 'open_spec', 'open_results') },
});

/** The number of a question that is none, so that its page can be told; `null` where the message is no question at all. */
export function numberOfQuestion(message: unknown): number | null {
  const isQuestion = object<{ readonly kind: 'view'; readonly id: number; readonly fit: unknown; readonly request: unknown }>({
    kind: literals('view'),
    id,
    fit: (value): value is unknown => value !== undefined,
    request: (value): value is unknown => value !== undefined,
  });
  return isQuestion(message) ? message.id : null;
}

/** The spec that a panel's kept state names; `null` for none, and for what is no such state. */
export function specOfState(state: unknown): string | null {
  const spec: unknown = typeof state === 'object' && state !== null && 'spec' in state ? state.spec : null;
  return text(spec) ? spec : null;
}
