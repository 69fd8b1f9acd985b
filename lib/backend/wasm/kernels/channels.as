import { accumulate } from "./vector";

/** Copies `channels` values of every row; rows are `fromBytes` and `toBytes` apart. */
export function copyChannels(
  from: usize,
  to: usize,
  rows: i32,
  channels: i32,
  fromBytes: usize,
  toBytes: usize,
): void {
  const wide = <usize> (channels & ~3) << 2, all = <usize> channels << 2;
  for (let row = 0; row < rows; row++) {
    let at: usize = 0;
    for (; at < wide; at += 16) v128.store(to + at, v128.load(from + at));
    for (; at < all; at += 4) store<f32>(to + at, load<f32>(from + at));
    from += fromBytes;
    to += toBytes;
  }
}

/** Rows summed in registers before they are added to the totals. */
export const BLOCK: i32 = 64;

/** sum[c] over the rows of x [rows, channels]; channels must be a multiple of 4. */
export function sumRows(x: usize, sum: usize, rows: i32, channels: i32): void {
  const bytes = <usize> channels << 2;
  memory.fill(sum, 0, bytes);
  for (let row = 0; row < rows; row += BLOCK) {
    const count = min(BLOCK, rows - row);
    for (let c: usize = 0; c < bytes; c += 16) {
      accumulate(sum + c, sumOf(x + <usize> row * bytes + c, bytes, count));
    }
  }
}

/**
 * The sum of `count` vectors of 4 values that are `bytes` apart: four sums at a time, since each
 * addition waits for the one before.
 */
export function sumOf(at: usize, bytes: usize, count: i32): v128 {
  //! repeat p 4
  let a$p = f32x4.splat(0);
  //! end
  for (; count >= 4; count -= 4) {
    //! repeat p 4
    a$p = f32x4.add(a$p, v128.load(at));
    at += bytes;
    //! end
  }
  for (; count > 0; count--) {
    a0 = f32x4.add(a0, v128.load(at));
    at += bytes;
  }
  return f32x4.add(f32x4.add(a0, a1), f32x4.add(a2, a3));
}

/** dx = dy where y is positive, else 0; a multiple of 4 values. */
export function reluGradient(dy: usize, y: usize, dx: usize, count: i32): void {
  const zero = f32x4.splat(0);
  for (let at: usize = 0; at < <usize> count << 2; at += 16) {
    v128.store(dx + at, v128.and(v128.load(dy + at), f32x4.gt(v128.load(y + at), zero)));
  }
}
