// Fits of a model of the corpus by PyMC and nutpie, as its users write it; their draws are judged as ours are.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { measureProcess, root } from '../figures.mjs';
import { peers, python } from '../peers.mjs';
import { CHAINS } from './fits.mjs';

/** One fit a seed, in their order; `folder` is the model's own. */
export function fitNutpie(ours, problem, { design }, folder, seeds, { warmup, draws }) {
  const missing = peers().nutpie;
  if (missing !== null) throw new Error(missing);
  writeFileSync(join(folder, 'problem.json'), JSON.stringify(problem));
  const names = ours.listParameters(design).flatMap((p) => (p.masked ? [] : [p.name]));
  const script = join(root, 'bench', 'peers', 'nutpie_corpus.py');
  const args = [script, folder, JSON.stringify(names), JSON.stringify(seeds), String(warmup), String(draws)];
  const { stdout } = measureProcess(python, args, { timeout: 20 * 60_000, env: { ...process.env, PYTHONDONTWRITEBYTECODE: '1' } });
  const lines = stdout.split('\n').filter((line) => line.startsWith('{'));
  return lines.map((line) => {
    const { seed, cpu, diverging } = JSON.parse(line);
    const bytes = readFileSync(join(folder, `draws-${seed}.bin`));
    const values = new Float64Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength));
    const size = CHAINS * draws;
    const statistics = { energy: new Float64Array(size), treeDepth: new Uint8Array(size), diverging: Uint8Array.from(diverging) };
    const joined = { chains: CHAINS, draws, parameters: names.length, values, statistics, divergences: [], gradientEvaluations: 0 };
    return { seed, draws: joined, sampling: cpu, method: 'nutpie', modes: [] };
  });
}
