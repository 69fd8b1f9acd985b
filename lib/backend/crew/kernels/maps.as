import { floorOf } from "../../wasm/kernels/vector";

/** y = a + b, then max(0, y) if relu; a multiple of 4 values. */
export function add(a: usize, b: usize, y: usize, count: i32, relu: bool): void {
  const floor = floorOf(relu);
  for (let at: usize = 0; at < <usize> count << 2; at += 16) {
    v128.store(y + at, f32x4.max(f32x4.add(v128.load(a + at), v128.load(b + at)), floor));
  }
}

/** The maximum over 2 × 2 of [2 rows, 2 width, channels]. Channels: multiple of 4. */
export function maxPool(x: usize, y: usize, rows: i32, width: i32, channels: i32): void {
  const pixel = <usize> channels << 2, row = <usize> (2 * width) * pixel;
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < width; j++) {
      for (let c: usize = 0; c < pixel; c += 16) {
        const above = f32x4.max(v128.load(x + c), v128.load(x + c + pixel));
        const below = f32x4.max(v128.load(x + c + row), v128.load(x + c + row + pixel));
        v128.store(y + c, f32x4.max(above, below));
      }
      x += 2 * pixel;
      y += pixel;
    }
    x += row;
  }
}
