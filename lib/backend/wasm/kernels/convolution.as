import { floorOf, fma } from "./vector";

/** Bytes of input rows that are padded at a time: they stay in the second-level cache. */
const BAND_BYTES: usize = 1 << 17;

/**
 * Packs a filter [taps, cout] for `convolve`: for every 8 output channels their bias [8] and their
 * weights [taps, 8]. Missing channels, and the bias where its address is 0, are 0.
 */
export function packFilter(filter: usize, bias: usize, packed: usize, taps: i32, cout: i32): void {
  for (let co = 0; co < cout; co += 8) {
    const count = min(8, cout - co);
    for (let k = -1; k < taps; k++) {
      const from = (k < 0 ? bias : filter + (<usize> (k * cout) << 2)) + (<usize> co << 2);
      const missing = k < 0 && bias === 0;
      if (count < 8 || missing) memory.fill(packed, 0, 32);
      if (!missing) {
        if (count === 8) {
          v128.store(packed, v128.load(from));
          v128.store(packed, v128.load(from, 16), 16);
        } else {
          memory.copy(packed, from, <usize> count << 2);
        }
      }
      packed += 32;
    }
  }
}

/**
 * The part of a filter [kh, kw, cin, cout] that makes one phase of the gradient of the input: every
 * `stride`-th position from (ky, kx) on, mirrored, channels swapped: [.., .., cout, cin].
 */
export function mirrorFilter(
  filter: usize,
  to: usize,
  kh: i32,
  kw: i32,
  cin: i32,
  cout: i32,
  ky: i32,
  kx: i32,
  stride: i32,
): void {
  for (let y = ky + (kh - 1 - ky) / stride * stride; y >= ky; y -= stride) {
    for (let x = kx + (kw - 1 - kx) / stride * stride; x >= kx; x -= stride) {
      const from = filter + (<usize> ((y * kw + x) * cin * cout) << 2);
      for (let co = 0; co < cout; co++) {
        let at = from + (<usize> co << 2);
        for (let ci = 0; ci < cin; ci++) {
          store<f32>(to, load<f32>(at));
          at += <usize> cout << 2;
          to += 4;
        }
      }
    }
  }
}

/** Copies rows of an image with zeros around it; rows and columns before the image are negative. */
export function copyBand(
  x: usize,
  to: usize,
  height: i32,
  width: i32,
  pixelBytes: usize,
  firstRow: i32,
  rows: i32,
  firstColumn: i32,
  columns: i32,
): void {
  const start = max(0, firstColumn);
  const end = max(start, min(width, firstColumn + columns));
  const left = <usize> min(columns, start - firstColumn) * pixelBytes;
  const middle = <usize> (end - start) * pixelBytes;
  const bytes = <usize> columns * pixelBytes;
  for (let row = firstRow; row < firstRow + rows; row++) {
    if (row < 0 || row >= height) {
      memory.fill(to, 0, bytes);
    } else {
      memory.fill(to, 0, left);
      memory.copy(to + left, x + <usize> (row * width + start) * pixelBytes, middle);
      memory.fill(to + left + middle, 0, bytes - left - middle);
    }
    to += bytes;
  }
}

/** Output rows of a band, and the room that its padded input rows take. */
export function bandRows(rowBytes: usize, stride: i32): i32 {
  return max(1, <i32> (BAND_BYTES / rowBytes) / stride);
}

export function bandBytes(rowBytes: usize, kh: i32, stride: i32): usize {
  return <usize> ((bandRows(rowBytes, stride) - 1) * stride + kh) * rowBytes;
}

/**
 * y = bias + convolution of one image with a packed filter, then max(0, y) if relu.
 *
 * The output has a multiple of 8 channels; its pixels and rows are yPixel and yRow bytes apart. Where
 * the window leaves the image, bands of padded rows are made in `scratch` (`bandBytes`).
 */
export function convolve(
  x: usize,
  packed: usize,
  y: usize,
  scratch: usize,
  height: i32,
  width: i32,
  cin: i32,
  outHeight: i32,
  outWidth: i32,
  cout: i32,
  kh: i32,
  kw: i32,
  stride: i32,
  top: i32,
  left: i32,
  yPixel: usize,
  yRow: usize,
  relu: bool,
): void {
  const pixel = <usize> cin << 2;
  const columns = (outWidth - 1) * stride + kw;
  const inside = top === 0 && left === 0 && columns <= width &&
    (outHeight - 1) * stride + kh <= height;
  const rowBytes = <usize> (inside ? width : columns) * pixel;
  const band = inside ? outHeight : bandRows(rowBytes, stride);
  for (let oy = 0; oy < outHeight; oy += band) {
    const rows = min(band, outHeight - oy);
    if (!inside) {
      const count = (rows - 1) * stride + kh;
      copyBand(x, scratch, height, width, pixel, oy * stride - top, count, -left, columns);
    }
    convolveRows(
      inside ? x : scratch,
      packed,
      y + <usize> oy * yRow,
      rowBytes,
      rows,
      outWidth,
      cout,
      kh,
      kw * cin,
      stride,
      <usize> stride * pixel,
      yPixel,
      yRow,
      floorOf(relu),
    );
  }
}

/** Rows of outputs; where no 6 pixels are left in a row, the last 6 are made again. */
function convolveRows(
  x: usize,
  packed: usize,
  y: usize,
  rowBytes: usize,
  rows: i32,
  outWidth: i32,
  cout: i32,
  kh: i32,
  taps: i32,
  stride: i32,
  step: usize,
  yPixel: usize,
  yRow: usize,
  floor: v128,
): void {
  const blockBytes = <usize> (kh * taps + 1) << 5;
  for (let row = 0; row < rows; row++) {
    let w = packed;
    for (let co: usize = 0; co < <usize> cout << 2; co += 32) {
      for (let ox = 0; ox < outWidth; ox += 6) {
        if (outWidth >= 6) {
          const at = <usize> min(ox, outWidth - 6);
          convolve6x8(x + at * step, w, y + co + at * yPixel, rowBytes, step, yPixel, kh, taps, floor);
        } else {
          for (let at: usize = 0; at < <usize> outWidth; at++) {
            convolve1x8(x + at * step, w, y + co + at * yPixel, rowBytes, kh, taps, floor);
          }
        }
      }
      w += blockBytes;
    }
    x += <usize> stride * rowBytes;
    y += yRow;
  }
}

/** Six neighbouring pixels of 8 channels: 12 sums, which with 3 operands fill the registers. */
export function convolve6x8(
  x: usize,
  w: usize,
  y: usize,
  rowBytes: usize,
  step: usize,
  yPixel: usize,
  kh: i32,
  taps: i32,
  floor: v128,
): void {
  let u = v128.load(w), v = v128.load(w, 16);
  w += 32;
  //! repeat p 6
  let a$p = u, b$p = v;
  //! end
  for (let ky = 0; ky < kh; ky++) {
    //! repeat p 6
    let x$p = x + $p * step;
    //! end
    let k = taps;
    for (; k >= 4; k -= 4) {
      //! repeat j 4
      u = v128.load(w, $j * 32);
      v = v128.load(w, $j * 32 + 16);
      //! repeat p 6
      const s$j$p = v128.load32_splat(x$p, $j * 4);
      a$p = fma(s$j$p, u, a$p);
      b$p = fma(s$j$p, v, b$p);
      //! end
      //! end
      //! repeat p 6
      x$p += 16;
      //! end
      w += 128;
    }
    for (; k > 0; k--) {
      u = v128.load(w);
      v = v128.load(w, 16);
      //! repeat p 6
      const t$p = v128.load32_splat(x$p);
      a$p = fma(t$p, u, a$p);
      b$p = fma(t$p, v, b$p);
      x$p += 4;
      //! end
      w += 32;
    }
    x += rowBytes;
  }
  //! repeat p 6
  v128.store(y, f32x4.max(a$p, floor));
  v128.store(y, f32x4.max(b$p, floor), 16);
  y += yPixel;
  //! end
}

function convolve1x8(
  x: usize,
  w: usize,
  y: usize,
  rowBytes: usize,
  kh: i32,
  taps: i32,
  floor: v128,
): void {
  let a = v128.load(w), b = v128.load(w, 16);
  w += 32;
  for (let ky = 0; ky < kh; ky++) {
    let at = x;
    for (let k = 0; k < taps; k++) {
      const s = v128.load32_splat(at);
      a = fma(s, v128.load(w), a);
      b = fma(s, v128.load(w, 16), b);
      at += 4;
      w += 32;
    }
    x += rowBytes;
  }
  v128.store(y, f32x4.max(a, floor));
  v128.store(y, f32x4.max(b, floor), 16);
}
