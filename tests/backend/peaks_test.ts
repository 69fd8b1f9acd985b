import { assert, assertEquals } from "@std/assert";
import * as tf from "@tensorflow/tfjs";
import { readPeaks } from "../../lib/backend/mod.ts";
import { heldMemory, noise, testOnBackends } from "../_backends.ts";

const LEAST = 0.3;

/** Maps of few different values, so that neighbours are often equal, in the corners, too. */
function maps(height: number, width: number) {
  return tf.tidy(() => ({
    score: tf.sigmoid(
      noise<tf.Rank.R4>([1, height, width, 1], 1).mul<tf.Tensor4D>(2).round().div<tf.Tensor4D>(4),
    ),
    offset: noise<tf.Rank.R4>([1, height, width, 2], 2),
    size: noise<tf.Rank.R4>([1, height, width, 1], 3),
  }));
}

/** Scores kept where TensorFlow.js' own maximum over 3 × 3 is the score, with all other maps. */
async function plain(score: tf.Tensor4D, others: tf.Tensor4D[]): Promise<Float32Array> {
  const expected = tf.tidy(() => {
    const highest = tf.equal(tf.maxPool(score, 3, 1, "same"), score);
    const peak = tf.logicalAnd(highest, tf.greaterEqual(score, LEAST));
    return tf.mul(tf.concat([score, ...others], 3), tf.cast(peak, "float32"));
  });
  const values = await expected.data<"float32">();
  expected.dispose();
  return values;
}

testOnBackends("readPeaks() keeps the 3 × 3 maxima that reach the least value", async () => {
  for (const [height, width] of [[1, 1], [1, 7], [13, 9], [40, 24]]) {
    const { score, offset, size } = maps(height, width);
    for (const others of [[], [offset], [offset, size]]) {
      const found = await readPeaks(score, others, LEAST);
      assertEquals(found, await plain(score, others));
      if (height > 1) assert(found.some((value) => value !== 0));
    }
    tf.dispose([score, offset, size]);
  }
});

testOnBackends("readPeaks() gives all peaks of a map full of them", async () => {
  const score = tf.fill([1, 96, 100, 1], 0.5) as tf.Tensor4D;
  const found = await readPeaks(score, [], LEAST);
  assertEquals(found, new Float32Array(9600).fill(0.5));
  score.dispose();
});

testOnBackends("readPeaks() leaves no tensor and no data behind", async () => {
  const { score, offset, size } = maps(24, 16);
  await readPeaks(score, [offset, size], LEAST);
  const before = heldMemory();
  await readPeaks(score, [offset, size], LEAST);
  assertEquals(heldMemory(), before);
  tf.dispose([score, offset, size]);
});
