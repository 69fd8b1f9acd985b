import { BLOCK, sumOf } from "./channels";
import { accumulate, floorOf, fma } from "./vector";

/**
 * mean[c] and variance[c] (biased) of x [rows, channels]; channels must be a multiple of 4.
 *
 * Blocks, which stay in the cache for their second sum, are merged as by Chan, Golub and LeVeque
 * (1979), in float64: thousands of blocks would round too much.
 *
 * @param totals Scratch, 16 bytes a channel.
 */
export function moments(
  x: usize,
  mean: usize,
  variance: usize,
  totals: usize,
  rows: i32,
  channels: i32,
): void {
  const bytes = <usize> channels << 2;
  memory.fill(totals, 0, bytes << 2);
  for (let row = 0; row < rows; row += BLOCK) {
    const count = min(BLOCK, rows - row);
    const share = <f64> count / <f64> (row + count);
    for (let c: usize = 0; c < bytes; c += 16) {
      const from = x + <usize> row * bytes + c;
      const m = f32x4.mul(sumOf(from, bytes, count), f32x4.splat(<f32> 1 / <f32> count));
      const squares = squaresOf(from, m, bytes, count);
      const high = v128.shuffle<i32>(m, m, 2, 3, 2, 3);
      const highSquares = v128.shuffle<i32>(squares, squares, 2, 3, 2, 3);
      merge(totals + (c << 2), m, squares, share, <f64> row);
      merge(totals + (c << 2) + 32, high, highSquares, share, <f64> row);
    }
  }
  for (let c: usize = 0; c < bytes; c += 8) {
    const from = totals + (c << 2);
    v128.store64_lane(mean + c, f32x4.demote_f64x2_zero(v128.load(from)), 0);
    const squares = f64x2.mul(v128.load(from, 16), f64x2.splat(1 / <f64> rows));
    v128.store64_lane(variance + c, f32x4.demote_f64x2_zero(squares), 0);
  }
}

/** Adds a block to the mean, and to the sum of squares about it, of two channels and `before` rows. */
function merge(at: usize, mean: v128, squares: v128, share: f64, before: f64): void {
  const total = v128.load(at);
  const step = f64x2.sub(f64x2.promote_low_f32x4(mean), total);
  const part = f64x2.mul(step, f64x2.splat(share));
  const between = f64x2.mul(f64x2.mul(step, part), f64x2.splat(before));
  v128.store(at, f64x2.add(total, part));
  const all = f64x2.add(f64x2.promote_low_f32x4(squares), between);
  v128.store(at, f64x2.add(v128.load(at, 16), all), 16);
}

/** The sum of squared distances from `m`, of vectors as in sumOf. */
function squaresOf(at: usize, m: v128, bytes: usize, count: i32): v128 {
  //! repeat p 4
  let a$p = f32x4.splat(0);
  //! end
  for (; count >= 4; count -= 4) {
    //! repeat p 4
    const d$p = f32x4.sub(v128.load(at), m);
    a$p = fma(d$p, d$p, a$p);
    at += bytes;
    //! end
  }
  for (; count > 0; count--) {
    const d = f32x4.sub(v128.load(at), m);
    a0 = fma(d, d, a0);
    at += bytes;
  }
  return f32x4.add(f32x4.add(a0, a1), f32x4.add(a2, a3));
}

/** y = a[c] x + b[c], then max(0, y) if relu. */
export function affine(
  x: usize,
  y: usize,
  a: usize,
  b: usize,
  rows: i32,
  channels: i32,
  relu: bool,
): void {
  const bytes = <usize> channels << 2;
  const floor = floorOf(relu);
  for (let i = 0; i < rows; i++) {
    for (let c: usize = 0; c < bytes; c += 16) {
      const v = fma(v128.load(x + c), v128.load(a + c), v128.load(b + c));
      v128.store(y + c, f32x4.max(v, floor));
    }
    x += bytes;
    y += bytes;
  }
}

/**
 * Sums of the gradient g and of g (x - mean) over rows, where g = dy, or dy where the output
 * a[c] x + b[c] is positive if relu: x is read again, but y need not be.
 */
export function normGradientSums(
  x: usize,
  dy: usize,
  mean: usize,
  a: usize,
  b: usize,
  sumG: usize,
  sumGx: usize,
  rows: i32,
  channels: i32,
  relu: bool,
): void {
  const bytes = <usize> channels << 2;
  memory.fill(sumG, 0, bytes);
  memory.fill(sumGx, 0, bytes);
  const floor = floorOf(relu);
  for (let row = 0; row < rows; row += BLOCK) {
    const count = min(BLOCK, rows - row);
    for (let c: usize = 0; c < bytes; c += 16) {
      const m = v128.load(mean + c), slope = v128.load(a + c), shift = v128.load(b + c);
      let at = <usize> row * bytes + c;
      let g = f32x4.splat(0), gx = g;
      for (let i = 0; i < count; i++) {
        const v = v128.load(x + at);
        const d = v128.and(v128.load(dy + at), f32x4.gt(fma(v, slope, shift), floor));
        g = f32x4.add(g, d);
        gx = fma(d, f32x4.sub(v, m), gx);
        at += bytes;
      }
      accumulate(sumG + c, g);
      accumulate(sumGx + c, gx);
    }
  }
}

/** dx = a[c] g + d[c] x + e[c], with g, a and b as in normGradientSums. */
export function normGradient(
  x: usize,
  dy: usize,
  dx: usize,
  a: usize,
  b: usize,
  d: usize,
  e: usize,
  rows: i32,
  channels: i32,
  relu: bool,
): void {
  const bytes = <usize> channels << 2;
  const floor = floorOf(relu);
  for (let i = 0; i < rows; i++) {
    for (let c: usize = 0; c < bytes; c += 16) {
      const v = v128.load(x + c), slope = v128.load(a + c);
      const g = v128.and(v128.load(dy + c), f32x4.gt(fma(v, slope, v128.load(b + c)), floor));
      v128.store(dx + c, fma(g, slope, fma(v, v128.load(d + c), v128.load(e + c))));
    }
    x += bytes;
    dy += bytes;
    dx += bytes;
  }
}

/** The affine form of a normalisation: scale = gamma / sqrt(variance + epsilon), shift = beta - mean scale. */
export function normCoefficients(
  gamma: usize,
  beta: usize,
  mean: usize,
  variance: usize,
  epsilon: f32,
  scale: usize,
  shift: usize,
  channels: i32,
): void {
  for (let c: usize = 0; c < <usize> channels << 2; c += 4) {
    const a = load<f32>(gamma + c) / sqrt<f32>(load<f32>(variance + c) + epsilon);
    store<f32>(scale + c, a);
    store<f32>(shift + c, load<f32>(beta + c) - load<f32>(mean + c) * a);
  }
}

/**
 * Coefficients d and e of normGradient from its a and its sums; turns sumGx into the gradient of gamma in
 * place.
 */
export function normGradientCoefficients(
  mean: usize,
  variance: usize,
  epsilon: f32,
  sumG: usize,
  sumGx: usize,
  a: usize,
  d: usize,
  e: usize,
  rows: i32,
  channels: i32,
): void {
  for (let c: usize = 0; c < <usize> channels << 2; c += 4) {
    const inverse = <f32> 1 / sqrt<f32>(load<f32>(variance + c) + epsilon);
    const scale = load<f32>(a + c);
    const gradient = load<f32>(sumGx + c) * inverse;
    const slope = -scale * gradient * inverse / <f32> rows;
    store<f32>(d + c, slope);
    store<f32>(e + c, -scale * load<f32>(sumG + c) / <f32> rows - load<f32>(mean + c) * slope);
    store<f32>(sumGx + c, gradient);
  }
}

