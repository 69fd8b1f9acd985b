import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { random } from "../../lib/core/mod.ts";
import { AUGMENTATION, type TrainingImage } from "../../lib/training/mod.ts";
import { randomCrop } from "../../lib/training/augment.ts";
import { tinyImage } from "./_tiny.ts";

const PLAIN = { scale: 1, contrast: 0, brightness: 0 };

/** An image that is black but for one bright Gaussian of σ 3 at its object. */
function blob(x: number, y: number, size = 128): TrainingImage {
  const pixels = Uint8Array.from({ length: size * size }, (_, i) => {
    const square = (i % size - x) ** 2 + (Math.floor(i / size) - y) ** 2;
    return 255 * Math.exp(-square / 18);
  });
  const geometry = { width: size, height: size, paddedWidth: size, paddedHeight: size, scale: 1 };
  return {
    dataset: "blob",
    name: "blob",
    image: { ...geometry, pixels },
    objects: [{ x, y, diameter: 20 }],
  };
}

Deno.test("labels stay on their particles under all symmetries and scales", () => {
  const seen = new Set<string>();
  for (let seed = 0; seed < 60; seed++) {
    const { pixels, objects: [object] } = randomCrop(blob(61.3, 66.8), 96, random(seed), {
      ...PLAIN,
      scale: 1.3,
    });
    const floor = Math.min(...pixels);
    let [sum, x, y] = [0, 0, 0];
    pixels.forEach((value, i) => {
      sum += value - floor;
      x += (value - floor) * (i % 96);
      y += (value - floor) * Math.floor(i / 96);
    });
    assertAlmostEquals(x / sum, object.x, 0.15);
    assertAlmostEquals(y / sum, object.y, 0.15);
    seen.add(`${object.x > 48}${object.y > 48}`);
  }
  assertEquals(seen.size, 4);
});

Deno.test("diameters grow with the enlargement, which stays within its range", () => {
  const diameters = Array.from(
    { length: 100 },
    (_, seed) =>
      randomCrop(blob(60, 60), 64, random(seed), { ...PLAIN, scale: 1.25 }).objects[0].diameter,
  );
  assert(diameters.every((d) => d >= 20 / 1.25 - 1e-9 && d <= 20 * 1.25 + 1e-9));
  assert(Math.max(...diameters) > 24 && Math.min(...diameters) < 17);
});

Deno.test("a crop without variation is the image under one of its symmetries, exactly", () => {
  const image = tinyImage(4);
  const { pixels, paddedWidth: size } = image.image;
  const crop = randomCrop(image, size, random(1), PLAIN);
  const grey = crop.pixels.map((value) => Math.round((value * 0.2887 + 0.5) * 255));
  const last = size - 1;
  const symmetries = [0, 1, 2, 3, 4, 5, 6, 7].map((code) => (x: number, y: number) => {
    const [u, v] = code & 4 ? [y, x] : [x, y];
    return (code & 2 ? last - v : v) * size + (code & 1 ? last - u : u);
  });
  const differences = symmetries.map((at) =>
    grey.filter((value, i) => value !== pixels[at(i % size, Math.floor(i / size))]).length
  );
  assertEquals(Math.min(...differences), 0); // the border that is sampled half-open is black anyway
});

Deno.test("the same stream cuts the same crop", () => {
  const cut = (seed: number) => randomCrop(tinyImage(4), 64, random(seed), AUGMENTATION);
  assertEquals(cut(9), cut(9));
});
