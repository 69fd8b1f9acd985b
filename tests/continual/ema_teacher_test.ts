import { assert } from "@std/assert";
import * as tf from "@tensorflow/tfjs";
import { startBackend } from "../../lib/backend/mod.ts";
import { detectionLoss, FrozenNetwork, type Weights } from "../../lib/centernet/mod.ts";
import { STRATEGIES, type Strategy } from "../../lib/continual/mod.ts";
import { assertClose } from "../_backends.ts";
import { largestOf, stackImages, stillImage } from "../training/_still.ts";
import { learnedSteps } from "./_learned_steps.ts";
import { tinyModel } from "./_tiny.ts";

const [NEW, KEPT] = [stillImage("new", 3, 24), stillImage("old", 7, 14)];
const OLD = tinyModel(5);

/** Logits of the heat map of a still image by some weights, as picking has it. */
function heatBy(weights: Weights): Float32Array {
  using network = new FrozenNetwork({ config: OLD.config, weights });
  return tf.tidy(() => network.forward(stackImages([KEPT])).heat.dataSync()) as Float32Array;
}

Deno.test("the second teacher is a tenth of the old weights and the rest of the first step's", async () => {
  await startBackend("wasm");
  const shown: Float32Array[] = [];
  const strategy: Strategy = {
    ...STRATEGIES["ema-teacher"],
    teacherOn: undefined,
    lossOf(output, { targets, averaged }) {
      shown.push(averaged!.heat.dataSync() as Float32Array);
      return detectionLoss(output, targets);
    },
  };
  const lesson = {
    fresh: { train: [NEW], validation: [], warnings: [] },
    old: OLD,
    memory: { exemplars: [KEPT], vectors: {} },
  };
  const steps = await learnedSteps(strategy, lesson, OLD.weights, 1);
  const shards = shown.length / steps.length;
  for (const [i, { average, parameters }] of steps.entries()) {
    const expected = heatBy(average);
    for (let shard = 0; shard < shards; shard++) {
      assertClose(shown[i * shards + shard], expected, 1e-4, `step ${i}`);
    }
    const student = heatBy({ ...average, parameters });
    const apart = largestOf(student.map((value, cell) => value - expected[cell]));
    assert(i === 0 || apart > 1e-3 * largestOf(expected), `${apart}: the student is another`);
  }
});
