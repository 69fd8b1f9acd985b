import { assert, assertEquals, assertThrows } from "@std/assert";
import { startBackend } from "../../lib/backend/mod.ts";
import {
  chooseExemplars,
  EXEMPLAR_POLICIES,
  EXEMPLAR_SIZE,
  type ExemplarPolicy,
  labelsIn,
  MAX_EXEMPLARS,
} from "../../lib/continual/mod.ts";
import { farthestFirst } from "../../lib/continual/coverage.ts";
import { EPickerError } from "../../lib/core/mod.ts";
import { tinyImage } from "../training/_tiny.ts";
import { tinyModel } from "./_tiny.ts";

const IMAGES = [
  tinyImage(1, "a", 700),
  tinyImage(2, "a", 700),
  tinyImage(3, "b", 96),
];

Deno.test("every policy keeps whole pieces with all their labels, until there are enough", async () => {
  await startBackend("wasm");
  for (const policy of EXEMPLAR_POLICIES) {
    const chosen = chooseExemplars(IMAGES, tinyModel(), { policy, particles: 3 });
    const datasets = Map.groupBy(chosen, ({ dataset }) => dataset);
    assertEquals([...datasets.keys()], ["a", "b"]);
    for (const group of datasets.values()) {
      const counts = group.map(labelsIn);
      assert(counts.every((count) => count > 0));
      const total = counts.reduce((sum, count) => sum + count);
      assert(total >= 3 && total - counts.at(-1)! < 3);
    }
  }
});

Deno.test("a piece shows the pixels and the labels of its place", async () => {
  await startBackend("wasm");
  const [source] = IMAGES;
  for (const { name, image, objects } of chooseExemplars([source], tinyModel())) {
    const [left, top] = name.split("@")[1].split(",").map(Number);
    assertEquals([image.paddedWidth, image.paddedHeight], [EXEMPLAR_SIZE, EXEMPLAR_SIZE]);
    const at = (x: number, y: number) => source.image.pixels[y * source.image.paddedWidth + x];
    for (const [x, y] of [[0, 0], [100, 7], [EXEMPLAR_SIZE - 1, EXEMPLAR_SIZE - 1]]) {
      assertEquals(image.pixels[y * EXEMPLAR_SIZE + x], at(left + x, top + y));
    }
    for (const { x, y } of objects) {
      assert(source.objects.some((o) => Math.hypot(o.x - left - x, o.y - top - y) < 1e-9));
    }
  }
});

Deno.test("a dataset keeps at most 1.92 MB of pieces", async () => {
  await startBackend("wasm");
  const many = Array.from({ length: 5 }, (_, i) => tinyImage(i, "a", 1500));
  const chosen = chooseExemplars(many, tinyModel(), { policy: "random", particles: 1e6 });
  assert(chosen.length <= MAX_EXEMPLARS);
  assert(MAX_EXEMPLARS * EXEMPLAR_SIZE ** 2 < 1.92e6);
});

Deno.test("choices depend on the seed alone, and only random ones do", async () => {
  await startBackend("wasm");
  const names = (policy: ExemplarPolicy, seed: number) =>
    chooseExemplars(IMAGES, tinyModel(), { policy, seed, particles: 4 }).map(({ name }) => name);
  for (const policy of EXEMPLAR_POLICIES) assertEquals(names(policy, 3), names(policy, 3));
  assertEquals(names("first", 3), names("first", 4));
  assertEquals(names("coverage", 3), names("coverage", 4));
});

Deno.test("farthest-first takes one vector of every cluster before a second of any", () => {
  const cluster = (x: number, y: number) => [0, 0.1, 0.2].map((d) => Float32Array.of(x + d, y - d));
  const vectors = [...cluster(0, 0), ...cluster(5, 0), ...cluster(0, 7), ...cluster(-6, -6)];
  const chosen = farthestFirst(vectors, 4).map((i) => Math.floor(i / 3));
  assertEquals(new Set(chosen), new Set([0, 1, 2, 3]));
  assertEquals(chosen[0], 0); // nearest to the mean
  assertEquals(farthestFirst(vectors, 99).length, vectors.length);
});

Deno.test("an unknown policy is refused", () => {
  assertThrows(
    () => chooseExemplars(IMAGES, tinyModel(), { policy: "best" as ExemplarPolicy }),
    EPickerError,
    "first, random, coverage",
  );
});
