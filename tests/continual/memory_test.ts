import { assertEquals, assertRejects } from "@std/assert";
import { encodeSafetensors, type NamedArray } from "../../lib/centernet/mod.ts";
import { EPickerError } from "../../lib/core/mod.ts";
import {
  decodeMemory,
  encodeMemory,
  type Memory,
  mergeMemories,
  readMemory,
  writeMemory,
} from "../../lib/continual/mod.ts";
import { tinyImage } from "../training/_tiny.ts";

/** An exemplar as it comes back from a file: nothing but the crop. */
function exemplar(seed: number, dataset: string) {
  const { name, image: { pixels, paddedWidth: width, paddedHeight: height }, objects } = tinyImage(
    seed,
    dataset,
  );
  const image = { pixels, width, height, paddedWidth: width, paddedHeight: height, scale: 1 };
  return { dataset, name, image, objects };
}

const MEMORY: Memory = {
  exemplars: [
    exemplar(1, "a"),
    { ...exemplar(2, "b"), heat: Float32Array.from({ length: 32 * 32 }, (_, i) => i / 1024) },
    { ...exemplar(3, "c"), ignored: [{ x: 5, y: 6, diameter: 7 }] },
  ],
  vectors: { importance: Float32Array.of(1, 2, 3) },
};

Deno.test("a memory comes back from its file as it was", async () => {
  const path = await Deno.makeTempFile();
  await writeMemory(path, MEMORY);
  assertEquals(await readMemory(path), MEMORY);
  await Deno.remove(path);
});

Deno.test("merging replaces the exemplars of a dataset and adds up vectors", () => {
  const later: Memory = {
    exemplars: [exemplar(9, "a")],
    vectors: { importance: Float32Array.of(1, 1, 1), other: Float32Array.of(7) },
  };
  const { exemplars, vectors } = mergeMemories(MEMORY, later);
  assertEquals(exemplars.map(({ dataset, name }) => [dataset, name]), [
    ["b", "disc2"],
    ["c", "disc3"],
    ["a", "disc9"],
  ]);
  assertEquals(vectors, { importance: Float32Array.of(2, 3, 4), other: Float32Array.of(7) });
});

Deno.test("files that are no store of this preprocessing are refused with the reason", async () => {
  const path = await Deno.makeTempFile();
  const good = { format: "epicker-exemplars-1", preprocess: "1", exemplars: "[]" };
  const label = JSON.stringify([{ dataset: "a", name: "x", objects: [] }]);
  const cases: [Record<string, string>, string][] = [
    [{}, "the format mark"],
    [{ ...good, preprocess: "0" }, "preprocessing 0"],
    [{ ...good, exemplars: "{" }, "unreadable labels"],
    [{ ...good, exemplars: label }, "no crop 0"],
  ];
  for (const [metadata, message] of cases) {
    await Deno.writeFile(path, encodeSafetensors({ arrays: [], metadata }));
    await assertRejects(() => readMemory(path), EPickerError, message);
  }
  const crop = (shape: number[]) => ({
    name: "crop.0",
    shape,
    data: new Uint8Array(shape[0] * shape[1]),
  });
  const heat = { name: "heat.0", shape: [3], data: new Float32Array(3) };
  const bad: [NamedArray[], string][] = [
    [[crop([0, 8])], "crop 0 of 8 × 0 pixels"],
    [[crop([8, 0])], "crop 0 of 0 × 8 pixels"],
    [[crop([8, 8]), heat], "heat map 0 of 3 values"],
  ];
  for (const [arrays, message] of bad) {
    const metadata = { ...good, exemplars: label };
    await Deno.writeFile(path, encodeSafetensors({ arrays, metadata }));
    await assertRejects(() => readMemory(path), EPickerError, message);
  }
  await Deno.writeFile(path, encodeMemory(MEMORY).subarray(0, 500));
  await assertRejects(() => readMemory(path), EPickerError);
  await Deno.remove(path);
});

Deno.test("vectors may have names that every object has", () => {
  const vectors = Object.fromEntries(["constructor", "__proto__"].map((name) => {
    return [name, Float32Array.of(1)];
  }));
  const one = decodeMemory(encodeMemory({ exemplars: [], vectors }), "a");
  assertEquals(Object.entries(one.vectors), Object.entries(vectors));
  const sums = Object.entries(mergeMemories(one, one).vectors);
  assertEquals(sums.map(([, [value]]) => value), [2, 2]);
});
