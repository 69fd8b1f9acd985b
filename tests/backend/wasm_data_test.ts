import { assertEquals } from "@std/assert";
import * as tf from "@tensorflow/tfjs";
import { startBackend } from "../../lib/backend/mod.ts";
import { assertClose, heldMemory, noise } from "../_backends.ts";

Deno.test("WASM joins maps along their channels, whatever their number, and splits them again", async () => {
  await startBackend("wasm");
  for (const counts of [[1, 1], [1, 2, 1], [4, 8], [3, 5, 4], [16]]) {
    const channels = counts.reduce((sum, count) => sum + count);
    tf.tidy(() => {
      const maps = counts.map((count, i) => noise<tf.Rank.R4>([2, 3, 5, count], i));
      const joined = tf.concat(maps, 3);
      assertEquals(joined.shape, [2, 3, 5, channels]);
      const expected = maps.map((map) => map.arraySync().flat(2));
      const pixels = expected[0].map((_, pixel) => expected.flatMap((map) => map[pixel]));
      assertEquals(joined.arraySync().flat(2), pixels);
      const parts = tf.split(joined, counts, -1);
      parts.forEach((part, i) => assertEquals(part.dataSync(), maps[i].dataSync()));
    });
  }
});

Deno.test("WASM still joins along other axes, empty tensors, whole numbers and flat vectors", async () => {
  await startBackend("wasm");
  tf.tidy(() => {
    const [a, b] = [tf.tensor2d([[1, 2]]), tf.tensor2d([[3, 4]])];
    assertEquals(tf.concat([a, b], 0).arraySync(), [[1, 2], [3, 4]]);
    assertEquals(tf.concat([a, tf.zeros([1, 0])], 1).arraySync(), [[1, 2]]);
    assertEquals(tf.concat([tf.tensor1d([1, 2]), tf.tensor1d([3])]).arraySync(), [1, 2, 3]);
    const whole = tf.concat([tf.tensor2d([[1]], [1, 1], "int32"), tf.ones([1, 1], "int32")], 1);
    assertEquals([whole.dtype, whole.arraySync()], ["int32", [[1, 1]]]);
    const [top, bottom] = tf.split(tf.tensor2d([[1, 2], [3, 4]]), 2, 0);
    assertEquals([top.arraySync(), bottom.arraySync()], [[[1, 2]], [[3, 4]]]);
  });
});

Deno.test("WASM sums of all pixels are the plain sums of each channel", async () => {
  await startBackend("wasm");
  for (const channels of [1, 3, 4, 8, 12, 64]) {
    tf.tidy(() => {
      const x = noise<tf.Rank.R4>([2, 9, 11, channels], 1);
      const sums = new Float64Array(channels);
      x.dataSync().forEach((value, i) => sums[i % channels] += value);
      const found = tf.sum(x, [0, 1, 2]);
      assertEquals(found.shape, [channels]);
      assertClose(found.dataSync(), sums, 1e-5);
      const kept = tf.sum(x, [2, 0, 1], true);
      assertEquals(kept.shape, [1, 1, 1, channels]);
      assertClose(kept.dataSync(), sums, 1e-5);
      assertEquals(tf.sum(x, [1, 2]).shape, [2, channels]);
    });
  }
});

Deno.test("WASM clones share their data until the last of them is gone", async () => {
  await startBackend("wasm");
  const before = heldMemory();
  const x = tf.tensor1d([1, 2, 3]);
  const clones = [tf.clone(x), tf.clone(x)];
  assertEquals(heldMemory(), { tensors: before.tensors + 3, data: before.data + 1 });
  x.dispose();
  clones[0].dispose();
  assertEquals([...clones[1].dataSync()], [1, 2, 3]);
  clones[1].dispose();
  assertEquals(heldMemory(), before);
});

/** dy at the first of the largest of each 2 × 2. */
function plainPoolGradient(x: number[][][][], dy: number[][][][]): number[][][][] {
  return x.map((image, n) =>
    image.map((row, y) =>
      row.map((pixel, column) =>
        pixel.map((_, c) => {
          const [top, left] = [y & ~1, column & ~1];
          const window = [[0, 0], [0, 1], [1, 0], [1, 1]]
            .map(([i, j]) => image[top + i]?.[left + j]?.[c]);
          if (window.includes(undefined as never)) return 0;
          const first = window.indexOf(Math.max(...window));
          const own = 2 * (y - top) + column - left;
          return first === own ? dy[n][y >> 1][column >> 1][c] : 0;
        })
      )
    )
  );
}

Deno.test("the gradient of WASM's pooling goes to the first of the largest", async () => {
  await startBackend("wasm");
  const shapes = [[1, 2, 2, 4], [2, 6, 4, 8], [1, 4, 10, 12], [3, 2, 8, 4]];
  for (const shape of shapes as [number, number, number, number][]) {
    tf.tidy(() => {
      const x = tf.round(noise<tf.Rank.R4>(shape, 1)) as tf.Tensor4D; // whole numbers: many ties
      const y = tf.maxPool(x, 2, 2, "valid");
      const dy = noise<tf.Rank.R4>(y.shape, 2);
      const dx = tf.grad((input) => tf.maxPool(input as tf.Tensor4D, 2, 2, "valid"))(x, dy);
      const expected = plainPoolGradient(x.arraySync(), dy.arraySync());
      assertEquals(dx.dataSync(), Float32Array.from(expected.flat(3)));
    });
  }
});
