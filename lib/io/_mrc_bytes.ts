/** Least share of the pixels, and least number, that a cut leaves on its smaller side. */
const LEAST = { share: 1e-5, pixels: 4 };

/** By how much more pixels must lie on the smaller side of one cut than of the other. */
const LEAST_RATIO = 4;

/** Grey levels on either side of where a reading wraps around; the outermost may be saturated. */
const REACH = 16;

/**
 * Whether bytes run from 0 to 255, by how often each occurs; `undefined` where both readings make
 * sense.
 *
 * Grey levels of a micrograph are one heap. Read the wrong way it is cut in two, which lie at the two
 * ends, −128 and 127 or 0 and 255, with a gap between them: pixels on both sides of the one cut,
 * and not of the other. Levels that saturation fills (the ends of either reading) do not count.
 *
 * @param histogram Number of pixels of each byte, 0 to 255.
 */
export function unsignedByHistogram(histogram: Uint32Array): boolean | undefined {
  const total = histogram.reduce((sum, count) => sum + count, 0);
  const least = Math.max(LEAST.pixels, LEAST.share * total);
  const [signed, unsigned] = [128, 256].map((border) => smallerSide(histogram, border));
  if (signed >= least && signed > LEAST_RATIO * unsigned) return true;
  return unsigned >= least && unsigned > LEAST_RATIO * signed ? false : undefined;
}

/** Pixels on the smaller side of where a reading cuts the bytes, without the two bytes at it. */
function smallerSide(histogram: Uint32Array, border: number): number {
  let [below, above] = [0, 0];
  for (let i = 1; i < REACH; i++) {
    below += histogram[border - 1 - i];
    above += histogram[(border + i) % 256];
  }
  return Math.min(below, above);
}
