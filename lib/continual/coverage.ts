import { FrozenNetwork, type Model } from "../centernet/mod.ts";
import { mean } from "../core/mod.ts";
import { normalise } from "../preprocess/mod.ts";
import type { TrainingImage } from "../training/mod.ts";

/** The network's deepest features of each image, averaged over its area; each about unit spread. */
export function featuresOf(model: Model, images: TrainingImage[]): Float32Array[] {
  using network = new FrozenNetwork(model);
  return standardised(
    images.map(({ image: { pixels, paddedHeight, paddedWidth } }) =>
      network.valuesOf(
        normalise(pixels),
        paddedHeight,
        paddedWidth,
        ({ deep }) => deep.mean([0, 1, 2]),
      )
    ),
  );
}

/** Every component shifted to mean 0 and scaled to variance 1; constant ones become 0. */
function standardised(vectors: Float32Array[]): Float32Array[] {
  const moments = Array.from(vectors[0] ?? [], (_, c) => {
    const centre = mean(vectors.map((vector) => vector[c]));
    const variance = mean(vectors.map((vector) => (vector[c] - centre) ** 2));
    return { centre, scale: variance > 0 ? 1 / Math.sqrt(variance) : 0 };
  });
  return vectors.map((vector) => vector.map((v, c) => (v - moments[c].centre) * moments[c].scale));
}

/**
 * Indices of vectors so that each is as far as can be from those before it (Gonzalez, Clustering to
 * minimize the maximum intercluster distance, 1985), beginning with the one nearest to the mean 0.
 */
export function farthestFirst(vectors: Float32Array[], count: number): number[] {
  const origin = new Float32Array(vectors[0]?.length ?? 0);
  const chosen: number[] = [];
  let distances = vectors.map((vector) => -squaredDistance(vector, origin)); // nearest goes first
  while (chosen.length < Math.min(count, vectors.length)) {
    const next = distances.reduce((best, d, i) => d > distances[best] ? i : best, 0);
    const fresh = vectors.map((vector) => squaredDistance(vector, vectors[next]));
    distances = chosen.length === 0 ? fresh : distances.map((d, i) => Math.min(d, fresh[i]));
    chosen.push(next);
    for (const i of chosen) distances[i] = -Infinity;
  }
  return chosen;
}

function squaredDistance(a: Float32Array, b: Float32Array): number {
  return a.reduce((sum, value, i) => sum + (value - b[i]) ** 2, 0);
}
