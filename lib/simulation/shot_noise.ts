import type { Random } from "../core/mod.ts";

/** Above this mean the normal approximation with skewness is as good as exact. */
const FEW = 20;

/**
 * Opens a stream of electron counts: Poisson numbers, given how many electrons are expected.
 *
 * Small means by inversion of the distribution, one term after the other; larger ones by rounding
 * λ + √λ z + (z² − 1) / 6, the Cornish–Fisher expansion to the distribution's skewness, with a
 * normal number z (Abramowitz and Stegun, 26.2.49).
 */
export function electronCounter(draw: Random): (mean: number) => number {
  const normal = normalPairs(draw);
  return (mean) => {
    if (mean < FEW) return byInversion(mean, draw.uniform());
    const z = normal();
    return Math.max(0, Math.round(mean + Math.sqrt(mean) * z + (z * z - 1) / 6));
  };
}

function byInversion(mean: number, share: number): number {
  let term = Math.exp(-mean);
  let sum = term;
  let count = 0;
  while (share >= sum && term > 0) {
    count++;
    term *= mean / count;
    sum += term;
  }
  return count;
}

/** Normal numbers, two from each pair of uniform ones (Box–Muller). */
function normalPairs(draw: Random): () => number {
  let spare: number | undefined;
  return () => {
    if (spare !== undefined) {
      const value = spare;
      spare = undefined;
      return value;
    }
    const radius = Math.sqrt(-2 * Math.log(1 - draw.uniform()));
    const angle = 2 * Math.PI * draw.uniform();
    spare = radius * Math.sin(angle);
    return radius * Math.cos(angle);
  };
}
