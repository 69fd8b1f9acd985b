import type { Random } from "../core/mod.ts";
import { smoothNoise } from "./smooth_noise.ts";

/** Lattices beside the pixels' own, of 2, 4, 8 … pixels. */
const OCTAVES = 6;

/**
 * Noise whose amplitude falls as frequency^−slope, of standard deviation 1.
 *
 * White noise on lattices of 1, 2, 4 … pixels, each with the power that the frequencies below its own
 * limit lack: their sum has the power s^(2 slope) at 1 / 2s cycles per pixel.
 *
 * @param size Columns and rows, a power of two, at least 64.
 * @param slope 0 is white, 1 is the amplitude of pink noise.
 */
export function colouredNoise(size: number, slope: number, stream: Random): Float32Array {
  const power = (octave: number) => 2 ** (2 * slope * octave);
  const deviations = Array.from({ length: OCTAVES }, (_, i) => {
    return Math.sqrt(power(i + 1) - power(i)) / 2 ** (i + 1);
  });
  const noise = slope === 0 ? new Float32Array(size * size) : smoothNoise(size, deviations, stream);
  let sum = 0;
  for (let i = 0; i < noise.length; i++) {
    noise[i] += stream.normal();
    sum += noise[i] ** 2;
  }
  const gain = 1 / Math.sqrt(sum / noise.length);
  return noise.map((value) => gain * value);
}
