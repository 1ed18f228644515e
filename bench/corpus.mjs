// The corpus: generated models of every family and size, each fitted with many seeds and judged against a reference that does not depend on the sampler.
//   node bench/corpus.mjs [--models 40] [--from 0] [--seeds 8] [--only CLASS,…] [--engine LABEL] [--ablate quarter] [--method nuts] [--vs LABEL,…]
//                         [--warmup 500] [--draws 1000] [--do references,fits,table] [--fresh no] [--details no]
// Fits of the engine as it stands go by LABEL ("now"): fits that are there are not made again, so that a run can be broken off and gone on with.
// --fresh yes forgets the label's fits first. LABEL "plain" is the plain NUTS that references are made with, "nutpie" PyMC with nutpie. --vs prints other labels' figures beside.
// Everything is kept in $XDG_CACHE_HOME/hmask/corpus.
import { join } from 'node:path';
import { fitEngine, fitPlain, keptNames, prepareModel, recordOf, withPriors } from './corpus/fits.mjs';
import { judgeModel } from './corpus/judge.mjs';
import { CLASS_NAMES, keyOf, MODELS, modelOf, writeModel } from './corpus/models.mjs';
import { fitNutpie } from './corpus/nutpie.mjs';
import { referenceOf } from './corpus/reference.mjs';
import { addLine, dropLines, linesOf } from './corpus/store.mjs';
import { printTable } from './corpus/table.mjs';
import { inFolder, options } from './figures.mjs';
import { bundleOurs } from './ours.mjs';

const o = options({
  models: MODELS,
  from: 0,
  seeds: 8,
  only: '',
  engine: 'now',
  ablate: '',
  method: '',
  vs: '',
  warmup: 500,
  draws: 1000,
  do: 'references,fits,table',
  fresh: 'no',
  details: 'no',
});
const ablate = o.ablate === '' ? [] : o.ablate.split(',');
const classes = o.only === '' ? CLASS_NAMES : CLASS_NAMES.filter((name) => o.only.split(',').some((part) => name.includes(part)));
const ids = Array.from({ length: Math.min(MODELS, o.models) }, (_, i) => o.from + i).filter(
  (id) => id < MODELS && classes.includes(CLASS_NAMES[id % CLASS_NAMES.length]),
);
const fitsOf = (label) => `fits-${label}`;
if (o.fresh === 'yes') dropLines(fitsOf(o.engine));

const ours = await bundleOurs();

/** The problem as written, prepared by the product's reader, and its key. */
async function open(id, folder) {
  const written = modelOf(id);
  const path = writeModel(written, join(folder, String(id)));
  const prepared = await prepareModel(ours, path, o.method);
  const problem = withPriors(written, prepared);
  return { problem, prepared, key: keyOf(problem) };
}

async function work(id, folder, references, done) {
  let opened;
  try {
    opened = await open(id, folder);
  } catch (error) {
    console.error(`${id} refused: ${error.message}`);
    return null;
  }
  const { problem, prepared, key } = opened;
  const says = (what) => console.error(`${id} ${problem.class}, ${problem.family}, ${problem.y.length} rows: ${what}`);
  if (o.do.includes('references') && !references.has(key)) {
    const reference = referenceOf(problem);
    references.set(key, reference);
    addLine('references', { id, key, class: problem.class, ...reference });
    says(
      `reference in ${reference.ways.map((w) => `${w.cpu.toFixed(1)} s`).join(' + ')}${reference.doubts.length > 0 ? `; doubtful: ${reference.doubts[0]}` : ''}`,
    );
  }
  if (!o.do.includes('fits')) return key;
  const kept = keptNames(ours.listParameters(prepared.design).flatMap((p) => (p.masked ? [] : [p.name])));
  const seeds = Array.from({ length: o.seeds }, (_, i) => i + 1).filter((seed) => !done.has(`${key} ${seed}`));
  const keep = (seed, record) => addLine(fitsOf(o.engine), { id, key, class: problem.class, seed, ...record });
  if (o.engine === 'nutpie') {
    try {
      const fits = seeds.length === 0 ? [] : fitNutpie(ours, problem, prepared, join(folder, String(id)), seeds, o);
      for (const fit of fits) keep(fit.seed, recordOf(ours, prepared, fit, kept));
    } catch (error) {
      says(`failed: ${error.message}`);
    }
    return key;
  }
  for (const seed of seeds) {
    const settings = { seed, warmup: o.warmup, draws: o.draws, ablate };
    let record;
    try {
      const fit = o.engine === 'plain' ? fitPlain(ours, problem, prepared, settings) : fitEngine(ours, prepared, settings);
      record = recordOf(ours, prepared, fit, kept);
    } catch (error) {
      says(`seed ${seed} failed: ${error.message}`);
      record = { trusted: false, flags: ['failed'], parameters: {}, run: 0, error: error.message };
    }
    keep(seed, record);
  }
  return key;
}

const references = new Map(linesOf('references').map((r) => [r.key, r]));
const done = new Set(linesOf(fitsOf(o.engine)).map((r) => `${r.key} ${r.seed}`));
const keys = new Map();
await inFolder(async (folder) => {
  for (const id of ids) keys.set(id, await work(id, folder, references, done));
});

if (o.do.includes('table')) {
  const judge = (label) => {
    const byKey = groupBy(linesOf(fitsOf(label)), (r) => r.key);
    return ids.flatMap((id) => {
      const records = (byKey.get(keys.get(id)) ?? []).filter((r) => r.seed <= o.seeds);
      return records.length === 0
        ? []
        : [{ id, class: CLASS_NAMES[id % CLASS_NAMES.length], ...judgeModel(records, references.get(keys.get(id))) }];
    });
  };
  const others = o.vs === '' ? [] : o.vs.split(',').map((label) => ({ label, models: judge(label) }));
  printTable(judge(o.engine), others, { label: o.engine, details: o.details === 'yes' });
}

function groupBy(list, by) {
  const found = new Map();
  for (const item of list) {
    const key = by(item);
    if (!found.has(key)) found.set(key, []);
    found.get(key).push(item);
  }
  return found;
}
