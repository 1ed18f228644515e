import { nodeAt } from '../spec/json.ts';
import { problemOf, replaceAt, type SpecRule } from './rule.ts';

/** The smallest bulk ESS at which R-hat and the summaries are dependable (Vehtari et al. 2021, section 4). */
const LEAST_DRAWS = 400;
const LEAST_WARMUP = 50;

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
  const accept = sampler.target_accept;
  if (given('target_accept') && accept > 0 && accept < 1 && (accept < 0.5 || accept > 0.999)) {
    const message = `A target_accept of ${accept} makes ${accept < 0.5 ? 'divergences likely' : 'the steps needlessly small'}; use a value from 0.8 to 0.99.`;
    yield problemOf('HM702', 'warning', message, at('target_accept'), [replace('target_accept', accept < 0.5 ? 0.8 : 0.99)]);
  }
};
