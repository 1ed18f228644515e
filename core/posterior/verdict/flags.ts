/** All that a verdict looks at, in the order in which flags of one severity are listed. */

import type { Flag } from '../report.ts';
import { modesFlag } from './modeFlag.ts';
import { dispersionFlag, paretoFlag, paretoNote, priorConflictFlag } from './modelFlags.ts';
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
import { glanceFlag, stoppedFlag } from './stopFlags.ts';
import type { Trial } from './trial.ts';

interface FlagEntry {
  /** What it finds wrong, or `null`. */
  readonly flag: (trial: Trial) => Flag | null;
  /** `table`: it reads the summary of all draws, which a glance does not have; `all`: the draws alone. */
  readonly needs: 'table' | 'all';
}

export const FLAGS: readonly FlagEntry[] = [
  { flag: glanceFlag, needs: 'all' },
  { flag: stoppedFlag, needs: 'all' },
  { flag: tooShortFlag, needs: 'table' },
  { flag: modesFlag, needs: 'table' },
  { flag: stuckFlag, needs: 'table' },
  { flag: rHatFlag, needs: 'table' },
  { flag: essFlag, needs: 'table' },
  { flag: heavyTailFlag, needs: 'table' },
  { flag: priorConflictFlag, needs: 'table' },
  { flag: divergenceFlag, needs: 'all' },
  { flag: energyFlag, needs: 'all' },
  { flag: treeDepthFlag, needs: 'all' },
  { flag: dispersionFlag, needs: 'table' },
  { flag: paretoFlag, needs: 'table' },
];

/** What is worth a sentence, and no fault. */
export const NOTES: readonly ((trial: Trial) => string | null)[] = [rHatNote, essNote, paretoNote];
