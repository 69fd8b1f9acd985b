/** Candidates of a micrograph whose truth is known. */
export interface Known {
  /** All candidates. */
  candidates: readonly { score: number }[];
  /** For every candidate the index of the particle that it is, −1 where it is none. */
  matches: readonly number[];
  /** Number of particles. */
  particles: number;
}

/** How good the picks of a threshold are. */
export interface Scores {
  /** Least score of a pick. */
  threshold: number;
  /** Picks that are particles. */
  right: number;
  /** Picks that are none. */
  wrong: number;
  /** Particles that no pick is. */
  missed: number;
  /** Right picks by all picks; 1 where there are none. */
  precision: number;
  /** Right picks by all particles. */
  recall: number;
  /** Harmonic mean of both. */
  f1: number;
}

/** The scores of the picks of a threshold. */
export function scoresAt({ candidates, matches, particles }: Known, threshold: number): Scores {
  let [picks, right] = [0, 0];
  candidates.forEach(({ score }, i) => {
    if (score < threshold) return;
    picks++;
    if (matches[i] >= 0) right++;
  });
  return {
    ...{ threshold, right, wrong: picks - right, missed: particles - right },
    precision: picks === 0 ? 1 : right / picks,
    recall: particles === 0 ? 0 : right / particles,
    f1: picks + particles === 0 ? 0 : 2 * right / (picks + particles),
  };
}

/** Thresholds between 0 and 1 at which a curve has its points. */
const POINTS = 200;

/** Scores at thresholds from 0 to 1, evenly. */
export function scoreCurve(known: Known): Scores[] {
  return Array.from({ length: POINTS + 1 }, (_, i) => scoresAt(known, i / POINTS));
}

/** The scores of the highest F1. */
export function bestOf(curve: readonly Scores[]): Scores {
  return curve.reduce((best, scores) => scores.f1 > best.f1 ? scores : best);
}
