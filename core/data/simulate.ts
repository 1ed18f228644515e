/** The reference problem's data: two product groups on one line, of which only the second has a cutting head. */
import { Rng } from '../sampler/rng.ts';

const HEADER = 'Product_Group,Feed_Speed,Pull_Acceleration,Cutting_Wait_Time,Production_Speed';
const NOISE_SD = 0.5;

/**
 * CSV text of `n` rows, the first half of them (rounded down) Product_Group_1, whose Cutting_Wait_Time is empty. Numbers
 * have all their digits.
 */
export function simulateManufacturing(n: number, seed: number): string {
  const rng = Rng.of(seed, 0);
  const between = (low: number, high: number): number => low + (high - low) * rng.uniform();
  const lines = [HEADER];
  for (let i = 0; i < n; i++) {
    const feed = between(1, 10);
    const pull = between(0.5, 5);
    const wait = between(0.1, 2);
    const noise = NOISE_SD * rng.normal();
    if (i < Math.floor(n / 2)) lines.push(`Product_Group_1,${feed},${pull},,${2.5 * feed + 3 * pull + noise}`);
    else lines.push(`Product_Group_2,${feed},${pull},${wait},${feed + 0.5 * pull + 3 * wait + noise}`);
  }
  return `${lines.join('\n')}\n`;
}
