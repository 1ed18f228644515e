// The judge's table, as Markdown.
import { together } from './judge.mjs';

const percent = (x) => (Number.isFinite(x) ? `${(100 * x).toFixed(x > 0.995 && x < 1 ? 1 : 0)} %` : '–');
const two = (x) => (Number.isFinite(x) ? x.toFixed(2) : '–');
const whole = (x) => (Number.isFinite(x) ? Math.round(x).toLocaleString('en') : '–');

const COLUMNS = [
  ['models', (t) => `${t.models}${t.doubtful > 0 ? ` (${t.doubtful} without)` : ''}`],
  ['fits', (t) => String(t.fits)],
  ['trusted', (t) => percent(t.trusted)],
  ['wrong, trusted', (t) => String(t.wrongTrusted)],
  ['50 %', (t) => percent(t.inside50)],
  ['90 %', (t) => percent(t.inside90)],
  ['MCSE of mean', (t) => two(t.ratio.mean)],
  ['sd', (t) => two(t.ratio.sd)],
  ['5 %', (t) => two(t.ratio.q5)],
  ['50 %', (t) => two(t.ratio.q50)],
  ['95 %', (t) => two(t.ratio.q95)],
  ['worst', (t) => two(t.worst.ratio)],
  ['± 1.96', (t) => percent(t.coverage)],
  ['first 25: z', (t) => two(t.bias)],
  ['most, sd', (t) => two(t.biggestBias)],
  ['KS', (t) => two(t.off)],
  ['run', (t) => String(t.run)],
  ['ESS/s', (t) => whole(t.speed)],
];

const row = (cells) => `| ${cells.join(' | ')} |`;

/**
 * `trusted`: the verdict has no flag of the sampling; `wrong, trusted`: fits so called in which a quantile is off by an eighth of the distribution;
 * `50 %`, `90 %`: how much of the reference lies in a fit's interval; `MCSE`: true / reported, root mean square over fits and parameters, and that of the worst
 * parameter; `± 1.96`: how often mean ± 1.96 MCSE has the reference's mean; `first 25`: the mean of the first 25 draws a chain, root mean square of z over
 * parameters (1: chance) and the largest bias in sds; `KS`: largest distance of the distribution functions, chance averaged out; `run`: the longest of equal
 * draws; `ESS/s`: min(bulk, tail) ESS per CPU s, geometric mean over models of the median seed. But for `trusted`, `run` and `ESS/s` only models whose
 * reference is sound count, and MCSE, coverage and KS are of trusted fits.
 * `others`, [{ label, models }]: the share of fits that they trust of the models that they have as well, and how many times theirs our ESS/s is.
 */
export function printTable(models, others, { label, details }) {
  const classes = [...new Set(models.map((m) => m.class))];
  const head = ['class', ...COLUMNS.map(([name]) => name), ...others.flatMap((other) => [`trusted by ${other.label}`, `× ${other.label}`])];
  console.log(`\n${label}, ${new Date().toISOString().slice(0, 16)}\n`);
  console.log(row(head));
  console.log(row(head.map(() => '---')));
  const line = (name, pick) => {
    const mine = models.filter(pick);
    const t = together(mine);
    const beside = (other) => {
      const shared = other.models.filter(pick).filter((m) => mine.some((n) => n.id === m.id));
      if (shared.length === 0) return ['–', '–'];
      const theirs = together(shared);
      const ofShared = together(mine.filter((m) => shared.some((n) => n.id === m.id)));
      return [percent(theirs.trusted), two(ofShared.speed / theirs.speed)];
    };
    console.log(row([name, ...COLUMNS.map(([, cell]) => cell(t)), ...others.flatMap(beside)]));
    return t;
  };
  for (const name of classes) line(name, (m) => m.class === name);
  const all = line('**all**', () => true);
  console.log(
    `\nFlags: ${
      Object.entries(all.flags)
        .sort((a, b) => b[1] - a[1])
        .map(([f, n]) => `${f} ${n}`)
        .join(', ') || 'none'
    }.`,
  );
  if (!details) return;
  console.log(`\n${row(['model', 'class', ...COLUMNS.slice(1).map(([name]) => name), 'flags'])}`);
  for (const m of models)
    console.log(row([m.id, m.class, ...COLUMNS.slice(1).map(([, cell]) => cell(together([m]))), JSON.stringify(m.flags)]));
}
