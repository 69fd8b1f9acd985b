import { accumulate, fma } from "./vector";
import { bandRows, copyBand } from "./convolution";

/**
 * dw [kh, kw, cin, cout] += the gradient of a convolution's filter over one image.
 *
 * The number of output channels is a multiple of 8. Where the window leaves the image, bands of
 * padded rows are made in `scratch`, as for `convolve`.
 */
export function filterGradient(
  x: usize,
  dy: usize,
  dw: usize,
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
): void {
  const pixel = <usize> cin << 2, coBytes = <usize> cout << 2;
  const columns = (outWidth - 1) * stride + kw;
  const inside = top === 0 && left === 0 && columns <= width &&
    (outHeight - 1) * stride + kh <= height;
  const rowBytes = <usize> (inside ? width : columns) * pixel;
  const band = inside ? outHeight : bandRows(rowBytes, stride);
  const taps = kw * cin, step = <usize> stride * pixel;
  for (let start = 0; start < outHeight; start += band) {
    const rows = min(band, outHeight - start);
    if (!inside) {
      const count = (rows - 1) * stride + kh;
      copyBand(x, scratch, height, width, pixel, start * stride - top, count, -left, columns);
    }
    for (let row = 0; row < rows; row++) {
      let from = (inside ? x : scratch) + <usize> (row * stride) * rowBytes;
      const g = dy + <usize> ((start + row) * outWidth) * coBytes;
      let to = dw;
      for (let ky = 0; ky < kh; ky++) {
        outerProducts(from, g, to, step, coBytes, taps, outWidth);
        from += rowBytes;
        to += <usize> taps * coBytes;
      }
    }
  }
}

/**
 * dw[k, co] += the sum over `count` pixels of x[k] g[co] for all `taps` k and all co; the pixels of x
 * and g are `step` and `coBytes` apart.
 */
export function outerProducts(
  x: usize,
  g: usize,
  dw: usize,
  step: usize,
  coBytes: usize,
  taps: i32,
  count: i32,
): void {
  while (taps > 0) {
    const n = rowsOf(taps);
    for (let co: usize = 0; co < coBytes; co += 32) {
      const to = dw + co;
      //! repeat n 6,4,3,1
      if (n === $n) outer$nx8(x, g + co, to, step, coBytes, count);
      //! end
    }
    x += n << 2;
    dw += <usize> n * coBytes;
    taps -= n;
  }
}

/** How many of some taps are summed in registers at once: less than 4 wait for one another. */
function rowsOf(taps: i32): i32 {
  if (taps === 6 || taps >= 9) return 6;
  return taps >= 4 ? 4 : taps === 3 ? 3 : 1;
}

//! repeat n 6,4,3,1
function outer$nx8(x: usize, g: usize, dw: usize, step: usize, coBytes: usize, count: i32): void {
  //! repeat k $n
  let a$k = f32x4.splat(0), b$k = f32x4.splat(0);
  //! end
  for (let i = 0; i < count; i++) {
    const u = v128.load(g), v = v128.load(g, 16);
    //! repeat k $n
    const s$k = v128.load32_splat(x, $k * 4);
    a$k = fma(s$k, u, a$k);
    b$k = fma(s$k, v, b$k);
    //! end
    x += step;
    g += coBytes;
  }
  //! repeat k $n
  accumulate(dw + $k * coBytes, a$k);
  accumulate(dw + $k * coBytes + 16, b$k);
  //! end
}
//! end
