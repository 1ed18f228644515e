/** May I trust this fit? Everything that is wrong with it, worst first, and what to do. */
import type { Parameter } from '../model/design.ts';
import type { Mode } from '../sampler/modes.ts';
import type { Draws } from '../sampler/types.ts';
import type { SamplerSpec } from '../spec/types.ts';
import { modesFlag } from './modeFlag.ts';
import { type Dispersion, dispersionFlag, type ParetoK, paretoFlag, paretoNote, priorConflictFlag } from './modelFlags.ts';
import type { Flag, Verdict } from './report.ts';
import {
  divergenceFlag,
  energyFlag,
  essFlag,
  essNote,
  heavyTailFlag,
  rHatFlag,
  rHatNote,
  stuckFlag,
  tooShortFlag,
  treeDepthFlag,
} from './samplingFlags.ts';
import type { Assessment } from './summary.ts';

/** What a verdict is made from. */
export interface Trial {
  readonly draws: Draws;
  readonly parameters: readonly Parameter[];
  /** From `assess` of the same draws and parameters. */
  readonly assessment: Assessment;
  /** Those that were found before sampling, the first the one of most mass; empty where none was looked for. */
  readonly modes: readonly Mode[];
  readonly sampler: Pick<SamplerSpec, 'draws' | 'target_accept' | 'max_treedepth'>;
  /** Whether the user stopped the fit before its last draw. */
  readonly stopped: boolean;
  /** Of each chain, when a stop left no time to go through all draws: those that the assessment is of. */
  readonly glance?: number;
  /** `null` where leave-one-out has not been computed. */
  readonly paretoK: ParetoK | null;
  /** Counts only; `null` where it has not been computed. */
  readonly dispersion: Dispersion | null;
  /** Sentences of what the model itself implies, such as means that do not exist. */
  readonly remarks?: readonly string[];
}

/**
 * The verdict. Thresholds are those of Vehtari et al. (2021) and Stan: any divergence, R-hat > 1.01, ESS < 100 a chain, E-BFMI < 0.3, tree
 * depth reached; with two allowances so that a sound fit of many parameters or few draws is not called bad:
 *
 * - R-hat > 1.01 is a flag only where chains differ more than chance explains (probability below 1e-6 over the number of parameters,
 *   given their autocorrelation; see Diagnostician.chanceOfDisagreement); else a note says so. With 4 × 300 draws of ESS 600 one parameter in
 *   twenty has R-hat > 1.01 without any fault; slow mixing that could hide behind its autocorrelation is flagged by its ESS.
 * - ESS of 75 to 100 a chain is a note where most parameters have more: the smallest of many estimates is low by chance.
 * - Rows with k-hat above its limit are a flag where they are outliers too, else a note: one row in some hundreds has a rare covariate in any data.
 * - A prior conflicts with the data beyond 1e-4 over the number of parameters.
 */
export function judge(trial: Trial): Verdict {
  const always = [divergenceFlag, energyFlag, treeDepthFlag].map((flag) => flag(trial));
  const ofTheTable = [tooShortFlag, modesFlag, stuckFlag, rHatFlag, essFlag, heavyTailFlag, priorConflictFlag];
  const found = (
    trial.glance === undefined
      ? [
          stoppedFlag(trial),
          ...ofTheTable.map((flag) => flag(trial)),
          ...always,
          dispersionFlag(trial.dispersion),
          paretoFlag(trial.paretoK),
        ]
      : [glanceFlag(trial, trial.glance), ...always]
  ).filter((flag) => flag !== null);
  const flags = [...found].sort((a, b) => RANK[a.severity] - RANK[b.severity]);
  const trustworthy = flags.every((flag) => flag.severity === 'info');
  const notes =
    trial.glance === undefined ? [rHatNote(trial), essNote(trial), paretoNote(trial.paretoK)].filter((note) => note !== null) : [];
  notes.unshift(...(trial.remarks ?? []));
  return { trustworthy, headline: headlineOf(flags, notes, trustworthy), flags, notes };
}

const RANK: Readonly<Record<Flag['severity'], number>> = { error: 0, warning: 1, info: 2 };

function stoppedFlag({ stopped, draws, sampler }: Trial): Flag | null {
  if (!stopped) return null;
  return {
    id: 'stopped',
    severity: 'info',
    message: `The fit was stopped after ${draws.draws} of ${sampler.draws} draws a chain.`,
    advice: 'The numbers are those of the draws so far; draw the rest for the accuracy you asked for.',
    parameters: [],
    action: sampler.draws > draws.draws ? { kind: 'more_draws', draws: sampler.draws - draws.draws } : null,
  };
}

/** Convergence cannot be judged by a few draws of each chain: until it is, the fit is not to be trusted. */
function glanceFlag({ draws, sampler }: Trial, glance: number): Flag {
  return {
    id: 'stopped',
    severity: 'warning',
    message: `The fit was stopped, and its table is made from only ${glance} of the ${draws.draws} draws of each chain that were kept.`,
    advice: 'Convergence has not been judged. Draw more, if only a few, to have the table and the checks from all draws.',
    parameters: [],
    action: { kind: 'more_draws', draws: Math.max(FEWEST_MORE, sampler.draws - draws.draws) },
  };
}

const FEWEST_MORE = 10;

/** Faults of sampling make every number suspect; the others leave the posterior right and question the model. */
const OF_THE_MODEL: readonly Flag['id'][] = ['prior_conflict', 'overdispersion', 'pareto_k'];

function headlineOf(flags: readonly Flag[], notes: readonly string[], trustworthy: boolean): string {
  const serious = flags.filter((flag) => flag.severity !== 'info');
  if (trustworthy)
    return flags.length + notes.length === 0
      ? 'The draws can be trusted: nothing is wrong with this fit.'
      : 'The draws can be trusted; see the remarks.';
  const first = serious[0].message.replace(/\.$/, '');
  const more = serious.length === 1 ? '' : ` (and ${serious.length - 1} more)`;
  const sampling = serious.some((flag) => !OF_THE_MODEL.includes(flag.id));
  return sampling
    ? `Do not trust this fit yet: ${decapitalise(first)}${more}.`
    : `The sampling is sound, but question the model: ${decapitalise(first)}${more}.`;
}

/** Lower-cases the first word, unless it is a name such as R-hat or E-BFMI. */
const decapitalise = (text: string): string => (/^[A-Z][a-z ]/.test(text) ? text[0].toLowerCase() + text.slice(1) : text);
