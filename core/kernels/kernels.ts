/**
 * The row kernels, compiled (WebAssembly with SIMD). They work on one block of memory that the caller lays out; see assembly/index.ts for
 * the table. Tests hold them against twins in plain TypeScript.
 */
import { KERNEL_BYTES } from './bytes.ts';

export const KERNELS = ['exponential', 'logistic', 'weightedLogistic', 'negativeBinomial', 'studentT'] as const;
export type KernelName = (typeof KERNELS)[number];

/**
 * All arguments but `parameter` are byte addresses, `groups` a count. Writes every group's gradient and three sums.
 * `scratch` is room for 1,024 numbers; `scales` is 0 or the address of one scale a group (Student-t).
 */
export type Kernel = (
  table: number,
  groups: number,
  beta: number,
  gradient: number,
  sums: number,
  scratch: number,
  parameter: number,
  scales: number,
) => void;

/** 32-bit words of a group in the table. */
export const TABLE_WORDS = 12;
/** Numbers of a group in the sums. */
export const SUMS = 3;
/** Numbers of scratch room. */
export const SCRATCH = 1024;
/** The first address that may be laid out: 0 stands for "absent". */
export const FIRST_ADDRESS = 1024;

/** What lays out and calls kernels; tests put their twins behind it. */
export interface KernelMemory {
  readonly buffer: ArrayBuffer;
  kernel(name: KernelName): Kernel;
}

const PAGE = 65_536; // Of WebAssembly's memory.

/** What of WebAssembly's interface is needed here; core has no types of an environment. */
declare const WebAssembly: {
  Memory: new (d: { initial: number }) => { readonly buffer: ArrayBuffer };
  Module: new (bytes: Uint8Array) => object;
  Instance: new (module: object, imports: object) => { readonly exports: Readonly<Record<string, unknown>> };
};

let compiled: object | null = null;

/** Memory of at least that many bytes, and every compiled function over it. */
export function instantiate(bytes: number): { readonly buffer: ArrayBuffer; readonly exports: Readonly<Record<string, unknown>> } {
  compiled ??= new WebAssembly.Module(decodeBase64(KERNEL_BYTES));
  const memory = new WebAssembly.Memory({ initial: Math.ceil(bytes / PAGE) });
  const { exports } = new WebAssembly.Instance(compiled, { env: { memory } });
  return { buffer: memory.buffer, exports };
}

/** Memory of at least that many bytes with the compiled kernels over it. */
export function compiledMemory(bytes: number): KernelMemory {
  const { buffer, exports } = instantiate(bytes);
  return { buffer, kernel: (name) => exports[name] as Kernel };
}

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

function decodeBase64(text: string): Uint8Array {
  const length = (text.length / 4) * 3 - (text.endsWith('==') ? 2 : text.endsWith('=') ? 1 : 0);
  const out = new Uint8Array(length);
  for (let i = 0, at = 0; i < text.length; i += 4) {
    let word = 0;
    for (let j = 0; j < 4; j++) word = (word << 6) | Math.max(0, ALPHABET.indexOf(text[i + j]));
    for (let j = 16; j >= 0 && at < length; j -= 8) out[at++] = (word >> j) & 255;
  }
  return out;
}
