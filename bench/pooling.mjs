// Partial pooling of a Gaussian model.
//   node bench/pooling.mjs [--runs 5] [--peer-runs 1] [--only peers,groups200,groups2000]
// peers: 50,000 rows, 20 groups × 5 covariates, minimum bulk ESS per CPU second against nutpie and Stan. A peer needs minutes for one
// sampling, so it is run once by default. groups200 and groups2000: 200 groups × 5 and 2,000 × 6, the command line from start to summary.
import { writeGaussian } from './data.mjs';
import { atMost, essPerSecond, inFolder, median, options, print, ratio, short, spread } from './figures.mjs';
import { bundleOurs, runCommandLine, runOurs } from './ours.mjs';
import { enough, runPeer, versionsOf } from './peers.mjs';

const { runs, 'peer-runs': peerRuns, only } = options({ runs: 5, 'peer-runs': 1, only: 'peers,groups200,groups2000' });
const wanted = only.split(',');

function againstPeers(spec, folder) {
  const ours = runOurs(spec, { runs });
  const mine = median(essPerSecond(ours));
  const ran = enough(['nutpie', 'stan'].map((name) => runPeer(name, folder, { runs: peerRuns, way: 'cold' })));
  const goals = { nutpie: 2000, stan: 2000 };
  print(
    'partial pooling, 50,000 rows, 20 × 5, min bulk ESS per CPU s',
    [
      ...ran.map((p) => ratio(mine, median(essPerSecond(p.runs)), goals[p.name], p.name)),
      `hmask ${spread(essPerSecond(ours))}, divergences ${short(Math.max(...ours.map((r) => r.divergences)))}`,
      ...ran.map(
        (p) =>
          `${p.name} ${spread(essPerSecond(p.runs))}, ${short(median(p.runs.map((r) => r.cpu)))} CPU s for ESS ${short(median(p.runs.map((r) => r.bulk)))}`,
      ),
    ],
    versionsOf(ran),
  );
}

function manyGroups(name, spec, goal) {
  const found = Array.from({ length: runs }, (_, i) => runCommandLine(spec, { seed: i + 1 }));
  const of = (pick) => found.map((f) => pick(f.report));
  const kept = (report) => report.parameters.filter((p) => !p.masked);
  const rHat = of((r) => Math.max(...kept(r).map((p) => p.r_hat)));
  const wall = found.map((f) => f.wall);
  print(`partial pooling, ${name}, start to summary`, [
    goal === null ? spread(wall, ' s wall') : `${atMost(median(wall), goal, ' s wall')}, ${spread(wall)}`,
    `CPU ${spread(
      found.map((f) => f.cpu),
      ' s',
    )}`,
    `sampling ${spread(
      of((r) => r.timing_ms.sample / 1000),
      ' s',
    )}`,
    `largest R-hat ${rHat.map((r) => r.toFixed(4)).join(' ')} (goal ≤ 1.01)`,
    `smallest bulk ESS ${spread(of((r) => Math.min(...kept(r).map((p) => p.ess_bulk))))}`,
    `divergences ${of((r) => r.sampling.divergences).join(' ')}`,
  ]);
}

const bundle = await bundleOurs();
if (wanted.includes('peers')) {
  await inFolder((folder) => againstPeers(writeGaussian(bundle, folder, { rows: 50_000, groups: 20, covariates: 5 }), folder));
}
if (wanted.includes('groups200')) {
  await inFolder((folder) =>
    manyGroups('50,000 rows, 200 × 5', writeGaussian(bundle, folder, { rows: 50_000, groups: 200, covariates: 5 }), null),
  );
}
if (wanted.includes('groups2000')) {
  await inFolder((folder) =>
    manyGroups('100,000 rows, 2,000 × 6', writeGaussian(bundle, folder, { rows: 100_000, groups: 2000, covariates: 6 }), 10),
  );
}
