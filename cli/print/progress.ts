/** Live progress on standard error, when that is a terminal. */
import type { ChainProgress, FitPhase } from '../../protocol/engine.ts';

const SAYING: Readonly<Record<FitPhase, string>> = {
  reading: 'Reading the data',
  compiling: 'Building the model',
  sampling: 'Sampling',
  summarising: 'Summarising',
};
const BAR = 24;

export class ProgressLine {
  readonly #terminal = process.stderr.isTTY === true;
  #lines = 0;

  update(phase: FitPhase, chains: readonly ChainProgress[]): void {
    if (!this.#terminal) return;
    const lines = chains.length > 0 ? chains.map(chainLine) : [`${SAYING[phase]} …`];
    this.clear();
    process.stderr.write(`${lines.join('\n')}\n`);
    this.#lines = lines.length;
  }

  clear(): void {
    if (this.#lines > 0) process.stderr.write(`\u001b[${this.#lines}A\u001b[0J`);
    this.#lines = 0;
  }
}

function chainLine(c: ChainProgress): string {
  const full = Math.round((BAR * c.done) / Math.max(1, c.total));
  const bar = `${'█'.repeat(full)}${'·'.repeat(BAR - full)}`;
  const phase = c.phase === 'warmup' ? 'warm-up' : c.phase;
  return `chain ${c.chain + 1}  ${bar}  ${c.done}/${c.total} ${phase}, ${c.drawsPerSecond.toFixed(0)} draws/s, ${c.divergences} divergences`;
}

/** One line that counts. */
export class CountLine {
  readonly #what: string;
  #shown = false;

  constructor(what: string) {
    this.#what = what;
  }

  update(done: number, total: number): void {
    if (process.stderr.isTTY !== true) return;
    process.stderr.write(`\r${this.#what} ${done} of ${total}`);
    this.#shown = true;
  }

  clear(): void {
    if (this.#shown) process.stderr.write('\r\u001b[0J');
    this.#shown = false;
  }
}
