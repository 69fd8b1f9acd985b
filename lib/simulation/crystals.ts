import { random } from "../core/mod.ts";
import { spanOn } from "./canvas.ts";
import { fadeAtBorder, type Field } from "./field.ts";
import type { MicrographRecipe } from "./recipe.ts";
import type { Crystal } from "./scene.ts";
import { STREAMS } from "./streams.ts";

/** Diameters of single crystals, in Å. */
const DIAMETERS_A = [120, 900] as const;

/** Thickness that leaves e⁻¹ of the electrons: crystals scatter many out of the aperture; in Å. */
const MEAN_FREE_PATH_A = 700;

/** Contrast before the CTF of a thick crystal. */
const EDGE_CONTRAST = 0.5;

/** Harmonics of a crystal's outline. */
const HARMONICS = [2, 3, 4, 5];

/** Lays groups of frost crystals anywhere. */
export function arrangeCrystals({ iceCrystals, size, pixelSizeA, seed }: MicrographRecipe) {
  const draw = random(seed, STREAMS.crystals);
  const [least, most] = DIAMETERS_A;
  const diameter = () => least * (most / least) ** (draw.uniform() ** 2) / pixelSizeA;
  return Array.from({ length: iceCrystals }, () => {
    const group: Crystal[] = [];
    let [x, y] = [draw.between(0, size - 1), draw.between(0, size - 1)];
    for (let more = true; more; more = draw.uniform() < 0.5) {
      group.push({ x, y, diameter: diameter(), seed: draw.integer(1e6) });
      const [angle, step] = [draw.between(0, 2 * Math.PI), group.at(-1)!.diameter * 0.6];
      [x, y] = [x + step * Math.cos(angle), y + step * Math.sin(angle)];
    }
    return group;
  }).flat();
}

/** Puts crystals into a field: they take electrons away and have an edge. */
export function paintCrystals({ transmission, edges }: Field, crystals: readonly Crystal[]): void {
  const { size, pixelSizeA } = edges;
  for (const crystal of crystals) {
    const radiusAt = outlineOf(crystal);
    const rows = spanOn(size, crystal.y, crystal.diameter);
    const columns = spanOn(size, crystal.x, crystal.diameter);
    for (let y = rows.from; y <= rows.to; y++) {
      for (let x = columns.from; x <= columns.to; x++) {
        const [dx, dy] = [x - crystal.x, y - crystal.y];
        const distance = Math.sqrt(dx * dx + dy * dy);
        if (distance > 0.75 * crystal.diameter) continue;
        const share = distance / radiusAt(Math.atan2(dy, dx));
        if (share >= 1) continue;
        const thicknessA = 0.5 * crystal.diameter * pixelSizeA * Math.sqrt(1 - share * share);
        transmission[y * size + x] *= Math.exp(-thicknessA / MEAN_FREE_PATH_A);
        edges.pixels[y * size + x] += EDGE_CONTRAST * Math.tanh(thicknessA / 200) *
          fadeAtBorder(size, x, y);
      }
    }
  }
}

/** The radius of a crystal in a direction, in pixels: a circle with a few harmonics. */
function outlineOf({ diameter, seed }: Crystal): (angle: number) => number {
  const draw = random(seed, STREAMS.outline);
  const waves = HARMONICS.map((order) => ({
    order,
    height: draw.between(-0.25, 0.25) / order,
    start: draw.between(0, 2 * Math.PI),
  }));
  return (angle) =>
    diameter / 2 *
    waves.reduce(
      (sum, { order, height, start }) => sum + height * Math.cos(order * angle + start),
      1,
    );
}
