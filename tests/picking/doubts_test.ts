import { assertEquals } from "@std/assert";
import { fromFileUrl, join } from "@std/path";
import { loadLabels, readDataset, readMicrographHeader, writeMrc } from "../../lib/io/mod.ts";
import { findSummary, loadPicker, pickFiles } from "../../lib/picking/mod.ts";
import { doubtsOfImage, doubtsOfPicks } from "../../lib/picking/doubts.ts";
import { presetNamed, recipeOf, simulateMicrograph } from "../../lib/simulation/mod.ts";

const DATA = fromFileUrl(new URL("../../../shared/data", import.meta.url));
const ignore = !await Deno.stat(DATA).then(() => true, () => false);

const FIELD = { width: 1000, height: 800 };

function kindsOf(count: number, diameter: number): string[] {
  const picks = Array.from({ length: count }, () => ({ diameter }));
  return doubtsOfPicks(picks, FIELD).map(({ kind }) => kind);
}

Deno.test("up to five picks of less than half a per cent of the area are hardly anything", () => {
  assertEquals(kindsOf(0, 30), ["empty"]);
  assertEquals(kindsOf(5, 30), ["empty"]); // 0.44 %
  assertEquals(kindsOf(5, 33), []); // 0.53 %: few, but large
  assertEquals(kindsOf(6, 30), []);
});

Deno.test("picks that cover three quarters are too dense, but not points of fibers", () => {
  const area = FIELD.width * FIELD.height;
  const count = (coverage: number) => Math.round(coverage * area / (Math.PI / 4 * 40 ** 2));
  assertEquals(kindsOf(count(0.74), 40), []);
  assertEquals(kindsOf(count(0.76), 40), ["dense"]);
  assertEquals(kindsOf(count(Math.PI / Math.sqrt(12)), 40), ["dense"]); // discs that touch all around
  const nodes = Array.from({ length: count(0.9) }, () => ({ diameter: 40, fiber: 1 }));
  assertEquals(doubtsOfPicks(nodes, FIELD), []);
});

Deno.test("a twentieth unlike the rest is dirty; where it is not known nothing is said", () => {
  assertEquals(doubtsOfImage({}), []);
  assertEquals(doubtsOfImage({ dirt: 0.05 }), []);
  assertEquals(doubtsOfImage({ dirt: 0.06 }).map(({ kind }) => kind), ["dirty"]);
});

for (const name of ["bgal", "ribosome", "trpv1", "apoferritin", "liposomes"]) {
  Deno.test({
    name: `what people have picked is neither too dense nor too little: ${name}`,
    ignore,
    async fn() {
      const { entries, diameterA = 0 } = await readDataset(`${DATA}/${name}`);
      for (const entry of entries) {
        const header = await readMicrographHeader(entry.micrographPath);
        const usual = diameterA / (header.pixelSizeA ?? 1);
        const picks = (await loadLabels(entry)).map(({ diameter = usual }) => ({ diameter }));
        assertEquals(doubtsOfPicks(picks, header), [], entry.name);
      }
    },
  });
}

Deno.test("carbon is told of the micrograph that has it, in summary and record, and on a rerun", async () => {
  const folder = await Deno.makeTempDir();
  const dataset = presetNamed("demo").find(({ name }) => name === "beta-galactosidase")!;
  let diameterPx = 0;
  for (const carbonEdge of [false, true]) {
    const recipe = { ...recipeOf(dataset, 0, { seed: 1 }), carbonEdge };
    const { micrograph, scene } = simulateMicrograph(recipe);
    diameterPx = scene.particles[0].diameter;
    await writeMrc(join(folder, carbonEdge ? "carbon.mrc" : "clean.mrc"), micrograph);
  }
  using picker = await loadPicker({ model: "blob" });
  const out = join(folder, "out");
  for (const state of [undefined, "already done"]) {
    await pickFiles(picker, [folder], { out, workers: 1, diameterPx, contrast: "dark" });
    const { files } = (await findSummary(out))!;
    const dirty = files.map(({ name, doubts = [], skipped }) => {
      return [name, doubts.some(({ kind }) => kind === "dirty"), skipped];
    });
    assertEquals(dirty, [["carbon", true, state], ["clean", false, state]]);
  }
  await Deno.remove(folder, { recursive: true });
});
