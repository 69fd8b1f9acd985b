import { join } from "@std/path";
import { mean, random } from "../core/mod.ts";
import { type MrcImage, writeMrc } from "../io/mod.ts";
import { presetNamed, recipeOf, simulateMicrograph, type Simulation } from "../simulation/mod.ts";

/** Columns and rows of a micrograph. */
export interface MicrographSize {
  /** Columns. */
  width: number;
  /** Rows. */
  height: number;
}

/**
 * Writes micrographs of simulated ribosomes as float32 MRC, one of each size.
 *
 * @returns The paths, in the order of the sizes.
 */
export async function writeMicrographs(
  folder: string,
  sizes: MicrographSize[],
): Promise<string[]> {
  const [, ribosomes] = presetNamed("demo");
  const simulation = simulateMicrograph(recipeOf(ribosomes, 0, { seed: 2 }));
  const paths: string[] = [];
  for (const size of sizes) {
    const path = join(folder, `${size.width}x${size.height}.mrc`);
    await writeMrc(path, enlarged(simulation, size));
    paths.push(path);
  }
  return paths;
}

/** A micrograph's upper part with finer pixels, and as much fresh noise in each as it had. */
function enlarged({ micrograph }: Simulation, { width, height }: MicrographSize): MrcImage {
  const { width: size, pixels: source, pixelSizeA = 1 } = micrograph;
  const step = size / Math.max(width, height);
  const sigma = step < 1 ? deviation(source) : 0;
  const stream = random(1);
  const pixels = new Float32Array(width * height);
  for (let y = 0, i = 0; y < height; y++) {
    const row = Math.floor(y * step) * size;
    for (let x = 0; x < width; x++, i++) {
      pixels[i] = source[row + Math.floor(x * step)] + sigma * stream.between(-1.73, 1.73);
    }
  }
  return { width, height, pixels, pixelSizeA: pixelSizeA * step };
}

function deviation(values: Float32Array): number {
  const middle = mean(values);
  return Math.sqrt(values.reduce((sum, value) => sum + (value - middle) ** 2, 0) / values.length);
}
