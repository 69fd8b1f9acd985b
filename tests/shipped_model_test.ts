import { assert, assertEquals, assertGreater, assertGreaterOrEqual } from "@std/assert";
import { fromFileUrl, join } from "@std/path";
import {} from "../lib/backend/mod.ts";
import { readModel } from "../lib/centernet/mod.ts";
import {
  evaluateFolder,
  type FolderEvaluation,
  matchByDistance,
  UNMATCHED,
} from "../lib/evaluation/mod.ts";
import {
  entriesOf,
  loadLabels,
  readCoordinates,
  readDataset,
  readMicrographHeader,
} from "../lib/io/mod.ts";
import { openPicker, pickFiles, type PickOptions, SHIPPED_MODEL } from "../lib/picking/mod.ts";
import { presetNamed, writeSimulatedDataset } from "../lib/simulation/mod.ts";

/** Real micrographs beside the project; what needs them is left out where they are absent. */
const DATA = fromFileUrl(new URL("../../shared/data", import.meta.url));
const ignore = !await Deno.stat(DATA).then(() => true, () => false);

/** The scores on the model's card, as `deno task evaluate --json` wrote them. */
const CARD: FolderEvaluation[] = JSON.parse(
  await Deno.readTextFile(new URL("../models/general/scores.json", import.meta.url)),
).filter(({ picker }: FolderEvaluation) => picker === "EPicker");

/** Room for another CPU's rounding; half a point of AP. */
const TOLERANCE = 0.005;

/** Picks micrographs with the shipped model; fails unless every one of them is read and picked. */
async function pickWithShipped(
  inputs: string[],
  { out, count, onPick, ...options }: PickOptions & {
    out: string;
    count: number;
    onPick?: (x: number, y: number) => void;
  },
): Promise<void> {
  const { model } = await readModel(SHIPPED_MODEL);
  using picker = await openPicker(model, "wasm");
  let results = 0;
  const { total, files } = await pickFiles(picker, inputs, {
    ...options,
    out,
    onResult(_, { picks }) {
      results++;
      for (const { x, y } of picks) onPick?.(x, y);
    },
  });
  assertEquals(files.flatMap(({ error }) => error ?? []), []);
  assertEquals([total, files.length, results], [count, count, count]);
  for (const { name, candidates } of files) assertGreater(candidates!, 0, `candidates on ${name}`);
}

/** Least precision and recall at the model's threshold; the lower of them is .99, .90 and .89. */
const SIMULATED = { apoferritin: 0.95, "ribosome-80s": 0.85, "beta-galactosidase": 0.83 };

Deno.test("the shipped model finds simulated particles of kinds that it knows", async () => {
  const folder = await Deno.makeTempDir();
  for (const [name, least] of Object.entries(SIMULATED)) {
    const [data, out] = [join(folder, name), join(folder, `${name}-picks`)];
    const recipe = presetNamed("demo").find((dataset) => dataset.name === name)!;
    await writeSimulatedDataset(data, recipe, { micrographs: 1, seed: 1 });
    await pickWithShipped([join(data, "micrographs")], { out, count: 1 });
    const dataset = await readDataset(data);
    const [entry] = dataset.entries;
    const truth = await loadLabels(entry);
    const picks = await readCoordinates(join(out, `${entry.name}.star`));
    const radius = dataset.diameterA! /
      (await readMicrographHeader(entry.micrographPath)).pixelSizeA! / 2;
    const hits = matchByDistance(picks, truth, radius).filter((i) => i !== UNMATCHED).length;
    assertGreaterOrEqual(hits / picks.length, least, `precision on ${name}`);
    assertGreaterOrEqual(hits / truth.length, least, `recall on ${name}`);
  }
  await Deno.remove(folder, { recursive: true });
});

Deno.test("the shipped model reaches the scores of its card on unseen real micrographs", {
  ignore,
}, async () => {
  const out = await Deno.makeTempDir();
  assertEquals(CARD.length, 4);
  for (const { dataset: name, overall: card } of CARD) {
    const dataset = await readDataset(join(DATA, name));
    const paths = entriesOf(dataset, "test").map((entry) => entry.micrographPath);
    assertGreater(paths.length, 0, name);
    const { diameterA } = dataset; // given, as on the card
    await pickWithShipped(paths, { out, count: paths.length, diameterA, contrast: "dark" });
    const { overall, missing, perImage } = await evaluateFolder(out, dataset);
    assertEquals([missing, perImage.length], [[], paths.length]);
    assertGreaterOrEqual(overall.ap, card.ap - TOLERANCE, `AP on ${name}`);
    assertGreaterOrEqual(overall.f1, card.f1 - TOLERANCE, `F1 on ${name}`);
  }
  await Deno.remove(out, { recursive: true });
});

Deno.test("the shipped model picks nothing on an ice crystal", { ignore }, async () => {
  const out = await Deno.makeTempDir();
  const picks: { x: number; y: number }[] = [];
  await pickWithShipped([join(DATA, "contamination", "micrographs")], {
    out,
    count: 1,
    onPick: (x, y) => void picks.push({ x, y }),
  });
  assert(picks.every(({ x, y }) => !onCrystal(x, y)));
  await Deno.remove(out, { recursive: true });
});

/** The crystal's disc in `contamination`, drawn by hand a little inside its rim (pixels). */
function onCrystal(x: number, y: number): boolean {
  return Math.hypot(x - 725, y - 135) < 190;
}
