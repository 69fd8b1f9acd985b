import { assert, assertAlmostEquals, assertEquals, assertRejects } from "@std/assert";
import { join } from "@std/path";
import { EPickerError, random } from "../../lib/core/mod.ts";
import { readCandidates, writeMrc } from "../../lib/io/mod.ts";
import { pickFiles } from "../../lib/picking/mod.ts";
import { VIEW_VERSIONS } from "../../lib/preprocess/mod.ts";
import { discPicker, scene } from "./_discs.ts";

for (const diameter of [16, 26, 44]) {
  for (const contrast of ["dark", "bright"] as const) {
    Deno.test(`a look finds ${contrast} discs of ${diameter} pixels`, async () => {
      using picker = await discPicker();
      const { micrograph } = scene(diameter, contrast === "dark" ? -1 : 1);
      const look = await picker.look([micrograph]);
      assert(
        look.diameter! > diameter / 1.3 && look.diameter! < diameter * 1.3,
        `${look.diameter}`,
      );
      assertEquals(look.contrast, contrast);
      const inverted = look.doubts.filter(({ kind }) => kind === "contrast");
      assertEquals(inverted.length, contrast === "bright" ? 1 : 0);
      const given = await picker.look([micrograph], { diameterPx: diameter });
      assertEquals([given.diameter, given.contrast], [undefined, contrast]);
    });
  }
}

Deno.test("a pixel size that is given or listed bounds the diameters that are tried, not the file's", async () => {
  using picker = await discPicker();
  const micrograph = { ...scene(44).micrograph, pixelSizeA: 5 };
  assert((await picker.look([micrograph])).diameter! > 36);
  assert((await picker.look([micrograph], { pixelSizeA: 20 })).diameter! < 36); // at most 700 Å
  const folder = await Deno.makeTempDir();
  const path = join(folder, "m.mrc");
  await writeMrc(path, micrograph);
  const listed = [{ path, name: "m", pixelSizeA: 20 }];
  const { look } = await pickFiles(picker, listed, { out: join(folder, "out") });
  assert(look!.diameter! < 36);
  await Deno.remove(folder, { recursive: true });
});

Deno.test("noise has no sure diameter, and is not called bright", async () => {
  using picker = await discPicker();
  const stream = random(8);
  const pixels = Float32Array.from({ length: 300 * 300 }, () => stream.normal());
  const look = await picker.look([{ name: "noise", width: 300, height: 300, pixels }]);
  assertEquals([look.contrast, look.doubts.map(({ kind }) => kind)], ["dark", ["diameter"]]);
});

Deno.test("a model of the view particle picks every disc once, at its place and size", async () => {
  using picker = await discPicker();
  for (const sign of [-1, 1]) {
    const { micrograph, places } = scene(30, sign);
    const { picks, diameter, image } = await picker.pick(micrograph, { diameterPx: 30 });
    assertEquals([diameter, image.scale], [30, 0.75]);
    assertEquals(picks.length, places.length);
    for (const { x, y } of places) {
      assert(picks.some((pick) => Math.hypot(pick.x - x, pick.y - y) < 3), `none at ${x}, ${y}`);
    }
  }
});

Deno.test("diameters in Å and pixels give the same view; impossible ones are refused", async () => {
  using picker = await discPicker();
  const { micrograph } = scene(30);
  const inPixels = await picker.pick(micrograph, { diameterPx: 30 });
  const inA = await picker.pick(micrograph, { diameterA: 60, pixelSizeA: 2 });
  assertEquals(inA.picks, inPixels.picks);
  for (const options of [{ diameterPx: 3 }, { diameterPx: 600 }, { diameterA: 60 }]) {
    const error = await assertRejects(() => picker.pick(micrograph, options), EPickerError);
    assertEquals(error.code, "bad-option");
  }
});

Deno.test("one look decides for a folder, is recorded, and is not taken again", async () => {
  using picker = await discPicker();
  const folder = await Deno.makeTempDir();
  const out = join(folder, "out");
  for (let i = 0; i < 3; i++) {
    await writeMrc(join(folder, `m${i}.mrc`), scene(26, 1, 400).micrograph);
  }
  const summary = await pickFiles(picker, [folder], { out, workers: 1 });
  assertEquals(summary.look?.contrast, "bright");
  const diameter = summary.look!.diameter!;
  assert(diameter > 20 && diameter < 34, `${diameter}`);
  for (const { name, diameter: used, doubts } of summary.files) {
    assertAlmostEquals(used!, diameter, 0.01);
    assert(doubts?.some(({ kind }) => kind === "contrast"));
    const { provenance } = await readCandidates(join(out, "candidates", `${name}.json`));
    assertEquals(provenance?.recipe.startsWith(VIEW_VERSIONS.particle), true);
    assertEquals([provenance?.seenPx, provenance?.contrast], [diameter, "bright"]);
  }
  const again = await pickFiles(picker, [folder], { out, workers: 1 });
  assertEquals(again.files.map(({ skipped }) => skipped), Array(3).fill("already done"));
  const dark = await pickFiles(picker, [folder], { out, workers: 1, contrast: "dark" });
  assertEquals(dark.files.map(({ skipped, from }) => skipped ?? from), Array(3).fill(undefined));
  await Deno.remove(folder, { recursive: true });
});
