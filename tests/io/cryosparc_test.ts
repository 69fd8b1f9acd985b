/**
 * cryoSPARC's datasets: `particles.cs`, which NumPy wrote as cryosparc-tools lets it, and
 * `packed.cs` in cryosparc-tools' compressed form (`fixtures/io/make_cs.py`).
 *
 * @module
 */
import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { fromFileUrl } from "@std/path";
import { EPickerError, type Pick } from "../../lib/core/mod.ts";
import { unpackLz4 } from "../../lib/io/_lz4.ts";
import { readCoordinates, readPickGroups, writeCoordinates } from "../../lib/io/mod.ts";
import { withFile, withFolder } from "./mrc_bytes.ts";

const FIXTURES = fromFileUrl(new URL("../fixtures/io/", import.meta.url));
const PARTICLES_CS = `${FIXTURES}particles.cs`;
const PACKED_CS = `${FIXTURES}packed.cs`;

Deno.test("cryoSPARC: fractions from the bottom left, scores, filaments numbered anew", async () => {
  assertEquals(await readPickGroups(PARTICLES_CS), [
    {
      micrograph: "J2/motioncorrected/a.mrc",
      width: 400,
      height: 200,
      picks: [
        { x: 100, y: 50, score: 0.5, fiber: 1 },
        { x: 200, y: 0, score: 0.25, fiber: 2 },
        { x: 300, y: 100, score: 0.75, fiber: 1 },
      ],
    },
    {
      micrograph: "J2/motioncorrected/b.mrc",
      width: 200,
      height: 400,
      picks: [{ x: 25, y: 400 }],
    },
  ]);
  assertEquals((await readCoordinates(PARTICLES_CS, { micrograph: "b" })).length, 1);
});

Deno.test("cryoSPARC: the written header is the one that NumPy writes", async () => {
  await withFolder(async (folder) => {
    const image = { name: "µ.mrc", width: 400, height: 200 };
    await writeCoordinates(`${folder}/a.cs`, [{ x: 100, y: 50, score: 0.5 }], { image });
    const bytes = await Deno.readFile(`${folder}/a.cs`);
    const length = new DataView(bytes.buffer).getUint16(8, true);
    assertEquals((10 + length) % 64, 0);
    const header = new TextDecoder().decode(bytes.subarray(10, 10 + length));
    assertEquals(
      header.trimEnd(),
      "{'descr': [('uid', '<u8'), ('location/micrograph_uid', '<u8'), " +
        "('location/micrograph_path', '|S6'), ('location/micrograph_shape', '<u4', (2,)), " +
        "('location/center_x_frac', '<f4'), ('location/center_y_frac', '<f4'), " +
        "('pick_stats/ncc_score', '<f4'), ('pick_stats/power', '<f4')], " +
        "'fortran_order': False, 'shape': (1,), }",
    );
    assertEquals(await readCoordinates(`${folder}/a.cs`), [{ x: 100, y: 50, score: 0.5 }]);
  });
});

Deno.test("cryoSPARC: classes, pixel size and absent scores survive a round trip", async () => {
  await withFolder(async (folder) => {
    const image = { name: "a.mrc", width: 400, height: 200, pixelSizeA: 1.5 };
    const picks: Pick[] = [{ x: 100, y: 50, classNumber: 3 }, { x: 200, y: 150 }];
    await writeCoordinates(`${folder}/a.cs`, picks, { image });
    assertEquals(await readPickGroups(`${folder}/a.cs`), [
      { micrograph: "a.mrc", width: 400, height: 200, pixelSizeA: 1.5, picks },
    ]);
  });
});

Deno.test("cryoSPARC: the compressed form, its texts and classes from 0", async () => {
  const [a, b, ...more] = await readPickGroups(PACKED_CS);
  assertEquals(more, []);
  const { picks, ...about } = a;
  assertEquals(about, {
    micrograph: "J2/motioncorrected/a.mrc",
    width: 4000,
    height: 2000,
    pixelSizeA: 1.25,
  });
  assertEquals([b.micrograph, picks.length, b.picks.length], [
    "J2/motioncorrected/b.mrc",
    300,
    100,
  ]);
  for (const [i, { x, y, score, classNumber }] of [...picks, ...b.picks].entries()) {
    assertEquals([x, y], [4000 * i / 512, 2000 * (i % 16) / 16]);
    assertEquals([score, classNumber], [undefined, i % 50 + 1]);
  }
});

Deno.test("unpackLz4() follows the examples of the format's description", () => {
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  // 3 bytes, a repeat of 4 + 15 + 2 from 3 before, 5 bytes.
  const packed = [0x3f, 97, 98, 99, 3, 0, 2, 0x50, 49, 50, 51, 52, 53];
  assertEquals(text(unpackLz4(Uint8Array.from(packed), 29)), "abcabcabcabcabcabcabcabc12345");
  const long = Uint8Array.of(0xf0, 255, 4, ...Array(274).fill(120));
  assertEquals(unpackLz4(long, 274).every((byte) => byte === 120), true);
  const damaged: [number[], number][] = [
    [packed, 28],
    [packed, 30],
    [packed.slice(0, 5), 29],
    [[0x10, 97, 2, 0, 0x10, 97], 6],
    [[0x10, 97, 0, 0, 0x10, 97], 6],
    [[0xf0, 255, 255], 600],
    [[], 1],
    [packed, 1e9],
  ];
  for (const [bytes, length] of damaged) {
    assertThrows(() => unpackLz4(Uint8Array.from(bytes), length), RangeError);
  }
});

const PARTICLES = await Deno.readFile(PARTICLES_CS);
const PACKED = await Deno.readFile(PACKED_CS);
const latin = (bytes: Uint8Array) => String.fromCharCode(...bytes);
const bytesOf = (text: string) => Uint8Array.from(text, (letter) => letter.charCodeAt(0));
const changed = (from: string, to: string) => bytesOf(latin(PACKED).replace(from, to));

const WRONG: [string | Uint8Array, string][] = [
  ["data_\n", "at the start; expected a NumPy structured array"],
  [PARTICLES.slice(0, -1), "for 4 records of"],
  [PARTICLES.slice(0, 100), "found a header of"],
  [bytesOf(latin(PARTICLES).replace("center_x", "centre_x")), "no field location/center_x_frac"],
  [PACKED.slice(0, 8), "damaged data"],
  [PACKED.slice(0, 400), "text that is not JSON"],
  [PACKED.slice(0, 5000), "damaged data"],
  [changed('"length": 400', '"length": 401'), "damaged data"],
  [changed('"lz4"', '"zip"'), "found compression: Invalid input"],
  [changed('location/center_y_frac", "<f4"', 'location/center_y_frac", "<f8"'), "damaged data"],
];

for (const [content, message] of WRONG) {
  Deno.test(`readCoordinates() reports damage to a.cs: ${message}`, async () => {
    await withFile("a.cs", content, async (path) => {
      const error = await assertRejects(() => readCoordinates(path), EPickerError, message);
      assertEquals(error.code, "bad-file");
      assert(error.details.remedy);
    });
  });
}

Deno.test("an empty cs file and one without records hold no picks", async () => {
  assertEquals(await withFile("a.cs", "", (path) => readCoordinates(path)), []);
  await withFolder(async (folder) => {
    const image = { name: "a.mrc", width: 400, height: 200 };
    await writeCoordinates(`${folder}/a.cs`, [], { image });
    assertEquals(await readCoordinates(`${folder}/a.cs`), []);
  });
});
