import type { Model } from "../centernet/mod.ts";
import type { Circle } from "../core/mod.ts";
import { type TrainingImage, validate } from "../training/mod.ts";
import type { Memory } from "./memory.ts";

/** One exemplar of a dataset in so many is not replayed but tells what is forgotten. */
const ASIDE = 4;

/**
 * Sets every fourth exemplar of a dataset aside, on which models can be scored that replay the others.
 *
 * Objects whose centre lies outside such a piece are regions of which nothing is known.
 */
export function setAside(memory: Memory): { replayed: Memory; aside: TrainingImage[] } {
  const groups = [...Map.groupBy(memory.exemplars, ({ dataset }) => dataset).values()];
  const part = (isAside: boolean) =>
    groups.flatMap((group) => group.filter((_, i) => (i % ASIDE === ASIDE - 1) === isAside));
  return { replayed: { ...memory, exemplars: part(false) }, aside: part(true).map(withoutCut) };
}

function withoutCut(piece: TrainingImage): TrainingImage {
  const { paddedWidth: width, paddedHeight: height } = piece.image;
  const isInside = ({ x, y }: Circle) => x >= 0 && y >= 0 && x < width && y < height;
  const cut = piece.objects.filter((object) => !isInside(object));
  return {
    ...piece,
    objects: piece.objects.filter(isInside),
    ignored: [...piece.ignored ?? [], ...cut],
  };
}

/** How a model does on a dataset before and after a lesson. */
export interface Retention {
  /** Name of the dataset. */
  dataset: string;
  /** AP before, 0…1. */
  before: number;
  /** AP after. */
  after: number;
  /** Best F1 before. */
  f1Before: number;
  /** Best F1 after. */
  f1After: number;
}

/** Scores two models on labelled images, a line for each dataset, in the mode of the models. */
export async function retentionOf(
  before: Model,
  after: Model,
  images: TrainingImage[],
): Promise<Retention[]> {
  const lines: Retention[] = [];
  for (const [dataset, group] of Map.groupBy(images, (image) => image.dataset)) {
    const [one, other] = [await validate(before, group, 0), await validate(after, group, 0)];
    lines.push({
      dataset,
      ...{ before: one.ap, after: other.ap, f1Before: one.f1, f1After: other.f1 },
    });
  }
  return lines;
}
