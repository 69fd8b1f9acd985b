/**
 * Measures the model that ships for particles where `evaluate` does not: picks where nothing is,
 * noise that was added, a diameter that was not given. Writes JSON to standard output:
 *
 * ```sh
 * deno run -A tests/measure_model.ts > models/general/measured.json
 * ```
 */
import { random } from "../lib/core/mod.ts";
import { evaluate, type EvaluationImage } from "../lib/evaluation/mod.ts";
import {
  entriesOf,
  loadIgnoreRegions,
  loadLabels,
  readDataset,
  readMicrograph,
} from "../lib/io/mod.ts";
import { loadPicker, type Picker } from "../lib/picking/mod.ts";
import type { Dataset, Micrograph } from "../lib/core/mod.ts";

const DATA = "../shared/data";
const KINDS = ["bgal", "ribosome", "trpv1", "apoferritin"];

/** Micrographs of `quality` that no training has seen. */
const EMPTY = ["empty-hole_19apr30a", "crystalline-ice_19aug17a", "empty-ice_18sep28b"];

/** Diameters that are given for them, as parts of the longer side. */
const PARTS = [1 / 36, 1 / 24, 1 / 16];

const NOISE = [0, 1, 1.5, 2];

using picker = await loadPicker({ backend: "wasm" });
using blobs = await loadPicker({ model: "blob" });

/** Scores on the test micrographs of a dataset, after a change to them. */
async function scoresOn(
  picker: Picker,
  dataset: Dataset,
  { given, change = (same) => same }: {
    given: boolean;
    change?: (micrograph: Micrograph) => Micrograph;
  },
) {
  const entries = entriesOf(dataset, "test");
  const micrographs = await Promise.all(
    entries.map(async ({ micrographPath }) => change(await readMicrograph(micrographPath))),
  );
  const look = given ? undefined : await picker.look(micrographs);
  const images: EvaluationImage[] = [];
  for (const [i, entry] of entries.entries()) {
    const micrograph = micrographs[i];
    const { diameterA } = dataset;
    const known = given ? { diameterA, contrast: "dark" as const } : { look };
    const { candidates, threshold } = await picker.pick(micrograph, known);
    images.push({
      ...{ name: entry.name, picks: candidates, threshold },
      truth: await loadLabels(entry),
      diameter: diameterA! / micrograph.pixelSizeA!,
      ignore: await loadIgnoreRegions(entry),
    });
  }
  const { ap, f1, own } = evaluate(images).overall;
  return {
    ...{ ap, bestF1: f1, f1: own.f1 },
    ...(look && { found: look.diameter! / images[0].diameter }),
  };
}

/** Gaussian noise of so many standard deviations of the micrograph. */
function noisy(micrograph: Micrograph, times: number): Micrograph {
  const { pixels } = micrograph;
  const stream = random(1);
  const mean = pixels.reduce((a, b) => a + b) / pixels.length;
  const sigma = Math.sqrt(pixels.reduce((sum, v) => sum + (v - mean) ** 2, 0) / pixels.length);
  return { ...micrograph, pixels: pixels.map((v) => v + times * sigma * stream.normal()) };
}

const sets = await Promise.all(KINDS.map((name) => readDataset(`${DATA}/${name}`)));

const diameter: Record<string, unknown> = {};
for (const set of sets) {
  const [given, found] = [true, false].map((given) => scoresOn(picker, set, { given }));
  diameter[set.name] = { given: await given, found: await found };
}

const noise: unknown[] = [];
for (const times of NOISE) {
  const options = { given: true, change: (one: Micrograph) => noisy(one, times) };
  const [model, blob] = [
    await scoresOn(picker, sets[0], options),
    await scoresOn(blobs, sets[0], options),
  ];
  noise.push({ sigma: times, model, differenceOfGaussians: { ...blob, f1: undefined } });
}

const empty: Record<string, { given: number[]; found: number }> = {};
for (
  const path of [
    ...EMPTY.map((name) => `quality/micrographs/${name}.png`),
    "contamination/micrographs/Ucsf_stack_1142_DW.mrc",
  ]
) {
  const micrograph = await readMicrograph(`${DATA}/${path}`);
  const side = Math.max(micrograph.width, micrograph.height);
  const given: number[] = [];
  for (const part of PARTS) {
    given.push((await picker.pick(micrograph, { diameterPx: part * side })).picks.length);
  }
  empty[micrograph.name] = { given, found: (await picker.pick(micrograph)).picks.length };
}

console.log(JSON.stringify({ diameter, noise, empty }, null, 1));
