import {
  assert,
  assertAlmostEquals,
  assertEquals,
  assertRejects,
  assertStringIncludes,
} from "@std/assert";
import { join } from "@std/path";
import { startBackend } from "../../lib/backend/mod.ts";
import type { ImageDetector } from "../../lib/centernet/mod.ts";
import { SIZE_UNIT } from "../../lib/centernet/targets.ts";
import { EPickerError, random } from "../../lib/core/mod.ts";
import { readCandidates, writeMrc } from "../../lib/io/mod.ts";
import { openPicker, Picker, pickFiles, prepareMicrograph } from "../../lib/picking/mod.ts";
import { VIEW_VERSIONS } from "../../lib/preprocess/mod.ts";
import { discPicker, scene } from "./_discs.ts";
import { freshModel } from "./_model.ts";

for (const diameter of [16, 26, 44]) {
  for (const contrast of ["dark", "bright"] as const) {
    Deno.test(`a look finds ${contrast} discs of ${diameter} pixels`, async () => {
      using picker = await discPicker();
      const { micrograph } = scene(diameter, contrast === "dark" ? -1 : 1);
      const look = await picker.look([micrograph]);
      assert(Math.abs(Math.log(look.diameter! / diameter)) < Math.log(1.15), `${look.diameter}`);
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
  assert((await picker.look([micrograph], { pixelSizeA: 40 })).diameter! < 30); // at most 700 Å
  const folder = await Deno.makeTempDir();
  const path = join(folder, "m.mrc");
  await writeMrc(path, micrograph);
  const listed = [{ path, name: "m", pixelSizeA: 40 }];
  const { look } = await pickFiles(picker, listed, { out: join(folder, "out") });
  assert(look!.diameter! < 30);
  await Deno.remove(folder, { recursive: true });
});

Deno.test("noise has no sure diameter, and is not called bright", async () => {
  using picker = await discPicker();
  const stream = random(8);
  const pixels = Float32Array.from({ length: 300 * 300 }, () => stream.normal());
  const look = await picker.look([{ name: "noise", width: 300, height: 300, pixels }]);
  assertEquals([look.contrast, look.doubts.map(({ kind }) => kind)], ["dark", ["diameter"]]);
});

Deno.test("one look holds for pixels of unlike sizes", async () => {
  using picker = await discPicker();
  const fine = { ...scene(40).micrograph, name: "fine", pixelSizeA: 2 };
  const coarse = { ...scene(20, -1, 256).micrograph, name: "coarse", pixelSizeA: 4 };
  const look = await picker.look([coarse, fine]);
  assertEquals([look.pixelSizeA, look.doubts.some(({ text }) => text.includes("another"))], [
    4,
    false,
  ]);
  assert(Math.abs(Math.log(look.diameter! / 20)) < Math.log(1.15), `${look.diameter}`);
  const { diameter, image } = await picker.pick(fine, { look });
  assertAlmostEquals(diameter, 2 * look.diameter!);
  assertAlmostEquals(image.scale, diameter / 40);
  const { diameter: same } = await picker.pick({ ...fine, pixelSizeA: undefined }, { look });
  assertEquals(same, look.diameter);
});

Deno.test("micrographs with particles of unlike sizes are told, of like ones not", async () => {
  using picker = await discPicker();
  const [small, large] = [14, 32].map((size) => ({
    ...scene(size).micrograph,
    name: `discs of ${size}`,
  }));
  const doubts = (looked: { doubts: { text: string }[] }) =>
    looked.doubts.map(({ text }) => text).filter((text) => text.includes("another size"));
  const [text, ...more] = doubts(await picker.look([small, small, large]));
  assertEquals(more, []);
  assertStringIncludes(text, "discs of 32");
  assertEquals(doubts(await picker.look([small, { ...small, name: "again" }])), []);
});

/** A detector that answers so much everywhere in an image and so much in its inverse. */
function answering(dark: number, bright: number): ImageDetector {
  return {
    detect(pixels, height, width) {
      const isDark = pixels[Math.floor(height / 2) * width + Math.floor(width / 2)] < 0;
      const [rows, columns] = [height / 4, width / 4];
      const values = new Float32Array(3 * rows * columns);
      for (let row = 8; row < rows - 8; row += 6) {
        for (let column = 8; column < columns - 8; column += 6) {
          values[3 * (row * columns + column)] = isDark ? dark : bright;
        }
      }
      return Promise.resolve({ values, height: rows, width: columns, channels: 3 });
    },
    [Symbol.dispose]() {},
  };
}

for (
  const { dark, bright, contrast } of [
    { dark: 0.1, bright: 0.4, contrast: "dark" }, // no picks, as at the edge of a hole
    { dark: 0.5, bright: 0.6, contrast: "dark" }, // dirt of both kinds
    { dark: 0.3, bright: 0.7, contrast: "bright" },
  ]
) {
  Deno.test(`scores of ${dark} dark and ${bright} bright are of ${contrast} particles`, async () => {
    const model = freshModel({ preprocess: VIEW_VERSIONS.particle, threshold: 0.5, diameter: 40 });
    using picker = new Picker(model, await startBackend("cpu"), answering(dark, bright));
    const side = 400;
    const pixels = Float32Array.from({ length: side * side }, (_, i) => {
      return Math.hypot(i % side - side / 2, Math.floor(i / side) - side / 2) < 15 ? -1 : 0;
    });
    const micrograph = { name: "one disc", width: side, height: side, pixels };
    const look = await picker.look([micrograph], { diameterPx: 30 });
    assertEquals(look.contrast, contrast);
  });
}

Deno.test("where the pixel size is known, small particles of a wide field are in the range", async () => {
  using picker = await discPicker();
  const { micrograph } = scene(12, -1, 900); // 1/75 of the side, 96 Å
  const look = await picker.look([{ ...micrograph, pixelSizeA: 8 }]);
  assert(Math.abs(Math.log(look.diameter! / 12)) < Math.log(1.15), `${look.diameter}`);
});

Deno.test("a look counts what is known of a micrograph", async () => {
  using picker = await discPicker();
  const { micrograph } = scene(20, -1, 512);
  const pixels = micrograph.pixels.map((value, i) => {
    return i % 512 < 190 || i % 512 > 320 ? NaN : value;
  });
  const look = await picker.look([{ ...micrograph, pixels }]);
  assert(Math.abs(Math.log(look.diameter! / 20)) < Math.log(1.15), `${look.diameter}`);
  assertEquals(look.contrast, "dark");
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

/** What is wrong with options of picking, by what the message has to say. */
const IMPOSSIBLE = [
  { options: { diameterPx: 7 }, says: ["a diameter of 7 pixels in 512 × 512 pixels", "8 pixels"] },
  { options: { diameterPx: 600 }, says: ["a diameter of 600 pixels in 512 × 512", "longer side"] },
  {
    options: { diameterA: 10, pixelSizeA: 3 },
    says: ["10 Å, which are 3.3 pixels of 3 Å, in 512 × 512 pixels", "8 pixels or more"],
  },
  {
    options: { diameterA: 5000, pixelSizeA: 2 },
    says: ["5000 Å, which are 2500 pixels", "longer"],
  },
  { options: { diameterA: 60 }, says: ["a diameter of 60 Å and no pixel size"] },
];

for (const { options, says } of IMPOSSIBLE) {
  Deno.test(`a diameter that cannot be is refused in words: ${JSON.stringify(options)}`, async () => {
    using picker = await discPicker();
    const { micrograph } = scene(30);
    const error = await assertRejects(() => picker.pick(micrograph, options), EPickerError);
    assertEquals(error.code, "bad-option");
    for (const words of ["discs", ...says]) assertStringIncludes(error.message, words);
  });
}

Deno.test("models of either view refuse a diameter larger than the micrograph", async () => {
  const { micrograph } = scene(30);
  const model = freshModel();
  using picker = await openPicker(model, "cpu");
  const large = () => picker.pick(micrograph, { diameterPx: 513 });
  await assertRejects(large, EPickerError, "a diameter of 513 pixels in 512 × 512 pixels");
  assertEquals((await picker.pick(micrograph, { diameterPx: 5 })).diameter, 5); // as ever
});

Deno.test("a micrograph prepared for one view is refused by models of the other", async () => {
  const { micrograph } = scene(30);
  using particle = await discPicker();
  using paper = await openPicker(freshModel(), "cpu");
  const options = { diameterPx: 30 };
  for (const [one, other] of [[particle, paper], [paper, particle]]) {
    const prepared = prepareMicrograph(micrograph, one.sight, options);
    assertEquals((await one.pickPrepared(prepared, options)).diameter, 30);
    const error = await assertRejects(() => other.pickPrepared(prepared, options), EPickerError);
    assertEquals(error.code, "bad-option");
    assertStringIncludes(
      error.message,
      `discs: found a micrograph that was prepared in the view "${one.view}"`,
    );
    assertStringIncludes(error.message, `the view of the model, "${other.view}"`);
  }
});

Deno.test("a micrograph smaller than the particles fails alone, and is in no look's way", async () => {
  using picker = await discPicker();
  const folder = await Deno.makeTempDir();
  await writeMrc(join(folder, "a_tiny.mrc"), scene(10, -1, 40).micrograph);
  await writeMrc(join(folder, "b.mrc"), scene(44).micrograph);
  for (const options of [{}, { diameterPx: 44 }]) {
    const out = join(folder, `out${Object.keys(options).length}`);
    const { files } = await pickFiles(picker, [folder], { out, workers: 1, ...options });
    assertStringIncludes(files[0].error ?? "", "in 40 × 40 pixels");
    assertEquals([files[1].error, files[1].picks], [undefined, scene(44).places.length]);
  }
  await Deno.remove(folder, { recursive: true });
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

/**
 * Knows one dark stripe from top to bottom, at any width, the wider beside its image the less; its sizes
 * lie between the stripe's and 24 network pixels.
 */
const stripe: ImageDetector = {
  detect(pixels, height, width) {
    const margin = width >> 2; // the stripe is in the middle
    const columns = Array.from({ length: width }, (_, x) => {
      let sum = 0;
      for (let y = 0; y < height; y++) sum += pixels[y * width + x] / height;
      return sum;
    });
    const steps = columns.map((value, x) => value - (columns[x - 1] ?? value)).slice(
      margin,
      -margin,
    );
    const edges = [Math.max(...steps), Math.min(...steps)].map((step) => steps.indexOf(step));
    const wide = Math.abs(edges[0] - edges[1]);
    const cells = { height: height / 4, width: width / 4, channels: 4 };
    const values = new Float32Array(4 * cells.height * cells.width);
    const column = (margin + (edges[0] + edges[1]) / 2) >> 2;
    for (let row = 8; row < cells.height - 8; row += 3) {
      const size = Math.log(Math.sqrt(wide * 24) / SIZE_UNIT);
      values.set([0.5 + 1 / wide, 0, 0, size], 4 * (row * cells.width + column));
    }
    return Promise.resolve({ values, ...cells });
  },
  [Symbol.dispose]() {},
};

for (const wide of [10, 22]) {
  Deno.test(`a fiber ${wide} pixels wide is as wide as the network's sizes agree, whatever the scores`, async () => {
    const model = freshModel({ mode: "fiber", preprocess: VIEW_VERSIONS.particle });
    using picker = new Picker(model, await startBackend("cpu"), stripe);
    const [stream, side] = [random(3), 600];
    const pixels = Float32Array.from({ length: side * side }, (_, i) => {
      return (Math.abs(i % side - side / 2) < wide / 2 ? -3 : 0) + 0.3 * stream.normal();
    });
    const { diameter } = await picker.look([{ name: "s", width: side, height: side, pixels }]);
    assert(Math.abs(Math.log(diameter! / wide)) < Math.log(1.15), `${diameter}`);
  });
}
