import { random } from "../core/mod.ts";
import { fadeAtBorder, type Field } from "./field.ts";
import type { MicrographRecipe } from "./recipe.ts";
import type { CarbonHole } from "./scene.ts";
import { STREAMS } from "./streams.ts";

/** Radii of holes in the film, in Å. */
const RADII_A = [6000, 10_000] as const;

/** Share of the electrons that the film lets through. */
const FILM_TRANSMISSION = 0.8;

/** Power of the film's structure, relative to the mean ice's. */
const FILM_ROUGHNESS = 5;

/** Contrast of the film's edge before the CTF. */
const EDGE_CONTRAST = 0.3;

/** Draws a hole whose edge crosses the micrograph and leaves most of it free. */
export function arrangeHole({ size, pixelSizeA, seed }: MicrographRecipe): CarbonHole {
  const draw = random(seed, STREAMS.carbon);
  const radius = draw.between(...RADII_A) / pixelSizeA;
  const [angle, free] = [draw.between(0, 2 * Math.PI), draw.between(0.2, 0.45) * size];
  const off = radius - free; // the film begins `free` pixels beyond the micrograph's middle
  return { x: size / 2 - off * Math.cos(angle), y: size / 2 - off * Math.sin(angle), radius };
}

/** Puts the film around a hole into a field. */
export function paintCarbon({ transmission, roughness, edges }: Field, hole: CarbonHole): void {
  const { size, pixelSizeA, pixels } = edges;
  for (let y = 0, i = 0; y < size; y++) {
    for (let x = 0; x < size; x++, i++) {
      const beyondA = (Math.sqrt((x - hole.x) ** 2 + (y - hole.y) ** 2) - hole.radius) * pixelSizeA;
      if (beyondA < -20) continue;
      const film = 1 / (1 + Math.exp(-beyondA / 5));
      transmission[i] *= 1 - film * (1 - FILM_TRANSMISSION);
      roughness[i] += film * FILM_ROUGHNESS;
      pixels[i] += EDGE_CONTRAST * film * Math.exp(-Math.max(0, beyondA) / 150) *
        fadeAtBorder(size, x, y);
    }
  }
}
