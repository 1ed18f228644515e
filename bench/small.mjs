// Small problems: eight groups of one row with known standard errors, and twelve rows with priors that show.
//   node bench/small.mjs [--runs 5]
// The command line from the start of its process to its summary.
import { writeEightGroups, writeTwelveRows } from './data.mjs';
import { atMost, inFolder, median, options, print, spread } from './figures.mjs';
import { bundleOurs, runCommandLine } from './ours.mjs';

const { runs } = options({ runs: 5 });
const GOAL = 0.5;

const bundle = await bundleOurs();
for (const [name, write] of [
  ['eight groups of one row', writeEightGroups],
  ['twelve rows', writeTwelveRows],
]) {
  await inFolder((folder) => {
    const spec = write(bundle, folder);
    const sizes = { warmup: 500, draws: 1000 };
    runCommandLine(spec, sizes);
    const found = Array.from({ length: runs }, (_, i) => runCommandLine(spec, { ...sizes, seed: i + 1 }));
    const wall = found.map((f) => f.wall);
    const part = (key) => `${key} ${median(found.map((f) => f.report.timing_ms[key])).toFixed(0)} ms`;
    print(`${name}, 4 × (500 + 1000), process start to summary`, [
      `${atMost(median(wall), GOAL, ' s wall')}, ${spread(wall)}`,
      `CPU ${spread(
        found.map((f) => f.cpu),
        ' s',
      )}`,
      ['read', 'compile', 'sample', 'summarise'].map(part).join(', '),
      found[0].report.method,
    ]);
  });
}
