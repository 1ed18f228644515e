/** The model's layout for tables and pickers, its formulas and its plate diagram. */

import { diagramOf } from '../../core/design/diagram.ts';
import { formulasOf, outcomeText, responseText } from '../../core/design/notation.ts';
import { formatPrior } from '../../core/design/priors.ts';
import { familyOf } from '../../core/families/index.ts';
import type { Structure } from '../../protocol/views/structure.ts';
import type { ViewState } from './state.ts';

export function structureView({ design, data, parameters, spec }: ViewState): Structure {
  return {
    kind: 'structure',
    response: responseText(design),
    outcome: outcomeText(design),
    family: design.family,
    counts: familyOf(design.family).counts(true),
    groupColumn: design.groupColumn,
    groups: design.groups,
    groupRows: design.groupRows,
    terms: design.terms.map((t) => ({
      name: t.name,
      kind: t.kind,
      pooling: t.pooling,
      prior: formatPrior(t.prior),
      sd: t.sd && formatPrior(t.sd),
      auto: t.auto.prior,
    })),
    mask: design.mask,
    parameters: parameters.map(({ kind, term, group }) => ({ kind, term, group })),
    formulas: formulasOf(design),
    dot: diagramOf(design, data.counts.used),
    covariates: design.terms.filter((t) => t.kind === 'slope').map((t) => t.name),
    predictions: spec.predictions.map((p) => ({ name: p.name, group: p.group, at: [...p.at] })),
  };
}
