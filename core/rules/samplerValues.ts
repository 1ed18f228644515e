import { DEFAULT_INTERVAL, DEFAULT_SAMPLER, SAMPLER_BOUNDS } from '../spec/defaults.ts';
import { nodeAt, type Path } from '../spec/json.ts';
import { quote } from '../spec/nearest.ts';
import type { Problem } from '../spec/problem.ts';
import { problemOf, replaceAt, type SpecContext, type SpecRule } from './rule.ts';

/** HM701: sampler and interval values that cannot work. */
export const samplerValues: SpecRule = function* (context) {
  const { sampler, interval } = context.spec;
  for (const key of ['chains', 'warmup', 'draws', 'seed', 'max_treedepth'] as const) {
    const [least, most] = SAMPLER_BOUNDS[key];
    const value = sampler[key];
    if (Number.isInteger(value) && value >= least && value <= most) continue;
    yield* say(context, ['sampler', key], `a whole number from ${least} to ${most}`, value, DEFAULT_SAMPLER[key]);
  }
  if (!(sampler.target_accept > 0 && sampler.target_accept < 1)) {
    yield* say(context, ['sampler', 'target_accept'], 'between 0 and 1', sampler.target_accept, DEFAULT_SAMPLER.target_accept);
  }
  if (!(interval.prob > 0 && interval.prob < 1)) {
    yield* say(context, ['interval', 'prob'], 'between 0 and 1, such as 0.9', interval.prob, DEFAULT_INTERVAL.prob);
  }
};

function* say(context: SpecContext, path: Path, needs: string, value: number, fallback: number): Iterable<Problem> {
  const node = nodeAt(context.tree, path);
  if (node === undefined) return;
  const written = context.text.slice(node.offset, node.offset + node.length).slice(0, 40);
  // A share in per cent.
  const meant = fallback < 1 && value > 1 && value < 100 ? value / 100 : fallback;
  const message = `${quote(String(path.at(-1)))} must be ${needs}, not ${written}.`;
  yield problemOf('HM701', 'error', message, context.locate(path), [replaceAt(context, path, String(meant), `Change to ${meant}`)]);
}
