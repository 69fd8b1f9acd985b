import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import * as tf from "@tensorflow/tfjs";
import { startBackend } from "../../lib/backend/mod.ts";
import { FrozenNetwork } from "../../lib/centernet/mod.ts";
import { random } from "../../lib/core/mod.ts";
import { EMPTY_MEMORY, STRATEGIES } from "../../lib/continual/mod.ts";
import { normalise } from "../../lib/preprocess/mod.ts";
import { RECIPE, type TrainingImage } from "../../lib/training/mod.ts";
import { tinyModel } from "./_tiny.ts";

/** A piece that is wider than high. */
function widePiece(seed: number): TrainingImage {
  const [width, height] = [96, 64];
  const stream = random(seed);
  const pixels = Uint8Array.from({ length: width * height }, () => stream.integer(256));
  const image = { pixels, width, height, paddedWidth: width, paddedHeight: height, scale: 1 };
  return { dataset: "wide", name: `${seed}`, image, objects: [{ x: 40, y: 30, diameter: 20 }] };
}

Deno.test("DER++ stores the new model's probabilities, row by row, and keeps what is stored", async () => {
  await startBackend("wasm");
  const { remember } = STRATEGIES.der;
  const [model, heat] = [tinyModel(3), Float32Array.of(0.25, 0.75)];
  const exemplars = [{ ...widePiece(1), heat }, widePiece(2), widePiece(3)];
  const lesson = { model, images: [], memory: { ...EMPTY_MEMORY, exemplars }, recipe: RECIPE };
  const tensors = tf.memory().numTensors;
  const kept = (await remember!(lesson)).exemplars;
  assertEquals(tf.memory().numTensors, tensors);
  assertEquals(kept.map(({ name }) => name), ["1", "2", "3"]);
  assertEquals(kept[0].heat, heat);
  using network = new FrozenNetwork(model);
  for (const { image, heat } of kept.slice(1)) {
    const logits = tf.tidy(() =>
      network.forward(tf.tensor(normalise(image.pixels), [1, 64, 96, 1]) as tf.Tensor4D).heat
        .arraySync()
    )[0];
    assertEquals(heat!.length, 16 * 24);
    for (let row = 0; row < 16; row++) {
      for (let column = 0; column < 24; column++) {
        const probability = 1 / (1 + Math.exp(-logits[row][column][0]));
        assertAlmostEquals(heat![row * 24 + column], probability, 1e-5);
      }
    }
  }
  assert(kept[1].heat!.some((value, i) => Math.abs(value - kept[2].heat![i]) > 1e-4));
});
