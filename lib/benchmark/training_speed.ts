import type { BackendName } from "../backend/mod.ts";
import type { NetworkConfig } from "../centernet/mod.ts";
import { networkGeometry } from "../preprocess/mod.ts";
import { train, type TrainingImage } from "../training/mod.ts";
import { convolutionsOf, flopsOf, readsImage } from "./convolutions.ts";
import { noise } from "./noise.ts";
import { type Timing, timingOf, type TimingOptions } from "./timing.ts";

/** A training step to be timed. */
export interface TrainingCase {
  /** The network. */
  network: string;
  /** Crops that are normalised together. */
  batch: number;
  /** Edge of a crop, a multiple of 32. */
  crop: number;
  /** Workers, each of which normalises as many crops. @default {1} */
  workers?: number;
}

/** The speed of a training step. */
export interface TrainingSpeed extends TrainingCase {
  /** Operations of the convolutions, forward and both gradients, in 10⁹. */
  gflop: number;
  /** A whole step: crop, forward, loss, gradients, Adam, averaging. */
  seconds: Timing;
}

/**
 * Times the steps of a real training run, without what surrounds them: reading,
 * validation and the writing of checkpoints.
 *
 * @param target Where it runs, and where it writes its model.
 */
export async function measureTraining(
  { network, batch, crop, workers = 1 }: TrainingCase,
  config: NetworkConfig,
  { backend, folder }: { backend: BackendName; folder: string },
  { repeats, budget }: TimingOptions,
): Promise<TrainingSpeed> {
  const image = labelledImage(crop);
  const stop = new AbortController();
  const seconds: number[] = [];
  const started = performance.now();
  let last = started;
  await train({
    train: Array(workers * batch * (repeats + 2)).fill(image), // an epoch longer than the run
    validation: [],
    warnings: [],
  }, {
    recipe: { config, cropSize: crop, shardSize: batch, shards: workers, epochs: 1 },
    out: folder,
    backend,
    workers,
    signal: stop.signal,
    onProgress: () => {
      const now = performance.now();
      seconds.push((now - last) / 1000);
      last = now;
      const spent = seconds.slice(1).reduce((sum, time) => sum + time, 0);
      if (seconds.length > repeats || spent > budget) stop.abort();
    },
  });
  const [warmUp, ...steps] = seconds;
  const gflop = trainingFlops(config, crop, workers * batch) / 1e9;
  const step = { network, batch, crop, ...(workers > 1 && { workers }) };
  return { ...step, gflop, seconds: timingOf(warmUp, steps) };
}

/** Operations of all convolutions and of their gradients, but for the image's. */
function trainingFlops(config: NetworkConfig, edge: number, batch: number): number {
  return convolutionsOf(config, edge, batch)
    .reduce((sum, sizes) => sum + (readsImage(sizes) ? 2 : 3) * flopsOf(sizes), 0);
}

/** A noisy image of as much area as a crop, with a particle every 64 pixels. */
function labelledImage(edge: number): TrainingImage {
  const geometry = networkGeometry(edge, edge, edge);
  const { paddedWidth, paddedHeight } = geometry;
  const pixels = Uint8Array.from(noise(paddedWidth * paddedHeight), (v) => 127.5 * (v + 1));
  const places = Array.from({ length: Math.ceil(edge / 64) }, (_, i) => 32 + 64 * i);
  return {
    dataset: "benchmark",
    name: "noise",
    image: { ...geometry, pixels },
    objects: places.flatMap((x) => places.map((y) => ({ x, y, diameter: 32 }))),
  };
}
