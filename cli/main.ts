/** The command line: `hmask COMMAND …`, the engine without the editor. */
import { Command, CommanderError } from 'commander';
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
import { FileError } from './files.ts';
import { OutputError, print, tell } from './output.ts';

let exit: Exit = EXIT.done;
/** What help and version say. */
let asked = '';

const cli = new Command('hmask')
  .description('Masked Bayesian hierarchical models')
  .version(`hmask/${version} ${process.platform}-${process.arch} node-${process.version}`)
  .exitOverride()
  .allowExcessArguments(false)
  .configureOutput({
    writeOut: (text) => {
      asked += text;
    },
    // Told as any bad usage is.
    writeErr: () => undefined,
  });

const JSON_OPTION = ['--json', 'One JSON document on standard output'] as const;

/** A command's way from its arguments to its exit code. */
const ends =
  <Arguments extends unknown[]>(run: (...given: Arguments) => Promise<Exit>) =>
  async (...given: Arguments): Promise<void> => {
    exit = await run(...given);
  };

cli
  .command('fit <spec>')
  .description('Fit a spec and print its posterior')
  .option(...JSON_OPTION)
  .option('--seed <n>', 'Seed')
  .option('--chains <n>', 'Number of chains')
  .option('--warmup <n>', 'Warm-up iterations a chain')
  .option('--draws <n>', 'Draws a chain, after warm-up')
  .option('--method <m>', 'auto, nuts or collapsed')
  .option('--out <dir>', 'Also write report.json and draws.csv to this folder')
  .option('--prior-only', 'Draw from the priors alone')
  .option('--histogram', 'Also print a histogram of the response, observed and predicted')
  .action(ends(fitCommand));
cli
  .command('check <spec>')
  .description('Print every problem that the editor would show')
  .option(...JSON_OPTION)
  .action(ends(checkCommand));
cli
  .command('predict <spec>')
  .description('Posterior predictive for each row of a file')
  .option('--new <file>', 'CSV with the group and the covariates of the new rows')
  .option(...JSON_OPTION)
  .action(ends(predictCommand));
cli
  .command('compare <specs...>')
  .description('Fit specs of the same rows and rank them by leave-one-out')
  .option(...JSON_OPTION)
  .action(ends(compareCommand));
cli
  .command('sbc <spec>')
  .description('Calibrate: simulate from the priors, fit, and rank')
  .option('--simulations <n>', 'Number of rounds', '500')
  .option('--fit-with <spec>', 'Fit with this spec instead, to see a wrong model noticed')
  .option(...JSON_OPTION)
  .action(ends(sbcCommand));
cli
  .command('init <file>')
  .description('Write a spec for a CSV, its mask inferred')
  .option('--response <column>', 'The response')
  .option('--group <column>', 'The group column')
  .action(ends(initCommand));
cli
  .command('simulate <out>')
  .description('Write the reference problem’s data')
  .option('--n <rows>', 'Number of rows', '500')
  .option('--seed <n>', 'Seed', '1')
  .action(ends(simulateCommand));
cli.command('lsp').description('Run the language server').option('--stdio', 'Over standard input and output').action(ends(lspCommand));

async function main(): Promise<Exit> {
  try {
    if (process.argv.length <= 2) throw new UsageError('A command is missing; see hmask --help.');
    await cli.parseAsync(process.argv);
    return exit;
  } catch (error) {
    if (error instanceof CommanderError && error.exitCode === 0) return answer(asked);
    return failed(error);
  }
}

async function answer(text: string): Promise<Exit> {
  try {
    await print(text.trimEnd());
    return EXIT.done;
  } catch (error) {
    return failed(error);
  }
}

function failed(error: unknown): Exit {
  if (error instanceof CommanderError) {
    tell(`hmask: ${sentence(error.message.replace(/^error: /, ''))}`);
    return EXIT.usage;
  }
  if (error instanceof UsageError || error instanceof OutputError || error instanceof FileError) {
    tell(`hmask: ${error.message}`);
    return error instanceof UsageError ? EXIT.usage : EXIT.fault;
  }
  tellFault(error);
  return EXIT.fault;
}

const sentence = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1).replace(/\.?$/, '.')}`;

function tellFault(error: unknown): void {
  const message = (error instanceof Error ? error.message : String(error)).replace(/\.$/, '');
  tell(`hmask: internal error HM901: ${message}. Please report this with your spec.`);
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
  process.stderr.write('', () => process.exit(code));
});
