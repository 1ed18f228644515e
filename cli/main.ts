/** The command line: `hmask COMMAND …`, the engine without the editor. */
import { cac } from 'cac';
import { version } from '../package.json';
import { checkCommand } from './commands/check.ts';
import { compareCommand } from './commands/compare.ts';
import { fitCommand } from './commands/fit.ts';
import { initCommand } from './commands/init.ts';
import { lspCommand } from './commands/lsp.ts';
import { predictCommand } from './commands/predict.ts';
import { sbcCommand } from './commands/sbc.ts';
import { simulateCommand } from './commands/simulate.ts';
import { EXIT, type Exit, UsageError } from './exit.ts';

const cli = cac('hmask');
let running: Promise<Exit> | null = null;
const run = (command: Promise<Exit>): void => {
  running = command;
};

cli
  .command('fit <spec>', 'Fit a spec and print its posterior')
  .option('--json', 'One JSON document on standard output')
  .option('--seed <n>', 'Seed')
  .option('--chains <n>', 'Number of chains')
  .option('--warmup <n>', 'Warm-up iterations a chain')
  .option('--draws <n>', 'Draws a chain, after warm-up')
  .option('--method <m>', 'auto, nuts or collapsed')
  .option('--out <dir>', 'Also write report.json and draws.csv to this folder')
  .option('--prior-only', 'Draw from the priors alone')
  .option('--histogram', 'Also print a histogram of the response, observed and predicted')
  .action((spec: string, options) => run(fitCommand(spec, options)));
cli
  .command('check <spec>', 'Print every problem that the editor would show')
  .option('--json', 'One JSON document on standard output')
  .action((spec: string, options) => run(checkCommand(spec, options)));
cli
  .command('predict <spec>', 'Posterior predictive for each row of a file')
  .option('--new <file>', 'CSV with the group and the covariates of the new rows')
  .option('--json', 'One JSON document on standard output')
  .action((spec: string, options) => run(predictCommand(spec, options)));
cli
  .command('compare <...specs>', 'Fit specs of the same rows and rank them by leave-one-out')
  .option('--json', 'One JSON document on standard output')
  .action((specs: string[], options) => run(compareCommand(specs, options)));
cli
  .command('sbc <spec>', 'Calibrate: simulate from the priors, fit, and rank')
  .option('--simulations <n>', 'Number of rounds', { default: 500 })
  .option('--fit-with <spec>', 'Fit with this spec instead, to see a wrong model noticed')
  .option('--json', 'One JSON document on standard output')
  .action((spec: string, options) => run(sbcCommand(spec, options)));
cli
  .command('init <file>', 'Write a spec for a CSV, its mask inferred')
  .option('--response <column>', 'The response')
  .option('--group <column>', 'The group column')
  .action((file: string, options) => run(initCommand(file, options)));
cli
  .command('simulate <out>', 'Write the reference problem’s data')
  .option('--n <rows>', 'Number of rows', { default: 500 })
  .option('--seed <n>', 'Seed', { default: 1 })
  .action((out: string, options) => run(simulateCommand(out, options)));
cli
  .command('lsp', 'Run the language server')
  .option('--stdio', 'Over standard input and output')
  .action((options) => run(lspCommand(options)));
cli.help();
cli.version(version);

/** A pipe that its reader has closed is no fault of ours. */
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
});

async function main(): Promise<Exit> {
  try {
    cli.parse(process.argv, { run: false });
    if (cli.options.help || cli.options.version) return EXIT.done;
    if (!cli.matchedCommand) {
      const [name] = cli.args;
      if (name === undefined) cli.outputHelp();
      throw new UsageError(name === undefined ? 'A command is missing.' : `There is no command "${name}"; see hmask --help.`);
    }
    cli.runMatchedCommand();
    return (await running) ?? EXIT.usage;
  } catch (error) {
    if (error instanceof UsageError || (error as Error).name === 'CACError') {
      process.stderr.write(`hmask: ${(error as Error).message}\n`);
      return EXIT.usage;
    }
    tellFault(error);
    return EXIT.fault;
  }
}

function tellFault(error: unknown): void {
  const message = (error instanceof Error ? error.message : String(error)).replace(/\.$/, '');
  process.stderr.write(`hmask: internal error HM901: ${message}. Please report this with your spec.\n`);
}

/** What escapes from an event ends the program as any fault of ours does: with a sentence, not a stack. */
for (const event of ['uncaughtException', 'unhandledRejection'] as const) {
  process.on(event, (error) => {
    tellFault(error);
    process.exit(EXIT.fault);
  });
}

main().then((code) => {
  // Threads of the data library must not keep a finished command waiting.
  process.exitCode = code;
  process.stdout.write('', () => process.stderr.write('', () => process.exit(code)));
});
