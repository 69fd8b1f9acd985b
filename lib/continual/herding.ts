import { mean } from "../core/mod.ts";

/**
 * Indices of vectors so that the mean of those chosen stays as near as can be to the mean of all
 * (Welling, Herding dynamical weights to learn, 2009; exemplars so: Rebuffi et al., iCaRL, 2017).
 */
export function herded(vectors: Float32Array[], count: number): number[] {
  const centre = Float64Array.from(vectors[0] ?? [], (_, c) => mean(vectors.map((v) => v[c])));
  const chosen: number[] = [];
  const sum = new Float64Array(centre.length);
  const distance = (vector: Float32Array) =>
    vector.reduce((d, v, c) => d + (centre[c] - (sum[c] + v) / (chosen.length + 1)) ** 2, 0);
  const left = new Set(vectors.keys());
  while (chosen.length < Math.min(count, vectors.length)) {
    const far = new Map(left.values().map((i) => [i, distance(vectors[i])]));
    const next = left.values().reduce((best, i) => far.get(i)! < far.get(best)! ? i : best);
    vectors[next].forEach((value, c) => sum[c] += value);
    chosen.push(next);
    left.delete(next);
  }
  return chosen;
}
