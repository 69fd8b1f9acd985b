import { assert, assertAlmostEquals, assertEquals, assertRejects } from "@std/assert";
import { EPickerError, random } from "../../lib/core/mod.ts";
import { mrcFormat } from "../../lib/io/mrc.ts";
import { readMicrograph, readMicrographHeader } from "../../lib/io/mod.ts";
import { gzip, mrcBytes, type MrcSpec, withFile } from "./mrc_bytes.ts";

const SAMPLES: Record<number, number[]> = {
  0: [-128, -1, 0, 1, 127, 5],
  1: [-32768, -1, 0, 258, 32767, 5],
  2: [-1.5, 0, 3.25e10, NaN, Infinity, 0.1],
  6: [0, 1, 258, 32768, 65535, 5],
  12: [-1.5, 0, 65504, 2 ** -24, NaN, 0.0999755859375],
};

function read(spec: MrcSpec): Promise<Float32Array> {
  return withFile("a.mrc", mrcBytes(spec), async (path) => (await readMicrograph(path)).pixels);
}

for (const mode of [0, 1, 2, 6, 12]) {
  for (const bigEndian of [false, true]) {
    for (const extended of [0, 131072]) {
      for (const packed of [false, true]) {
        const order = bigEndian ? "big-endian" : "little-endian";
        const rest = `${extended ? ", an extended header" : ""}${packed ? ", gzip" : ""}`;
        Deno.test(`readMicrograph() reads mode ${mode}, ${order}${rest}`, async () => {
          const values = SAMPLES[mode];
          const bytes = mrcBytes({ width: 3, height: 2, mode, values, bigEndian, extended });
          await withFile("a.b.mrc", packed ? await gzip(bytes) : bytes, async (path) => {
            const { name, width, height, pixels, pixelSizeA } = await readMicrograph(path);
            assertEquals([name, width, height, pixelSizeA], ["a.b", 3, 2, undefined]);
            assertEquals([...pixels], [...Float32Array.from(values)]);
          });
        });
      }
    }
  }
}

for (const mode of [0, 1, 2, 6, 12]) {
  Deno.test(`readMicrograph() averages the frames of a stack of mode ${mode}`, async () => {
    const values = [1, 2, 3, 4, 6, 8, 1, 1, 1, 4, 5, 6];
    const spec = { width: 2, height: 2, frames: 3, mode, values, bigEndian: true };
    assertEquals([...await read(spec)], [...Float32Array.from([8 / 3, 14 / 3, 3, 11 / 3])]);
  });
}

Deno.test("readMicrograph() reads blocks beyond one chunk without a seam", async () => {
  const values = Array.from({ length: 3001 * 1500 }, (_, i) => i % 65521);
  const pixels = await read({ width: 3001, height: 1500, mode: 6, values });
  assert(values.every((value, i) => pixels[i] === value));
});

Deno.test("readMicrograph() tells the byte order of files without a machine stamp", async () => {
  for (const bigEndian of [false, true]) {
    const pixels = await read({
      width: 2,
      height: 1,
      mode: 1,
      values: [7, -7],
      bigEndian,
      old: true,
    });
    assertEquals([...pixels], [7, -7]);
  }
});

Deno.test("readMicrograph() reads mode 0 as unsigned only where the file says so", async () => {
  const bytes = { width: 2, height: 1, mode: 0, values: [-56, 100] };
  assertEquals([...await read({ ...bytes, imodFlags: 0 })], [200, 100]);
  assertEquals([...await read({ ...bytes, imodFlags: 1 })], [-56, 100]);
  assertEquals([...await read({ ...bytes, min: 100, max: 200 })], [200, 100]);
  assertEquals([...await read({ ...bytes, min: -56, max: 100 })], [-56, 100]);
});

/** Grey levels of a micrograph: one heap, mean and deviation given, cut to the range. */
function heap(mean: number, sigma: number, [least, most]: [number, number]): number[] {
  const { normal } = random(3);
  return Array.from({ length: 64 * 64 }, () => {
    return Math.max(least, Math.min(most, Math.round(mean + sigma * normal())));
  });
}

/** The pixels of bytes in a file whose header says nothing, and what is told about them. */
async function readBytes(values: number[], spec: Partial<MrcSpec> = {}) {
  const size = { width: 64, height: 64, mode: 0, cellX: 96 };
  const stored = values.map((value) => value > 127 ? value - 256 : value);
  const bytes = mrcBytes({ ...size, values: stored, ...spec });
  const { pixels, warnings = [] } = await withFile("a.mrc", bytes, readMicrograph);
  return { pixels: [...pixels], warnings };
}

for (const [mean, sigma] of [[128, 10], [128, 40], [110, 25], [150, 35], [105, 9], [200, 30]]) {
  Deno.test(`bytes from 0 to 255 around ${mean} ± ${sigma} are unsigned, against the header`, async () => {
    const values = heap(mean, sigma, [0, 255]);
    const { pixels, warnings } = await readBytes(values);
    assertEquals(pixels, values);
    assertEquals(warnings, [
      "The bytes pile up as unsigned ones do, against the header, and are read as unsigned.",
    ]);
    const movie = await readBytes([...values, ...values], { frames: 2, height: 64 });
    assertEquals(movie.pixels, values);
    assertEquals(await readBytes(values, { imodFlags: 0 }), { pixels: values, warnings: [] });
  });
}

for (const [mean, sigma] of [[0, 10], [0, 40], [0, 300], [-60, 20], [60, 20], [100, 20]]) {
  Deno.test(`bytes from -128 to 127 around ${mean} ± ${sigma} stay signed`, async () => {
    const values = heap(mean, sigma, [-128, 127]);
    assertEquals(await readBytes(values), { pixels: values, warnings: [] });
  });
}

Deno.test("bytes around 0 are signed, against IMOD's stamp", async () => {
  const values = heap(0, 20, [-128, 127]);
  const { pixels, warnings } = await readBytes(values, { imodFlags: 0 });
  assertEquals(pixels, values);
  assert(warnings[0].includes("read as signed"));
});

Deno.test("a stack of particles and a volume given as a micrograph are told, a movie is not", async () => {
  const warningsOf = async (width: number, height: number, frames: number, spaceGroup = 0) => {
    const values = Array(width * height * frames).fill(0);
    const bytes = mrcBytes({
      ...{ width, height, frames, mode: 0, values, spaceGroup, cellX: 2 * width },
    });
    const { warnings } = await withFile("a.mrc", bytes, readMicrographHeader);
    return warnings?.join(" ") ?? "";
  };
  assert((await warningsOf(32, 32, 20)).includes("a stack of particles (20 images of 32 × 32"));
  assert((await warningsOf(24, 24, 24)).includes("looks like a volume (24 images"));
  assert((await warningsOf(40, 30, 20, 1)).includes("looks like a volume"));
  assert((await warningsOf(40, 30, 20, 401)).includes("looks like a volume"));
  assertEquals(await warningsOf(1200, 1100, 2), "");
  assertEquals(await warningsOf(1026, 1026, 2), "");
  assertEquals(await warningsOf(64, 64, 1, 1), "");
});

Deno.test("readMicrographHeader() tells size, frames and pixel size", async () => {
  const spec = { width: 4, height: 2, frames: 2, mode: 0, values: Array(16).fill(0), cellX: 6 };
  for (const bytes of [mrcBytes(spec), await gzip(mrcBytes(spec))]) {
    const header = await withFile("a.mrcs", bytes, readMicrographHeader);
    assertEquals(header, { width: 4, height: 2, frames: 2, pixelSizeA: 1.5 });
  }
});

Deno.test("readMicrographHeader() notices pixel sizes that are made up or left over", async () => {
  const row = { width: 2, height: 1, mode: 0, values: [0, 0] };
  const warningsOf = async (spec: Partial<MrcSpec>) => {
    const header = await withFile("a.mrc", mrcBytes({ ...row, ...spec }), readMicrographHeader);
    return header.warnings?.join(" ") ?? "";
  };
  assertEquals(await warningsOf({ cellX: 3 }), "");
  assertEquals(await warningsOf({ cellX: 3, cellY: 1.51 }), "");
  assert((await warningsOf({})).includes("no pixel size"));
  assert((await warningsOf({ cellX: 2 })).includes("exactly 1 Å"));
  assert((await warningsOf({ cellX: 3, cellY: 3 })).includes("1.5 × 3 Å"));
  assert((await warningsOf({ cellX: 3, cellY: 0 })).includes("1.5 × 0 Å"));
  const none: Partial<MrcSpec>[] = [{ cellX: -3 }, { cellX: NaN }, { cellX: 3, sampling: [0, 0] }];
  for (const spec of none) assert((await warningsOf(spec)).includes("no pixel size"));
  assert((await warningsOf({ cellX: 0.2 })).includes("0.1 Å, which hardly any"));
  assert((await warningsOf({ cellX: 200 })).includes("100 Å, which hardly any"));
  const image = await withFile("a.mrc", mrcBytes({ ...row, cellX: 2 }), readMicrograph);
  assertEquals(image.warnings?.length, 1);
});

Deno.test("readMicrographHeader() notices a sampling left from another binning, not from a crop", async () => {
  const square = { width: 40, height: 40, mode: 0, values: Array(1600).fill(0) };
  const headerOf = (spec: Partial<MrcSpec>) => {
    return withFile("a.mrc", mrcBytes({ ...square, ...spec }), readMicrographHeader);
  };
  const binned = await headerOf({ sampling: [160, 160], cellX: 160 * 0.885 });
  assertAlmostEquals(binned.pixelSizeA!, 0.885, 1e-6);
  assertEquals(binned.warnings, [
    "The header samples 160 × 160 pixels, not those of the image: its pixel size of 0.885 Å may be " +
    "that of another binning, and the image's 3.54 Å.",
  ]);
  const enlarged = await headerOf({ sampling: [20, 20], cellX: 20 * 3.54 });
  assert(enlarged.warnings?.[0].includes("and the image's 1.77 Å"));
  assertEquals((await headerOf({ sampling: [42, 42], cellX: 84 })).warnings, undefined);
  assertEquals((await headerOf({ sampling: [80, 40], cellX: 160 })).warnings, undefined);
});

Deno.test("readMicrograph() reads 4-bit samples, the low half first, rows padded to a byte", async () => {
  const spec = { width: 3, height: 2, mode: 101 };
  const packed = [0x21, 0xf3, 0x54, 0xf6];
  assertEquals([...await read({ ...spec, values: packed })], [1, 2, 3, 4, 5, 6]);
  const frames = await read({ ...spec, frames: 2, values: [...packed, 0x43, 5, 0x76, 8] });
  assertEquals([...frames], [2, 3, 4, 5, 6, 7]);
  const [width, height] = [5000, 1500];
  const values = Array.from({ length: width / 2 * height }, (_, i) => i % 251);
  const pixels = await read({ width, height, mode: 101, values });
  assert(values.every((v, i) => pixels[2 * i] === (v & 15) && pixels[2 * i + 1] === v >> 4));
  await assertRejects(() => read({ ...spec, values: [1, 2, 3] }), EPickerError, "promises");
});

Deno.test("readMicrograph() reads bzip2 of several streams, as parallel packers write it", async () => {
  const fixture = new URL("../fixtures/io/tiny.mrc.bz2", import.meta.url);
  const packed = await Deno.readFile(fixture);
  const twice = new Uint8Array([...packed, ...packed]);
  await withFile("a.mrc.bz2", twice, async (path) => {
    assertEquals([...(await readMicrograph(path)).pixels], Array(20).fill(0));
  });
  await withFile("a.mrc.bz2", new Uint8Array([...packed, 1, 2, 3, 4]), async (path) => {
    await assertRejects(() => readMicrograph(path), EPickerError, "damaged bzip2 data");
  });
});

for (const [extension, command] of [["bz2", "bzip2"], ["xz", "xz"]]) {
  const ignore = !await new Deno.Command(command, { args: ["--version"] }).output()
    .then(() => true, () => false);
  Deno.test({
    name: `readMicrograph() reads and checks what ${command} packed`,
    ignore,
    async fn() {
      const values = Array.from({ length: 1200 * 1000 }, (_, i) => (i * i) % 65521);
      const bytes = mrcBytes({ width: 1200, height: 1000, mode: 6, values, cellX: 2400 });
      await withFile("a.mrc", bytes, async (path) => {
        await new Deno.Command(command, { args: [path] }).output();
        const { name, pixels, pixelSizeA } = await readMicrograph(`${path}.${extension}`);
        assertEquals([name, pixelSizeA], ["a", 2]);
        assert(values.every((value, i) => pixels[i] === value));
        const packed = await Deno.readFile(`${path}.${extension}`);
        for (
          const damaged of [packed.slice(0, -20), flip(packed.slice(), -5), flip(packed, -900)]
        ) {
          await Deno.writeFile(`${path}.${extension}`, damaged);
          const message = `damaged ${command} data`;
          await assertRejects(() => readMicrograph(`${path}.${extension}`), EPickerError, message);
        }
      });
    },
  });
}

Deno.test("readMicrographHeader() leaves an impossible pixel size out", async () => {
  for (const cellX of [0, -6, NaN, Infinity]) {
    const bytes = mrcBytes({ width: 2, height: 1, mode: 0, values: [0, 0], cellX });
    const header = await withFile("a.mrc", bytes, readMicrographHeader);
    assert(!("pixelSizeA" in header));
  }
});

const ROW = { width: 2, height: 1, mode: 2, values: [1, 2] };
const HUGE = { ...ROW, width: 16_384, height: 16_384 };
const BROKEN: [string, () => Uint8Array | Promise<Uint8Array>, string][] = [
  ["an empty file", () => new Uint8Array(0), "found an empty file"],
  ["a header cut off", () => mrcBytes(ROW).slice(0, 500), "found 500 bytes; expected at least"],
  ["an unknown mode", () => mrcBytes({ ...ROW, mode: 4 }), "found MRC mode 4; expected 0 (int8)"],
  ["no columns", () => mrcBytes({ ...ROW, width: 0 }), "found an image of 0 × 1 pixels"],
  ["negative rows", () => mrcBytes({ ...ROW, height: -5 }), "found an image of 2 × -5 pixels"],
  ["absurd sizes", () => mrcBytes({ ...ROW, width: 1e9 }), "expected 1 to 65535"],
  ["too many pixels", () => mrcBytes({ ...ROW, width: 65e3, height: 65e3 }), "at most 268435456"],
  ["a negative extended header", () => mrcBytes({ ...ROW, extended: -8 }), "of -8 bytes"],
  [
    "a size that the file cannot hold",
    () => mrcBytes(HUGE),
    "found 1032 bytes for a header that promises 16384 × 16384 pixels × 1 frames of mode 2; " +
    "expected 1073742848 bytes",
  ],
  ["pixels cut off", () => mrcBytes(ROW).slice(0, -1), "found 1031 bytes"],
  ["a gzip file that is too small", () => gzip(mrcBytes(HUGE)), "gzip-compressed bytes"],
  ["gzip pixels cut off", async () => await gzip(mrcBytes(ROW).slice(0, -1)), "before the end"],
  ["gzip data cut off", async () => (await gzip(mrcBytes(ROW))).slice(0, -9), "damaged gzip"],
  ["a wrong gzip checksum", async () => flip(await gzip(mrcBytes(ROW)), -6), "damaged gzip"],
];

function flip(bytes: Uint8Array, at: number): Uint8Array {
  bytes[bytes.length + at] ^= 0xff;
  return bytes;
}

for (const [what, make, message] of BROKEN) {
  Deno.test(`readMicrograph() reports ${what}`, async () => {
    await withFile("broken.mrc", await make(), async (path) => {
      const error = await assertRejects(() => readMicrograph(path), EPickerError, message);
      assertEquals(error.code, "bad-file");
      assert(error.details.file === path && error.details.remedy);
    });
  });
}

Deno.test("readMicrograph() reports an unknown kind of file, a folder and a missing file", async () => {
  await withFile("a.dat", "II+\0 and so on", async (path) => {
    await assertRejects(() => readMicrograph(path), EPickerError, "bytes 49 49 2b 00");
    const folder = path.slice(0, path.lastIndexOf("/"));
    await assertRejects(() => readMicrograph(folder), EPickerError);
    const error = await assertRejects(() => readMicrograph(`${path}.no`), EPickerError);
    assertEquals(error.code, "missing-file");
  });
});

Deno.test("mrcFormat reads into the image and one chunk of at most 4 MB", async () => {
  const side = 2048;
  for (const [mode, bigEndian] of [[2, false], [2, true], [0, false]] as const) {
    const bytes = mrcBytes({ width: side, height: side, mode, values: [], bigEndian });
    const buffers = new Map<ArrayBufferLike, number>();
    const { pixels } = await mrcFormat.read(bytes, {
      file: "a.mrc",
      fileBytes: 2 ** 30,
      ratio: 1,
      fill: (target) => {
        buffers.set(target.buffer, target.buffer.byteLength);
        assert(target.length <= 2 ** 22);
        return Promise.resolve(target.length);
      },
      finish: () => Promise.resolve(),
      [Symbol.asyncDispose]: () => Promise.resolve(),
    });
    buffers.set(pixels.buffer, pixels.byteLength);
    const total = [...buffers.values()].reduce((sum, size) => sum + size, 0);
    assert(total <= 4 * side * side + 2 ** 22, `${total} bytes`);
  }
});
