import * as tf from "@tensorflow/tfjs";
import { type BackendName, startBackend } from "../../backend/mod.ts";
import {
  detectionLoss,
  drawTargets,
  gradientsOf,
  initialWeights,
  layoutOf,
  type NetworkConfig,
  stackTargets,
} from "../../centernet/mod.ts";
import { noise } from "../noise.ts";
import type { TrainingCase } from "../training_speed.ts";
import { type Check, checkOf, onDevice, relativeDifference, valuesOf } from "./check.ts";

/**
 * Bounds of the loss and the batch's statistics, and of the gradient as a whole: there rounding moves
 * values across ReLU's kink, by which PyTorch's own gradients of float32 and float64 differ too.
 */
const BOUNDS = { loss: 1e-4, statistics: 1e-3, gradient: 2e-2 };

/** Compares a whole training step with that of another backend: loss, statistics, gradient. */
export async function checkStep(
  step: TrainingCase,
  config: NetworkConfig,
  { backend, reference }: Record<"backend" | "reference", BackendName>,
): Promise<Check[]> {
  const expected = await stepOn(reference, step, config);
  const found = await stepOn(backend, step, config);
  const against = reference === "cpu" ? "the plain CPU backend" : `our ${reference.toUpperCase()}`;
  const { network, batch, crop } = step;
  const of = (part: keyof typeof BOUNDS, off: number) =>
    checkOf({
      kind: `training step, ${part}`,
      what: `${network}, ${batch} of ${crop} × ${crop}`,
      ...{ against, off, bound: BOUNDS[part] },
    });
  return [
    of("loss", relativeDifference(found.loss, expected.loss)),
    of("statistics", relativeDifference(found.statistics, expected.statistics)),
    of("gradient", distance(found.gradient, expected.gradient)),
  ];
}

async function stepOn(backend: BackendName, { batch, crop }: TrainingCase, config: NetworkConfig) {
  await startBackend(backend);
  return await onDevice(async () => {
    const layout = layoutOf(config);
    const images = tf.tensor4d(noise(batch * crop * crop), [batch, crop, crop, 1]);
    const objects = [{ x: crop / 3, y: crop / 4, diameter: crop / 4 }];
    const target = stackTargets(Array(batch).fill(drawTargets(objects, crop, crop)));
    let total: tf.Tensor | undefined;
    const { parameters } = initialWeights(layout, 1);
    const result = gradientsOf(parameters, layout, config, images, (output) => {
      const loss = detectionLoss(output, target);
      total = tf.keep(loss.total);
      return loss;
    });
    tf.dispose([images, ...Object.values(target), ...Object.values(result.parts)]);
    const [loss, statistics, gradient] = await valuesOf(
      [total!, result.statistics, result.gradient],
    );
    return { loss, statistics, gradient };
  });
}

/** Length of the difference as a part of the length expected. */
function distance(found: Float32Array, expected: Float32Array): number {
  let [difference, length] = [0, 0];
  expected.forEach((value, i) => {
    difference += (found[i] - value) ** 2;
    length += value ** 2;
  });
  return Math.sqrt(difference / length);
}
