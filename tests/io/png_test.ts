import { assert, assertAlmostEquals, assertEquals, assertRejects } from "@std/assert";
import { encode, type ImageData } from "fast-png";
import { EPickerError } from "../../lib/core/mod.ts";
import { readMicrograph, readMicrographHeader } from "../../lib/io/mod.ts";
import { gzip, withFile } from "./mrc_bytes.ts";
import { pngOf, withRightChecksums } from "./png_bytes.ts";

const GREY: ImageData = { width: 2, height: 1, channels: 1, depth: 8, data: Uint8Array.of(7, 255) };

async function read(image: ImageData): Promise<number[]> {
  const micrograph = await withFile("a.png", encode(image), readMicrograph);
  assertEquals([micrograph.width, micrograph.height], [image.width, image.height]);
  return [...micrograph.pixels];
}

Deno.test("readMicrograph() reads grey PNG of 8 and 16 bits, with and without alpha", async () => {
  assertEquals(await read(GREY), [7, 255]);
  const data = Uint16Array.of(7, 65535);
  assertEquals(await read({ ...GREY, depth: 16, data }), [7, 65535]);
  assertEquals(await read({ ...GREY, channels: 2, data: Uint8Array.of(7, 0, 9, 255) }), [7, 9]);
});

Deno.test("readMicrograph() turns colour PNG into luminance", async () => {
  const data = Uint8Array.of(100, 200, 50, 0, 8, 8, 8, 0);
  const [first, second] = await read({ ...GREY, channels: 4, data });
  assertAlmostEquals(first, 0.299 * 100 + 0.587 * 200 + 0.114 * 50, 1e-4);
  assertAlmostEquals(second, 8, 1e-4);
  const rgb = Uint16Array.of(1000, 1000, 1000, 0, 0, 65535);
  const [third, fourth] = await read({ ...GREY, channels: 3, depth: 16, data: rgb });
  assertAlmostEquals(third, 1000, 1e-2);
  assertAlmostEquals(fourth, 0.114 * 65535, 1e-2);
});

Deno.test("readMicrograph() reads palettes and single bits", async () => {
  const palette = await pngOf(2, 3, [[0, 0, 0], [200, 200, 200]], [0b01000000]);
  const bits = await pngOf(2, 0, undefined, [0b01000000]);
  for (const [bytes, white] of [[palette, 200], [bits, 1]] as const) {
    const { pixels } = await withFile("a.png", bytes, readMicrograph);
    assertEquals([...pixels].map(Math.round), [0, white]);
  }
});

Deno.test("readMicrograph() reads palettes and grey of 2, 4 and 8 bits, rows of odd lengths", async () => {
  const palette = [[10, 10, 10], [20, 20, 20], [30, 30, 30], [40, 40, 40]];
  const rows: [number, number[]][] = [
    [2, [0b00011011, 0b01000000]],
    [4, [0x01, 0x23, 0x10]],
    [8, [0, 1, 2, 3, 1]],
  ];
  const of = async (bits: number, row: number[], colours?: number[][]) => {
    const png = await pngOf(5, colours ? 3 : 0, colours, row);
    png[24] = bits;
    const { pixels } = await withFile("a.png", withRightChecksums(png.slice()), readMicrograph);
    return [...pixels].map(Math.round);
  };
  for (const [bits, row] of rows) {
    assertEquals(await of(bits, row, palette), [10, 20, 30, 40, 20]);
    assertEquals(await of(bits, row), [0, 1, 2, 3, 1]);
    await assertRejects(() => of(bits, row, palette.slice(0, 3)), EPickerError, "colour 3 of 3");
  }
});

Deno.test("readMicrographHeader() tells a PNG's size, and content counts, not the name", async () => {
  const header = await withFile("a.mrc", encode(GREY), readMicrographHeader);
  assertEquals(header, { width: 2, height: 1, frames: 1 });
});

Deno.test("readMicrograph() reports damaged PNG files", async () => {
  const whole = new Uint8Array(encode(GREY));
  const huge = whole.slice();
  new DataView(huge.buffer).setUint32(16, 60000);
  new DataView(huge.buffer).setUint32(20, 4000);
  const flipped = whole.slice();
  flipped[45] ^= 0x55;
  const cases: [Uint8Array, string][] = [
    [whole.slice(0, 20), "found 20 bytes; expected a whole PNG image"],
    [whole.slice(0, -14), "found a damaged PNG image"],
    [flipped, "found a damaged PNG image"],
    [huge, "for a PNG image of 60000 × 4000 pixels"],
    [await gzip(whole), "found a PNG within gzip"],
  ];
  for (const [bytes, message] of cases) {
    await withFile("a.png", bytes, async (path) => {
      await assertRejects(() => readMicrograph(path), EPickerError, message);
    });
  }
});

Deno.test("readMicrograph() stops a PNG that unpacks to more than it says", async () => {
  const bomb = await pngOf(2, 0, undefined, Array(30_000).fill(0));
  assert(bomb.length < 300);
  await withFile("a.png", bomb, async (path) => {
    await assertRejects(() => readMicrograph(path), EPickerError, "bytes of image data");
  });
});
