import type { Path } from '../../core/spec/json.ts';
import type { Prior } from '../../core/spec/types.ts';
import type { FeatureContext } from '../context.ts';

/** The numbers that `"auto"` at a path stands for: several where one key serves several covariates. `null` without a model. */
export function automaticPrior({ design, spec }: FeatureContext, path: Path): readonly { of: string | null; prior: Prior }[] | null {
  if (design === null || spec === null) return null;
  const some = (list: { of: string | null; prior: Prior }[]) => (list.length === 0 ? null : list);
  const [top, second, third] = path;
  const intercepts = design.terms.filter((t) => t.kind === 'intercept');
  const slopes = design.terms.filter((t) => t.kind === 'slope');
  const which = (terms: typeof slopes, sd: boolean) =>
    some(
      terms.flatMap((t) => {
        const prior = sd ? t.sd : t.prior;
        return prior !== null && (sd ? t.auto.sd : t.auto.prior) ? [{ of: t.kind === 'intercept' ? null : t.name, prior }] : [];
      }),
    );
  if (top === 'covariates' && typeof second === 'number')
    return which(
      slopes.filter((t) => spec.spec.covariates[t.covariate]?.item === second),
      third === 'sd',
    );
  if (top === 'intercept') return which(intercepts, second === 'sd');
  if (top !== 'priors') return null;
  switch (second) {
    case 'intercept':
      return which(intercepts, false);
    case 'weights':
      return which(slopes.slice(0, 6), false);
    case 'intercept_sd':
      return which(intercepts, true);
    case 'weights_sd':
      return which(slopes.slice(0, 6), true);
    default: {
      const scalar = second === 'scale' ? design.scale : design.own.find(({ key }) => key === second);
      return scalar?.auto === true ? [{ of: null, prior: scalar.prior }] : null;
    }
  }
}
