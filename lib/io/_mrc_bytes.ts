/** Least share of the pixels that must lie near an end before bytes are told by their histogram. */
const LEAST_SHARE = 0.01;

/** By how much more pixels must lie at the ends than in the gap. */
const LEAST_RATIO = 4;

/** Grey levels on either side of where a reading wraps around; the outermost may be saturated. */
const REACH = 16;

/**
 * Whether bytes run from 0 to 255, by how often each occurs; `undefined` where both readings make
 * sense.
 *
 * Grey levels of a micrograph are one heap. Read the wrong way it is cut in two, which pile up at
 * the ends, −128 and 127 or 0 and 255, with a gap between them. Levels that saturation fills (the
 * ends of either reading) do not count.
 *
 * @param histogram Number of pixels of each byte, 0 to 255.
 */
export function unsignedByHistogram(histogram: Uint32Array): boolean | undefined {
  const total = histogram.reduce((sum, count) => sum + count, 0);
  const around128 = flanks(histogram, 128);
  const around0 = flanks(histogram, 256);
  if (isHeap(around128, around0, total)) return true;
  return isHeap(around0, around128, total) ? false : undefined;
}

/** Pixels on the two sides of a border between bytes, without the two bytes at it. */
function flanks(histogram: Uint32Array, border: number): [number, number] {
  let [below, above] = [0, 0];
  for (let i = 1; i < REACH; i++) {
    below += histogram[border - 1 - i];
    above += histogram[(border + i) % 256];
  }
  return [below, above];
}

/** Whether a heap lies across one border, and hardly anything at the other one. */
function isHeap(here: [number, number], there: [number, number], total: number): boolean {
  const [smaller, sum] = [Math.min(...here), here[0] + here[1]];
  return sum >= LEAST_SHARE * total && smaller >= 0.1 * sum &&
    sum > LEAST_RATIO * (there[0] + there[1]);
}
