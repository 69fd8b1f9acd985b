import { assert, assertEquals, assertGreaterOrEqual } from "@std/assert";
import { fromFileUrl, join } from "@std/path";
import { startBackend } from "../lib/backend/mod.ts";
import { readModel } from "../lib/centernet/mod.ts";
import { evaluateFolder, type FolderEvaluation } from "../lib/evaluation/mod.ts";
import { entriesOf, readDataset } from "../lib/io/mod.ts";
import { Picker, pickFiles, SHIPPED_MODEL } from "../lib/picking/mod.ts";

/** Real micrographs beside the project; everything here is left out where they are absent. */
const DATA = fromFileUrl(new URL("../../shared/data", import.meta.url));
const ignore = !await Deno.stat(DATA).then(() => true, () => false);

/** The scores on the model's card, as `deno task evaluate --json` wrote them. */
const CARD: FolderEvaluation[] = JSON.parse(
  await Deno.readTextFile(new URL("../models/light/scores.json", import.meta.url)),
).filter(({ picker }: FolderEvaluation) => picker === "EPicker");

/** Room for another CPU's rounding; half a point of AP. */
const TOLERANCE = 0.005;

Deno.test("the shipped model reaches the scores of its card on unseen real micrographs", {
  ignore,
}, async () => {
  const { model } = await readModel(SHIPPED_MODEL);
  using picker = new Picker(model, await startBackend("wasm"));
  const out = await Deno.makeTempDir();
  assertEquals(CARD.length, 4);
  for (const { dataset: name, overall: card } of CARD) {
    const dataset = await readDataset(join(DATA, name));
    const paths = entriesOf(dataset, "test").map((entry) => entry.micrographPath);
    await pickFiles(picker, paths, { out });
    const { overall, missing } = await evaluateFolder(out, dataset);
    assertEquals(missing, []);
    assertGreaterOrEqual(overall.ap, card.ap - TOLERANCE, `AP on ${name}`);
    assertGreaterOrEqual(overall.f1, card.f1 - TOLERANCE, `F1 on ${name}`);
  }
  await Deno.remove(out, { recursive: true });
});

Deno.test("the shipped model picks nothing on an ice crystal", { ignore }, async () => {
  const { model } = await readModel(SHIPPED_MODEL);
  using picker = new Picker(model, await startBackend("wasm"));
  const out = await Deno.makeTempDir();
  const picks: { x: number; y: number }[] = [];
  await pickFiles(picker, [join(DATA, "contamination", "micrographs")], {
    out,
    onResult: (_, result) => void picks.push(...result.picks),
  });
  assert(picks.every(({ x, y }) => !onCrystal(x, y)));
  await Deno.remove(out, { recursive: true });
});

/** The crystal's disc in `contamination`, drawn by hand a little inside its rim (pixels). */
function onCrystal(x: number, y: number): boolean {
  return Math.hypot(x - 725, y - 135) < 190;
}
