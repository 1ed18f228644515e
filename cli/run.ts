/** Runs one fit in this process, with progress and Ctrl-C. */
import type { SamplerSpec } from '../core/spec/types.ts';
import { Engine } from '../engine/engine.ts';
import type { FitState } from '../engine/state.ts';
import type { EngineAnswer, SpecSource } from '../protocol/engine.ts';
import { EXIT, type Exit } from './exit.ts';
import { tell } from './output.ts';
import { printProblems } from './print/problems.ts';
import { ProgressLine } from './print/progress.ts';

const FIT = 1;

/** A fit that was made. */
export interface FinishedFit {
  readonly engine: Engine;
  readonly state: FitState;
  /** Whether the user stopped it, in its sampling or in its summary: the command then ends as cancelled. */
  readonly interrupted: boolean;
}

/** The fit, or how the command ends without one (its problems are then on standard error). */
export async function runFit(source: SpecSource, overrides: Partial<SamplerSpec>, priorOnly = false): Promise<FinishedFit | Exit> {
  const progress = new ProgressLine();
  let ending: EngineAnswer | null = null;
  const engine = new Engine((answer) => {
    if (answer.kind === 'progress') progress.update(answer.phase, answer.chains);
    else ending = answer;
  });
  let interrupts = 0;
  const interrupt = (): void => {
    if (++interrupts > 1) process.exit(EXIT.cancelled);
    void engine.handle({ kind: 'cancel', id: FIT });
  };
  process.on('SIGINT', interrupt);
  await engine.handle({ kind: 'fit', id: FIT, source, overrides, priorOnly });
  process.off('SIGINT', interrupt);
  progress.clear();
  return settle(engine, source, ending!, interrupts > 0);
}

function settle(engine: Engine, source: SpecSource, ending: EngineAnswer, interrupted: boolean): FinishedFit | Exit {
  switch (ending.kind) {
    case 'fitted':
      printProblems(source, ending.problems);
      if (interrupted) tell('hmask: stopped; these are the draws so far.');
      return { engine, state: engine.state(ending.fit)!, interrupted };
    case 'refused':
      printProblems(source, ending.problems);
      return EXIT.fault;
    case 'cancelled':
      tell('hmask: cancelled before the first draw.');
      return EXIT.cancelled;
    case 'failed':
      printProblems(source, [
        { code: ending.code === 'cannot' ? 'HM090' : ending.code, severity: 'error', message: ending.message, range: { start: 0, end: 0 } },
      ]);
      return EXIT.fault;
    default:
      throw new Error(`The engine answered "${ending.kind}" to a fit.`);
  }
}
