import {
  candidatesOf,
  Detector,
  distinctObjects,
  type ImageDetector,
  type Model,
  withProbabilities,
} from "../centernet/mod.ts";
import { mean } from "../core/mod.ts";
import {
  averagePrecision,
  type EvaluationImage,
  precisionRecall,
  type PrecisionRecallPoint,
} from "../evaluation/mod.ts";
import { isDirty, noiseLike, normalise, viewOf, WAYS } from "../preprocess/mod.ts";
import type { TrainingImage } from "./images.ts";
import type { ValidationScore } from "./state.ts";
import { fiberCurve } from "./validate_fibers.ts";

/** Thresholds among which the best is chosen. */
const THRESHOLDS = Array.from({ length: 99 }, (_, i) => (i + 1) / 100);

/**
 * Scores a model on labelled images, every dataset counting the same; fibers by the lengths of what
 * is traced.
 *
 * Images without particles count by their false picks; a dataset without any has no AP. Where only
 * some objects are labelled, picks of the others read as false, so AP and F1 are too low; the
 * threshold is then that of the highest recall · precision, which sparse labels scale by their share
 * alone (Lee and Liu, Learning with positive and unlabeled examples, 2003). Where nothing is right at
 * any threshold, that of the model stays.
 */
export async function validate(
  model: Model,
  images: TrainingImage[],
  step: number,
): Promise<ValidationScore> {
  const datasets = await predict(model, images);
  const groups = [...datasets.values()];
  if (model.mode === "fiber") return { step, ...scoreOfFibers(groups, model.threshold) };
  const sparse = new Set(images.filter((image) => image.sparse).map(({ dataset }) => dataset));
  const isSparse = [...datasets.keys()].map((name) => sparse.has(name));
  const sized = { sized: model.mode === "vesicle" };
  const curves = groups.map((group) => precisionRecall(group, sized));
  const worth = THRESHOLDS.map((threshold) =>
    mean(curves.map((curve, i) => worthOf(curve, threshold, isSparse[i]))) || 0
  );
  const best = Math.max(...worth);
  const threshold = best > 0 ? THRESHOLDS[worth.indexOf(best)] : model.threshold;
  const precisions = groups.map((group) => averagePrecision(group, sized).ap);
  return {
    step,
    ap: mean(precisions.filter((ap) => !Number.isNaN(ap))) || 0,
    f1: mean(curves.map((curve) => pointAt(curve, threshold)?.f1 || 0)) || 0,
    threshold,
  };
}

/** F1 at a threshold, or where labels are sparse recall · precision as a share of its highest. */
function worthOf(curve: PrecisionRecallPoint[], threshold: number, isSparse: boolean): number {
  const product = ({ precision, recall }: PrecisionRecallPoint) => precision * recall;
  const point = pointAt(curve, threshold);
  if (!isSparse || point === undefined) return point?.f1 || 0;
  return product(point) / Math.max(...curve.map(product)) || 0;
}

/** The point of the picks that reach a threshold; none where no pick does. */
function pointAt(curve: PrecisionRecallPoint[], threshold: number) {
  return curve.findLast((point) => point.threshold >= threshold);
}

/** Mean scores of datasets of fibers. */
function scoreOfFibers(
  groups: EvaluationImage[][],
  otherwise: number,
): Omit<ValidationScore, "step"> {
  const curves = groups.map(fiberCurve);
  const scored = curves[0].f1.map(({ threshold }, i) => {
    return { threshold, f1: mean(curves.map(({ f1 }) => f1[i].f1 || 0)) || 0 };
  });
  const ap = mean(curves.map(({ ap }) => ap).filter((ap) => !Number.isNaN(ap))) || 0;
  return { ap, ...scored.reduce((a, b) => b.f1 > a.f1 ? b : a, { threshold: otherwise, f1: 0 }) };
}

/** What a model detects in labelled images, by dataset; everything in network pixels. */
export async function predict(
  model: Model,
  images: TrainingImage[],
): Promise<Map<string, EvaluationImage[]>> {
  using detector = new Detector(model);
  return await predictBy(detector, model, images);
}

/** What any detector sees in labelled images, by dataset; everything in network pixels. */
export async function predictBy(
  detector: ImageDetector,
  model: Pick<Model, "mode" | "preprocess" | "diameter" | "calibration" | "threshold">,
  images: TrainingImage[],
): Promise<Map<string, EvaluationImage[]>> {
  const datasets = new Map<string, EvaluationImage[]>();
  const ways = WAYS[viewOf(model.preprocess, "model")];
  for (const { dataset, name, image, objects, ignored } of images) {
    const pixels = normalise(image.pixels);
    const maps = await detector.detect(pixels, image.paddedHeight, image.paddedWidth, ways);
    const diameter = mean(objects.map((object) => object.diameter)) || model.diameter;
    const distinct = distinctObjects(candidatesOf(maps), model.mode, diameter);
    const picks = await withProbabilities(distinct, {
      ...{ model, detector, ways, diameter },
      noise: (count) => noiseLike(image, count),
      isDirty: isDirty(image),
    });
    const list = datasets.get(dataset) ?? [];
    datasets.set(dataset, [...list, { name, picks, truth: objects, diameter, ignore: ignored }]);
  }
  return datasets;
}
