import type { Pick } from "../core/mod.ts";
import { type Canvas, spanOn } from "./canvas.ts";
import { contrastTransfer } from "./ctf.ts";
import { structurePower } from "./grain.ts";
import { electronsPerPixel, type MicrographRecipe } from "./recipe.ts";

/** The factor on the specimen's contrast: the recipe's own, or what its SNR asks for. */
export function contrastScale(
  recipe: MicrographRecipe,
  signal: Canvas,
  labels: readonly Pick[],
): number {
  if (recipe.snr === undefined) return recipe.contrast;
  const power = meanSquareWithin(signal, labels);
  return power === 0 ? 0 : Math.sqrt(recipe.snr * noiseVariance(recipe) / power);
}

/** Side of the pixels to which signal-to-noise ratios refer, in Å. */
const SNR_PIXEL_A = 5;

/** Variance of the relative noise in a pixel of 5 Å: shot noise, and ice behind the CTF. */
function noiseVariance(recipe: MicrographRecipe): number {
  const shot = 1 / electronsPerPixel({ ...recipe, pixelSizeA: SNR_PIXEL_A });
  return shot * (1 + recipe.iceNoise * meanSquareTransfer(recipe));
}

/** Mean over the frequencies of a pixel of 5 Å of what the CTF leaves of ice and clutter. */
function meanSquareTransfer(recipe: MicrographRecipe): number {
  const transfer = contrastTransfer(recipe);
  const steps = 128;
  let sum = 0;
  for (let i = 0; i < steps; i++) {
    for (let j = 0; j < steps; j++) {
      const [kx, ky] = [i, j].map((step) => ((step + 0.5) / steps - 0.5) / SNR_PIXEL_A);
      sum += transfer(kx, ky) ** 2 * structurePower(recipe, Math.hypot(kx, ky));
    }
  }
  return sum / steps ** 2;
}

/** Mean square of an image within discs, what falls off it left out; 0 without discs. */
function meanSquareWithin({ size, pixels }: Canvas, discs: readonly Pick[]): number {
  let [sum, count] = [0, 0];
  for (const { x: cx, y: cy, diameter = 1 } of discs) {
    const rows = spanOn(size, cy, diameter / 2);
    for (let y = rows.from; y <= rows.to; y++) {
      const columns = spanOn(size, cx, Math.sqrt((diameter / 2) ** 2 - (y - cy) ** 2));
      for (let x = columns.from; x <= columns.to; x++) sum += pixels[y * size + x] ** 2;
      count += Math.max(0, columns.to - columns.from + 1);
    }
  }
  return count === 0 ? 0 : sum / count;
}
