/** a b + c in one instruction where the machine has one. */
// @ts-ignore: decorator
@inline
export function fma(a: v128, b: v128, c: v128): v128 {
  return f32x4.relaxed_madd(a, b, c);
}

/** Adds to what lies in memory: rows are summed in registers and then added to their total. */
// @ts-ignore: decorator
@inline
export function accumulate(at: usize, sum: v128): void {
  v128.store(at, f32x4.add(v128.load(at), sum));
}

/** The least value that a result may have: 0 for ReLU. */
// @ts-ignore: decorator
@inline
export function floorOf(relu: bool): v128 {
  return f32x4.splat(relu ? <f32> 0 : <f32> -Infinity);
}
