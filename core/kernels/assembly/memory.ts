/** Words and numbers by their addresses, see ../groupWords.ts. */

// @ts-expect-error: decorator
@inline
export function word(address: i32): i32 {
  return load<i32>((<usize>address) << 2);
}

// @ts-expect-error: decorator
@inline
export function num(address: i32): f64 {
  return load<f64>((<usize>address) << 3);
}

// @ts-expect-error: decorator
@inline
export function put(address: i32, value: f64): void {
  store<f64>((<usize>address) << 3, value);
}

// @ts-expect-error: decorator
@inline
export function add(address: i32, value: f64): void {
  put(address, num(address) + value);
}
