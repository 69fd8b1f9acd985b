/**
 * Measures the model that ships for particles where `evaluate` does not: picks where nothing is,
 * noise that was added, a diameter that was not given; what a threshold finds of the weakest kind and
 * picks where nothing is. Writes JSON to standard output:
 *
 * ```sh
 * deno run -A tests/measure_model.ts > models/general/measured.json
 * ```
 */
import { random } from "../lib/core/mod.ts";
import { evaluate, type EvaluationImage, precisionRecall } from "../lib/evaluation/mod.ts";
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

/** Thresholds at which particles of the weakest kind, TRPV1, stand against picks where nothing is. */
const THRESHOLDS = [0.3, 0.4, 0.5, 0.55, 0.6, 0.7, 0.8, 0.9];

using picker = await loadPicker({ backend: "wasm" });
using blobs = await loadPicker({ model: "blob" });

/** What is picked on the test micrographs of a dataset, after a change to them. */
async function picksOn(
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
  return { images, look };
}

/** Scores of {@linkcode picksOn}. */
async function scoresOn(...what: Parameters<typeof picksOn>) {
  const { images, look } = await picksOn(...what);
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
const scoresOnEmpty: number[][] = [];
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
    const { picks, candidates } = await picker.pick(micrograph, { diameterPx: part * side });
    given.push(picks.length);
    if (EMPTY.includes(micrograph.name)) scoresOnEmpty.push(candidates.map(({ score }) => score));
  }
  empty[micrograph.name] = { given, found: (await picker.pick(micrograph)).picks.length };
}

const trpv1 = sets.find(({ name }) => name === "trpv1")!;
const curve = precisionRecall((await picksOn(picker, trpv1, { given: true })).images);
const thresholds = THRESHOLDS.map((threshold) => {
  const counts = scoresOnEmpty.map((scores) => scores.filter((one) => one >= threshold).length);
  const { recall, precision } = curve.findLast((point) => point.threshold >= threshold)!;
  const mean = counts.reduce((a, b) => a + b) / counts.length;
  return { threshold, mean, most: Math.max(...counts), recall, precision };
});

console.log(JSON.stringify({ diameter, noise, empty, thresholds }, null, 1));
