/** A fit's progress in words and in one number. Pure. */
import type { ChainProgress, FitPhase } from '../../protocol/engine.ts';

const PHASES: Readonly<Record<FitPhase, string>> = {
  reading: 'Reading the data',
  compiling: 'Preparing the model',
  sampling: 'Sampling',
  summarising: 'Summarising',
};

/** One line: `Sampling: 45 % · 12,300 draws/s · 2 divergences`. */
export function describeProgress(phase: FitPhase, chains: readonly ChainProgress[]): string {
  if (phase !== 'sampling' || chains.length === 0) return `${PHASES[phase]} …`;
  const speed = sum(chains.map((chain) => (chain.phase === 'done' ? 0 : chain.drawsPerSecond)));
  const divergences = sum(chains.map((chain) => chain.divergences));
  const parts = [`${Math.floor(100 * fractionDone(chains))} %`];
  if (speed > 0) parts.push(`${Math.round(speed).toLocaleString('en-US')} draws/s`);
  if (divergences > 0) parts.push(divergences === 1 ? '1 divergence' : `${divergences.toLocaleString('en-US')} divergences`);
  return `${PHASES.sampling}: ${parts.join(' · ')}`;
}

/** Between 0 and 1, over all iterations of all chains; 0 before the first. */
export function fractionDone(chains: readonly ChainProgress[]): number {
  const total = sum(chains.map((chain) => chain.total));
  return total > 0 ? sum(chains.map((chain) => chain.done)) / total : 0;
}

const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);
