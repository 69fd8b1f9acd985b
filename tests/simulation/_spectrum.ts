import { filterPair } from "../../lib/simulation/fourier.ts";

/**
 * Power of an image around some frequencies: the variance that a narrow ring (or, with a direction,
 * a bow tie of it) of the spectrum holds, over the ring's area; white noise of variance 1 has 1.
 *
 * @param size Columns and rows, a power of two.
 * @param band Least and largest frequency in cycles per pixel.
 * @param towards Direction in degrees; the bow tie reaches 15° to each side.
 */
export function powerIn(
  pixels: Float32Array,
  size: number,
  [low, high]: readonly [number, number],
  towards?: number,
): number {
  const real = pixels.slice();
  const imaginary = new Float32Array(size * size);
  let inside = 0;
  filterPair(real, imaginary, size, (u, v) => {
    const k = Math.hypot(u, v);
    if (k < low || k >= high) return 0;
    if (towards === undefined) return 1;
    const angle = Math.atan2(v, u) * 180 / Math.PI - towards;
    return Math.cos(2 * angle * Math.PI / 180) > Math.cos(Math.PI / 6) ? 1 : 0;
  });
  for (let row = 0; row < size; row++) {
    for (let column = 0; column < size; column++) {
      const [u, v] = [row, column].map((i) => (i > size / 2 ? i - size : i) / size);
      const k = Math.hypot(u, v);
      if (k < low || k >= high) continue;
      const angle = Math.atan2(u, v) * 180 / Math.PI - (towards ?? 0);
      if (towards !== undefined && Math.cos(2 * angle * Math.PI / 180) <= Math.cos(Math.PI / 6)) {
        continue;
      }
      inside++;
    }
  }
  const variance = real.reduce((sum, value) => sum + value * value, 0) / (size * size);
  return variance / (inside / (size * size));
}
