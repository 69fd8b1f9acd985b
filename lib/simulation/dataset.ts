import { join } from "@std/path";
import { checkOptions, type OnProgress, option, writeFileAtomic } from "../core/mod.ts";
import { writeCoordinates, writeMrc } from "../io/mod.ts";
import { type DatasetRecipe, recipeOf, type RunOptions } from "./dataset_recipe.ts";
import { simulateMicrograph, type Simulation } from "./micrograph.ts";
import { phantomsOf } from "./particles.ts";
import type { MicrographRecipe } from "./recipe.ts";
import { writeScene } from "./scene_file.ts";

/** Options of {@linkcode writeSimulatedDataset}. */
export interface SimulatedDatasetOptions extends RunOptions {
  /** Micrographs; about a quarter of them are for testing. @default {8} */
  micrographs?: number;
  /** Told after every micrograph. */
  onProgress?: OnProgress;
  /** Given every micrograph as it is made. */
  onResult?: (simulation: Simulation) => void;
}

/** Part of the micrographs that is for testing, at least one where there are two or more. */
const TEST_SHARE = 0.25;

/**
 * Simulates a dataset into a folder that `readDataset` reads like a real one.
 *
 * - `micrographs/NAME.mrc`: float16 electrons per pixel, with the pixel size
 * - `coordinates/NAME.star` for a single species, else `NAME.csv` with diameters and fibers
 * - `truth/NAME.json`: the {@linkcode Scene} with species, orientations, centre lines, dirt
 * - `dataset.json`: title, diameter, split, and the recipe of every micrograph, from which
 *   `simulateMicrograph` makes the same pixels again
 *
 * The same options write the same bytes.
 *
 * @throws {EPickerError} `bad-option` for a number out of its range; `write-failed`.
 */
export async function writeSimulatedDataset(
  folder: string,
  dataset: DatasetRecipe,
  options: SimulatedDatasetOptions = {},
): Promise<void> {
  checkOptions(options, { micrographs: option.whole(1, 1e6) });
  const { micrographs = 8, onProgress, onResult, ...run } = options;
  const recipes = Array.from({ length: micrographs }, (_, i) => recipeOf(dataset, i, run));
  const format = hasOneSize(dataset) ? "star" : "csv";
  for (const [i, recipe] of recipes.entries()) {
    const { micrograph, truth, scene, ...rest } = simulateMicrograph(recipe);
    const place = (kind: string, extension: string) =>
      join(folder, kind, `${recipe.name}.${extension}`);
    await writeMrc(place("micrographs", "mrc"), micrograph, { mode: 12 });
    await writeCoordinates(place("coordinates", format), truth);
    await writeScene(place("truth", "json"), scene);
    onResult?.({ micrograph, truth, scene, ...rest });
    onProgress?.({ stage: dataset.name, done: i + 1, total: micrographs, note: recipe.name });
  }
  const about = JSON.stringify(describe(dataset, recipes), null, 1);
  await writeFileAtomic(join(folder, "dataset.json"), about + "\n");
}

/** What `dataset.json` holds. */
function describe(dataset: DatasetRecipe, recipes: readonly MicrographRecipe[]) {
  const names = recipes.map(({ name }) => name);
  const tests = names.length < 2 ? 0 : Math.max(1, Math.round(TEST_SHARE * names.length));
  const { specimen } = dataset;
  return {
    title: dataset.title,
    diameterA: hasOneSize(dataset) && specimen.kind === "particles"
      ? phantomsOf(specimen)[0].diameterA
      : undefined,
    contrast: "dark on bright ice",
    labels: "simulated: complete and exact",
    note: dataset.about,
    split: {
      train: names.slice(0, names.length - tests),
      test: names.slice(names.length - tests),
    },
    simulation: { dataset, recipes },
  };
}

/** Whether all objects have the same diameter, so that labels need not say it. */
function hasOneSize({ specimen }: DatasetRecipe): boolean {
  return specimen.kind === "particles" && specimen.species.length === 1;
}
