import { formatPrior } from '../../core/design/priors.ts';
import type { Path } from '../../core/spec/json.ts';
import { DISTRIBUTION_INFO, signatureOf } from '../../core/spec/priors.ts';
import type { DistributionName } from '../../core/spec/types.ts';
import { isOwnKey } from '../../core/spec/types.ts';
import type { FeatureContext } from '../context.ts';
import { automaticPrior } from './automaticPrior.ts';
import { parametersText, parameterText } from './hoverPosterior.ts';
import { code } from './markdown.ts';
import { describeChoice, describePath } from './schema.ts';

/** A key's description, as the schema has it. */
export const keyText = (path: Path): string | null => describePath(path);

/** A word of a closed set: a family, a pooling, a transform. */
export function wordText(key: string, value: string): string | null {
  const text = describeChoice(key, value);
  return text === null ? null : `**${code(value)}**\n\n${text}`;
}

/** A prior: what it is, its parameters, what `"auto"` stands for, and after a fit the posterior of the one parameter it is of. */
export function priorText(context: FeatureContext, path: Path, value: string | null): string | null {
  const parts: string[] = [];
  const name = /^\s*([a-z_]+)/.exec(value ?? '')?.[1] as DistributionName | undefined;
  const info = name === undefined ? undefined : DISTRIBUTION_INFO.get(name);
  if (info !== undefined) {
    parts.push(`**${code(signatureOf(info.name))}** · ${info.meaning}`);
    if (info.parameters.length > 0) parts.push(info.parameters.map((p) => `- ${code(p.name)}: ${p.meaning}`).join('\n'));
  }
  if (value === 'auto' || value === null) {
    const auto = automaticPrior(context, path);
    if (auto !== null)
      parts.push(
        `\`auto\` is here ${auto.map((a) => `${code(formatPrior(a.prior))}${a.of === null ? '' : ` for ${code(a.of)}`}`).join(', ')}`,
      );
  }
  const posterior = posteriorOf(context, path);
  if (posterior !== null) parts.push(posterior);
  return parts.length === 0 ? null : parts.join('\n\n');
}

/** The posterior of what a prior is of: one parameter with its picture, or those of every group. */
function posteriorOf(context: FeatureContext, path: Path): string | null {
  const [top, second, third] = path;
  const many = (wanted: (name: string) => boolean) => parametersText(context, wanted)?.join('\n\n') ?? null;
  if (top === 'covariates' && typeof second === 'number') {
    const name = context.spec?.spec.covariates.findLast((c) => c.item === second)?.name;
    return third === 'sd' ? parameterText(context, `tau_w[${name}]`) : many((p) => p.startsWith(`w[${name}, `) || p === `mu_w[${name}]`);
  }
  const key = top === 'intercept' ? (second === 'sd' ? 'intercept_sd' : 'intercept') : String(second);
  switch (key) {
    case 'scale':
      return parameterText(context, 'scale') ?? many((p) => p.startsWith('scale['));
    case 'intercept':
      return parameterText(context, 'mu_alpha') ?? parameterText(context, 'alpha') ?? many((p) => p.startsWith('alpha['));
    case 'intercept_sd':
      return parameterText(context, 'tau_alpha');
    case 'weights':
      return many((p) => p.startsWith('mu_w[')) ?? many((p) => p.startsWith('w['));
    case 'weights_sd':
      return many((p) => p.startsWith('tau_w['));
    default:
      return isOwnKey(key) ? parameterText(context, key) : null;
  }
}
