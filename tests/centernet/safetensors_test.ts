import { assert, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { decodeSafetensors, encodeSafetensors, type NamedArray } from "../../lib/centernet/mod.ts";
import { EPickerError, random } from "../../lib/core/mod.ts";

/** A file from a header (an object or raw text) and its data, as the format's page describes it. */
function fileOf(header: unknown, data: Uint8Array = new Uint8Array()): Uint8Array {
  const text = typeof header === "string" ? header : JSON.stringify(header);
  const json = new TextEncoder().encode(text);
  const length = new Uint8Array(8);
  new DataView(length.buffer).setBigUint64(0, BigInt(json.length), true);
  return Uint8Array.from([...length, ...json, ...data]);
}

function entry(from: number, to: number, shape = [(to - from) / 4], dtype = "F32") {
  return { dtype, shape, data_offsets: [from, to] };
}

const WHOLE: NamedArray[] = [
  { name: "a.weight", shape: [2, 3], data: Float32Array.of(1, -2, 3.5, 0, -0, 1e-30) },
  { name: "b", shape: [], data: Float32Array.of(7) },
  { name: "c", shape: [0, 4], data: new Float32Array() },
];

const array = fc.record({
  name: fc.oneof(fc.string({ unit: "grapheme" }), fc.constantFrom("__proto__", "10", "2", 'é\n"')),
  shape: fc.array(fc.integer({ min: 0, max: 4 }), { maxLength: 3 }),
  seed: fc.integer(),
}).map(({ name, shape, seed }): NamedArray => {
  const length = shape.reduce((product, n) => product * n, 1);
  const bits = new Uint32Array(length);
  const stream = random(seed);
  bits.forEach((_, i) => bits[i] = 2 ** 32 * stream.uniform() & 0xff7fffff); // no NaN
  return { name, shape, data: new Float32Array(bits.buffer) };
});

Deno.test("arrays and strings come back as they were written", () => {
  const arrays = fc.uniqueArray(array, { selector: ({ name }) => name, maxLength: 6 })
    .filter((list) => list.every(({ name }) => name !== "__metadata__"));
  const metadata = fc.dictionary(fc.string(), fc.string());
  fc.assert(fc.property(arrays, metadata, (list, strings) => {
    const bytes = encodeSafetensors({ arrays: list, metadata: strings });
    const found = decodeSafetensors(bytes, "a");
    const byName = (a: NamedArray, b: NamedArray) => a.name < b.name ? -1 : 1;
    assertEquals(found.arrays.toSorted(byName), list.toSorted(byName));
    assertEquals({ ...found.metadata }, { ...strings });
  }));
});

Deno.test("arrays are written in order, aligned, as the published format says", () => {
  const bytes = encodeSafetensors({ arrays: WHOLE, metadata: { format: "x" } });
  const view = new DataView(bytes.buffer);
  const headerBytes = Number(view.getBigUint64(0, true));
  assertEquals((8 + headerBytes) % 8, 0);
  const header = JSON.parse(new TextDecoder().decode(bytes.subarray(8, 8 + headerBytes)));
  assertEquals(header, {
    __metadata__: { format: "x" },
    "a.weight": entry(0, 24, [2, 3]),
    b: entry(24, 28, []),
    c: entry(28, 28, [0, 4]),
  });
  const values = Array.from(
    { length: 7 },
    (_, i) => view.getFloat32(8 + headerBytes + 4 * i, true),
  );
  assertEquals(values, [...WHOLE[0].data, 7]);
});

Deno.test("a view into a larger buffer is written and read as its own part alone", () => {
  const large = Float32Array.from({ length: 12 }, (_, i) => i);
  const arrays = [{ name: "part", shape: [3], data: large.subarray(5, 8) }];
  const bytes = encodeSafetensors({ arrays, metadata: {} });
  const shifted = new Uint8Array(bytes.length + 3);
  shifted.set(bytes, 3);
  assertEquals(
    decodeSafetensors(shifted.subarray(3), "a").arrays[0].data,
    Float32Array.of(5, 6, 7),
  );
});

Deno.test("a header in another order than the data is read, as other writers make it", () => {
  const data = new Uint8Array(Float32Array.of(1, 2, 3).buffer);
  const { arrays, metadata } = decodeSafetensors(
    fileOf({ b: entry(4, 12), a: entry(0, 4) }, data),
    "a",
  );
  assertEquals(metadata, {});
  assertEquals(arrays, [
    { name: "a", shape: [1], data: Float32Array.of(1) },
    { name: "b", shape: [2], data: Float32Array.of(2, 3) },
  ]);
});

Deno.test("float16 of numpy is read as numpy widens it, and written with numpy's bits", async () => {
  const fixture = new URL("../fixtures/centernet/half.safetensors", import.meta.url);
  const { arrays } = decodeSafetensors(await Deno.readFile(fixture), "half.safetensors");
  const [half, values, widened] = arrays;
  assertEquals(arrays.map(({ name }) => name), ["half", "values", "widened"]);
  assertEquals({ ...half, name: "widened" }, widened);
  assert(values.data.some((value, i) => value !== half.data[i]));
  const again = encodeSafetensors({ arrays: [{ ...values, half: true }], metadata: {} });
  assertEquals(decodeSafetensors(again, "again").arrays[0].data, half.data);
});

Deno.test("arrays are written from the widest type to the narrowest, so that they stay aligned", () => {
  const bytes = encodeSafetensors({
    arrays: [
      { name: "u8", shape: [3], data: Uint8Array.of(1, 2, 3) },
      { name: "f16", shape: [1, 3], data: Float32Array.of(1, 2, -0.5), half: true },
      { name: "f32", shape: [1], data: Float32Array.of(7) },
    ],
    metadata: {},
  });
  const start = 8 + Number(new DataView(bytes.buffer).getBigUint64(0, true));
  assertEquals(JSON.parse(new TextDecoder().decode(bytes.subarray(8, start))), {
    __metadata__: {},
    f32: entry(0, 4, [1]),
    f16: entry(4, 10, [1, 3], "F16"),
    u8: entry(10, 13, [3], "U8"),
  });
  const halves = new Uint16Array(bytes.slice(start + 4, start + 10).buffer);
  assertEquals(halves, Uint16Array.of(0x3c00, 0x4000, 0xb800)); // IEEE 754: 1, 2, −1/2
});

const EIGHT = new Uint8Array(8);

const MALFORMED: Record<string, [bytes: Uint8Array, found: string]> = {
  "an empty file": [new Uint8Array(), "only 0 bytes"],
  "a file of seven bytes": [new Uint8Array(7), "only 7 bytes"],
  "a header longer than the file": [fileOf("{}").subarray(0, 9), "a header of 2 bytes"],
  "a header length of 2^64 - 1": [new Uint8Array(20).fill(255), "a header of 1844674407"],
  "an empty header": [new Uint8Array(8), "a broken JSON header"],
  "a header that is no JSON": [fileOf("{broken"), "a broken JSON header"],
  "a header that is no object": [fileOf("[1]"), "a broken JSON header"],
  "a header that is null": [fileOf("null"), "a broken JSON header"],
  "a header that is no UTF-8": [
    Uint8Array.from([2, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xfe]),
    "a broken JSON header",
  ],
  "a gap before the first array": [fileOf({ a: entry(4, 8) }, EIGHT), 'array "a"'],
  "a gap between arrays": [
    fileOf({ a: entry(0, 4), b: entry(8, 12) }, new Uint8Array(12)),
    'array "b"',
  ],
  "overlapping arrays": [fileOf({ a: entry(0, 8), b: entry(4, 8) }, EIGHT), 'array "b"'],
  "an array twice": [fileOf({ a: entry(0, 8), b: entry(0, 8) }, EIGHT), 'array "b"'],
  "data past the end": [fileOf({ a: entry(0, 16) }, EIGHT), 'array "a" of shape [4]'],
  "offsets the wrong way": [fileOf({ a: entry(8, 0, [2]) }, EIGHT), 'array "a"'],
  "a shape that does not fit": [fileOf({ a: entry(0, 8, [3]) }, EIGHT), 'array "a" of shape [3]'],
  "a negative shape": [fileOf({ a: entry(0, 8, [-1, -2]) }, EIGHT), "an unreadable description"],
  "a shape beyond all numbers": [
    fileOf({ a: entry(0, 8, [2 ** 40, 2 ** 40, 2 ** 40]) }, EIGHT),
    'array "a"',
  ],
  "an array of doubles": [
    fileOf({ a: entry(0, 8, [1], "F64") }, EIGHT),
    "an unreadable description",
  ],
  "float16 of the length of float32": [fileOf({ a: entry(0, 8, [2], "F16") }, EIGHT), 'array "a"'],
  "an array without a type": [
    fileOf({ a: { shape: [2], data_offsets: [0, 8] } }, EIGHT),
    "an unreadable description",
  ],
  "three offsets": [
    fileOf({ a: { dtype: "F32", shape: [2], data_offsets: [0, 4, 8] } }, EIGHT),
    "an unreadable description",
  ],
  "a description that is null": [fileOf({ a: null }), 'an unreadable description of array "a"'],
  "bytes after the last array": [fileOf({ a: entry(0, 4) }, EIGHT), "4 bytes after"],
  "bytes without any array": [fileOf({}, EIGHT), "8 bytes after"],
  "metadata that are no strings": [fileOf({ __metadata__: { a: 1 } }), "metadata that are not"],
  "metadata that are null": [fileOf({ __metadata__: null }), "metadata that are not"],
};

for (const [what, [bytes, found]] of Object.entries(MALFORMED)) {
  Deno.test(`${what} is refused by name`, () => {
    const error = assertThrows(() => decodeSafetensors(bytes, "m.safetensors"), EPickerError);
    assertEquals(error.code, "bad-model");
    assert(error.message.startsWith(`m.safetensors: found ${found}`), error.message);
  });
}

Deno.test("mutated files give a typed error or arrays that fit their shapes", () => {
  const original = encodeSafetensors({ arrays: WHOLE, metadata: { format: "x", n: "1" } });
  let accepted = 0;
  for (let seed = 0; seed < 600; seed++) {
    const stream = random(seed, 77);
    let bytes = original.slice();
    for (let i = stream.integer(2); i >= 0; i--) {
      const at = stream.integer(bytes.length);
      const kind = stream.integer(4);
      if (kind === 0) bytes[at] ^= 1 << stream.integer(8);
      else if (kind === 1) bytes[stream.integer(12)] = stream.integer(256);
      else if (kind === 2) bytes = bytes.slice(0, at + 1);
      else bytes.set([48 + stream.integer(10)], at);
    }
    try {
      for (const { shape, data } of decodeSafetensors(bytes, "a").arrays) {
        assertEquals(data.length, shape.reduce((product, n) => product * n, 1));
      }
      accepted++;
    } catch (error) {
      assert(error instanceof EPickerError && error.code === "bad-model", `${seed}: ${error}`);
    }
  }
  assert(accepted > 10 && accepted < 590, `${accepted} accepted`);
});
