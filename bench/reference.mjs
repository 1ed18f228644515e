// The reference problem: 500 rows, 9 parameters, 4 × (200 + 300).
//   node bench/reference.mjs [--runs 5] [--only sampling,process]
// Sampling compiled and warm: min(bulk, tail) ESS per CPU second. The whole process, from its start to its summary: wall and CPU seconds.
import { writeReference } from './data.mjs';
import { bulkPerSecond, essPerSecond, inFolder, median, options, print, ratio, spread } from './figures.mjs';
import { bundleOurs, runCommandLine, runOurs } from './ours.mjs';
import { enough, runPeer, versionsOf } from './peers.mjs';

const { runs, only } = options({ runs: 5, only: 'sampling,process' });

function sampling(spec, folder) {
  const ours = runOurs(spec, { runs });
  const ran = enough([runPeer('stan', folder, { runs }), runPeer('numpyro', folder, { runs, way: 'plain' })]);
  const mine = median(essPerSecond(ours));
  const goals = { stan: [50, 'PyStan normal_id_glm'], numpyro: [500, 'NumPyro'] };
  print(
    'reference, compiled and warm, min(bulk, tail) ESS per CPU s',
    [
      ...ran.map((p) => ratio(mine, median(essPerSecond(p.runs)), ...goals[p.name])),
      `hmask ${spread(essPerSecond(ours))}, by bulk alone ${spread(bulkPerSecond(ours))}`,
      ...ran.map((p) => `${goals[p.name][1]} ${spread(essPerSecond(p.runs))}, by bulk alone ${spread(bulkPerSecond(p.runs))}`),
    ],
    versionsOf(ran),
  );
}

function wholeProcess(spec, folder) {
  const repeat = (once) => Array.from({ length: runs }, (_, i) => once(i + 1));
  runCommandLine(spec);
  const ours = repeat((seed) => runCommandLine(spec, { seed }));
  // PyStan's compiled model is cached: once before it counts.
  runPeer('stan', folder, { runs: 0 });
  const ran = enough(
    ['numpyro', 'stan'].map((name) => {
      const found = repeat((seed) => runPeer(name, folder, { runs: 0, seed, way: 'plain' }));
      return found.includes(null)
        ? null
        : { name, versions: found[0].versions, wall: found.map((p) => p.wall), cpu: found.map((p) => p.cpu) };
    }),
  );
  const goals = { numpyro: [25, 'less wall than NumPyro'], stan: [5, 'less wall than PyStan cached'] };
  const wall = ours.map((o) => o.wall);
  print(
    'reference, process start to summary',
    [
      ...ran.map((p) => ratio(median(p.wall), median(wall), ...goals[p.name])),
      `hmask wall ${spread(wall, ' s')}, CPU ${spread(
        ours.map((o) => o.cpu),
        ' s',
      )}`,
      ...ran.map((p) => `${p.name} wall ${spread(p.wall, ' s')}, CPU ${spread(p.cpu, ' s')}`),
    ],
    versionsOf(ran),
  );
}

const bundle = await bundleOurs();
await inFolder(async (folder) => {
  const spec = writeReference(bundle, folder);
  if (only.includes('sampling')) sampling(spec, folder);
  if (only.includes('process')) wholeProcess(spec, folder);
});
