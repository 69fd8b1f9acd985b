import type { Model } from "../centernet/mod.ts";
import * as z from "zod";
import { checkArgument, checkOptions, type Circle, noun, option, random } from "../core/mod.ts";
import { LABEL_SPACING } from "../tracing/mod.ts";
import type { TrainingImage } from "../training/mod.ts";
import { farthestFirst, featuresOf } from "./coverage.ts";
import { herded } from "./herding.ts";
import { cropImage } from "./memory.ts";

/** How exemplars are chosen among the pieces of micrographs. */
export type ExemplarPolicy = "first" | "random" | "coverage" | "herding";

/** The names of the policies. */
export const EXEMPLAR_POLICIES: readonly ExemplarPolicy[] = [
  "first",
  "random",
  "coverage",
  "herding",
];

/** What {@linkcode chooseExemplars} may be told. */
export interface ExemplarOptions {
  /**
   * `first` by file and place (as the original), `random`, `coverage` of the network's features, or
   * `herding`, which keeps their mean.
   */
  policy: ExemplarPolicy;
  /**
   * Labelled particles per dataset from which no more pieces are taken; of fibers, whose points lie
   * closer than particles do, lengths of one width count.
   */
  particles: number;
  /** Pieces per dataset at most. */
  pieces: number;
  /** Seed of `random`. */
  seed: number;
}

/** Edge of a piece in network pixels: room for a training crop of 256 to move. */
export const EXEMPLAR_SIZE = 288;

/** Pieces per dataset at most by default: 23 × 288² bytes are 1.9 MB. */
export const MAX_EXEMPLARS = 23;

/** The defaults; the paper keeps about 200 labelled particles per dataset. */
export const EXEMPLARS: ExemplarOptions = {
  policy: "random",
  particles: 200,
  pieces: MAX_EXEMPLARS,
  seed: 1,
};

/**
 * Chooses pieces of the training images of one or more datasets, with all labels in them.
 *
 * @param model The model whose features `coverage` and `herding` look at, on the running backend.
 * @throws {EPickerError} `bad-option` for an unknown policy, and numbers out of their range.
 */
export function chooseExemplars(
  images: TrainingImage[],
  model: Model,
  options: Partial<ExemplarOptions> = {},
): TrainingImage[] {
  checkArgument(images, z.array(z.unknown(), "a list of training images"), "images");
  checkArgument(model, noun.model, "model");
  checkExemplars(options);
  const { policy, particles, pieces: most, seed } = { ...EXEMPLARS, ...options };
  const share = model.mode === "fiber" ? LABEL_SPACING : 1;
  const datasets = Map.groupBy(images, ({ dataset }) => dataset);
  return [...datasets.values()].flatMap((group) => {
    const pieces = group.flatMap(piecesOf).filter((piece) => labelsIn(piece) > 0);
    const order = {
      first: () => pieces.keys(),
      random: () => random(seed).shuffle([...pieces.keys()]),
      coverage: () => farthestFirst(featuresOf(model, pieces), most),
      herding: () => herded(featuresOf(model, pieces), most),
    }[policy]();
    const chosen: TrainingImage[] = [];
    let labels = 0;
    for (const i of order) {
      if (labels >= particles || chosen.length === most) break;
      chosen.push(pieces[i]);
      labels += share * labelsIn(pieces[i]);
    }
    return chosen;
  });
}

/** Labels with their centre inside an image. */
export function labelsIn({ image, objects }: TrainingImage): number {
  const { paddedWidth: width, paddedHeight: height } = image;
  return objects.filter(({ x, y }) => x >= 0 && y >= 0 && x < width && y < height).length;
}

/** An image cut into equal squares that cover it, overlapping where they must. */
function piecesOf(source: TrainingImage): TrainingImage[] {
  const { paddedWidth, paddedHeight } = source.image;
  return startsOf(paddedHeight).flatMap((top) =>
    startsOf(paddedWidth).map((left) => pieceAt(source, left, top))
  );
}

function startsOf(length: number): number[] {
  const count = Math.ceil(length / EXEMPLAR_SIZE);
  const gap = count > 1 ? (length - EXEMPLAR_SIZE) / (count - 1) : 0;
  return Array.from({ length: count }, (_, i) => Math.max(0, Math.round(i * gap)));
}

function pieceAt(
  { image, objects, ignored, name, heat: _, ...rest }: TrainingImage,
  left: number,
  top: number,
): TrainingImage {
  const width = Math.min(EXEMPLAR_SIZE, image.paddedWidth);
  const height = Math.min(EXEMPLAR_SIZE, image.paddedHeight);
  const pixels = new Uint8Array(width * height);
  for (let row = 0; row < height; row++) {
    const start = (top + row) * image.paddedWidth + left;
    pixels.set(image.pixels.subarray(start, start + width), row * width);
  }
  const within = (circles: Circle[]) =>
    circles.map((circle) => ({ ...circle, x: circle.x - left, y: circle.y - top }))
      .filter(({ x, y, diameter: d }) => x > -d && y > -d && x < width + d && y < height + d);
  return {
    ...rest,
    name: `${name}@${left},${top}`,
    image: cropImage(pixels, width, height, image.scale),
    objects: within(objects),
    ignored: ignored && within(ignored),
  };
}

/** Refuses options of {@linkcode chooseExemplars} that make no sense. @throws {EPickerError} `bad-option`. */
export function checkExemplars(options: Partial<ExemplarOptions>): void {
  checkOptions(options, {
    policy: option.oneOf(EXEMPLAR_POLICIES),
    particles: option.above(0),
    pieces: option.whole(1),
    seed: option.whole(),
  });
}
