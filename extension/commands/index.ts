/** Every command of the manifest. */
import { commands, type Disposable, window } from 'vscode';
import { plainMessage } from '../plain.ts';
import type { Command, Services } from '../services.ts';
import { calibrate, cancelCalibration } from './calibrate.ts';
import { checkPriors, fit } from './fit.ts';
import { newSpec } from './newSpec.ts';
import { exportSummary, forgetFit, openPredictions, openResults } from './results.ts';
import { act, cancel, continueSampling } from './sampling.ts';
import { simulate } from './simulate.ts';

const COMMANDS: Readonly<Record<string, Command>> = {
  'hmask.fit': fit,
  'hmask.checkPriors': checkPriors,
  'hmask.calibrate': calibrate,
  'hmask.cancelCalibration': cancelCalibration,
  'hmask.cancel': cancel,
  'hmask.continueSampling': continueSampling,
  'hmask.act': act,
  'hmask.openResults': openResults,
  'hmask.openPredictions': openPredictions,
  'hmask.exportSummary': exportSummary,
  'hmask.forgetFit': forgetFit,
  'hmask.newSpec': newSpec,
  'hmask.simulate': simulate,
  'hmask.showLog': ({ log }) => log.show(),
  'hmask.restartServer': ({ server }) => server.restart(),
};

/** Registers them; what one throws reaches the user as a sentence, and the log with its stack. */
export function registerCommands(services: Services): Disposable[] {
  return Object.entries(COMMANDS).map(([name, command]) =>
    commands.registerCommand(name, async (...args: unknown[]) => {
      try {
        return await command(services, ...args);
      } catch (error) {
        services.log.error(error);
        void window.showErrorMessage(plainMessage(error instanceof Error ? error.message : String(error)));
        return undefined;
      }
    }),
  );
}
