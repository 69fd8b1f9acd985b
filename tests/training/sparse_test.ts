import { assert, assertEquals, assertMatch, assertThrows } from "@std/assert";
import { startBackend } from "../../lib/backend/mod.ts";
import { EPickerError, random } from "../../lib/core/mod.ts";
import { keepLabels, train, type TrainingImage } from "../../lib/training/mod.ts";
import { randomCrop } from "../../lib/training/augment.ts";
import { validate } from "../../lib/training/validate.ts";
import { precisionRecall } from "../../lib/evaluation/mod.ts";
import { predict } from "../../lib/training/mod.ts";
import { tinyModel } from "../continual/_tiny.ts";
import { tinyImage, tinyOptions, tinySet } from "./_tiny.ts";

/** An image with `count` labels. */
function labelled(count: number, seed = 1): TrainingImage {
  const stream = random(seed);
  const objects = Array.from({ length: count }, () => ({
    x: stream.between(0, 96),
    y: stream.between(0, 96),
    diameter: 20,
  }));
  return { ...tinyImage(seed), objects };
}

Deno.test("a part of the labels is kept, by the seed, a smaller part within a larger one", () => {
  const images = [labelled(40, 1), labelled(7, 2), labelled(1, 3), labelled(0, 4)];
  const counts = (part: number) => keepLabels(images, part).map(({ objects }) => objects.length);
  assertEquals([counts(0.3), counts(0.05)], [[12, 2, 1, 0], [2, 1, 1, 0]]);
  assertEquals(keepLabels(images, 1), images);
  assertEquals(keepLabels(images, 0.3, 5), keepLabels(images, 0.3, 5));
  const [some, more, other] = [
    keepLabels(images, 0.1),
    keepLabels(images, 0.5),
    keepLabels(images, 0.1, 2),
  ]
    .map(([{ objects }]) => objects);
  assert(some.every((object) => more.includes(object)));
  assert(some.some((object) => !other.includes(object)));
  for (const part of [0, -1, 1.01, NaN]) {
    assertThrows(() => keepLabels(images, part), EPickerError, "keepLabels");
  }
});

Deno.test("crops of sparse labels hold a label, anywhere in them; others are as before", () => {
  const image = { ...labelled(2), objects: [{ x: 30, y: 80, diameter: 20 }] };
  const places = new Set<string>();
  for (let seed = 0; seed < 40; seed++) {
    const { objects: [{ x, y }] } = randomCrop({ ...image, sparse: true }, 32, random(seed));
    assert(x >= -0.5 && y >= -0.5 && x <= 31.5 && y <= 31.5, `${x}, ${y}`);
    places.add(`${x > 16} ${y > 16}`);
    const { sparse: _, ...plain } = { ...image, sparse: false };
    assertEquals(randomCrop(image, 32, random(seed)), randomCrop(plain, 32, random(seed)));
  }
  assertEquals(places.size, 4);
  const bare = { ...image, objects: [], sparse: true };
  assertEquals(randomCrop(bare, 32, random(1)).objects, []);
});

Deno.test("the threshold of sparse labels has the highest recall times precision", async () => {
  await startBackend("wasm");
  const model = tinyModel();
  const images = [tinyImage(1), tinyImage(2)].map((image) => ({ ...image, sparse: true }));
  const { threshold } = await validate(model, images, 0);
  const curve = precisionRecall([...(await predict(model, images)).values()].flat());
  const productAt = (least: number) => {
    const { precision = 0, recall = 0 } = curve.findLast((p) => p.threshold >= least) ?? {};
    return precision * recall;
  };
  const all = Array.from({ length: 99 }, (_, i) => productAt((i + 1) / 100));
  assertEquals(productAt(threshold), Math.max(...all));
});

Deno.test("training on sparse labels keeps the last model and says so", async () => {
  const out = await Deno.makeTempDir();
  const { train: images, validation } = tinySet();
  const sparse = (list: TrainingImage[]) => list.map((image) => ({ ...image, sparse: true }));
  const set = { train: sparse(images), validation: sparse(validation), warnings: [] };
  const notes: string[] = [];
  const { model } = await train(set, {
    ...tinyOptions(out),
    onProgress: ({ note }) => notes.push(note!),
  });
  assertEquals(model.notes.step, String(notes.length));
  assertMatch(model.notes.labels, /^\d+ on \d+ micrographs, sparse$/);
  assert(notes.every((note) => note.includes("promoted")));
  await Deno.remove(out, { recursive: true });
});
