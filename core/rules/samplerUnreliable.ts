import { nodeAt } from '../spec/json.ts';
import { problemOf, replaceAt, type SpecRule } from './rule.ts';

/** The smallest bulk ESS at which R-hat and the summaries are dependable (Vehtari et al. 2021, section 4). */
const LEAST_DRAWS = 400;
const LEAST_WARMUP = 50;
const LEAST_DEPTH = 4;
/** Draws beyond each end of an interval, below which its ends are those of a few extreme draws. */
const LEAST_BEYOND = 2;

/** HM702: sampler values that work but leave the diagnostics unreliable. */
export const samplerUnreliable: SpecRule = function* (context) {
  const { sampler } = context.spec;
  const given = (key: string) => nodeAt(context.tree, ['sampler', key]) !== undefined;
  const at = (key: string) => context.locate(['sampler', key]);
  const replace = (key: string, value: number) => replaceAt(context, ['sampler', key], String(value), `Change to ${value}`);
  if (sampler.chains === 1 && given('chains')) {
    const message = 'One chain cannot show whether chains agree, so R-hat says little; use 4.';
    yield problemOf('HM702', 'warning', message, at('chains'), [replace('chains', 4)]);
  }
  const total = sampler.chains * sampler.draws;
  if (sampler.chains >= 1 && sampler.draws >= 1 && total < LEAST_DRAWS) {
    const key = given('draws') ? 'draws' : 'chains';
    const enough = key === 'draws' ? Math.ceil(LEAST_DRAWS / sampler.chains) : 4;
    const message = `${sampler.chains} × ${sampler.draws} draws are fewer than the ${LEAST_DRAWS} that dependable diagnostics need; raise "draws" to ${Math.ceil(LEAST_DRAWS / sampler.chains)}.`;
    yield problemOf('HM702', 'warning', message, at(key), [replace(key, enough)]);
  }
  if (given('warmup') && sampler.warmup >= 0 && sampler.warmup < LEAST_WARMUP) {
    const message = `${sampler.warmup} warm-up iterations are too few to find a step size; use at least 200.`;
    yield problemOf('HM702', 'warning', message, at('warmup'), [replace('warmup', 200)]);
  }
  if (given('max_treedepth') && sampler.max_treedepth >= 1 && sampler.max_treedepth < LEAST_DEPTH) {
    const message = `A max_treedepth of ${sampler.max_treedepth} ends trajectories after ${2 ** sampler.max_treedepth} steps, often too early to move far; use 10.`;
    yield problemOf('HM702', 'warning', message, at('max_treedepth'), [replace('max_treedepth', 10)]);
  }
  const { prob } = context.spec.interval;
  const beyond = ((1 - prob) / 2) * total;
  if (nodeAt(context.tree, ['interval', 'prob']) !== undefined && prob > 0 && prob < 1 && total >= LEAST_DRAWS && beyond < LEAST_BEYOND) {
    const enough = Math.max(1, 10 ** Math.floor(Math.log10(total / (2 * LEAST_BEYOND))));
    const better = Math.min(0.99, Number((1 - 1 / enough).toPrecision(6)));
    const message = `Of ${total} draws only ${Number(beyond.toPrecision(1))} would lie beyond each end of an interval of ${prob}, so its ends are left to chance; use ${better}, or more draws.`;
    yield problemOf('HM702', 'warning', message, context.locate(['interval', 'prob']), [
      replaceAt(context, ['interval', 'prob'], String(better), `Change to ${better}`),
    ]);
  }
  const accept = sampler.target_accept;
  if (given('target_accept') && accept > 0 && accept < 1 && (accept < 0.5 || accept > 0.999)) {
    const message = `A target_accept of ${accept} makes ${accept < 0.5 ? 'divergences likely' : 'the steps needlessly small'}; use a value from 0.8 to 0.99.`;
    yield problemOf('HM702', 'warning', message, at('target_accept'), [replace('target_accept', accept < 0.5 ? 0.8 : 0.99)]);
  }
};
