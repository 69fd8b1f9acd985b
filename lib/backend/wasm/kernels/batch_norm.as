import { accumulate, floorOf, fma } from "./vector";

/** Pixels summed in registers before they are added to the totals. */
const BLOCK: i32 = 64;

/** mean[c] and variance[c] (biased) of x [rows, channels]; channels must be a multiple of 4. */
export function moments(x: usize, mean: usize, variance: usize, rows: i32, channels: i32): void {
  const bytes = <usize> channels << 2;
  memory.fill(mean, 0, bytes);
  memory.fill(variance, 0, bytes);
  const scale = f32x4.splat(<f32> 1 / <f32> rows);
  for (let row = 0; row < rows; row += BLOCK) {
    const count = min(BLOCK, rows - row);
    for (let c: usize = 0; c < bytes; c += 16) {
      let at = x + <usize> row * bytes + c;
      let sum = f32x4.splat(0);
      for (let i = 0; i < count; i++) {
        sum = f32x4.add(sum, v128.load(at));
        at += bytes;
      }
      accumulate(mean + c, f32x4.mul(sum, scale));
    }
  }
  for (let row = 0; row < rows; row += BLOCK) {
    const count = min(BLOCK, rows - row);
    for (let c: usize = 0; c < bytes; c += 16) {
      const m = v128.load(mean + c);
      let at = x + <usize> row * bytes + c;
      let sum = f32x4.splat(0);
      for (let i = 0; i < count; i++) {
        const d = f32x4.sub(v128.load(at), m);
        sum = fma(d, d, sum);
        at += bytes;
      }
      accumulate(variance + c, f32x4.mul(sum, scale));
    }
  }
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
 * Sums of the gradient g and of g (x - mean) over rows, where g = dy, or dy where y > 0 if relu.
 */
export function normGradientSums(
  x: usize,
  y: usize,
  dy: usize,
  mean: usize,
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
      const m = v128.load(mean + c);
      let at = <usize> row * bytes + c;
      let g = f32x4.splat(0), gx = g;
      for (let i = 0; i < count; i++) {
        const d = v128.and(v128.load(dy + at), f32x4.gt(v128.load(y + at), floor));
        g = f32x4.add(g, d);
        gx = fma(d, f32x4.sub(v128.load(x + at), m), gx);
        at += bytes;
      }
      accumulate(sumG + c, g);
      accumulate(sumGx + c, gx);
    }
  }
}

/** dx = a[c] g + b[c] x + d[c], with g as in normGradientSums. */
export function normGradient(
  x: usize,
  y: usize,
  dy: usize,
  dx: usize,
  a: usize,
  b: usize,
  d: usize,
  rows: i32,
  channels: i32,
  relu: bool,
): void {
  const bytes = <usize> channels << 2;
  const floor = floorOf(relu);
  for (let i = 0; i < rows; i++) {
    for (let c: usize = 0; c < bytes; c += 16) {
      const g = v128.and(v128.load(dy + c), f32x4.gt(v128.load(y + c), floor));
      const linear = fma(v128.load(x + c), v128.load(b + c), v128.load(d + c));
      v128.store(dx + c, fma(g, v128.load(a + c), linear));
    }
    x += bytes;
    y += bytes;
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

/** Coefficients of normGradient from its sums; turns sumGx into the gradient of gamma in place. */
export function normGradientCoefficients(
  gamma: usize,
  mean: usize,
  variance: usize,
  epsilon: f32,
  sumG: usize,
  sumGx: usize,
  a: usize,
  b: usize,
  d: usize,
  rows: i32,
  channels: i32,
): void {
  for (let c: usize = 0; c < <usize> channels << 2; c += 4) {
    const inverse = <f32> 1 / sqrt<f32>(load<f32>(variance + c) + epsilon);
    const scale = load<f32>(gamma + c) * inverse;
    const gradient = load<f32>(sumGx + c) * inverse;
    const slope = -scale * gradient * inverse / <f32> rows;
    store<f32>(a + c, scale);
    store<f32>(b + c, slope);
    store<f32>(d + c, -scale * load<f32>(sumG + c) / <f32> rows - load<f32>(mean + c) * slope);
    store<f32>(sumGx + c, gradient);
  }
}

