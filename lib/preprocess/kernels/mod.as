// The inner loops of resample.ts in AssemblyScript, built by `deno task kernels` into kernels.wasm.ts.
// A band is 8 rows of a micrograph. All sums are float64 and in a fixed order, so that every machine
// gives the same image.

/**
 * Cleans a band: values [8, width] (float32, width even) become [width, 8] (float64), those below low
 * low, those above high high, and those that are no finite number the fallback.
 */
export function cleanBand(
  x: usize,
  clean: usize,
  width: i32,
  low: f64,
  high: f64,
  fallback: f64,
): void {
  const least = f64x2.splat(low), most = f64x2.splat(high), other = f64x2.splat(fallback);
  const row = <usize> width << 2;
  for (let i = 0; i < width; i += 2) {
    //! repeat h 4
    const a$h = cleaned(x + (2 * $h) * row, least, most, other);
    const b$h = cleaned(x + (2 * $h + 1) * row, least, most, other);
    v128.store(clean + 16 * $h, v128.shuffle<f64>(a$h, b$h, 0, 2));
    v128.store(clean + 16 * $h + 64, v128.shuffle<f64>(a$h, b$h, 1, 3));
    //! end
    x += 8;
    clean += 128;
  }
}

// @ts-ignore: decorator
@inline
function cleaned(at: usize, least: v128, most: v128, other: v128): v128 {
  const value = f64x2.promote_low_f32x4(v128.load64_zero(at));
  const isFinite = f64x2.eq(f64x2.sub(value, value), f64x2.splat(0));
  return v128.bitselect(f64x2.pmin(f64x2.pmax(value, least), most), other, isFinite);
}

/**
 * Filters a clean band along x: reduced [8, outputs] are the sums of `count` columns each, from
 * starts[output] on, times weights [outputs, count].
 */
export function filterBand(
  clean: usize,
  starts: usize,
  weights: usize,
  count: i32,
  reduced: usize,
  outputs: i32,
): void {
  const row = <usize> outputs << 3;
  for (let i = 0; i < outputs; i++) {
    let at = clean + (<usize> load<i32>(starts) << 6);
    //! repeat h 4
    let s$h = f64x2.splat(0);
    //! end
    for (let j = 0; j < count; j++) {
      const weight = v128.load64_splat(weights);
      //! repeat h 4
      s$h = f64x2.add(s$h, f64x2.mul(weight, v128.load(at, 16 * $h)));
      //! end
      weights += 8;
      at += 64;
    }
    //! repeat h 4
    v128.store64_lane(reduced + (2 * $h) * row, s$h, 0);
    v128.store64_lane(reduced + (2 * $h + 1) * row, s$h, 1);
    //! end
    starts += 4;
    reduced += 8;
  }
}

/** Adds a reduced band, times its 8 weights, to a row of outputs (float32, an even number of them). */
export function addBand(reduced: usize, weights: usize, out: usize, outputs: i32): void {
  const row = <usize> outputs << 3;
  //! repeat r 8
  const w$r = v128.load64_splat(weights, 8 * $r);
  //! end
  for (let i = 0; i < outputs; i += 2) {
    //! repeat r 8
    const t$r = f64x2.mul(w$r, v128.load(reduced + $r * row));
    //! end
    const upper = f64x2.add(f64x2.add(f64x2.add(t0, t1), t2), t3);
    const lower = f64x2.add(f64x2.add(f64x2.add(t4, t5), t6), t7);
    let sum = f64x2.add(f64x2.promote_low_f32x4(v128.load64_zero(out)), upper);
    sum = f64x2.add(f64x2.promote_low_f32x4(f32x4.demote_f64x2_zero(sum)), lower);
    v128.store64_lane(out, f32x4.demote_f64x2_zero(sum), 0);
    reduced += 16;
    out += 8;
  }
}
