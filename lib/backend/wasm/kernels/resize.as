import { fma } from "./vector";

/**
 * Bilinear enlargement of one image by two, half-pixel centres, edges repeated: along each axis
 * y[2i] = (x[i − 1] + 3 x[i]) / 4 and y[2i + 1] = (3 x[i] + x[i + 1]) / 4. Channels: multiple of 4.
 *
 * @param y The row `first`, from which on those before `end` are made.
 */
export function upsample(
  x: usize,
  y: usize,
  height: i32,
  width: i32,
  channels: i32,
  first: i32,
  end: i32,
): void {
  const pixel = <usize> channels << 2, row = <usize> width * pixel;
  for (let i = first; i < end; i++) {
    const near = x + <usize> (i >> 1) * row;
    const far = x + <usize> max(0, min(height - 1, (i >> 1) + ((i & 1) << 1) - 1)) * row;
    for (let c: usize = 0; c < pixel; c += 16) upsampleRow(near + c, far + c, y + c, width, pixel);
    y += 2 * row;
  }
}

function upsampleRow(near: usize, far: usize, y: usize, width: i32, pixel: usize): void {
  const quarter = f32x4.splat(0.25), most = f32x4.splat(0.75);
  let middle = fma(v128.load(near), most, f32x4.mul(v128.load(far), quarter));
  let left = f32x4.mul(middle, quarter);
  for (let j = 0; j < width; j++) {
    if (j + 1 < width) {
      near += pixel;
      far += pixel;
    }
    const right = fma(v128.load(near), most, f32x4.mul(v128.load(far), quarter));
    v128.store(y, fma(middle, most, left));
    v128.store(y + pixel, fma(middle, most, f32x4.mul(right, quarter)));
    left = f32x4.mul(middle, quarter);
    middle = right;
    y += 2 * pixel;
  }
}

/** The adjoint of `upsample`: dx [height, width] from dy [2 height, 2 width]. */
export function upsampleGradient(dy: usize, dx: usize, height: i32, width: i32, channels: i32): void {
  const pixel = <usize> channels << 2, row = <usize> (2 * width) * pixel;
  for (let i = 0; i < height; i++) {
    const y0 = dy + <usize> max(0, 2 * i - 1) * row;
    const y1 = dy + <usize> (2 * i) * row;
    const y3 = dy + <usize> min(2 * height - 1, 2 * i + 2) * row;
    for (let c: usize = 0; c < pixel; c += 16) {
      upsampleGradientRow(y0 + c, y1 + c, y1 + row + c, y3 + c, dx + c, width, pixel);
    }
    dx += <usize> width * pixel;
  }
}

function upsampleGradientRow(
  y0: usize,
  y1: usize,
  y2: usize,
  y3: usize,
  dx: usize,
  width: i32,
  pixel: usize,
): void {
  const last = <usize> (2 * width - 1) * pixel;
  let a = blend(y0, y1, y2, y3), b = a; // columns 2j − 1 and 2j
  for (let at: usize = 0; at <= last; at += 2 * pixel) {
    const next = at + pixel, after = min(next + pixel, last);
    const c = blend(y0 + next, y1 + next, y2 + next, y3 + next);
    const d = blend(y0 + after, y1 + after, y2 + after, y3 + after);
    v128.store(dx, weigh(a, b, c, d));
    a = c;
    b = d;
    dx += pixel;
  }
}

// @ts-ignore: decorator
@inline
function blend(y0: usize, y1: usize, y2: usize, y3: usize): v128 {
  return weigh(v128.load(y0), v128.load(y1), v128.load(y2), v128.load(y3));
}

/** (a + 3 b + 3 c + d) / 4 */
// @ts-ignore: decorator
@inline
function weigh(a: v128, b: v128, c: v128, d: v128): v128 {
  const outer = f32x4.mul(f32x4.add(a, d), f32x4.splat(0.25));
  return fma(f32x4.add(b, c), f32x4.splat(0.75), outer);
}

/**
 * The gradient of the maximum over 2 × 2 of images [rows, 2 width], where `rows` counts pairs of rows:
 * dx = dy at the first of the largest, else 0. Channels: multiple of 4.
 */
export function maxPoolGradient(
  x: usize,
  y: usize,
  dy: usize,
  dx: usize,
  rows: i32,
  width: i32,
  channels: i32,
): void {
  const pixel = <usize> channels << 2, row = <usize> (2 * width) * pixel;
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < width; j++) {
      for (let c: usize = 0; c < pixel; c += 16) {
        const most = v128.load(y + c);
        let rest = v128.load(dy + c);
        //! repeat k 4
        const at$k = c + ($k >> 1) * row + ($k & 1) * pixel;
        const is$k = f32x4.eq(v128.load(x + at$k), most);
        v128.store(dx + at$k, v128.and(rest, is$k));
        rest = v128.andnot(rest, is$k);
        //! end
      }
      x += 2 * pixel;
      dx += 2 * pixel;
      y += pixel;
      dy += pixel;
    }
    x += row;
    dx += row;
  }
}
