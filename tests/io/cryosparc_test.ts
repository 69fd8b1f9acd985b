/**
 * cryoSPARC's datasets: `particles.cs`, which NumPy wrote as cryosparc-tools lets it, and
 * `packed.cs` in cryosparc-tools' compressed form (`fixtures/io/make_cs.py`).
 *
 * @module
 */
import {
  assert,
  assertEquals,
  assertMatch,
  assertRejects,
  assertStringIncludes,
  assertThrows,
} from "@std/assert";
import { fromFileUrl } from "@std/path";
import { EPickerError, type Pick } from "../../lib/core/mod.ts";
import { unpackLz4 } from "../../lib/io/_lz4.ts";
import { jsonOfPython } from "../../lib/io/_python_json.ts";
import { TextHeap } from "../../lib/io/_records.ts";
import {
  convertCoordinates,
  readCoordinates,
  readPickGroups,
  writeCoordinates,
} from "../../lib/io/mod.ts";
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
      "{'descr': [('uid', '<u8'), ('location/micrograph_uid', '<u8'), ('location/exp_group_id', '<u4'), " +
        "('location/micrograph_path', '|S6'), ('location/micrograph_shape', '<u4', (2,)), " +
        "('location/center_x_frac', '<f4'), ('location/center_y_frac', '<f4'), " +
        "('pick_stats/ncc_score', '<f4'), ('pick_stats/power', '<f4'), " +
        "('pick_stats/template_idx', '<u4'), ('pick_stats/angle_rad', '<f4')], " +
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

Deno.test("cryoSPARC: a joint file has its result group beside it, with all that it holds", async () => {
  await withFolder(async (folder) => {
    const image = { width: 400, height: 200 };
    const fibers = [{ x: 100, y: 50, score: 0.5, fiber: 1 }, {
      x: 110,
      y: 50,
      score: 0.5,
      fiber: 1,
    }];
    for (const [name, picks] of [["a", fibers], ["b", []]] as const) {
      const path = `${folder}/in/${name}.cs`;
      await writeCoordinates(path, picks, { image: { name: `${name}.mrc`, ...image } });
    }
    const { written } = (await convertCoordinates([`${folder}/in`], {
      ...{ to: "cs", joint: true, out: `${folder}/out` },
    }))[0];
    assertEquals(written[0].path, `${folder}/out/particles.cs`);
    const slot = (name: string) =>
      `  ${name}:\n    metafile: '>particles.cs'\n    num_items: 2\n    type: particle.${name}\n`;
    const group = await Deno.readTextFile(`${folder}/out/particles.csg`);
    const [head, results] = group.split("results:\n");
    assertMatch(head, /^created: \d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{6}\ngroup:\n/);
    assertStringIncludes(head, "\n  name: particles\n");
    const slots = ["filament", "location", "pick_stats"].map(slot).join("");
    assertEquals(results, `${slots}version: v4.4.1\n`);
    const plain = `${folder}/plain`;
    await writeCoordinates(`${plain}/c.cs`, [{ x: 1, y: 2 }], { image: { name: "c", ...image } });
    await convertCoordinates([plain], { to: "cs", joint: true, out: `${folder}/bare` });
    const bare = await Deno.readTextFile(`${folder}/bare/particles.csg`);
    assertEquals(bare.match(/particle\.\w+/g), ["particle.location"]); // it has no scores
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

/** A CSDAT file of a header alone. */
function csdat(header: Record<string, unknown>, ...columns: Uint8Array[]): Uint8Array {
  const json = new TextEncoder().encode(JSON.stringify({
    ...{ dtype: [], compression: "lz4", compressed_fields: [] },
    ...header,
  }));
  const word = (n: number) => new Uint8Array(Uint32Array.of(n).buffer);
  const parts = columns.flatMap((column) => [...word(column.length), ...column]);
  return Uint8Array.of(0x95, ...bytesOf("CSDAT"), ...word(json.length), ...json, ...parts);
}

const NOTHING = new Uint8Array();
const SIZES: [string, string, number[]?][] = [
  ["location/micrograph_shape", "<u4", [2]],
  ["location/center_x_frac", "<f4"],
  ["location/center_y_frac", "<f4"],
];

const BOMBS: [Uint8Array, string][] = [
  [csdat({ length: 2e9 }), "length"],
  [csdat({ length: 1e7 }), "no field location/center_x_frac"],
  [csdat({ length: 1e7, dtype: SIZES.map(([name]) => [name, "<f0"]) }, NOTHING), "the type <f0 of"],
  [csdat({ length: 1e7, dtype: SIZES.map(([name]) => [name, "|S0"]) }, NOTHING), "the type |S0 of"],
  [csdat({ length: 1e7, dtype: SIZES }, NOTHING, NOTHING, NOTHING), "0 bytes of"],
  [
    csdat({ length: 2 ** 24, dtype: [["location/micrograph_path", "|S99"]] }, NOTHING),
    "1660944384 bytes",
  ],
];

for (const [content, message] of BOMBS) {
  Deno.test(`a cs file of a few bytes cannot ask for gigabytes: ${message}`, async () => {
    assert(content.length < 300);
    await withFile("a.cs", content, async (path) => {
      await assertRejects(() => readCoordinates(path), EPickerError, message);
    });
  });
}

Deno.test("texts of a cs file are read once, and neither long ones nor ones within each other", () => {
  const heap = new TextHeap(bytesOf("\0one\0two\0"));
  assertEquals([0, 1, 5, 1, 5].map((place) => heap.textAt(place)), [
    "",
    "one",
    "two",
    "one",
    "two",
  ]);
  assertThrows(() => heap.textAt(9), RangeError, "behind the end");
  const long = new TextHeap(new Uint8Array(10_000).fill(97));
  assertThrows(() => long.textAt(0), RangeError, "more than 4096");
  assertEquals(long.textAt(6000).length, 4000);
  long.textAt(6001);
  assertThrows(() => long.textAt(6002), RangeError, "within each other");
});

/** An NPY file of two records as `np.save` writes it, with further fields of every class. */
function classesFile(version: number, classes: number): Uint8Array {
  const fields = ["('uid', '<u8')", "('location/micrograph_path', 'S8')"];
  fields.push("('location/micrograph_shape', '<u4', (2,))");
  fields.push("('location/center_x_frac', '<f4')", "('location/center_y_frac', '<f4')");
  for (let i = 0; i < classes; i++) {
    fields.push(`('alignments_class_${i}/pose', '<f4', (3,)), ("it's \\'${i}\\'", '<u4')`);
  }
  const header = `{'descr': [${fields.join(", ")}], 'fortran_order': False, 'shape': (2,), }\n`;
  const size = version === 1 ? 2 : 4;
  const recordBytes = 8 + 8 + 8 + 8 + 16 * classes;
  const start = 8 + size + header.length;
  const file = new Uint8Array(start + 2 * recordBytes);
  file.set([0x93, ...bytesOf("NUMPY"), version, 0]);
  const view = new DataView(file.buffer);
  if (version === 1) view.setUint16(8, header.length, true);
  else view.setUint32(8, header.length, true);
  file.set(bytesOf(header), 8 + size);
  for (const [i, [x, y]] of [[0.25, 0.25], [0.5, 0.5]].entries()) {
    const at = start + i * recordBytes;
    file.set(bytesOf("mic1.mrc"), at + 8);
    view.setUint32(at + 16, 600, true);
    view.setUint32(at + 20, 800, true);
    view.setFloat32(at + 24, x, true);
    view.setFloat32(at + 28, y, true);
  }
  return file;
}

Deno.test("a cs file's header may be as long as its classes need, in every version", async () => {
  for (const [version, classes] of [[1, 2], [1, 500], [2, 500], [3, 3], [2, 5000]]) {
    const file = classesFile(version, classes);
    const picks = await withFile("a.cs", file, (path) => readCoordinates(path));
    assertEquals(picks, [{ x: 200, y: 450 }, { x: 400, y: 300 }]);
  }
});

Deno.test("jsonOfPython() takes what NumPy writes, and the rest becomes no JSON, in one pass", () => {
  const text = `{'a': [('x', "<f4", (2,)), (b'y\\'',)], "b": False, 'c': (-3L, None), }  \n`;
  const expected = { a: [["x", "<f4", [2]], ["y'"]], b: false, c: [-3, null] };
  assertEquals(JSON.parse(jsonOfPython(text)), expected);
  assertEquals(JSON.parse(jsonOfPython(`["True, (1,)", 'a"b', "None'"]`)), [
    ...["True, (1,)", 'a"b', "None'"],
  ]);
  const wrong = ["", "{", "(1", "{1: 2}", "1 2", "[1 2]", "os.getcwd()", "[".repeat(99), "'a"];
  for (
    const bad of [...wrong, "{'descr':[".repeat(1e5), "'\\".repeat(1e5), "'" + "a".repeat(4e6)]
  ) {
    assertThrows(() => JSON.parse(jsonOfPython(bad)), SyntaxError);
  }
});

/** An NPY file of no records with any fields. */
function npy(descr: string): Uint8Array {
  const header = `{'descr': ${descr}, 'shape': (0,)}`;
  const length = new Uint8Array(Uint32Array.of(header.length).buffer);
  const file = new Uint8Array(12 + header.length);
  file.set([0x93, ...bytesOf("NUMPY"), 2, 0, ...length]);
  file.set(bytesOf(header), 12);
  return file;
}

const DESCR: [string, string][] = [
  ["'<f4'", "descr: "],
  ["[('x', '|O')]", "numbers and texts are read"],
  ["[('x', '<f4', (-1,))]", "descr.0.2"],
  ["[('x', '<f4', (2000000,))]", 'the field "x" of 8000000 bytes'],
  ["[]", "records of no bytes"],
  ["[".repeat(1e5) + "]".repeat(1e5), "descr.0: Too small"],
];

for (const [descr, message] of DESCR) {
  Deno.test(`a cs file whose fields are no table is refused: ${message}`, async () => {
    await withFile("a.cs", npy(descr), async (path) => {
      const error = await assertRejects(() => readCoordinates(path), EPickerError, message);
      assertEquals(error.code, "bad-file");
    });
  });
}

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
