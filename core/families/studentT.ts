/** Student's t noise about the linear predictor: robust against outliers. */
import { weightOf } from '../data/table.ts';
import { SUMS } from '../kernels/kernels.ts';
import { log, log1p } from '../math/elementary.ts';
import { digammaRising, LOG_PI, logRising, studentCdf } from '../math/gamma.ts';
import { drawStudent } from '../math/random.ts';
import type { FamilyRecord, KernelForm } from './family.ts';
import { MEASURED, offsetKey, offsetsOf } from './shared.ts';

/** log p at the centre, for scale 1. */
const height = (nu: number): number => logRising(0.5 * nu, 0.5) - 0.5 * (log(nu) + LOG_PI);
const heightSlope = (nu: number): number => 0.5 * digammaRising(0.5 * nu, 0.5) - 0.5 / nu;

/** The kernel sums w log1p(z² / nu) and w z² / (nu + z²); its products are those of w z / ((nu + z²) s). */
const kernel: KernelForm = {
  kernel: () => 'studentT',
  keys: (rows) => [...offsetKey(rows), rows.y, ...(rows.se === null ? [] : [rows.se])],
  columns(rows, merged) {
    const { list, slot, count } = merged;
    const first = new Float64Array(count);
    const second = new Float64Array(2 * count);
    list.forEach((r, i) => {
      const s = slot[i];
      first[s] = rows.y[r];
      second[2 * s] = rows.se === null ? 1 : rows.se[r];
      second[2 * s + 1] += weightOf(rows, r);
    });
    const plain = count === list.length && rows.weights === null && rows.se === null;
    return { offset: offsetsOf(rows, merged), first, second: plain ? null : second };
  },
  constant: (rows, i, w) => (rows.se === null ? 0 : -(w * log(rows.se[i]))),
  tally: false,
  information({ second }, i, _eta, scale, { 0: nu }) {
    const s = second === null ? scale : scale * second[2 * i];
    return ((second === null ? 1 : second[2 * i + 1]) * (nu + 1)) / ((nu + 3) * s * s);
  },
  finish: {
    kind: 'located',
    total(constant, { weights }, sums, { scale, own: { 0: nu } }, out) {
      const each = height(nu);
      const eachSlope = heightSlope(nu);
      let value = constant;
      let own = 0;
      for (let g = 0; g < scale.length; g++) {
        const w = weights[g];
        value += w * (each - log(scale[g])) - 0.5 * (nu + 1) * sums[SUMS * g];
        own += w * eachSlope - 0.5 * sums[SUMS * g] + (0.5 * (nu + 1) * sums[SUMS * g + 1]) / nu;
        out.logScale[g] = (nu + 1) * sums[SUMS * g + 1] - w;
      }
      out.own[0] = own;
      return value;
    },
    factor: ({ 0: nu }) => nu + 1,
  },
};

export const studentT: FamilyRecord = {
  ...MEASURED,
  name: 'student_t',
  synonyms: ['t', 'student', 'robust'],
  description: 'Numbers with heavy-tailed noise, robust against outliers; identity link.',
  own: [{ key: 'nu', description: 'the degrees of freedom', prior: { dist: 'gamma', args: [2, 0.1] }, limit: 'a normal distribution' }],
  notation: { distribution: 'StudentT(nu, mu[i], SCALE)', predictor: 'mu[i]' },
  logLikelihood(y, eta, { scale, own: { 0: nu } }) {
    const z = (y - eta) / scale;
    return height(nu) - log(scale) - 0.5 * (nu + 1) * log1p((z * z) / nu);
  },
  score(y, eta, { scale, own: { 0: nu } }, out) {
    const z = (y - eta) / scale;
    const share = (z * z) / (nu + z * z);
    out.eta = ((nu + 1) * z) / ((nu + z * z) * scale);
    out.logScale = (nu + 1) * share - 1;
    out.own[0] = heightSlope(nu) - 0.5 * log1p((z * z) / nu) + (0.5 * (nu + 1) * share) / nu;
  },
  information: (_y, _eta, { scale, own: { 0: nu } }) => (nu + 1) / ((nu + 3) * scale * scale),
  scaleInformation: (weight, { 0: nu }) => (2 * weight * nu) / (nu + 3),
  variance: (_, { scale, own: { 0: nu } }) => (nu > 2 ? (scale * scale * nu) / (nu - 2) : Number.POSITIVE_INFINITY),
  draw: (rng, eta, { scale, own: { 0: nu } }) => eta + scale * drawStudent(rng, nu),
  cdf: (y, eta, { scale, own: { 0: nu } }) => studentCdf((y - eta) / scale, nu),
  located: { height: ({ 0: nu }) => height(nu), fall: (square, { 0: nu }) => 0.5 * (nu + 1) * Math.log1p(square / nu) },
  likelihood: kernel,
};
