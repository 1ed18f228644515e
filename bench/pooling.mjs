// Partial pooling of a Gaussian model.
//   node bench/pooling.mjs [--runs 5] [--peer-runs 1] [--draws 300] [--only peers,groups200,groups2000]
// peers: 50,000 rows, 20 groups × 5 covariates, min(bulk, tail) ESS per CPU second against nutpie (in two codings) and Stan. A peer needs minutes for one
// sampling, so it is run once by default. groups200 and groups2000: 200 groups × 5 and 2,000 × 6, the command line from start to summary, 4 × (200 warm-up + --draws).
import { writeGaussian } from './data.mjs';
import { atMost, bulkPerSecond, essPerSecond, inFolder, leastEss, median, options, print, ratio, short, spread } from './figures.mjs';
import { bundleOurs, runCommandLine, runOurs } from './ours.mjs';
import { enough, runPeer, versionsOf } from './peers.mjs';

const { runs, 'peer-runs': peerRuns, draws, only } = options({ runs: 5, 'peer-runs': 1, draws: 300, only: 'peers,groups200,groups2000' });
const wanted = only.split(',');

function againstPeers(spec, folder) {
  const ours = runOurs(spec, { runs });
  const mine = median(essPerSecond(ours));
  const found = [
    { label: 'nutpie as its users write it', ...runPeer('nutpie', folder, { runs: peerRuns, way: 'plain' }) },
    { label: 'nutpie in its fastest coding', ...runPeer('nutpie', folder, { runs: peerRuns, way: 'cold' }) },
    { label: 'Stan normal_id_glm', ...runPeer('stan', folder, { runs: peerRuns, way: 'cold' }) },
  ];
  const ran = enough(found.map((p) => (p.runs ? p : null)));
  print(
    'partial pooling, 50,000 rows, 20 × 5, min(bulk, tail) ESS per CPU s',
    [
      ...ran.map((p) => ratio(mine, median(essPerSecond(p.runs)), 1000, p.label)),
      `hmask ${spread(essPerSecond(ours))}, by bulk alone ${spread(bulkPerSecond(ours))}, R-hat ≤ ${Math.max(...ours.map((r) => r.r_hat)).toFixed(4)}, divergences ${short(Math.max(...ours.map((r) => r.divergences)))}`,
      ...ran.map(
        (p) =>
          `${p.label} ${spread(essPerSecond(p.runs))}: ${short(median(p.runs.map((r) => r.cpu)))} CPU s for ESS ${short(median(p.runs.map(leastEss)))}`,
      ),
    ],
    versionsOf(ran),
  );
}

function manyGroups(name, spec, goal) {
  const found = Array.from({ length: runs }, (_, i) => runCommandLine(spec, { draws, seed: i + 1 }));
  const of = (pick) => found.map((f) => pick(f.report));
  const kept = (report) => report.parameters.filter((p) => !p.masked);
  const rHat = of((r) => Math.max(...kept(r).map((p) => p.r_hat)));
  const wall = found.map((f) => f.wall);
  print(`partial pooling, ${name}, start to summary, 4 × (200 + ${draws})`, [
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
    `smallest of bulk and tail ESS ${spread(of((r) => Math.min(...kept(r).map((p) => Math.min(p.ess_bulk, p.ess_tail)))))}`,
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
