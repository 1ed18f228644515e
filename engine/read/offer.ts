/** A drafted spec as a person chooses among its columns. */
import type { ColumnProfile, DataProfile } from '../../core/data/profile.ts';
import type { Draft } from '../../core/init/draft.ts';
import { noCovariate, unusable } from '../../core/init/roles.ts';
import type { ColumnOffer, SpecDraft } from '../../protocol/engine.ts';
import type { Drafted } from './draft.ts';

const SHOWN_LEVELS = 4;

export function offerOf({ draft, profile }: Drafted): SpecDraft {
  return {
    columns: profile.columns.map((c) => columnOffer(c, profile)),
    fault: faultOf(draft, profile),
    text: draft?.text ?? '',
    response: draft?.response ?? null,
    group: draft?.group ?? null,
    covariates: draft?.covariates ?? [],
    leftOut: draft?.leftOut ?? [],
    family: draft?.family ?? null,
  };
}

function faultOf(draft: Draft | null, profile: DataProfile): string | null {
  const fatal = profile.faults.find((f) => f.fatal);
  if (fatal !== undefined) return fatal.message;
  if (draft === null) return 'No column holds numbers that could be the response.';
  return draft.problems[0]?.message ?? null;
}

const columnOffer = (c: ColumnProfile, { rows }: DataProfile): ColumnOffer => ({
  name: c.name,
  holds: `${kindText(c)}${c.empty > 0 ? `, ${c.empty.toLocaleString('en')} empty` : ''}`,
  isNumeric: c.kind === 'number' && c.count > 0,
  against: unusable(c, rows) ?? noCovariate(c, rows),
});

function kindText(c: ColumnProfile): string {
  const short = (x: number): string => Number(x.toPrecision(4)).toLocaleString('en', { maximumSignificantDigits: 4 });
  switch (c.kind) {
    case 'number':
      return `${c.integer ? 'whole numbers' : 'numbers'} from ${short(c.min)} to ${short(c.max)}`;
    case 'text': {
      const shown = c.levels.slice(0, SHOWN_LEVELS).join(', ');
      return `${c.distinct.toLocaleString('en')} ${c.distinct === 1 ? 'level' : 'levels'}: ${shown}${c.distinct > SHOWN_LEVELS ? ', …' : ''}`;
    }
    case 'mixed':
      return `numbers and ${c.texts.toLocaleString('en')} ${c.texts === 1 ? 'text' : 'texts'}`;
    case 'empty':
      return 'nothing';
    case 'unread':
      return 'not read yet';
  }
}
