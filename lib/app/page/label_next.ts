/**
 * How unsure a model is about the picks of a micrograph: the mean, over all candidates of at least
 * half the threshold, of how close the score is to the threshold, 1 at it and 0 at 0 and 1 (least
 * confidence, Lewis and Gale 1994, with the threshold as the border); 0 without candidates.
 *
 * @param scores In ten-thousandths, least first.
 */
export function uncertainty(scores: ArrayLike<number>, threshold: number): number {
  let [sum, count] = [0, 0];
  for (let i = scores.length - 1; i >= 0; i--) {
    const score = scores[i] / 1e4;
    if (score < threshold / 2) break;
    sum += score < threshold ? score / threshold : (1 - score) / (1 - threshold || 1);
    count++;
  }
  return count === 0 ? 0 : sum / count;
}

/** What is known of a micrograph that may be labelled. */
export interface Unlabelled {
  /** Scores in ten-thousandths, least first. */
  scores: ArrayLike<number>;
  /** Least score of a pick as it was written last; absent where nothing was picked. */
  threshold?: number;
  /** Whether all of it is labelled. */
  done: boolean;
}

/**
 * How much a label would teach, to order micrographs by: first those about which the model is most
 * unsure, then those that were never picked, last those that are labelled already.
 */
export function worthOfLabel(facts: Unlabelled, threshold: number): number {
  if (facts.done) return -2;
  if (facts.threshold === undefined) return -1;
  return uncertainty(facts.scores, threshold);
}
