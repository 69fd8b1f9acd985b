import {
  candidatesOf,
  Detector,
  type Model,
  type OutputMaps,
  suppress,
  SUPPRESSION_RATIO,
} from "../centernet/mod.ts";
import type { Mode } from "../core/mod.ts";
import { averagePrecision, type EvaluationImage, precisionRecall } from "../evaluation/mod.ts";
import { normalise } from "../preprocess/mod.ts";
import { FIBER_SUPPRESSION } from "../tracing/mod.ts";
import type { TrainingImage } from "./images.ts";
import type { ValidationScore } from "./state.ts";
import { fiberCurve } from "./validate_fibers.ts";

/** Thresholds among which the best is chosen. */
const THRESHOLDS = Array.from({ length: 99 }, (_, i) => (i + 1) / 100);

/**
 * Scores a model on labelled images, every dataset counting the same; fibers by the lengths of what
 * is traced.
 *
 * Images without particles count by their false picks; a dataset without any has no AP.
 */
export async function validate(
  model: Model,
  images: TrainingImage[],
  step: number,
): Promise<ValidationScore> {
  const datasets = await predict(model, images);
  const groups = [...datasets.values()];
  if (model.mode === "fiber") return { step, ...scoreOfFibers(groups) };
  const curves = groups.map((group) => precisionRecall(group));
  const f1At = (threshold: number) =>
    mean(curves.map((curve) => curve.findLast((point) => point.threshold >= threshold)?.f1 || 0));
  const scored = THRESHOLDS.map((threshold) => ({ threshold, f1: f1At(threshold) }));
  const best = scored.reduce((a, b) => b.f1 > a.f1 ? b : a);
  const precisions = groups.map((group) => averagePrecision(group).ap);
  return { step, ap: mean(precisions.filter((ap) => !Number.isNaN(ap))), ...best };
}

/** Mean scores of datasets of fibers. */
function scoreOfFibers(groups: EvaluationImage[][]): Omit<ValidationScore, "step"> {
  const curves = groups.map(fiberCurve);
  const scored = curves[0].f1.map(({ threshold }, i) => {
    return { threshold, f1: mean(curves.map(({ f1 }) => f1[i].f1 || 0)) };
  });
  const ap = mean(curves.map(({ ap }) => ap).filter((ap) => !Number.isNaN(ap)));
  return { ap, ...scored.reduce((a, b) => b.f1 > a.f1 ? b : a) };
}

/** What a model detects in labelled images, by dataset; everything in network pixels. */
export async function predict(
  model: Model,
  images: TrainingImage[],
): Promise<Map<string, EvaluationImage[]>> {
  using detector = new Detector(model);
  const datasets = new Map<string, EvaluationImage[]>();
  for (const { dataset, name, image, objects } of images) {
    const pixels = normalise(image.pixels);
    const maps = await detector.detect(pixels, image.paddedHeight, image.paddedWidth);
    const diameter = mean(objects.map((object) => object.diameter), model.diameter);
    const picks = detections(maps, diameter, model.mode);
    const list = datasets.get(dataset) ?? [];
    datasets.set(dataset, [...list, { name, picks, truth: objects, diameter }]);
  }
  return datasets;
}

function detections(maps: OutputMaps, diameter: number, mode: Mode) {
  const sized = candidatesOf(maps).map((candidate) => ({ ...candidate, diameter }));
  return suppress(sized, mode === "fiber" ? FIBER_SUPPRESSION : SUPPRESSION_RATIO);
}

function mean(values: number[], otherwise = 0): number {
  if (values.length === 0) return otherwise;
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
