import { assertAlmostEquals, assertEquals, assertRejects } from "@std/assert";
import { EPickerError } from "../../lib/core/mod.ts";
import { type MrcMode, readMicrograph, writeMrc } from "../../lib/io/mod.ts";
import { withFolder } from "./mrc_bytes.ts";

Deno.test("writeMrc() writes a header by the MRC2014 standard", async () => {
  await withFolder(async (folder) => {
    const path = `${folder}/new/a.mrc`;
    const pixels = Float32Array.of(1, 2, 3, 4, 5, 9);
    await writeMrc(path, { width: 3, height: 2, pixels, pixelSizeA: 2 });
    const bytes = await Deno.readFile(path);
    const view = new DataView(bytes.buffer);
    const ints = (at: number, count: number) =>
      Array.from({ length: count }, (_, i) => view.getInt32(at + 4 * i, true));
    const floats = (at: number, count: number) =>
      Array.from({ length: count }, (_, i) => view.getFloat32(at + 4 * i, true));
    assertEquals(bytes.length, 1024 + 24);
    assertEquals(ints(0, 10), [3, 2, 1, 2, 0, 0, 0, 3, 2, 1]);
    assertEquals(floats(40, 6), [6, 4, 2, 90, 90, 90]);
    assertEquals(ints(64, 3), [1, 2, 3]);
    assertEquals(floats(76, 3), [1, 9, 4]);
    assertEquals(ints(88, 2), [0, 0]);
    assertEquals(ints(108, 1), [20141]);
    assertEquals(new TextDecoder().decode(bytes.slice(208, 214)), "MAP DD");
    assertAlmostEquals(floats(216, 1)[0], Math.sqrt(40 / 6), 1e-6);
    assertEquals(floats(1024, 6), [...pixels]);
  });
});

Deno.test("writeMrc() rounds and clamps integer modes and readMicrograph() reads them back", async () => {
  const pixels = [-4e4, -1.6, 0, 1.5, 200, 7e4];
  const expected: Record<MrcMode, number[]> = {
    0: [-128, -2, 0, 2, 127, 127],
    1: [-32768, -2, 0, 2, 200, 32767],
    2: pixels,
    6: [0, 0, 0, 2, 200, 65535],
    12: [-40000, -1.599609375, 0, 1.5, 200, Infinity],
  };
  await withFolder(async (folder) => {
    for (const mode of [0, 1, 2, 6, 12] as const) {
      await writeMrc(`${folder}/a.mrc`, { width: 6, height: 1, pixels }, { mode });
      const read = await readMicrograph(`${folder}/a.mrc`);
      assertEquals([...read.pixels], [...Float32Array.from(expected[mode])]);
    }
  });
});

Deno.test("writeMrc() refuses pixels that do not fit the size", async () => {
  const write = () => writeMrc("/nowhere/a.mrc", { width: 2, height: 2, pixels: [1, 2, 3] });
  await assertRejects(write, EPickerError, "found 3 pixels for an image of 2 × 2");
});
