// Bernoulli and Poisson, 20 groups × 4 covariates, partial pooling, 4 × (200 + 300): min(bulk, tail) ESS per CPU second against the best peer.
//   node bench/glm.mjs [--family bernoulli,poisson] [--rows 2000,100000] [--runs 5] [--peer-runs 5] [--numpyro-rows 10000]
// At 100,000 rows a peer takes minutes: --peer-runs 1 is enough there. NumPyro is run up to --numpyro-rows rows only.
import { writeGlm } from './data.mjs';
import { bulkPerSecond, essPerSecond, inFolder, leastEss, median, options, print, ratio, short, spread } from './figures.mjs';
import { bundleOurs, runOurs } from './ours.mjs';
import { enough, runPeer, versionsOf } from './peers.mjs';

const given = options({ family: 'bernoulli,poisson', rows: '2000,100000', runs: 5, 'peer-runs': 5, 'numpyro-rows': 10_000 });
const { runs } = given;
const MANY = 50_000;

function compare(family, rows, spec, folder) {
  const ours = runOurs(spec, { runs });
  const many = rows >= MANY;
  const names = rows <= given['numpyro-rows'] ? ['numpyro', 'nutpie', 'stan'] : ['nutpie', 'stan'];
  const ran = enough(
    names.map((name) =>
      runPeer(name, folder, { runs: given['peer-runs'], way: name === 'numpyro' ? 'jitted' : many ? 'cold' : undefined }),
    ),
  );
  const best = ran.reduce((a, b) => (median(essPerSecond(b.runs)) > median(essPerSecond(a.runs)) ? b : a));
  print(
    `${family}, ${rows.toLocaleString('en')} rows, 20 × 4, min(bulk, tail) ESS per CPU s`,
    [
      ratio(median(essPerSecond(ours)), median(essPerSecond(best.runs)), many ? 10 : 5, best.name),
      `hmask ${spread(essPerSecond(ours))}, by bulk alone ${spread(bulkPerSecond(ours))}, ESS ${short(median(ours.map(leastEss)))} of ${short(median(ours.map((r) => r.cpu)))} CPU s, ${short(median(ours.map((r) => r.gradients)))} gradients, R-hat ≤ ${Math.max(...ours.map((r) => r.r_hat)).toFixed(4)}, divergences ${short(Math.max(...ours.map((r) => r.divergences)))}`,
      ...ran.map(
        (p) =>
          `${p.name} ${spread(essPerSecond(p.runs))}, by bulk alone ${spread(bulkPerSecond(p.runs))}, ${short(median(p.runs.map((r) => r.cpu)))} CPU s`,
      ),
    ],
    versionsOf(ran),
  );
}

const bundle = await bundleOurs();
for (const rows of given.rows.toString().split(',').map(Number)) {
  for (const family of given.family.split(',')) {
    await inFolder((folder) => compare(family, rows, writeGlm(bundle, folder, { family, rows }), folder));
  }
}
