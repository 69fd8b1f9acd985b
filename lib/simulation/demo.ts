import { recipeOf } from "./dataset_recipe.ts";
import { simulateMicrograph, type Simulation } from "./micrograph.ts";
import { presetNamed } from "./presets.ts";

/**
 * Four micrographs of 1024 × 1024 pixels with known truth, as the demo shows them: crowded rings,
 * large particles, small ones in a wide field, and, the hard one, a membrane channel.
 *
 * @example
 * ```ts
 * import { demoMicrographs } from "@epicker/epicker";
 * import { assertEquals } from "@std/assert";
 *
 * const names = demoMicrographs().map(({ micrograph }) => micrograph.name);
 * assertEquals(names, ["apoferritin", "ribosome-80s", "beta-galactosidase", "cng-channel"]);
 * ```
 */
export function demoMicrographs(seed = 1): Simulation[] {
  return presetNamed("demo").map((dataset) =>
    simulateMicrograph({ ...recipeOf(dataset, 0, { seed }), name: dataset.name })
  );
}
