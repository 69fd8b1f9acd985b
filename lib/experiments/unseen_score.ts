import type { Model } from "../centernet/mod.ts";
import { distance, mean, type Pick } from "../core/mod.ts";
import {
  averagePrecision,
  bestF1,
  type EvaluationImage,
  precisionRecall,
} from "../evaluation/mod.ts";
import { predict, type TrainingImage } from "../training/mod.ts";

/** How a picker does on a kind that it has not seen. */
export interface UnseenScore {
  /** Average precision of all picks. */
  ap: number;
  /** F1 at the picker's own threshold; absent where it has none. */
  f1?: number;
  /** Best F1 over all thresholds. */
  bestF1: number;
  /** AP of the best picks of each micrograph, as many as it has labels. */
  apEqual: number;
}

/** Picks on micrographs with nothing to pick. */
export interface PicksOnEmpty {
  /** Mean of a micrograph. */
  mean: number;
  /** Most on one. */
  most: number;
}

/** What a model picks on images of one dataset. */
export async function predicted(model: Model, images: TrainingImage[]): Promise<EvaluationImage[]> {
  return [...(await predict(model, images)).values()].flat();
}

/** Picks at a model's threshold on micrographs with nothing to pick, mean and most. */
export async function picksOnEmpty(
  model: Model,
  images: TrainingImage[],
): Promise<PicksOnEmpty | undefined> {
  if (images.length === 0) return undefined;
  const counts = (await predicted(model, images)).map(({ picks }) =>
    picks.filter(({ score = 1 }) => score >= model.threshold).length
  );
  return { mean: mean(counts), most: Math.max(...counts) };
}

/** Scores of picks; at a threshold of their own where there is one. */
export function scoreUnseen(images: EvaluationImage[], threshold?: number): UnseenScore {
  const best = images.map((image) => {
    const counted = image.picks.filter((pick) => !isIgnored(pick, image));
    const picks = counted.toSorted((a, b) => (b.score ?? 1) - (a.score ?? 1));
    return { ...image, picks: picks.slice(0, image.truth.length) };
  });
  const curve = threshold === undefined ? [] : precisionRecall(images);
  return {
    ap: averagePrecision(images).ap,
    ...(threshold !== undefined &&
      { f1: curve.findLast((point) => point.threshold >= threshold)?.f1 ?? 0 }),
    bestF1: bestF1(images).f1,
    apEqual: averagePrecision(best).ap,
  };
}

/** Whether the centre of a pick lies in a region that does not count. */
function isIgnored(pick: Pick, { ignore = [], diameter }: EvaluationImage): boolean {
  return ignore.some((region) => distance(pick, region) <= (region.diameter ?? diameter) / 2);
}
