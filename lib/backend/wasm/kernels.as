// AssemblyScript source of the WASM kernels that tfjs-backend-wasm lacks or does slowly.
// Built by `deno task kernels` into kernels.wasm.ts. Pointers are byte offsets into the tfjs heap;
// all data are float32, NHWC.

/** dst += the zero-padded copy of one NHWC image; dst must be zeroed. */
export function padImage(
  x: usize,
  dst: usize,
  height: i32,
  width: i32,
  channels: i32,
  padTop: i32,
  padLeft: i32,
  paddedWidth: i32,
): void {
  const rowBytes = <usize> (width * channels) << 2;
  for (let y = 0; y < height; y++) {
    const to = dst + (<usize> ((y + padTop) * paddedWidth + padLeft) * <usize> channels << 2);
    memory.copy(to, x + <usize> y * rowBytes, rowBytes);
  }
}

/** Spreads dy with stride 2 into the zeroed dst (transposed convolution by zero insertion). */
export function dilate(
  dy: usize,
  dst: usize,
  height: i32,
  width: i32,
  channels: i32,
  stride: i32,
  top: i32,
  left: i32,
  dstWidth: i32,
): void {
  const bytes = <usize> channels << 2;
  let from = dy;
  for (let y = 0; y < height; y++) {
    let to = dst + <usize> ((y * stride + top) * dstWidth + left) * bytes;
    for (let x = 0; x < width; x++) {
      memory.copy(to, from, bytes);
      from += bytes;
      to += bytes * stride;
    }
  }
}

/**
 * dw[k, co] += sum over one image's outputs of xPadded[.., k] * dy[.., co], where for each filter
 * row the kw × cin taps k are contiguous in the padded input.
 */
export function filterGradient(
  x: usize,
  dy: usize,
  dw: usize,
  paddedWidth: i32,
  cin: i32,
  outHeight: i32,
  outWidth: i32,
  cout: i32,
  kh: i32,
  kw: i32,
  stride: i32,
): void {
  const taps = kw * cin;
  const step = <usize> (stride * cin) << 2;
  const rowBytes = <usize> (paddedWidth * cin) << 2;
  const dyRow = <usize> (outWidth * cout) << 2;
  const coBytes = <usize> cout << 2;
  for (let oy = 0; oy < outHeight; oy++) {
    const dyPtr = dy + <usize> oy * dyRow;
    for (let ky = 0; ky < kh; ky++) {
      const xRow = x + <usize> (oy * stride + ky) * rowBytes;
      const dwRow = dw + <usize> (ky * taps) * coBytes;
      let k = 0;
      for (; k + 4 <= taps; k += 4) {
        const xk = xRow + (<usize> k << 2);
        const dwk = dwRow + <usize> k * coBytes;
        let co = 0;
        for (; co + 8 <= cout; co += 8) {
          const o = <usize> co << 2;
          tile4x8(xk, dyPtr + o, dwk + o, step, coBytes, outWidth);
        }
        for (; co + 4 <= cout; co += 4) {
          const o = <usize> co << 2;
          tile4x4(xk, dyPtr + o, dwk + o, step, coBytes, outWidth);
        }
        for (; co < cout; co++) {
          const o = <usize> co << 2;
          for (let j = 0; j < 4; j++) {
            dot(xk + (<usize> j << 2), dyPtr + o, dwk + <usize> j * coBytes + o, step, coBytes, outWidth);
          }
        }
      }
      for (; k < taps; k++) {
        const xk = xRow + (<usize> k << 2);
        const dwk = dwRow + <usize> k * coBytes;
        let co = 0;
        for (; co + 4 <= cout; co += 4) {
          const o = <usize> co << 2;
          tile1x4(xk, dyPtr + o, dwk + o, step, coBytes, outWidth);
        }
        for (; co < cout; co++) {
          const o = <usize> co << 2;
          dot(xk, dyPtr + o, dwk + o, step, coBytes, outWidth);
        }
      }
    }
  }
}

// @ts-ignore: decorator
@inline
function fma(a: v128, b: v128, c: v128): v128 {
  return f32x4.relaxed_madd(a, b, c);
}

// A row is summed in registers, then added to the total: the rounding of a two-level sum.
// @ts-ignore: decorator
@inline
function accumulate(at: usize, sum: v128): void {
  v128.store(at, f32x4.add(v128.load(at), sum));
}

function tile4x8(x: usize, dy: usize, dw: usize, step: usize, coBytes: usize, count: i32): void {
  let a0 = f32x4.splat(0), a1 = a0, b0 = a0, b1 = a0;
  let c0 = a0, c1 = a0, d0 = a0, d1 = a0;
  for (let i = 0; i < count; i++) {
    const g0 = v128.load(dy), g1 = v128.load(dy, 16);
    let s = v128.load32_splat(x);
    a0 = fma(s, g0, a0);
    a1 = fma(s, g1, a1);
    s = v128.load32_splat(x, 4);
    b0 = fma(s, g0, b0);
    b1 = fma(s, g1, b1);
    s = v128.load32_splat(x, 8);
    c0 = fma(s, g0, c0);
    c1 = fma(s, g1, c1);
    s = v128.load32_splat(x, 12);
    d0 = fma(s, g0, d0);
    d1 = fma(s, g1, d1);
    x += step;
    dy += coBytes;
  }
  accumulate(dw, a0);
  accumulate(dw + 16, a1);
  accumulate(dw + coBytes, b0);
  accumulate(dw + coBytes + 16, b1);
  accumulate(dw + 2 * coBytes, c0);
  accumulate(dw + 2 * coBytes + 16, c1);
  accumulate(dw + 3 * coBytes, d0);
  accumulate(dw + 3 * coBytes + 16, d1);
}

function tile4x4(x: usize, dy: usize, dw: usize, step: usize, coBytes: usize, count: i32): void {
  let a = f32x4.splat(0), b = a, c = a, d = a;
  for (let i = 0; i < count; i++) {
    const g = v128.load(dy);
    a = fma(v128.load32_splat(x), g, a);
    b = fma(v128.load32_splat(x, 4), g, b);
    c = fma(v128.load32_splat(x, 8), g, c);
    d = fma(v128.load32_splat(x, 12), g, d);
    x += step;
    dy += coBytes;
  }
  accumulate(dw, a);
  accumulate(dw + coBytes, b);
  accumulate(dw + 2 * coBytes, c);
  accumulate(dw + 3 * coBytes, d);
}

function tile1x4(x: usize, dy: usize, dw: usize, step: usize, coBytes: usize, count: i32): void {
  let a = f32x4.splat(0);
  for (let i = 0; i < count; i++) {
    a = fma(v128.load32_splat(x), v128.load(dy), a);
    x += step;
    dy += coBytes;
  }
  accumulate(dw, a);
}

function dot(x: usize, dy: usize, dw: usize, step: usize, coBytes: usize, count: i32): void {
  let a: f32 = 0;
  for (let i = 0; i < count; i++) {
    a += load<f32>(x) * load<f32>(dy);
    x += step;
    dy += coBytes;
  }
  store<f32>(dw, load<f32>(dw) + a);
}

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
  const floor = f32x4.splat(relu ? <f32> 0 : <f32> -Infinity);
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
  const floor = f32x4.splat(relu ? <f32> 0 : <f32> -Infinity);
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
  const floor = f32x4.splat(relu ? <f32> 0 : <f32> -Infinity);
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

/**
 * Packs a filter [kh, kw, cin, cout] for convolution: [cout / 8, kh kw cin, 8].
 */
export function packFilter(filter: usize, packed: usize, taps: i32, cout: i32): void {
  for (let co = 0; co < cout; co += 8) {
    let from = filter + (<usize> co << 2);
    for (let k = 0; k < taps; k++) {
      v128.store(packed, v128.load(from));
      v128.store(packed, v128.load(from, 16), 16);
      packed += 32;
      from += <usize> cout << 2;
    }
  }
}

/**
 * Packs the mirrored filter with its channels swapped, as the gradient of the input needs it:
 * [cin / 8, kh kw cout, 8].
 */
export function packMirrored(
  filter: usize,
  packed: usize,
  positions: i32,
  cin: i32,
  cout: i32,
): void {
  for (let ci = 0; ci < cin; ci += 8) {
    for (let position = positions - 1; position >= 0; position--) {
      for (let co = 0; co < cout; co++) {
        for (let j = 0; j < 8; j++) {
          const at = filter + (<usize> ((position * cin + ci + j) * cout + co) << 2);
          store<f32>(packed, load<f32>(at));
          packed += 4;
        }
      }
    }
  }
}

/**
 * y = bias + convolution of one zero-padded image with a packed filter, then max(0, y) if relu.
 * The number of output channels is a multiple of 8.
 */
export function convolve(
  x: usize,
  packed: usize,
  bias: usize,
  y: usize,
  paddedWidth: i32,
  cin: i32,
  outHeight: i32,
  outWidth: i32,
  cout: i32,
  kh: i32,
  kw: i32,
  stride: i32,
  relu: bool,
): void {
  const taps = kw * cin;
  const step = <usize> (stride * cin) << 2;
  const rowBytes = <usize> (paddedWidth * cin) << 2;
  const coBytes = <usize> cout << 2;
  const tileBytes = <usize> (kh * taps) << 5;
  const floor = f32x4.splat(relu ? <f32> 0 : <f32> -Infinity);
  for (let oy = 0; oy < outHeight; oy++) {
    const xRow = x + <usize> (oy * stride) * rowBytes;
    let w = packed;
    for (let co: usize = 0; co < coBytes; co += 32) {
      let from = xRow;
      let to = y + co;
      let ox = outWidth;
      for (; ox >= 6; ox -= 6) {
        conv6x8(from, w, to, bias + co, rowBytes, step, coBytes, kh, taps, floor);
        from += 6 * step;
        to += 6 * coBytes;
      }
      for (; ox > 0; ox--) {
        conv1x8(from, w, to, bias + co, rowBytes, step, coBytes, kh, taps, floor);
        from += step;
        to += coBytes;
      }
      w += tileBytes;
    }
    y += <usize> outWidth * coBytes;
  }
}

function conv6x8(
  x: usize,
  w: usize,
  y: usize,
  bias: usize,
  rowBytes: usize,
  step: usize,
  coBytes: usize,
  kh: i32,
  taps: i32,
  floor: v128,
): void {
  const b0 = v128.load(bias), b1 = v128.load(bias, 16);
  let p0 = b0, q0 = b1;
  let p1 = b0, q1 = b1;
  let p2 = b0, q2 = b1;
  let p3 = b0, q3 = b1;
  let p4 = b0, q4 = b1;
  let p5 = b0, q5 = b1;
  for (let ky = 0; ky < kh; ky++) {
    let x0 = x;
    let x1 = x + 1 * step;
    let x2 = x + 2 * step;
    let x3 = x + 3 * step;
    let x4 = x + 4 * step;
    let x5 = x + 5 * step;
    let k = taps;
    for (; k >= 4; k -= 4) {
      let u = v128.load(w, 0), v = v128.load(w, 16);
      let s = v128.load32_splat(x0);
      p0 = fma(s, u, p0);
      q0 = fma(s, v, q0);
      s = v128.load32_splat(x1);
      p1 = fma(s, u, p1);
      q1 = fma(s, v, q1);
      s = v128.load32_splat(x2);
      p2 = fma(s, u, p2);
      q2 = fma(s, v, q2);
      s = v128.load32_splat(x3);
      p3 = fma(s, u, p3);
      q3 = fma(s, v, q3);
      s = v128.load32_splat(x4);
      p4 = fma(s, u, p4);
      q4 = fma(s, v, q4);
      s = v128.load32_splat(x5);
      p5 = fma(s, u, p5);
      q5 = fma(s, v, q5);
      u = v128.load(w, 32);
      v = v128.load(w, 48);
      s = v128.load32_splat(x0, 4);
      p0 = fma(s, u, p0);
      q0 = fma(s, v, q0);
      s = v128.load32_splat(x1, 4);
      p1 = fma(s, u, p1);
      q1 = fma(s, v, q1);
      s = v128.load32_splat(x2, 4);
      p2 = fma(s, u, p2);
      q2 = fma(s, v, q2);
      s = v128.load32_splat(x3, 4);
      p3 = fma(s, u, p3);
      q3 = fma(s, v, q3);
      s = v128.load32_splat(x4, 4);
      p4 = fma(s, u, p4);
      q4 = fma(s, v, q4);
      s = v128.load32_splat(x5, 4);
      p5 = fma(s, u, p5);
      q5 = fma(s, v, q5);
      u = v128.load(w, 64);
      v = v128.load(w, 80);
      s = v128.load32_splat(x0, 8);
      p0 = fma(s, u, p0);
      q0 = fma(s, v, q0);
      s = v128.load32_splat(x1, 8);
      p1 = fma(s, u, p1);
      q1 = fma(s, v, q1);
      s = v128.load32_splat(x2, 8);
      p2 = fma(s, u, p2);
      q2 = fma(s, v, q2);
      s = v128.load32_splat(x3, 8);
      p3 = fma(s, u, p3);
      q3 = fma(s, v, q3);
      s = v128.load32_splat(x4, 8);
      p4 = fma(s, u, p4);
      q4 = fma(s, v, q4);
      s = v128.load32_splat(x5, 8);
      p5 = fma(s, u, p5);
      q5 = fma(s, v, q5);
      u = v128.load(w, 96);
      v = v128.load(w, 112);
      s = v128.load32_splat(x0, 12);
      p0 = fma(s, u, p0);
      q0 = fma(s, v, q0);
      s = v128.load32_splat(x1, 12);
      p1 = fma(s, u, p1);
      q1 = fma(s, v, q1);
      s = v128.load32_splat(x2, 12);
      p2 = fma(s, u, p2);
      q2 = fma(s, v, q2);
      s = v128.load32_splat(x3, 12);
      p3 = fma(s, u, p3);
      q3 = fma(s, v, q3);
      s = v128.load32_splat(x4, 12);
      p4 = fma(s, u, p4);
      q4 = fma(s, v, q4);
      s = v128.load32_splat(x5, 12);
      p5 = fma(s, u, p5);
      q5 = fma(s, v, q5);
      x0 += 16;
      x1 += 16;
      x2 += 16;
      x3 += 16;
      x4 += 16;
      x5 += 16;
      w += 128;
    }
    for (; k > 0; k--) {
      let u = v128.load(w, 0), v = v128.load(w, 16);
      let s = v128.load32_splat(x0);
      p0 = fma(s, u, p0);
      q0 = fma(s, v, q0);
      s = v128.load32_splat(x1);
      p1 = fma(s, u, p1);
      q1 = fma(s, v, q1);
      s = v128.load32_splat(x2);
      p2 = fma(s, u, p2);
      q2 = fma(s, v, q2);
      s = v128.load32_splat(x3);
      p3 = fma(s, u, p3);
      q3 = fma(s, v, q3);
      s = v128.load32_splat(x4);
      p4 = fma(s, u, p4);
      q4 = fma(s, v, q4);
      s = v128.load32_splat(x5);
      p5 = fma(s, u, p5);
      q5 = fma(s, v, q5);
      x0 += 4;
      x1 += 4;
      x2 += 4;
      x3 += 4;
      x4 += 4;
      x5 += 4;
      w += 32;
    }
    x += rowBytes;
  }
  v128.store(y, f32x4.max(p0, floor));
  v128.store(y, f32x4.max(q0, floor), 16);
  y += coBytes;
  v128.store(y, f32x4.max(p1, floor));
  v128.store(y, f32x4.max(q1, floor), 16);
  y += coBytes;
  v128.store(y, f32x4.max(p2, floor));
  v128.store(y, f32x4.max(q2, floor), 16);
  y += coBytes;
  v128.store(y, f32x4.max(p3, floor));
  v128.store(y, f32x4.max(q3, floor), 16);
  y += coBytes;
  v128.store(y, f32x4.max(p4, floor));
  v128.store(y, f32x4.max(q4, floor), 16);
  y += coBytes;
  v128.store(y, f32x4.max(p5, floor));
  v128.store(y, f32x4.max(q5, floor), 16);
}

function conv1x8(
  x: usize,
  w: usize,
  y: usize,
  bias: usize,
  rowBytes: usize,
  step: usize,
  coBytes: usize,
  kh: i32,
  taps: i32,
  floor: v128,
): void {
  const b0 = v128.load(bias), b1 = v128.load(bias, 16);
  let p0 = b0, q0 = b1;
  for (let ky = 0; ky < kh; ky++) {
    let x0 = x;
    let k = taps;
    for (; k >= 4; k -= 4) {
      let u = v128.load(w, 0), v = v128.load(w, 16);
      let s = v128.load32_splat(x0);
      p0 = fma(s, u, p0);
      q0 = fma(s, v, q0);
      u = v128.load(w, 32);
      v = v128.load(w, 48);
      s = v128.load32_splat(x0, 4);
      p0 = fma(s, u, p0);
      q0 = fma(s, v, q0);
      u = v128.load(w, 64);
      v = v128.load(w, 80);
      s = v128.load32_splat(x0, 8);
      p0 = fma(s, u, p0);
      q0 = fma(s, v, q0);
      u = v128.load(w, 96);
      v = v128.load(w, 112);
      s = v128.load32_splat(x0, 12);
      p0 = fma(s, u, p0);
      q0 = fma(s, v, q0);
      x0 += 16;
      w += 128;
    }
    for (; k > 0; k--) {
      let u = v128.load(w, 0), v = v128.load(w, 16);
      let s = v128.load32_splat(x0);
      p0 = fma(s, u, p0);
      q0 = fma(s, v, q0);
      x0 += 4;
      w += 32;
    }
    x += rowBytes;
  }
  v128.store(y, f32x4.max(p0, floor));
  v128.store(y, f32x4.max(q0, floor), 16);
}
