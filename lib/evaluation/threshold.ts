/**
 * The threshold with the highest expected F1 where scores are probabilities: the F1 of the picks
 * from a score on is 2 Σ p / (picks + particles), and Σ p of all candidates are the particles.
 *
 * @param scores Calibrated, of all candidates, in any order.
 * @returns A score between two candidates; 0.5 where there are none.
 */
export function expectedF1Threshold(scores: readonly number[]): number {
  const sorted = [...scores].sort((a, b) => b - a);
  const particles = sorted.reduce((sum, score) => sum + score, 0);
  let [hits, best, threshold] = [0, 0, 0.5];
  sorted.forEach((score, i) => {
    hits += score;
    const f1 = 2 * hits / (i + 1 + particles);
    if (f1 <= best) return;
    best = f1;
    threshold = (score + (sorted[i + 1] ?? 0)) / 2;
  });
  return threshold;
}
