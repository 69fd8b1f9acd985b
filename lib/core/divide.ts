/** Bins of the histogram of scores. */
const BINS = 100;

/** What divides scores into two groups. */
export interface Division {
  /** The score between them, in the middle of the gap; NaN for fewer than two different scores. */
  threshold: number;
  /** Part of the scores' variance that lies between the groups, 0…1; of even scores it is 3/4. */
  explained: number;
}

/**
 * Divides scores best into two groups: the most variance between them (Otsu, A threshold selection
 * method from gray-level histograms, 1979; the part explained is his η).
 *
 * @param scores In 0…1.
 */
export function divide(scores: readonly number[]): Division {
  const counts = new Float64Array(BINS);
  for (const score of scores) counts[Math.min(BINS - 1, Math.floor(score * BINS))]++;
  const middle = (bin: number) => (bin + 0.5) / BINS;
  const total = counts.reduce((sum, count, bin) => sum + count * middle(bin), 0);
  let [below, sum, most] = [0, 0, 0];
  let best: number[] = [];
  for (let bin = 0; bin + 1 < BINS; bin++) {
    below += counts[bin];
    sum += counts[bin] * middle(bin);
    const above = scores.length - below;
    if (below === 0 || above === 0) continue;
    const between = below * above * (sum / below - (total - sum) / above) ** 2;
    if (between > most * (1 + 1e-12)) [most, best] = [between, [bin]];
    else if (between >= most * (1 - 1e-12)) best.push(bin);
  }
  if (best.length === 0) return { threshold: NaN, explained: 0 };
  const average = total / scores.length;
  const spread = counts.reduce((all, count, bin) => all + count * (middle(bin) - average) ** 2, 0);
  return {
    threshold: (best[0] + best[best.length - 1] + 2) / 2 / BINS,
    explained: most / scores.length / spread,
  };
}
