/**
 * Simulates datasets with known truth: `epicker simulate --preset NAME --out DIR`.
 *
 * @module
 */
import { join } from "@std/path";
import {
  contactSheet,
  type DatasetRecipe,
  entriesOf,
  EPickerError,
  formatTable,
  type NetworkImage,
  preprocess,
  PRESET_NAMES,
  presetNamed,
  readMicrograph,
  writeSimulatedDataset,
} from "../mod.ts";
import { writeFileAtomic } from "../lib/core/mod.ts";
import { SNR_LEVELS } from "../lib/simulation/mod.ts";
import { command, progressBar, readDatasets } from "./_cli.ts";
import { count, needed, text, texts } from "./_flags.ts";
import { FLAG } from "./_shared_flags.ts";

const LEVELS = Object.keys(SNR_LEVELS).join(", ");

export default command({
  flags: {
    preset: needed(text("--preset NAME", PRESET_NAMES.join(", "))),
    out: { ...FLAG.out, help: "folder of the dataset folders" },
    only: texts("--only NAME…", "only these datasets of the preset"),
    micrographs: count(
      "--micrographs N",
      "micrographs of each dataset, a quarter to test (default: 8)",
    ),
    size: count("--size PX", "columns and rows; the field stays the same (default: 1024)"),
    snr: text("--snr X", `signal-to-noise ratio at 5 Å, or ${LEVELS} (default: each its own)`),
    seed: FLAG.seed,
    sheet: text("--sheet FILE", "picture of all datasets' first micrographs, .png or .jpg"),
    beside: texts("--beside DIR…", "dataset folders whose first test micrographs end the sheet"),
    tile: count("--tile PX", "side of a picture on the sheet (default: 256)"),
  },
  examples: [
    "--preset paper10 --out sim",
    "--preset fibers --out sim --micrographs 20 --snr hard --seed 7",
    "--preset demo --only ribosome-80s --out sim --sheet sheet.png \\\n" +
    "    --beside ../shared/data/ribosome",
  ],
  async main({ preset, out, only, sheet, beside, tile, snr, ...given }) {
    const recipes = chosen(presetNamed(preset), only);
    if (sheet !== undefined) formatOfSheet(sheet);
    const options = { ...given, ...(snr !== undefined && { snr: snrOf(snr) }) };
    const images: NetworkImage[] = [];
    const rows: { dataset: string; micrographs: number; labels: number; "Å per pixel": string }[] =
      [];
    const bar = progressBar();
    for (const recipe of recipes) {
      let [count, labels, pixelSizeA] = [0, 0, 0];
      await writeSimulatedDataset(join(out, recipe.name), recipe, {
        ...options,
        onProgress: bar.onProgress,
        onResult: ({ micrograph, truth }) => {
          if (count === 0 && sheet !== undefined) images.push(preprocess(micrograph));
          count++;
          labels += truth.length;
          pixelSizeA = micrograph.pixelSizeA ?? 0;
        },
      });
      rows.push({
        dataset: recipe.name,
        micrographs: count,
        labels,
        "Å per pixel": pixelSizeA.toFixed(2),
      });
    }
    bar.stop();
    if (sheet !== undefined) {
      const real = await Promise.all(beside.map(firstImage));
      const isPaired = real.length === images.length; // then simulated ones above, real ones below
      const bytes = contactSheet([...images, ...real], {
        format: formatOfSheet(sheet),
        columns: isPaired ? real.length : undefined,
        tile,
      });
      await writeFileAtomic(sheet, bytes);
    }
    console.log(formatTable(rows, ["dataset", "micrographs", "labels", "Å per pixel"]));
  },
});

/** The named recipes, or all. */
function chosen(recipes: DatasetRecipe[], names: string[]): DatasetRecipe[] {
  const unknown = names.find((wanted) => recipes.every(({ name }) => name !== wanted));
  if (unknown !== undefined) {
    throw new EPickerError("bad-option", {
      file: "--only",
      found: `"${unknown}"`,
      expected: recipes.map(({ name }) => name).join(", "),
    });
  }
  return names.length === 0 ? recipes : recipes.filter(({ name }) => names.includes(name));
}

/** A ratio by its name or as a number. */
function snrOf(text: string): number {
  const snr = SNR_LEVELS[text] ?? Number(text);
  if (text.trim() !== "" && snr >= 0) return snr;
  throw new EPickerError("bad-option", {
    file: "--snr",
    found: `"${text}"`,
    expected: `a number of 0 or more, or ${LEVELS}`,
  });
}

/** Kind of a picture by its name. */
function formatOfSheet(path: string): "png" | "jpeg" {
  if (/\.jpe?g$/i.test(path)) return "jpeg";
  if (/\.png$/i.test(path)) return "png";
  throw new EPickerError("bad-option", { file: "--sheet", found: path, expected: ".png or .jpg" });
}

/** What the network sees of a dataset's first test micrograph, or of its first one. */
async function firstImage(folder: string): Promise<NetworkImage> {
  const [dataset] = await readDatasets([folder]);
  const [{ micrographPath }] = [...entriesOf(dataset, "test"), ...dataset.entries];
  return preprocess(await readMicrograph(micrographPath));
}
