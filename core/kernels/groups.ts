/** The collapsed Gaussian's compiled kernels over memory of their own; groupWords.ts says how it is laid out. */
import { instantiate } from './kernels.ts';

export interface GroupKernels {
  readonly buffer: ArrayBuffer;
  /** Takes every group's local coefficients out; 0 where a precision is not positive definite or overflows, else 1. */
  readonly eliminateGroups: (frame: number) => number;
  /** The local means, given the shared ones. */
  readonly substituteGroups: (frame: number) => void;
  /** The scores of the scales at the last solution. */
  readonly scoreGroups: (frame: number) => void;
  /** A draw of every group's coefficients at the last solution, from normals and the shared coefficients' deviations. */
  readonly drawGroups: (frame: number) => void;
  /** Normals at the address of a number, rounded up to a multiple of four; see assembly/normals.ts. `seed` and `high` are the seed's two words. */
  readonly fillNormals: (address: number, count: number, draw: number, seed: number, high: number, stream: number) => void;
}

/** Memory of at least that many bytes with the kernels over it. */
export function groupKernels(bytes: number): GroupKernels {
  const { buffer, exports } = instantiate(bytes);
  return { buffer, ...(exports as Omit<GroupKernels, 'buffer'>) };
}
