import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { type Micrograph, random } from "../../lib/core/mod.ts";
import { MARGIN, networkGeometry, toNetwork } from "../../lib/preprocess/mod.ts";
import { resample } from "../../lib/preprocess/resample.ts";

const EVERYTHING = { low: -Infinity, high: Infinity, fallback: 0 };

function draw(width: number, height: number, value: (x: number, y: number) => number): Micrograph {
  const pixels = Float32Array.from(
    { length: width * height },
    (_, i) => value(i % width, Math.floor(i / width)),
  );
  return { name: "drawn", width, height, pixels };
}

function noise(width: number, height: number): Micrograph {
  const stream = random(1, width, height);
  return draw(width, height, () => stream.normal());
}

function sinc(t: number): number {
  return t === 0 ? 1 : Math.sin(Math.PI * t) / (Math.PI * t);
}

function lanczos3(t: number): number {
  return Math.abs(t) < 3 ? sinc(t) * sinc(t / 3) : 0;
}

/** One network pixel straight from the definition: a weighted mean over the whole micrograph. */
function sampled({ width, height, pixels }: Micrograph, scale: number, i: number, j: number) {
  const stretch = Math.max(1, scale);
  const [cx, cy] = [(i + 0.5) * scale - 0.5, (j + 0.5) * scale - 0.5];
  let sum = 0;
  let weights = 0;
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const weight = lanczos3((x - cx) / stretch) * lanczos3((y - cy) / stretch);
      weights += weight;
      sum += weight * pixels[y * width + x];
    }
  }
  return sum / weights;
}

Deno.test("resampling equals the definition, reducing and enlarging, odd and even shapes", () => {
  const cases = [[50, 37, 16], [37, 51, 16], [30, 41, 64], [20, 20, 20], [64, 32, 16], [3, 50, 9]];
  for (const [width, height, target] of [...cases, [1, 1, 8], [1, 40, 8], [2, 41, 8], [7, 5, 32]]) {
    const micrograph = noise(width, height);
    const image = networkGeometry(width, height, target);
    const values = resample(micrograph, image, EVERYTHING);
    for (let j = 0; j < image.height; j++) {
      for (let i = 0; i < image.width; i++) {
        const expected = sampled(micrograph, image.scale, i, j);
        assertAlmostEquals(values[j * image.width + i], expected, 5e-6);
      }
    }
  }
});

Deno.test("a blob's centroid lies where its centre is mapped to", () => {
  for (const [width, height, target] of [[400, 300, 100], [377, 391, 100], [60, 83, 150]]) {
    const scale = Math.max(width, height) / target;
    const sigma = 3 * Math.max(scale, 1);
    for (const [u, v] of [[0.5, 0.5], [0.4312, 0.6091], [0.63, 0.382]]) {
      const centre = { x: u * width, y: v * height };
      const micrograph = draw(width, height, (x, y) => {
        return 100 * Math.exp(-((x - centre.x) ** 2 + (y - centre.y) ** 2) / (2 * sigma ** 2));
      });
      const image = networkGeometry(width, height, target);
      const values = resample(micrograph, image, EVERYTHING);
      let [mass, sumX, sumY] = [0, 0, 0];
      values.forEach((value, i) => {
        mass += value;
        sumX += value * (i % image.width);
        sumY += value * Math.floor(i / image.width);
      });
      const expected = toNetwork(centre, image);
      assertAlmostEquals(sumX / mass, expected.x - MARGIN, 0.01);
      assertAlmostEquals(sumY / mass, expected.y - MARGIN, 0.01);
    }
  }
});

Deno.test("waves below the new Nyquist frequency stay, those above it vanish", () => {
  const size = 256;
  const amplitude = (cycles: number) => {
    const wave = draw(size, size, (x) => Math.cos(2 * Math.PI * cycles * (x + 0.5) / size));
    const values = resample(wave, networkGeometry(size, size, 64), EVERYTHING);
    const row = values.subarray(32 * 64 + 8, 33 * 64 - 8); // away from the borders
    return Math.sqrt(2 * row.reduce((sum, value) => sum + value ** 2, 0) / row.length);
  };
  assertAlmostEquals(amplitude(0), Math.SQRT2, 1e-6);
  assertAlmostEquals(amplitude(16), 1, 0.06); // half of the new Nyquist frequency, 32
  assert(amplitude(48) < 0.03);
  assert(amplitude(64) < 0.02);
  assert(amplitude(100) < 0.02);
});

Deno.test("outliers are clamped and non-finite pixels replaced before they spread", () => {
  const plain = draw(40, 40, (x, y) => (x * 7 + y * 3) % 5);
  const image = networkGeometry(40, 40, 10);
  const range = { low: 0, high: 4, fallback: 2 };
  const spoiled = { ...plain, pixels: plain.pixels.slice() };
  const cleaned = { ...plain, pixels: plain.pixels.slice() };
  const bad = [[17, NaN, 2], [30, Infinity, 2], [505, -Infinity, 2], [801, 1e9, 4], [802, -7, 0]];
  for (const [i, value, replacement] of bad) {
    spoiled.pixels[i] = value;
    cleaned.pixels[i] = replacement;
  }
  const before = spoiled.pixels.slice();
  const result = resample(spoiled, image, range);
  assert(resample(cleaned, image, EVERYTHING).every((value, i) => Object.is(value, result[i])));
  assert(before.every((value, i) => Object.is(value, spoiled.pixels[i])), "the input is unchanged");
});

Deno.test("an image does not depend on the images before it", () => {
  const spoiled = draw(301, 203, (x, y) => [NaN, 3e38, -3e38, y][x % 4]);
  for (const [width, height, target] of [[3, 2, 7], [101, 57, 31], [30, 41, 64]]) {
    const micrograph = noise(width, height);
    const image = networkGeometry(width, height, target);
    const first = resample(micrograph, image, EVERYTHING);
    resample(spoiled, networkGeometry(301, 203, 151), EVERYTHING);
    assertEquals(resample(micrograph, image, EVERYTHING), first);
  }
});
