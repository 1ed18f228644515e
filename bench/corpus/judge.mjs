// What the fits of a model say together, against its reference; by class and for all.
import { CHAINS, JUDGED, PROBABILITIES } from './fits.mjs';
import { GRID } from './reference.mjs';

const Q = PROBABILITIES.length;
/** Places in a parameter's numbers, see `recordOf`. */
const AT = {
  mean: 0,
  sd: 1,
  q: 2,
  mcseMean: 2 + Q,
  mcseSd: 3 + Q,
  mcseQ: 4 + Q,
  bulk: 4 + Q + JUDGED.length,
  tail: 5 + Q + JUDGED.length,
  rHat: 6 + Q + JUDGED.length,
  first: 7 + Q + JUDGED.length,
};
/** A parameter with a heavier tail than this has no mean and sd to judge. */
const KURTOSIS = 25;
/** A quantile off by this much of the distribution, or more, is wrong: five standard errors of an ESS of 400. */
const WRONG = 0.125;

/** The reference's distribution function. */
function cdfAt(grid, x) {
  if (!(x > grid[0])) return x < grid[0] ? 0.0025 : GRID[0];
  if (x >= grid.at(-1)) return 0.9975;
  let low = 0;
  let high = grid.length - 1;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (grid[middle] <= x) low = middle;
    else high = middle;
  }
  const width = grid[high] - grid[low];
  return GRID[low] + (width > 0 ? (x - grid[low]) / width : 0.5) * (GRID[high] - GRID[low]);
}

const mean = (x) => x.reduce((a, b) => a + b, 0) / x.length;
export const median = (x) => {
  const s = x.filter((v) => v !== null && !Number.isNaN(v)).sort((a, b) => a - b);
  return s.length === 0 ? Number.NaN : (s[(s.length - 1) >> 1] + s[s.length >> 1]) / 2;
};

/** The fits of one model: { trusted, wrong, z by statistic, … }, everything in lists that classes put together. */
export function judgeModel(records, reference) {
  const out = {
    models: 1,
    fits: records.length,
    trusted: 0,
    wrongTrusted: 0,
    wrong: 0,
    flags: {},
    z: { mean: [], sd: [], q5: [], q50: [], q95: [] },
    ratios: [],
    inside50: [],
    inside90: [],
    bias: [],
    biggestBias: 0,
    off: 0,
    run: 0,
    speed: [],
    whole: [],
    doubtful: reference ? reference.doubts.length > 0 : true,
  };
  const byParameter = {};
  for (const r of records) {
    out.trusted += r.trusted ? 1 : 0;
    for (const f of r.flags) out.flags[f] = (out.flags[f] ?? 0) + 1;
    out.run = Math.max(out.run, r.run);
    const ess = Math.min(r.bulk, r.tail);
    if (Number.isFinite(ess)) out.speed.push(ess / r.sampling);
    if (!reference) continue;
    let wrong = false;
    for (const [name, ref] of Object.entries(reference.parameters)) {
      const p = r.parameters[name];
      if (!p || !(ref.numbers[1] > 0)) continue;
      const shifts = PROBABILITIES.map((q, k) => cdfAt(ref.grid, p[AT.q + k]) - q);
      if (shifts.some((s) => !(Math.abs(s) < WRONG))) wrong = true;
      byParameter[name] ??= [];
      byParameter[name].push({ p, shifts, trusted: r.trusted });
    }
    out.wrong += wrong ? 1 : 0;
    out.wrongTrusted += wrong && r.trusted ? 1 : 0;
  }
  for (const [name, list] of Object.entries(byParameter)) judgeParameter(out, list, reference.parameters[name]);
  return out;
}

function judgeParameter(out, all, { numbers, grid, kurtosis }) {
  const [refMean, refSd, meanError, sdError, ...quantileErrors] = numbers;
  const moments = kurtosis < KURTOSIS;
  const list = all.filter((v) => v.trusted);
  const add = (key, values) => {
    out.z[key].push(...values);
    if (values.length > 1) out.ratios.push({ key, ratio: Math.sqrt(mean(values.map((z) => z * z))) });
  };
  const quantileAt = JUDGED.map((q) => grid[Math.round(q * 200) - 1]);
  if (moments) {
    add(
      'mean',
      list.map(({ p }) => (p[AT.mean] - refMean) / Math.hypot(p[AT.mcseMean], meanError)),
    );
    add(
      'sd',
      list.map(({ p }) => (p[AT.sd] - refSd) / Math.hypot(p[AT.mcseSd], sdError)),
    );
  }
  JUDGED.forEach((q, k) => {
    const place = AT.q + PROBABILITIES.indexOf(q);
    add(
      `q${100 * q}`,
      list.map(({ p }) => (p[place] - quantileAt[k]) / Math.hypot(p[AT.mcseQ + k], quantileErrors[k])),
    );
  });
  const between = (low, high) =>
    list.map(({ p }) => cdfAt(grid, p[AT.q + PROBABILITIES.indexOf(high)]) - cdfAt(grid, p[AT.q + PROBABILITIES.indexOf(low)]));
  out.inside50.push(...between(0.25, 0.75));
  out.inside90.push(...between(0.05, 0.95));
  // What is left of the distance between distributions when chance is averaged out over seeds.
  if (list.length > 0) out.off = Math.max(out.off, ...PROBABILITIES.map((_, k) => Math.abs(mean(list.map(({ shifts }) => shifts[k])))));
  if (!moments || all.length < 4) return;
  const starts = all.map(({ p }) => (p[AT.first] - refMean) / refSd);
  const centre = mean(starts);
  const variance = starts.reduce((s, v) => s + (v - centre) ** 2, 0) / (starts.length - 1);
  const error = Math.sqrt(variance / starts.length + (meanError / refSd) ** 2);
  // Divided by the sd of Student's t, so that 1 is what chance gives.
  if (error > 0) out.bias.push(centre / error / Math.sqrt((starts.length - 1) / Math.max(1, starts.length - 3)));
  if (Math.abs(centre) > Math.abs(out.biggestBias)) out.biggestBias = centre;
}

export const rms = (x) => Math.sqrt(mean(x.filter(Number.isFinite).map((v) => v * v)));
const within = (x) => mean(x.filter(Number.isFinite).map((v) => (Math.abs(v) < 1.96 ? 1 : 0)));

/** Several models' judgements as one. */
export function together(list) {
  const sum = (key) => list.reduce((s, m) => s + m[key], 0);
  const all = (pick) => list.flatMap(pick);
  const flags = {};
  for (const m of list) for (const [f, n] of Object.entries(m.flags)) flags[f] = (flags[f] ?? 0) + n;
  const judged = list.filter((m) => !m.doubtful);
  const ratio = Object.fromEntries(['mean', 'sd', 'q5', 'q50', 'q95'].map((k) => [k, rms(judged.flatMap((m) => m.z[k]))]));
  const worst = judged.flatMap((m) => m.ratios).reduce((a, b) => (b.ratio > a.ratio ? b : a), { key: '', ratio: 0 });
  return {
    models: list.length,
    doubtful: list.length - judged.length,
    fits: sum('fits'),
    trusted: sum('trusted') / sum('fits'),
    wrongTrusted: judged.reduce((s, m) => s + m.wrongTrusted, 0),
    wrong: judged.reduce((s, m) => s + m.wrong, 0),
    flags,
    ratio,
    worst,
    coverage: within(judged.flatMap((m) => m.z.mean)),
    inside50: mean(judged.flatMap((m) => m.inside50)),
    inside90: mean(judged.flatMap((m) => m.inside90)),
    bias: rms(judged.flatMap((m) => m.bias)),
    biggestBias: judged.map((m) => m.biggestBias).reduce((a, b) => (Math.abs(b) > Math.abs(a) ? b : a), 0),
    off: Math.max(0, ...judged.map((m) => m.off)),
    run: Math.max(...list.map((m) => m.run)),
    /** Geometric mean over models of the median fit. */
    speed: Math.exp(mean(all((m) => (m.speed.length > 0 ? [Math.log(median(m.speed))] : [])))),
    chains: CHAINS,
  };
}
