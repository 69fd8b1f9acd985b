import { type Random, random } from "../core/mod.ts";
import type { MicrographRecipe } from "./recipe.ts";
import { STREAMS } from "./streams.ts";

/** Side of the cells between whose corners the thickness is interpolated, in pixels: 16. */
const CELL_BITS = 4;
const CELL = 1 << CELL_BITS;

/** Waves of the ice's surface. */
const WAVES = 3;

/** A value at a place, in pixels. */
export type Surface = (x: number, y: number) => number;

/** Thickness of the ice, relative to its mean: a ramp and slow waves about 1. */
export function iceThickness({ size, iceGradient, seed }: MicrographRecipe): Surface {
  const draw = random(seed, STREAMS.thickness);
  const parts = [ramp(size, draw), ...Array.from({ length: WAVES }, () => wave(size, draw))];
  return (x, y) => Math.max(0, 1 + iceGradient * parts.reduce((sum, part) => sum + part(x, y), 0));
}

/** From −½ to ½ across the image, in a random direction. */
function ramp(size: number, draw: Random): Surface {
  const angle = draw.between(0, 2 * Math.PI);
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  return (x, y) => ((x - size / 2) * cos + (y - size / 2) * sin) / size;
}

/** Up to ±0.2, up to one and a half waves across the image. */
function wave(size: number, draw: Random): Surface {
  const [angle, start] = [draw.between(0, 2 * Math.PI), draw.between(0, 2 * Math.PI)];
  const k = 2 * Math.PI * draw.between(0.3, 1.5) / size;
  const [kx, ky] = [k * Math.cos(angle), k * Math.sin(angle)];
  return (x, y) => 0.2 * Math.cos(kx * x + ky * y + start);
}

/**
 * A smooth surface at every pixel, linear between the corners of cells of 16 pixels.
 *
 * @returns `size²` values, row-major.
 */
export function sampled(size: number, value: Surface): Float32Array {
  const corners = Math.ceil(size / CELL) + 1;
  const grid = Float64Array.from(
    { length: corners * corners },
    (_, i) => value(CELL * (i % corners), CELL * Math.floor(i / corners)),
  );
  const pixels = new Float32Array(size * size);
  const line = new Float64Array(corners);
  for (let y = 0, i = 0; y < size; y++) {
    const row = Math.floor(y / CELL) * corners;
    const down = (y % CELL) / CELL;
    for (let c = 0; c < corners; c++) {
      line[c] = grid[row + c] + down * (grid[row + corners + c] - grid[row + c]);
    }
    for (let x = 0; x < size; x++, i++) {
      const c = x >> CELL_BITS;
      pixels[i] = line[c] + (x / CELL - c) * (line[c + 1] - line[c]);
    }
  }
  return pixels;
}
