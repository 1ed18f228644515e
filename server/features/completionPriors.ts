/** Priors as snippets, their numbers from the data's scale. */

import { automaticPriors } from '../../core/design/autoPriors.ts';
import { formatPrior } from '../../core/design/priors.ts';
import { slopesOf } from '../../core/design/slopes.ts';
import { families } from '../../core/families/index.ts';
import type { Path } from '../../core/spec/json.ts';
import { DISTRIBUTION_INFO, signatureOf } from '../../core/spec/priors.ts';
import type { DistributionName, Prior } from '../../core/spec/types.ts';
import { OWN_KEYS } from '../../core/spec/types.ts';
import type { FeatureContext } from '../context.ts';
import type { Choice } from './choice.ts';

/** Every distribution that suits the parameter at a path, the usual first, after `auto`. */
export function priorChoices(context: FeatureContext, path: Path): readonly Choice[] {
  const last = String(path.at(-1));
  const positive = last === 'sd' || path[1] === 'scale' || ['intercept_sd', 'weights_sd', ...OWN_KEYS].includes(last);
  const typical = typicalPrior(context, path, positive);
  const scale = typical === null ? 1 : scaleOf(typical);
  const auto: Choice = {
    label: 'auto',
    detail: typical === null ? "from the data's scale" : `here ${formatPrior(typical)}`,
    documentation: "Weakly informative, from the data's scale.",
  };
  const choices = [...DISTRIBUTION_INFO.values()]
    .filter((info) => info.support === 'any' || info.support === (positive ? 'positive' : 'real'))
    .map((info): Choice => {
      const values = argumentsOf(info.name, scale, typical);
      const filled = `${info.name}(${values.join(', ')})`;
      const places = values.map((v, i) => `\${${i + 1}:${v}}`).join(', ');
      return {
        label: filled,
        json: `"${info.name}(${places})"`,
        snippet: true,
        detail: signatureOf(info.name),
        documentation: info.meaning,
      };
    });
  return [auto, ...choices];
}

function argumentsOf(name: DistributionName, scale: number, typical: Prior | null): readonly number[] {
  if (typical !== null && 'dist' in typical && typical.dist === name) return typical.args;
  const tidy = Number(scale.toPrecision(3));
  return DISTRIBUTION_INFO.get(name)!.parameters.map((p) => {
    switch (p.name) {
      case 'mu':
        return name === 'lognormal' ? Number(Math.log(scale).toPrecision(3)) : 0;
      case 'a':
        return name === 'uniform' && typical !== null && 'dist' in typical && typical.dist !== 'normal' ? 0 : -10 * tidy;
      case 'nu':
        return 3;
      case 'rate':
        return name === 'exponential' ? Number((1 / scale).toPrecision(3)) : Number((2 / scale).toPrecision(3));
      case 'shape':
        return 2;
      default:
        return p.name === 'b' && name === 'uniform' ? 10 * tidy : name === 'lognormal' ? 1 : tidy;
    }
  });
}

/** The width of an automatic prior. */
function scaleOf(prior: Prior): number {
  if ('fixed' in prior) return 1;
  return prior.dist === 'exponential' ? 1 / prior.args[0] : (prior.args.at(-1) ?? 1);
}

function typicalPrior({ data }: FeatureContext, path: Path, positive: boolean): Prior | null {
  if (data === null) return null;
  const auto = automaticPriors(data.spec, data.profile);
  const [top, second] = path;
  const { covariates } = data.spec;
  const item = top === 'covariates' && typeof second === 'number' ? second : covariates[0]?.item;
  const factors = slopesOf(data.spec, data.profile).find((s) => covariates[s.covariate].item === item)?.factors ?? null;
  if (second === 'scale') return auto.scale();
  const own = families().flatMap((f) => f.own.filter(({ key }) => key === second));
  if (own.length > 0) return own[0].prior;
  const intercept = top === 'intercept' || second === 'intercept' || second === 'intercept_sd';
  if (!intercept && factors === null) return null;
  return positive ? auto.populationSd(intercept ? [] : factors!) : auto.coefficient(intercept ? [] : factors!);
}
