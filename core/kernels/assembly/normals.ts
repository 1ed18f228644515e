/** Standard normals for exact conditional draws, from the counters of Philox4x32-10 alone; its twin is test/core/kernels/plainNormals.ts. */
import { put } from './memory';
import { logAbove1 } from './vector';

let w0: u32 = 0;
let w1: u32 = 0;
let w2: u32 = 0;
let w3: u32 = 0;

/** As core/math/philox.ts. */
function philox(c0: u32, c1: u32, c2: u32, c3: u32, key0: u32, key1: u32): void {
  let k0 = key0;
  let k1 = key1;
  for (let round = 0; round < 10; round++) {
    const first = <u64>0xd2511f53 * <u64>c0;
    const second = <u64>0xcd9e8d57 * <u64>c2;
    c0 = <u32>(second >> 32) ^ c1 ^ k0;
    c1 = <u32>second;
    c2 = <u32>(first >> 32) ^ c3 ^ k1;
    c3 = <u32>first;
    k0 += 0x9e3779b9;
    k1 += 0xbb67ae85;
  }
  w0 = c0;
  w1 = c1;
  w2 = c2;
  w3 = c3;
}

/** Writes `count` normals, rounded up to a multiple of two, at the address of a number. `seed` and `high` are the seed's two words. */
export function fillNormals(out: i32, count: i32, draw: u32, seed: u32, high: u32, stream: u32): void {
  for (let i = 0; i < count; i += 2) {
    philox(<u32>i >> 1, draw, 0, high, seed, stream);
    put(out + i, normal(w0, w1));
    put(out + i + 1, normal(w2, w3));
  }
}

/** The normal that two words give: 52 bits say where in its half of the distribution it lies, another bit which half. */
// @ts-expect-error: decorator
@inline
function normal(high: u32, low: u32): f64 {
  const u = (<f64>(high >> 6) * 67108864.0 + <f64>(low >> 6) + 0.5) * 2.220446049250313e-16;
  const z = quantile(0.5 * u);
  return low & 1 ? -z : z;
}

/** The normal quantile of 0 < p ≤ ½: AS 241 (Wichura 1988), as core/math/normal.ts. */
function quantile(p: f64): f64 {
  const q = p - 0.5;
  if (q >= -0.425) {
    const r = 0.180625 - q * q;
    let a: f64 = 2509.0809287301227;
    a = a * r + 33430.57558358813;
    a = a * r + 67265.7709270087;
    a = a * r + 45921.95393154987;
    a = a * r + 13731.69376550946;
    a = a * r + 1971.5909503065513;
    a = a * r + 133.14166789178438;
    a = a * r + 3.3871328727963665;
    let b: f64 = 5226.495278852854;
    b = b * r + 28729.085735721943;
    b = b * r + 39307.89580009271;
    b = b * r + 21213.794301586597;
    b = b * r + 5394.196021424751;
    b = b * r + 687.1870074920579;
    b = b * r + 42.31333070160091;
    b = b * r + 1;
    return (q * a) / b;
  }
  const root = sqrt(f64x2.extract_lane(logAbove1(f64x2.splat(1 / p)), 0));
  if (root <= 5) {
    const r = root - 1.6;
    let a: f64 = 0.0007745450142783414;
    a = a * r + 0.022723844989269184;
    a = a * r + 0.2417807251774506;
    a = a * r + 1.2704582524523684;
    a = a * r + 3.6478483247632045;
    a = a * r + 5.769497221460691;
    a = a * r + 4.630337846156546;
    a = a * r + 1.4234371107496835;
    let b: f64 = 1.0507500716444169e-9;
    b = b * r + 0.0005475938084995345;
    b = b * r + 0.015198666563616457;
    b = b * r + 0.14810397642748008;
    b = b * r + 0.6897673349851;
    b = b * r + 1.6763848301838038;
    b = b * r + 2.053191626637759;
    b = b * r + 1;
    return -a / b;
  }
  const r = root - 5;
  let a: f64 = 2.0103343992922881e-7;
  a = a * r + 2.7115555687434876e-5;
  a = a * r + 0.0012426609473880784;
  a = a * r + 0.026532189526576124;
  a = a * r + 0.29656057182850487;
  a = a * r + 1.7848265399172913;
  a = a * r + 5.463784911164114;
  a = a * r + 6.657904643501103;
  let b: f64 = 2.0442631033899397e-15;
  b = b * r + 1.421511758316446e-7;
  b = b * r + 1.8463183175100548e-5;
  b = b * r + 0.0007868691311456133;
  b = b * r + 0.014875361290850615;
  b = b * r + 0.1369298809227358;
  b = b * r + 0.599832206555888;
  b = b * r + 1;
  return -a / b;
}
