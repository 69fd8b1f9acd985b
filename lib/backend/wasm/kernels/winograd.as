// Winograd's minimal filtering F(4 × 4, 3 × 3): 36 products for 16 outputs of a 3 × 3 convolution,
// where the plain sum takes 144. (Lavin and Gray, Fast algorithms for convolutional neural networks,
// 2016.) Output tiles of 4 × 4 pixels need input tiles of 6 × 6; both, and the filter, become spectra
// of 6 × 6 values: of polynomials at the points 0, ±2/3, ±3/2 and infinity, which round a third as
// much as the usual 0, ±1, ±2 and infinity. Spectra are stored as 36 planes whose rows are tiles.

import { copyBand } from "./convolution";
import { outerProducts } from "./filter_gradient";
import { floorOf, fma } from "./vector";

/** Tiles that are transformed, multiplied and transformed back at a time, a multiple of 6. */
const TILES: i32 = 36;

/** The points ±P and ±Q, of which P Q = 1, and their powers. */
const P: f32 = 2.0 / 3.0, P2: f32 = 4.0 / 9.0, P3: f32 = 8.0 / 27.0;
const Q: f32 = 3.0 / 2.0, Q2: f32 = 9.0 / 4.0, Q3: f32 = 27.0 / 8.0;

/** One over the products of the differences of P, and of Q, to the other points. */
const NP: f32 = -81.0 / 130.0, NQ: f32 = 8.0 / 65.0;

/**
 * Bytes from one plane [rows, channels] to the next. Were it a power of two, all planes would be kept
 * in one place of the cache.
 */
function planeBytes(rows: i32, channels: i32): usize {
  return (<usize> (rows * channels) << 2) + 64;
}

/** Scratch bytes of `winograd` and `winogradGradient`. */
export function winogradBytes(cin: i32, cout: i32): usize {
  return 36 * (planeBytes(TILES + 1, cin) + planeBytes(TILES + 1, cout));
}

/** Bytes of a filter's spectrum. */
export function spectrumBytes(cin: i32, cout: i32): usize {
  return 36 * planeBytes(cin, cout);
}

/**
 * The spectrum of a filter [3, 3, cin, cout], cout a multiple of 8; its planes are packed as by
 * `packFilter`, but for the bias.
 */
export function filterSpectrum(filter: usize, spectrum: usize, cin: i32, cout: i32): void {
  const taps = <usize> (cin * cout) << 2, plane = planeBytes(cin, cout);
  for (let ci = 0; ci < cin; ci++) {
    for (let co = 0; co < cout; co += 4) {
      const from = filter + (<usize> (ci * cout + co) << 2);
      const to = spectrum + (<usize> ((co & ~7) * cin + ci * 8 + (co & 4)) << 2);
      filterTile(from, 3 * taps, taps, to, plane);
    }
  }
}

function filterTile(x: usize, row: usize, column: usize, v: usize, plane: usize): void {
  //! repeat j 3
  const a$j = v128.load(x + $j * column);
  const b$j = v128.load(x + row + $j * column);
  const c$j = v128.load(x + 2 * row + $j * column);
  const p$j = fma(c$j, f32x4.splat(P2), a$j), r$j = f32x4.mul(b$j, f32x4.splat(P));
  const q$j = fma(c$j, f32x4.splat(Q2), a$j), s$j = f32x4.mul(b$j, f32x4.splat(Q));
  const t0$j = a$j;
  const t1$j = f32x4.mul(f32x4.add(p$j, r$j), f32x4.splat(NP));
  const t2$j = f32x4.mul(f32x4.sub(p$j, r$j), f32x4.splat(NP));
  const t3$j = f32x4.mul(f32x4.add(q$j, s$j), f32x4.splat(NQ));
  const t4$j = f32x4.mul(f32x4.sub(q$j, s$j), f32x4.splat(NQ));
  const t5$j = c$j;
  //! end
  //! repeat i 6
  const e$i = fma(t$i2, f32x4.splat(P2), t$i0), f$i = f32x4.mul(t$i1, f32x4.splat(P));
  const g$i = fma(t$i2, f32x4.splat(Q2), t$i0), h$i = f32x4.mul(t$i1, f32x4.splat(Q));
  v128.store(v, t$i0);
  v128.store(v + plane, f32x4.mul(f32x4.add(e$i, f$i), f32x4.splat(NP)));
  v128.store(v + 2 * plane, f32x4.mul(f32x4.sub(e$i, f$i), f32x4.splat(NP)));
  v128.store(v + 3 * plane, f32x4.mul(f32x4.add(g$i, h$i), f32x4.splat(NQ)));
  v128.store(v + 4 * plane, f32x4.mul(f32x4.sub(g$i, h$i), f32x4.splat(NQ)));
  v128.store(v + 5 * plane, t$i2);
  v += 6 * plane;
  //! end
}

/** The filter's gradient [3, 3, cin, cout] from that of its spectrum, whose planes are [cin, cout]. */
export function filterOfSpectrum(spectrum: usize, filter: usize, cin: i32, cout: i32): void {
  const taps = <usize> (cin * cout) << 2, plane = planeBytes(cin, cout);
  for (let at: usize = 0; at < taps; at += 16) {
    gradientOfSpectrum(spectrum + at, plane, filter + at, 3 * taps, taps);
  }
}

function gradientOfSpectrum(v: usize, plane: usize, y: usize, row: usize, column: usize): void {
  //! repeat j 6
  //! repeat i 6
  const m$i$j = v128.load(v + (6 * $i + $j) * plane);
  //! end
  const p$j = f32x4.mul(f32x4.add(m1$j, m2$j), f32x4.splat(NP));
  const r$j = f32x4.mul(f32x4.sub(m1$j, m2$j), f32x4.splat(NP));
  const q$j = f32x4.mul(f32x4.add(m3$j, m4$j), f32x4.splat(NQ));
  const s$j = f32x4.mul(f32x4.sub(m3$j, m4$j), f32x4.splat(NQ));
  const t0$j = f32x4.add(m0$j, f32x4.add(p$j, q$j));
  const t1$j = fma(r$j, f32x4.splat(P), f32x4.mul(s$j, f32x4.splat(Q)));
  const t2$j = fma(p$j, f32x4.splat(P2), fma(q$j, f32x4.splat(Q2), m5$j));
  //! end
  //! repeat i 3
  const e$i = f32x4.mul(f32x4.add(t$i1, t$i2), f32x4.splat(NP));
  const f$i = f32x4.mul(f32x4.sub(t$i1, t$i2), f32x4.splat(NP));
  const g$i = f32x4.mul(f32x4.add(t$i3, t$i4), f32x4.splat(NQ));
  const h$i = f32x4.mul(f32x4.sub(t$i3, t$i4), f32x4.splat(NQ));
  v128.store(y, f32x4.add(t$i0, f32x4.add(e$i, g$i)));
  v128.store(y + column, fma(f$i, f32x4.splat(P), f32x4.mul(h$i, f32x4.splat(Q))));
  v128.store(y + 2 * column, fma(e$i, f32x4.splat(P2), fma(g$i, f32x4.splat(Q2), t$i5)));
  y += row;
  //! end
}

/** The spectrum of 6 × 6 inputs, for all channels. */
function inputTile(
  x: usize,
  row: usize,
  column: usize,
  v: usize,
  plane: usize,
  channels: i32,
): void {
  for (let c = 0; c < channels; c += 4) {
    //! repeat j 6
    //! repeat i 6
    const d$i$j = v128.load(x + $i * row + $j * column);
    //! end
    const p$j = fma(d2$j, f32x4.splat(-Q2), d4$j), r$j = fma(d1$j, f32x4.splat(-Q2), d3$j);
    const q$j = fma(d2$j, f32x4.splat(-P2), d4$j), s$j = fma(d1$j, f32x4.splat(-P2), d3$j);
    const t0$j = fma(d2$j, f32x4.splat(-P2 - Q2), f32x4.add(d0$j, d4$j));
    const t1$j = fma(r$j, f32x4.splat(P), p$j), t2$j = fma(r$j, f32x4.splat(-P), p$j);
    const t3$j = fma(s$j, f32x4.splat(Q), q$j), t4$j = fma(s$j, f32x4.splat(-Q), q$j);
    const t5$j = fma(d3$j, f32x4.splat(-P2 - Q2), f32x4.add(d1$j, d5$j));
    //! end
    let to = v;
    //! repeat i 6
    const e$i = fma(t$i2, f32x4.splat(-Q2), t$i4), f$i = fma(t$i1, f32x4.splat(-Q2), t$i3);
    const g$i = fma(t$i2, f32x4.splat(-P2), t$i4), h$i = fma(t$i1, f32x4.splat(-P2), t$i3);
    v128.store(to, fma(t$i2, f32x4.splat(-P2 - Q2), f32x4.add(t$i0, t$i4)));
    v128.store(to + plane, fma(f$i, f32x4.splat(P), e$i));
    v128.store(to + 2 * plane, fma(f$i, f32x4.splat(-P), e$i));
    v128.store(to + 3 * plane, fma(h$i, f32x4.splat(Q), g$i));
    v128.store(to + 4 * plane, fma(h$i, f32x4.splat(-Q), g$i));
    v128.store(to + 5 * plane, fma(t$i3, f32x4.splat(-P2 - Q2), f32x4.add(t$i1, t$i5)));
    to += 6 * plane;
    //! end
    x += 16;
    v += 16;
  }
}

/** 4 × 4 outputs from their spectrum, plus bias (none where its address is 0), not below floor. */
function outputTile(
  v: usize,
  plane: usize,
  y: usize,
  row: usize,
  column: usize,
  channels: i32,
  bias: usize,
  floor: v128,
): void {
  for (let c = 0; c < channels; c += 4) {
    //! repeat j 6
    //! repeat i 6
    const m$i$j = v128.load(v + (6 * $i + $j) * plane);
    //! end
    const p$j = f32x4.add(m1$j, m2$j), r$j = f32x4.sub(m1$j, m2$j);
    const q$j = f32x4.add(m3$j, m4$j), s$j = f32x4.sub(m3$j, m4$j);
    const t0$j = f32x4.add(m0$j, f32x4.add(p$j, q$j));
    const t1$j = fma(r$j, f32x4.splat(P), f32x4.mul(s$j, f32x4.splat(Q)));
    const t2$j = fma(p$j, f32x4.splat(P2), f32x4.mul(q$j, f32x4.splat(Q2)));
    const t3$j = fma(r$j, f32x4.splat(P3), fma(s$j, f32x4.splat(Q3), m5$j));
    //! end
    let b = f32x4.splat(0);
    if (bias !== 0) {
      b = v128.load(bias);
      bias += 16;
    }
    let to = y;
    //! repeat i 4
    const e$i = f32x4.add(t$i1, t$i2), f$i = f32x4.sub(t$i1, t$i2);
    const g$i = f32x4.add(t$i3, t$i4), h$i = f32x4.sub(t$i3, t$i4);
    const y$i0 = f32x4.add(f32x4.add(t$i0, b), f32x4.add(e$i, g$i));
    const y$i1 = fma(f$i, f32x4.splat(P), fma(h$i, f32x4.splat(Q), b));
    const y$i2 = fma(e$i, f32x4.splat(P2), fma(g$i, f32x4.splat(Q2), b));
    const y$i3 = fma(f$i, f32x4.splat(P3), fma(h$i, f32x4.splat(Q3), f32x4.add(t$i5, b)));
    v128.store(to, f32x4.max(y$i0, floor));
    v128.store(to + column, f32x4.max(y$i1, floor));
    v128.store(to + 2 * column, f32x4.max(y$i2, floor));
    v128.store(to + 3 * column, f32x4.max(y$i3, floor));
    to += row;
    //! end
    v += 16;
    y += 16;
  }
}

/** The spectrum of 4 × 4 output gradients, for all channels. */
function gradientTile(
  y: usize,
  row: usize,
  column: usize,
  v: usize,
  plane: usize,
  channels: i32,
): void {
  for (let c = 0; c < channels; c += 4) {
    //! repeat j 4
    //! repeat i 4
    const y$i$j = v128.load(y + $i * row + $j * column);
    //! end
    const p$j = fma(y2$j, f32x4.splat(P2), y0$j), r$j = fma(y3$j, f32x4.splat(P2), y1$j);
    const q$j = fma(y2$j, f32x4.splat(Q2), y0$j), s$j = fma(y3$j, f32x4.splat(Q2), y1$j);
    const t0$j = y0$j;
    const t1$j = fma(r$j, f32x4.splat(P), p$j), t2$j = fma(r$j, f32x4.splat(-P), p$j);
    const t3$j = fma(s$j, f32x4.splat(Q), q$j), t4$j = fma(s$j, f32x4.splat(-Q), q$j);
    const t5$j = y3$j;
    //! end
    let to = v;
    //! repeat i 6
    const e$i = fma(t$i2, f32x4.splat(P2), t$i0), f$i = fma(t$i3, f32x4.splat(P2), t$i1);
    const g$i = fma(t$i2, f32x4.splat(Q2), t$i0), h$i = fma(t$i3, f32x4.splat(Q2), t$i1);
    v128.store(to, t$i0);
    v128.store(to + plane, fma(f$i, f32x4.splat(P), e$i));
    v128.store(to + 2 * plane, fma(f$i, f32x4.splat(-P), e$i));
    v128.store(to + 3 * plane, fma(h$i, f32x4.splat(Q), g$i));
    v128.store(to + 4 * plane, fma(h$i, f32x4.splat(-Q), g$i));
    v128.store(to + 5 * plane, t$i3);
    to += 6 * plane;
    //! end
    y += 16;
    v += 16;
  }
}

/** Where a tile of an image begins: in the image, or copied with zeros to `patch` at its border. */
function tileAt(
  x: usize,
  patch: usize,
  height: i32,
  width: i32,
  pixel: usize,
  row: i32,
  column: i32,
  size: i32,
): usize {
  if (row >= 0 && column >= 0 && row + size <= height && column + size <= width) {
    return x + <usize> (row * width + column) * pixel;
  }
  copyBand(x, patch, height, width, pixel, row, size, column, size);
  return patch;
}

/** Whether all values of a square of pixels are 0: most pixels have no part in the loss of a size. */
function isZero(x: usize, row: usize, pixel: usize, size: i32): bool {
  for (let i = 0; i < size; i++) {
    for (let at: usize = 0; at < <usize> size * pixel; at += 16) {
      if (v128.any_true(v128.load(x + at))) return false;
    }
    x += row;
  }
  return true;
}

/**
 * y = bias + 3 × 3 convolution of stride 1 of images with a filter's spectrum, then max(0, y) if
 * relu. The bias may be missing (0); channels are multiples of 4 and, in the output, of 8.
 *
 * Tiles of all images are taken together, for small ones have few; those that give 0 are left out.
 */
export function winograd(
  x: usize,
  spectrum: usize,
  bias: usize,
  y: usize,
  scratch: usize,
  images: i32,
  height: i32,
  width: i32,
  cin: i32,
  outHeight: i32,
  outWidth: i32,
  cout: i32,
  top: i32,
  left: i32,
  relu: bool,
): void {
  const pixel = <usize> cin << 2, xRow = <usize> width * pixel, yPixel = <usize> cout << 2;
  const v = scratch + 36 * pixel, m = v + 36 * planeBytes(TILES, cin);
  const patch = m + 36 * planeBytes(TILES, cout), places = patch + 16 * yPixel;
  const down = (outHeight + 3) >> 2, across = (outWidth + 3) >> 2, tiles = images * down * across;
  let count = 0;
  for (let tile = 0; tile < tiles; tile++) {
    const row = tile / across % down * 4, column = tile % across * 4, image = tile / across / down;
    const from = x + <usize> (image * height) * xRow;
    const at = tileAt(from, scratch, height, width, pixel, row - top, column - left, 6);
    const atRow = at === scratch ? 6 * pixel : xRow;
    const to = y + <usize> ((image * outHeight + row) * outWidth + column) * yPixel;
    const rows = min(4, outHeight - row), columns = min(4, outWidth - column);
    if (bias === 0 && isZero(at, atRow, pixel, 6)) {
      for (let i = 0; i < rows; i++) {
        memory.fill(to + <usize> (i * outWidth) * yPixel, 0, <usize> columns * yPixel);
      }
    } else {
      inputTile(at, atRow, pixel, v + <usize> count * pixel, planeBytes(TILES, cin), cin);
      storePlace(places, count++, to, rows, columns);
    }
    if (count === TILES || tile === tiles - 1) {
      multiply(v, spectrum, m, (count + 5) / 6 * 6, cin, cout); // the last rows may hold anything
      outputTiles(m, places, patch, count, outWidth, cout, bias, floorOf(relu));
      count = 0;
    }
  }
}

/** Notes where a tile of the output goes, and how much of it lies in the image. */
function storePlace(places: usize, tile: i32, to: usize, rows: i32, columns: i32): void {
  const at = places + <usize> tile * 12;
  store<usize>(at, to);
  store<i32>(at, rows, 4);
  store<i32>(at, columns, 8);
}

/** `count` tiles of outputs from their spectra, to their places. */
function outputTiles(
  m: usize,
  places: usize,
  patch: usize,
  count: i32,
  outWidth: i32,
  cout: i32,
  bias: usize,
  floor: v128,
): void {
  const yPixel = <usize> cout << 2, yRow = <usize> outWidth * yPixel;
  const plane = planeBytes(TILES, cout);
  for (let t = 0; t < count; t++) {
    const to = load<usize>(places), rows = load<i32>(places, 4), columns = load<i32>(places, 8);
    if (rows === 4 && columns === 4) {
      outputTile(m, plane, to, yRow, yPixel, cout, bias, floor);
    } else {
      outputTile(m, plane, patch, 4 * yPixel, yPixel, cout, bias, floor);
      for (let i: usize = 0; i < <usize> rows; i++) {
        memory.copy(to + i * yRow, patch + i * 4 * yPixel, <usize> columns * yPixel);
      }
    }
    m += yPixel;
    places += 12;
  }
}

/** Plane by plane, m [rows, cout] = v [rows, cin] × the filter's spectrum [cin, cout]. */
function multiply(v: usize, spectrum: usize, m: usize, rows: i32, cin: i32, cout: i32): void {
  const pixel = <usize> cin << 2, yPixel = <usize> cout << 2;
  for (let plane = 0; plane < 36; plane++) {
    for (let co: usize = 0; co < yPixel; co += 32) {
      multiplyRows(v, spectrum + co * <usize> cin, m + co, rows, pixel, yPixel);
    }
    spectrum += planeBytes(cin, cout);
    v += planeBytes(TILES, cin);
    m += planeBytes(TILES, cout);
  }
}

/** 8 columns of the product; six rows at a time, as in `convolve6x8`. */
function multiplyRows(
  v: usize,
  w: usize,
  m: usize,
  rows: i32,
  pixel: usize,
  yPixel: usize,
): void {
  for (let row = 0; row < rows; row += 6) {
    let at = w;
    //! repeat p 6
    let a$p = f32x4.splat(0), b$p = f32x4.splat(0), x$p = v;
    v += pixel;
    //! end
    for (let k: usize = 0; k < pixel; k += 16) {
      //! repeat j 4
      const u$j = v128.load(at, $j * 32), v$j = v128.load(at, $j * 32 + 16);
      //! repeat p 6
      const s$j$p = v128.load32_splat(x$p, $j * 4);
      a$p = fma(s$j$p, u$j, a$p);
      b$p = fma(s$j$p, v$j, b$p);
      //! end
      //! end
      //! repeat p 6
      x$p += 16;
      //! end
      at += 128;
    }
    //! repeat p 6
    v128.store(m, a$p);
    v128.store(m, b$p, 16);
    m += yPixel;
    //! end
  }
}

/**
 * Adds to the gradient of a filter's spectrum that of images; tiles where dy is 0 are left out.
 * Channels are multiples of 8; `filterOfSpectrum` turns it into the filter's gradient.
 */
export function winogradGradient(
  x: usize,
  dy: usize,
  spectrum: usize,
  scratch: usize,
  images: i32,
  height: i32,
  width: i32,
  cin: i32,
  outHeight: i32,
  outWidth: i32,
  cout: i32,
  top: i32,
  left: i32,
): void {
  const pixel = <usize> cin << 2, xRow = <usize> width * pixel, yPixel = <usize> cout << 2;
  const vPlane = planeBytes(TILES, cin), mPlane = planeBytes(TILES, cout);
  const v = scratch + 36 * pixel, m = v + 36 * vPlane, patch = m + 36 * mPlane;
  const down = (outHeight + 3) >> 2, across = (outWidth + 3) >> 2, tiles = images * down * across;
  let count: usize = 0;
  for (let tile = 0; tile < tiles; tile++) {
    const row = tile / across % down * 4, column = tile % across * 4, image = tile / across / down;
    const dyImage = dy + <usize> (image * outHeight * outWidth) * yPixel;
    const g = tileAt(dyImage, patch, outHeight, outWidth, yPixel, row, column, 4);
    const gRow = g === patch ? 4 * yPixel : <usize> outWidth * yPixel;
    if (!isZero(g, gRow, yPixel, 4)) {
      gradientTile(g, gRow, yPixel, m + count * yPixel, mPlane, cout);
      const from = x + <usize> (image * height) * xRow;
      const at = tileAt(from, scratch, height, width, pixel, row - top, column - left, 6);
      inputTile(at, at === scratch ? 6 * pixel : xRow, pixel, v + count * pixel, vPlane, cin);
      count++;
    }
    if (count === TILES || tile === tiles - 1) {
      for (let k: usize = 0; k < 36; k++) {
        const to = spectrum + k * planeBytes(cin, cout);
        outerProducts(v + k * vPlane, m + k * mPlane, to, pixel, yPixel, cin, <i32> count);
      }
      count = 0;
    }
  }
}
