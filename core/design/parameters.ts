/** The scalars of a posterior in their stable order: what summaries list, and where each finds its draws. */
import type { Design, Parameter } from './design.ts';

/** `w[name]`, or `alpha`, without the group. */
const base = (kind: 'intercept' | 'slope', name: string): string => (kind === 'intercept' ? 'alpha' : `w[${name}]`);

/**
 * Every scalar: population means and sds of partially pooled terms, intercepts by group, slopes by covariate and group
 * (masked ones are listed, with index −1; a completely pooled one is masked when every group masks it), completely pooled terms, then scale, then what the family has of its own. A parameter that the spec
 * fixes at a number is listed too: its draws are constant.
 */
export function listParameters(design: Design): Parameter[] {
  const list: Parameter[] = [];
  let index = 0;
  const add = (p: Omit<Parameter, 'index'>): void => {
    list.push({ ...p, index: p.masked ? -1 : index++ });
  };
  const terms = design.terms.map((term, t) => ({ term, t }));
  const partial = terms.filter(({ term }) => term.pooling === 'partial');
  for (const kind of ['intercept', 'slope'] as const) {
    const own = partial.filter(({ term }) => term.kind === kind);
    for (const { term, t } of own) {
      const name = kind === 'intercept' ? 'mu_alpha' : `mu_w[${term.name}]`;
      add({ name, kind: 'mu', term: t, group: -1, masked: false, prior: term.prior });
    }
    for (const { term, t } of own) {
      const name = kind === 'intercept' ? 'tau_alpha' : `tau_w[${term.name}]`;
      add({ name, kind: 'tau', term: t, group: -1, masked: false, prior: term.sd });
    }
  }
  for (const { term, t } of terms) {
    const kind = term.kind === 'intercept' ? 'alpha' : 'w';
    if (term.pooling === 'complete') {
      const masked = design.groups.every((_, g) => design.mask[g * terms.length + t] === 0);
      add({ name: base(term.kind, term.name), kind, term: t, group: -1, masked, prior: term.prior });
      continue;
    }
    const prior = term.pooling === 'none' ? term.prior : null;
    design.groups.forEach((group, g) => {
      const name = term.kind === 'intercept' ? `alpha[${group}]` : `w[${term.name}, ${group}]`;
      add({ name, kind, term: t, group: g, masked: design.mask[g * terms.length + t] === 0, prior });
    });
  }
  if (design.scale !== null) {
    const { prior, by } = design.scale;
    if (by === 'all') add({ name: 'scale', kind: 'scale', term: -1, group: -1, masked: false, prior });
    else
      design.groups.forEach((group, g) => {
        add({ name: `scale[${group}]`, kind: 'scale', term: -1, group: g, masked: false, prior });
      });
  }
  for (const { key, prior } of design.own) add({ name: key, kind: 'own', term: -1, group: -1, masked: false, prior });
  return list;
}
