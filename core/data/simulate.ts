/** The reference problem's data: two product groups on a production line, one of which has no cutting step. */
import { Rng } from '../math/rng.ts';

/** The groups with their slopes; `cut` is `null` where the cutting wait does not exist. */
const GROUPS = [
  { name: 'Product_Group_1', feed: 2.5, pull: 3, cut: null },
  { name: 'Product_Group_2', feed: 1, pull: 0.5, cut: 3 },
] as const;

const NOISE_SD = 0.5;

/**
 * `n` rows as CSV text, the first half of Product_Group_1 and the rest of Product_Group_2; the same text for the same seed everywhere.
 * Feed_Speed ~ U(1, 10), Pull_Acceleration ~ U(0.5, 5), Cutting_Wait_Time ~ U(0.1, 2) and empty for Product_Group_1, and
 * Production_Speed linear in them without an intercept, with noise N(0, 0.5). Numbers are written so that they read back exactly.
 */
export function simulateManufacturing(n = 500, seed = 1): string {
  const rng = Rng.of(seed, 0);
  const between = (low: number, high: number) => low + (high - low) * rng.uniform();
  const lines = ['Product_Group,Feed_Speed,Pull_Acceleration,Cutting_Wait_Time,Production_Speed'];
  for (let i = 0; i < n; i++) {
    const group = GROUPS[i < Math.floor(n / 2) ? 0 : 1];
    const feed = between(1, 10);
    const pull = between(0.5, 5);
    const wait = between(0.1, 2);
    const speed = group.feed * feed + group.pull * pull + (group.cut ?? 0) * wait + NOISE_SD * rng.normal();
    lines.push([group.name, feed, pull, group.cut === null ? '' : wait, speed].join(','));
  }
  return `${lines.join('\n')}\n`;
}
