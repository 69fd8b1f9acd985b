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
const BLOCK: i32 = 64;

/** sum[c] over the rows of x [rows, channels]; channels must be a multiple of 4. */
export function sumRows(x: usize, sum: usize, rows: i32, channels: i32): void {
  const bytes = <usize> channels << 2;
  memory.fill(sum, 0, bytes);
  for (let row = 0; row < rows; row += BLOCK) {
    const count = min(BLOCK, rows - row);
    for (let c: usize = 0; c < bytes; c += 16) {
      let at = x + <usize> row * bytes + c;
      let part = f32x4.splat(0);
      for (let i = 0; i < count; i++) {
        part = f32x4.add(part, v128.load(at));
        at += bytes;
      }
      accumulate(sum + c, part);
    }
  }
}
