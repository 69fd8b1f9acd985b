/**
 * Files of a few kB or MB that promise gigabytes: refused by their headers, before anything is
 * unpacked, or read in little memory.
 *
 * @module
 */
import { assertEquals, assertLess, assertRejects } from "@std/assert";
import { EPickerError } from "../../lib/core/mod.ts";
import { readMicrograph, readMicrographHeader } from "../../lib/io/mod.ts";
import { gzip, mrcBytes, withFile } from "./mrc_bytes.ts";
import { pngOf } from "./png_bytes.ts";

/** A PNG's header with other sizes, and as many bytes behind it as its pixels need at least. */
async function pngBomb(side: number, bits: number, colourType: number): Promise<Uint8Array> {
  const png = await pngOf(2, 0, undefined, [0]);
  const view = new DataView(png.buffer);
  [16, 20].forEach((at) => view.setUint32(at, side));
  png.set([bits, colourType], 24);
  const channels = { 0: 1, 2: 3, 4: 2, 6: 4 }[colourType]!;
  return padded(png, Math.ceil(side * side * bits * channels / 8 / 1032) + 1000);
}

/** A JPEG whose blocks are all grey: a code of one bit for "no difference", one for "no more". */
function jpegBomb(width: number, height: number, components: number): Uint8Array {
  const word = (n: number) => [n >> 8, n & 255];
  const segment = (mark: number, data: number[]) => [0xff, mark, ...word(data.length + 2), ...data];
  const each = (of: (id: number) => number[]) => {
    return Array.from({ length: components }, (_, i) => of(i + 1)).flat();
  };
  const oneCode = [1, ...Array(15).fill(0), 0];
  const head = [
    ...[0xff, 0xd8, ...segment(0xdb, [0, ...Array(64).fill(1)])],
    ...segment(0xc0, [
      8,
      ...word(height),
      ...word(width),
      components,
      ...each((i) => [i, 0x11, 0]),
    ]),
    ...[...segment(0xc4, [0x00, ...oneCode]), ...segment(0xc4, [0x10, ...oneCode])],
    ...segment(0xda, [components, ...each((i) => [i, 0]), 0, 63, 0]),
  ];
  const blocks = Math.ceil(width / 8) * Math.ceil(height / 8) * components;
  return Uint8Array.from([...head, ...Array(Math.ceil(blocks / 4)).fill(0), 0xff, 0xd9]);
}

function padded(bytes: Uint8Array, length: number): Uint8Array {
  const whole = new Uint8Array(Math.max(bytes.length, length));
  whole.set(bytes);
  return whole;
}

const stack = (frames: number, extended = 0) => {
  const bytes = mrcBytes({ width: 16384, height: 16384, mode: 1, frames, values: [] });
  new DataView(bytes.buffer).setInt32(92, extended, true);
  return bytes;
};

const BOMBS: [string, () => Uint8Array | Promise<Uint8Array>, string][] = [
  ["rgba16.png", () => pngBomb(16384, 16, 6), "of 64 bits, which take"],
  ["rgb8.png", () => pngBomb(16384, 8, 2), "of 24 bits, which take"],
  ["grey.jpg", () => jpegBomb(12000, 12000, 1), "of 1 colours, which take"],
  ["rgb.jpg", () => jpegBomb(8000, 8000, 3), "of 3 colours, which take"],
  ["many.jpg", () => jpegBomb(2000, 2000, 100), "of 100 colours, which take"],
  ["frames.mrc.gz", () => gzip(stack(1000)), "unpack to 536870913024 bytes"],
  ["extended.mrc", () => stack(1, 1e9), "an extended header of 1000000000 bytes"],
  ["extended.mrc.gz", () => gzip(stack(1, 1e9)), "an extended header of 1000000000 bytes"],
];

for (const [name, make, message] of BOMBS) {
  Deno.test(`${name} of a few MB does not unpack to gigabytes`, async () => {
    const bomb = await make();
    assertLess(bomb.length, 3e6);
    await withFile(name, bomb, async (path) => {
      for (const read of [readMicrographHeader, readMicrograph]) {
        const error = await assertRejects(() => read(path), EPickerError, message);
        assertEquals(error.code, "bad-file");
      }
    });
  });
}

Deno.test("the JPEG of grey blocks is one: a small one is read", async () => {
  for (const components of [1, 3]) {
    const { width, height, pixels } = await withFile(
      "a.jpg",
      jpegBomb(40, 24, components),
      readMicrograph,
    );
    assertEquals([width, height, new Set(pixels).size], [40, 24, 1]);
  }
});
