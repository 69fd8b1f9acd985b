import { assert, assertAlmostEquals, assertEquals, assertRejects } from "@std/assert";
import { fromFileUrl } from "@std/path";
import { EPickerError } from "../../lib/core/mod.ts";
import {
  type ByteSource,
  readMask,
  readMicrograph,
  readMicrographHeader,
} from "../../lib/io/mod.ts";
import { tiffFormat } from "../../lib/io/tiff.ts";
import { mrcBytes, withFile, withFolder } from "./mrc_bytes.ts";

const FIXTURES = fromFileUrl(new URL("../fixtures/io/", import.meta.url));

/** Value of a pixel of the 8-bit fixtures; see `make_images.py`. */
const valueAt = (x: number, y: number) => (7 * x + 13 * y) % 251;

/** fixtures of Pillow and tifffile, and what their pixels are times the 8-bit value. */
const MADE: [string, number][] = [
  ["grey8_lzw.tif", 1],
  ["grey8_packbits.tif", 1],
  ["grey8_tiles.tif", 1],
  ["grey16_zip_msb.tif", 257],
  ["grey16_lzw.tif", 257],
  ["float32.tif", 1 / 255],
  ["rgb8.tif", 1],
];

for (const [file, factor] of MADE) {
  Deno.test(`readMicrograph() reads ${file} as libtiff and tifffile write it`, async () => {
    const { width, height, pixels, pixelSizeA } = await readMicrograph(FIXTURES + file);
    assertEquals([width, height, pixelSizeA], [70, 50, undefined]);
    for (const [i, pixel] of pixels.entries()) {
      const value = factor * valueAt(i % 70, 49 - Math.floor(i / 70)); // the last row first
      assertAlmostEquals(pixel, value, 1e-4 * Math.max(1, factor));
    }
    const header = await readMicrographHeader(FIXTURES + file);
    assertEquals(header, { width: 70, height: 50, frames: 1 });
  });
}

for (const file of ["grey.jpg", "rgb.jpg"]) {
  Deno.test(`readMicrograph() reads ${file} up to JPEG's losses`, async () => {
    const { width, height, pixels } = await readMicrograph(FIXTURES + file);
    assertEquals([width, height], [70, 50]);
    let sum = 0;
    for (const [i, pixel] of pixels.entries()) {
      sum += Math.abs(pixel - valueAt(i % 70, Math.floor(i / 70)));
    }
    assert(sum / pixels.length < 1.5, `mean error ${sum / pixels.length}`);
    assertEquals(await readMicrographHeader(FIXTURES + file), { width, height, frames: 1 });
  });
}

/** A TIFF file of one strip, built from the description of the format. */
function tiffBytes(tags: Record<number, number>, data: Uint8Array, next = 0): Uint8Array {
  const all = { 273: 8, 278: tags[257], 279: data.length, 277: 1, 259: 1, 262: 1, ...tags };
  const entries = Object.entries(all).map(([tag, value]) => [Number(tag), value]);
  const directory = 8 + data.length;
  const view = new DataView(new ArrayBuffer(directory + 6 + 12 * entries.length + 16));
  const extra = directory + 6 + 12 * entries.length;
  view.setUint32(0, 0x49492a00);
  view.setUint32(4, directory, true);
  new Uint8Array(view.buffer).set(data, 8);
  view.setUint16(directory, entries.length, true);
  entries.sort(([a], [b]) => a - b).forEach(([tag, value], i) => {
    const at = directory + 2 + 12 * i;
    const isRational = tag === 282 || tag === 283;
    view.setUint16(at, tag, true);
    view.setUint16(at + 2, isRational ? 5 : 4, true);
    view.setUint32(at + 4, 1, true);
    view.setUint32(at + 8, isRational ? extra + 8 * (tag - 282) : value, true);
    if (isRational) view.setUint32(extra + 8 * (tag - 282), value, true);
    if (isRational) view.setUint32(extra + 8 * (tag - 282) + 4, 1, true);
  });
  view.setUint32(directory + 2 + 12 * entries.length, next, true);
  return new Uint8Array(view.buffer);
}

function bytesOf(samples: Int8Array | Int16Array | Int32Array | Uint32Array): Uint8Array {
  return new Uint8Array(samples.buffer);
}

const SIZE = { 256: 2, 257: 2 };
const KINDS: [string, Record<number, number>, Uint8Array, number[]][] = [
  ["int8", { 258: 8, 339: 2 }, bytesOf(Int8Array.of(-1, 2, -128, 127)), [-128, 127, -1, 2]],
  ["int16", { 258: 16, 339: 2 }, bytesOf(Int16Array.of(-1, 2, -32768, 5)), [-32768, 5, -1, 2]],
  ["int32", { 258: 32, 339: 2 }, bytesOf(Int32Array.of(-1, 2, -65537, 5)), [-65537, 5, -1, 2]],
  ["uint32", { 258: 32 }, bytesOf(Uint32Array.of(1, 2, 2 ** 31, 5)), [2 ** 31, 5, 1, 2]],
  ["white is zero", { 258: 8, 262: 0 }, Uint8Array.of(0, 1, 254, 255), [1, 0, 255, 254]],
  ["differences", { 258: 8, 317: 2 }, Uint8Array.of(250, 10, 1, 255), [1, 0, 250, 4]],
];

for (const [what, tags, data, expected] of KINDS) {
  Deno.test(`readMicrograph() reads TIFF of ${what}`, async () => {
    await withFile("a.tif", tiffBytes({ ...SIZE, ...tags }, data), async (path) => {
      assertEquals([...(await readMicrograph(path)).pixels], expected);
    });
  });
}

Deno.test("readMicrograph() unpacks the example of PackBits' description", async () => {
  // Apple's technical note TN1023, which TIFF 6.0 follows
  const [a, b, c, d] = [0xaa, 0x80, 0x2a, 0x22];
  const packed = Uint8Array.of(0xfe, a, 2, b, 0, c, 0xfd, a, 3, b, 0, c, d, 0xf7, a);
  const expected = [a, a, a, b, 0, c, a, a, a, a, b, 0, c, d, ...Array(10).fill(a)];
  const tags = { 256: 6, 257: 4, 258: 8, 259: 32773 };
  await withFile("a.tif", tiffBytes(tags, packed), async (path) => {
    assertEquals([...(await readMicrograph(path)).pixels], expected);
  });
});

Deno.test("readMicrographHeader() believes a TIFF's resolution only where it is a pixel size", async () => {
  const data = new Uint8Array(4);
  const sizeOf = (tags: Record<number, number>) => {
    const bytes = tiffBytes({ ...SIZE, 258: 8, ...tags }, data);
    return withFile("a.tif", bytes, async (path) => (await readMicrographHeader(path)).pixelSizeA);
  };
  assertEquals(await sizeOf({ 282: 8e7, 283: 8e7, 296: 3 }), 1.25);
  assertEquals(await sizeOf({ 282: 127e6, 283: 127e6, 296: 2 }), 2);
  assertEquals(await sizeOf({ 282: 72, 283: 72, 296: 2 }), undefined);
  assertEquals(await sizeOf({ 282: 8e7, 283: 4e7, 296: 3 }), undefined);
  assertEquals(await sizeOf({ 282: 8e7, 283: 8e7, 296: 1 }), undefined);
});

Deno.test("readMicrograph() tells that it reads the first of several TIFF images", async () => {
  const bytes = tiffBytes({ ...SIZE, 258: 8 }, new Uint8Array(4), 8);
  const { warnings } = await withFile("a.tif", bytes, readMicrograph);
  assertEquals(warnings, ["Only the first image of the TIFF file is read."]);
});

Deno.test("a blob at stored row 10 is at y 10 of an MRC and, as RELION sees it, height - 11 of a TIFF", async () => {
  const [width, height] = [40, 30];
  const values = Float32Array.from({ length: width * height }, (_, i) => {
    return -20 * Math.exp(-((i % width - 12) ** 2 + (Math.floor(i / width) - 10) ** 2) / 8);
  });
  const darkest = async (name: string, bytes: Uint8Array) => {
    const { pixels } = await withFile(name, bytes, readMicrograph);
    const at = pixels.indexOf(pixels.reduce((a, b) => Math.min(a, b)));
    return { x: at % width, y: Math.floor(at / width) };
  };
  const tiff = tiffBytes(
    { 256: width, 257: height, 258: 32, 339: 3 },
    new Uint8Array(values.buffer),
  );
  assertEquals(
    await darkest("a.mrc", mrcBytes({ width, height, mode: 2, values: [...values] })),
    { x: 12, y: 10 },
  );
  assertEquals(await darkest("b.tif", tiff), { x: 12, y: 19 });
});

Deno.test("readMask() lays first stored row on first stored row, whatever the kinds of the files", async () => {
  const rows = Uint8Array.of(1, 2, 3, 4, 5, 6);
  await withFolder(async (folder) => {
    await Deno.writeFile(`${folder}/a.tif`, tiffBytes({ 256: 2, 257: 3, 258: 8 }, rows));
    const mrc = mrcBytes({ width: 2, height: 3, mode: 0, values: [...rows] });
    await Deno.writeFile(`${folder}/a.mrc`, mrc);
    const mask = async (mask: string, micrograph: string) => {
      return [...(await readMask(`${folder}/${mask}`, `${folder}/${micrograph}`)).pixels];
    };
    assertEquals(await mask("a.mrc", "a.mrc"), [...rows]);
    assertEquals(await mask("a.tif", "a.mrc"), [...rows]);
    assertEquals(await mask("a.mrc", "a.tif"), [5, 6, 3, 4, 1, 2]);
    assertEquals(await mask("a.tif", "a.tif"), [5, 6, 3, 4, 1, 2]);
  });
});

/** A ramp of floats, 0.5, 1.5, 2.5, … in 6 stored rows of 8 columns. */
const RAMP = Float32Array.from({ length: 48 }, (_, i) => i + 0.5);

/** Bytes of the ramp in planes, most significant first, then their differences along the row. */
function inPlanes(): Uint8Array<ArrayBuffer> {
  const view = new DataView(RAMP.buffer);
  const planes = Uint8Array.from({ length: 192 }, (_, i) => {
    const [y, plane, x] = [Math.floor(i / 32), Math.floor(i % 32 / 8), i % 8];
    return view.getUint8(4 * (8 * y + x) + 3 - plane);
  });
  return planes.map((byte, i) => i % 32 === 0 ? byte : byte - planes[i - 1]);
}

/** Differences of the ramp's 32-bit words along the row. */
function inWords(): Uint8Array<ArrayBuffer> {
  const words = new Uint32Array(RAMP.buffer);
  const differences = words.map((word, i) => i % 8 === 0 ? word : word - words[i - 1]);
  return new Uint8Array(differences.buffer);
}

async function deflate(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array> {
  const stream = new Blob([bytes]).stream().pipeThrough(new CompressionStream("deflate"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

const PREDICTED: [number, () => Uint8Array<ArrayBuffer>][] = [
  [1, () => new Uint8Array(RAMP.buffer)],
  [2, inWords],
  [3, inPlanes],
];

for (const [predictor, make] of PREDICTED) {
  Deno.test(`readMicrograph() reads TIFF floats with predictor ${predictor}`, async () => {
    const tags = { 256: 8, 257: 6, 258: 32, 259: 8, 317: predictor, 339: 3 };
    const bytes = tiffBytes(tags, await deflate(make()));
    const { width, height, pixels } = await withFile("a.tif", bytes, readMicrograph);
    assertEquals([width, height], [8, 6]);
    const stored = [5, 4, 3, 2, 1, 0].flatMap((y) => [...pixels.subarray(8 * y, 8 * y + 8)]);
    assertEquals(stored, [...RAMP]);
    assertEquals(pixels.reduce((sum, value) => sum + value) / 48, 24);
  });
}

const ROW = { ...SIZE, 258: 8 };
const FOUR = new Uint8Array(4);
const WRONG: [string, Uint8Array, string][] = [
  ["a directory beyond the end", tiffBytes(ROW, FOUR).slice(0, 20), "a damaged TIFF image"],
  ["an unknown compression", tiffBytes({ ...ROW, 259: 7 }, FOUR), "TIFF compression 7"],
  ["samples of 12 bits", tiffBytes({ ...ROW, 258: 12 }, FOUR), "samples of 12 bits"],
  ["an unknown predictor", tiffBytes({ ...ROW, 317: 5 }, FOUR), "TIFF predictor 5"],
  ["a predictor of floats for bytes", tiffBytes({ ...ROW, 317: 3 }, FOUR), "TIFF predictor 3"],
  ["absurd sizes", tiffBytes({ ...ROW, 256: 1e9 }, FOUR), "a TIFF image of 1000000000"],
  ["more than the file holds", tiffBytes({ ...ROW, 256: 5e4 }, FOUR), "bytes for a TIFF image"],
  ["a strip cut off", tiffBytes({ ...ROW, 259: 32773, 279: 0 }, FOUR), "(0 packed bytes for 4)"],
  ["a strip beyond the end", tiffBytes({ ...ROW, 273: 9e6 }, FOUR), "(0 packed bytes for 4)"],
  ["a tile beyond all sizes", tiffBytes({ ...ROW, 322: 9999, 323: 9999 }, FOUR), "tiles of 9999"],
  ["a strip that does not inflate", tiffBytes({ ...ROW, 259: 8 }, FOUR), "a damaged TIFF"],
  ["a wrong LZW code", tiffBytes({ ...ROW, 259: 5 }, FOUR.fill(0xc1)), "a damaged TIFF"],
];

for (const [what, bytes, message] of WRONG) {
  Deno.test(`readMicrograph() reports ${what} in a TIFF`, async () => {
    const read = () => withFile("a.tif", bytes, readMicrograph);
    const error = await assertRejects(read, EPickerError, message);
    assertEquals(error.code, "bad-file");
  });
}

Deno.test("readMicrograph() reports what bzip2 and xz hold that is no image", async () => {
  for (const name of ["text.bz2", "text.xz"]) {
    await assertRejects(() => readMicrograph(FIXTURES + name), EPickerError, "an unknown kind");
  }
});

Deno.test("readMicrograph() refuses TIFF of palettes, four inks and a plane for each colour", async () => {
  const read = (tags: Record<number, number>) => {
    return withFile("a.tif", tiffBytes({ ...ROW, ...tags }, new Uint8Array(12)), readMicrograph);
  };
  await assertRejects(() => read({ 262: 3 }), EPickerError, "TIFF colours of kind 3");
  await assertRejects(() => read({ 262: 5, 277: 4 }), EPickerError, "TIFF colours of kind 5");
  await assertRejects(
    () => read({ 262: 2, 277: 3, 284: 2 }),
    EPickerError,
    "a TIFF plane for each",
  );
});

Deno.test("tiffFormat reads a plain strip as large as the image in pieces of at most 1 MB", async () => {
  const [width, height] = [3000, 1100];
  const data = Uint8Array.from({ length: 2 * width * height }, (_, i) => i % 253);
  const bytes = tiffBytes({ 256: width, 257: height, 258: 16 }, data);
  const view = new DataView(data.buffer);
  const source = sourceOf(bytes);
  const { pixels } = await tiffFormat.read(bytes.subarray(0, 1024), {
    ...source,
    fillAt(place, target) {
      assert(target.length <= 2 ** 20);
      return source.fillAt!(place, target);
    },
  });
  const storedAt = (x: number, y: number) => view.getUint16(2 * (width * y + x), true);
  assert(pixels.every((value, i) => {
    return value === storedAt(i % width, height - 1 - Math.floor(i / width));
  }));
});

/** A file in memory. */
function sourceOf(bytes: Uint8Array): ByteSource {
  const fillAt = (place: number, target: Uint8Array) => {
    const part = bytes.subarray(place, place + target.length);
    target.set(part);
    return Promise.resolve(part.length);
  };
  return {
    ...{ file: "a.tif", fileBytes: bytes.length, ratio: 1, fillAt },
    fill: (target) => fillAt(0, target),
    finish: () => Promise.resolve(),
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
}
