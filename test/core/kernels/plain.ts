/** The row kernels in plain TypeScript, row by row: the twin that the compiled ones are held against. */
import { type Kernel, type KernelMemory, type KernelName, SUMS, TABLE_WORDS } from '../../../core/kernels/kernels.ts';
import { exp, log, log1p, logistic, softplus } from '../../../core/math/elementary.ts';

/** Memory of at least that many bytes with the plain kernels over it. */
export function plainMemory(bytes: number): KernelMemory {
  const buffer = new ArrayBuffer(8 * Math.ceil(bytes / 8));
  return { buffer, kernel: (name) => plainKernel(name, buffer) };
}

/** What one row adds: to the sum, to the second sum, and its derivative in eta (with the sign of the sum's gradient). */
interface Contribution {
  value: number;
  second: number;
  residual: number;
}

/** The kernel of that name over a block of memory. */
export function plainKernel(name: KernelName, buffer: ArrayBuffer): Kernel {
  const numbers = new Float64Array(buffer);
  const words = new Int32Array(buffer);
  const row: Contribution = { value: 0, second: 0, residual: 0 };
  return (table, groups, beta, gradient, sums, _scratch, parameter, scales) => {
    const shift = name === 'negativeBinomial' ? -log(parameter) : 0;
    for (let g = 0; g < groups; g++) {
      const at = table / 4 + TABLE_WORDS * g;
      const [rows, columns, x, offset, first, second, cell, intercept, stride] = words.subarray(at, at + 9);
      const slopes = beta / 8 + cell + intercept;
      const out = gradient / 8 + cell;
      numbers.fill(0, out, out + columns + intercept);
      const scale = scales === 0 ? 1 : numbers[scales / 8 + g];
      let value = 0;
      let extra = 0;
      let total = 0;
      for (let i = 0; i < rows; i++) {
        let eta = shift + (intercept === 1 ? numbers[beta / 8 + cell] : 0);
        if (offset !== 0) eta += numbers[offset / 8 + i];
        for (let j = 0; j < columns; j++) eta += numbers[slopes + j] * numbers[(x + j * stride) / 8 + i];
        contribute(name, eta, first === 0 ? 0 : numbers[first / 8 + i], second, i, numbers, parameter, scale, row);
        value += row.value;
        extra += row.second;
        total += row.residual;
        for (let j = 0; j < columns; j++) numbers[out + intercept + j] += row.residual * numbers[(x + j * stride) / 8 + i];
      }
      if (intercept === 1) numbers[out] = total;
      numbers[sums / 8 + SUMS * g] = value;
      numbers[sums / 8 + SUMS * g + 1] = extra;
      numbers[sums / 8 + SUMS * g + 2] = total;
    }
  };
}

function contribute(
  name: KernelName,
  eta: number,
  first: number,
  second: number,
  i: number,
  numbers: Float64Array,
  parameter: number,
  scale: number,
  out: Contribution,
): void {
  out.second = 0;
  if (name === 'exponential') {
    out.value = exp(Math.max(-708, Math.min(709, eta)));
    out.residual = out.value;
  } else if (name === 'studentT') {
    const s = second === 0 ? scale : scale * numbers[second / 8 + 2 * i];
    const w = second === 0 ? 1 : numbers[second / 8 + 2 * i + 1];
    const z = (first - eta) / s;
    out.value = w * log1p((z * z) / parameter);
    out.second = (w * z * z) / (parameter + z * z);
    out.residual = (w * z) / ((parameter + z * z) * s);
  } else {
    const soft = softplus(eta);
    let m = name === 'logistic' ? 1 : first;
    if (name === 'negativeBinomial') {
      const b = numbers[second / 8 + i];
      m += parameter * b;
      out.second = b * soft;
    }
    out.value = m * soft;
    out.residual = m * logistic(eta);
  }
}
