/** Several modes: what searches from apart found before the first draw, and where the chains then went. */
import type { Mode } from '../../sampler/modes.ts';
import { type Draws, drawsOf } from '../../sampler/types.ts';
import { meanOf, squaresAbout } from '../diagnose/chains.ts';
import type { Flag } from '../report.ts';
import type { Trial } from './trial.ts';

/** A mode that holds less is not worth a word. */
const LEAST_SHARE = 0.01;
/** A chain whose draws are this often about one mode does not visit the other as it should. */
const STAYS = 0.98;
const MOST_DRAWS = 200;
const SHOWN = 3;

/** Flags modes between which the chains do not move, or that none has visited; `null` where there is one mode, or the chains mix. */
export function modesFlag({ draws, assessment, modes }: Trial): Flag | null {
  const other = modes.slice(1).filter((mode) => mode.share >= LEAST_SHARE);
  if (other.length === 0) return null;
  const all = [modes[0], ...other];
  const known = assessment.summaries.flatMap(({ name }, i) =>
    all.every((mode) => Number.isFinite(mode.values[i])) ? [{ name, i, scale: spreadWithin(draws, i) }] : [],
  );
  const visits = visitsOf(draws, all, known);
  const mixed = visits.every((shares) => shares.every((share) => share < STAYS));
  if (mixed) return null;
  const [main, second] = all;
  const gap = ({ i, scale }: Known): number => Math.abs(main.values[i] - second.values[i]) / (scale || 1);
  const telling = known.sort((a, b) => gap(b) - gap(a)).slice(0, SHOWN);
  const places = telling.map(({ name, i }) => `${name} ${main.values[i].toPrecision(3)} or ${second.values[i].toPrecision(3)}`).join(', ');
  const there = visits.flatMap((shares, chain) => (shares[0] < 1 - STAYS ? [chain + 1] : []));
  const percent = (100 * other.reduce((sum, mode) => sum + mode.share, 0)).toPrecision(2);
  const who =
    there.length === 0
      ? 'no chain has visited it'
      : `${there.length === 1 ? 'chain' : 'chains'} ${there.join(' and ')} of ${draws.chains} stayed there`;
  return {
    id: 'modes',
    severity: 'error',
    message: `The posterior has ${all.length === 2 ? 'a second mode' : `${all.length} modes`} (${places}), about ${percent} % of its mass away from the first; ${who}.`,
    advice:
      'Chains do not move between the modes, so that summaries weigh them by chance. Look at the chains, and decide by what you know: a prior that favours one of them, or another family.',
    parameters: telling.map(({ name }) => name),
    action: telling.length === 0 ? null : { kind: 'open_parameter', parameter: telling[0].name },
  };
}

/** A scalar whose values at the modes are known, with its sd within a chain. */
interface Known {
  readonly name: string;
  readonly i: number;
  readonly scale: number;
}

/** By chain: the share of its draws that lie nearest to each mode. */
function visitsOf(draws: Draws, modes: readonly Mode[], known: readonly Known[]): number[][] {
  const columns = known.filter((c) => c.scale > 0).map(({ i, scale }) => ({ i, scale, values: drawsOf(draws, i) }));
  const stride = Math.max(1, Math.ceil(draws.draws / MOST_DRAWS));
  return Array.from({ length: draws.chains }, (_, chain) => {
    const counts = modes.map(() => 0);
    let total = 0;
    for (let d = 0; d < draws.draws; d += stride, total++) {
      const distances = modes.map((mode) =>
        columns.reduce((sum, { i, values, scale }) => sum + ((values[chain * draws.draws + d] - mode.values[i]) / scale) ** 2, 0),
      );
      counts[distances.indexOf(Math.min(...distances))]++;
    }
    return counts.map((count) => count / total);
  });
}

/** The sd of a scalar within a chain: what chains at different modes do not blow up. */
function spreadWithin(draws: Draws, index: number): number {
  const values = drawsOf(draws, index);
  let squares = 0;
  for (let start = 0; start < values.length; start += draws.draws) {
    squares += squaresAbout(meanOf(values, start, draws.draws), values, start, draws.draws);
  }
  return Math.sqrt(squares / values.length);
}
