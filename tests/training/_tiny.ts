import { random } from "../../lib/core/mod.ts";
import { preprocess, toNetwork } from "../../lib/preprocess/mod.ts";
import type { Recipe, TrainingImage, TrainingSet, TrainOptions } from "../../lib/training/mod.ts";

/** A noisy image of dark discs of 24 network pixels, small enough for a test. */
export function tinyImage(seed: number, dataset = "discs", size = 96): TrainingImage {
  const stream = random(seed);
  const truth = Array.from({ length: 5 }, () => ({
    x: stream.between(12, size - 12),
    y: stream.between(12, size - 12),
    diameter: 24,
  }));
  const pixels = Float32Array.from({ length: size * size }, (_, i) => {
    const [x, y] = [i % size, Math.floor(i / size)];
    const dark = truth.some((disc) => Math.hypot(disc.x - x, disc.y - y) < disc.diameter / 2);
    return 0.5 * stream.normal() - (dark ? 2 : 0);
  });
  const micrograph = { name: `disc${seed}`, width: size, height: size, pixels };
  const image = preprocess(micrograph, { targetSize: size });
  return { dataset, name: micrograph.name, image, objects: truth.map((t) => toNetwork(t, image)) };
}

/** A noisy micrograph of dark discs of 25 pixels, in the view of its particles. */
export function tinyParticles(seed: number, dataset: string): TrainingImage {
  const [stream, size] = [random(seed), 120];
  const truth = [30, 60, 90].map((x) => ({ x, y: stream.between(20, 100), diameter: 25 }));
  const pixels = Float32Array.from({ length: size ** 2 }, (_, i) => {
    const [x, y] = [i % size, Math.floor(i / size)];
    return stream.normal() - (truth.some((t) => Math.hypot(t.x - x, t.y - y) < 12.5) ? 2 : 0);
  });
  const micrograph = { name: `${dataset}${seed}`, width: size, height: size, pixels };
  const image = preprocess(micrograph, { view: "particle", diameter: 25 });
  return { dataset, name: micrograph.name, image, objects: truth.map((t) => toNetwork(t, image)) };
}

/** Two images to learn from and one held out. */
export function tinySet(): TrainingSet {
  return { train: [tinyImage(1), tinyImage(2)], validation: [tinyImage(3)], warnings: [] };
}

/** Options with a recipe that takes seconds. */
export function tinyOptions(out: string, recipe: Partial<Recipe> = {}): TrainOptions {
  return {
    out,
    recipe: {
      config: { width: 0.125, headWidth: 8, size: true },
      epochs: 3,
      shardSize: 2,
      shards: 2,
      cropSize: 64,
      validateEvery: 1,
      ...recipe,
    },
    backend: "wasm",
    workers: 1,
  };
}
