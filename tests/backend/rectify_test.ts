import { assertEquals } from "@std/assert";
import * as tf from "@tensorflow/tfjs";
import { rectify } from "../../lib/backend/mod.ts";
import { heldMemory, noise, testOnBackends } from "../_backends.ts";

testOnBackends(
  "rectify() is the larger of 0 and x, and lets the gradient through where it is x",
  async () => {
    for (
      const shape of [[1, 1, 1, 3], [2, 3, 5, 4], [1, 7, 9, 12]] as [
        number,
        number,
        number,
        number,
      ][]
    ) {
      const [x, dy] = [noise<tf.Rank.R4>(shape, 1), noise<tf.Rank.R4>(shape, 2)];
      const [y, dx] = tf.tidy(() => [
        rectify(x),
        tf.grad((input) => rectify(input as tf.Tensor4D))(x, dy),
      ]);
      const [input, slope] = [await x.data(), await dy.data()];
      assertEquals(await y.data(), input.map((value) => Math.max(0, value)));
      assertEquals(await dx.data(), slope.map((value, i) => input[i] > 0 ? value : 0));
      tf.dispose([x, dy, y, dx]);
    }
  },
);

testOnBackends("rectify() leaves no tensor behind", () => {
  const step = () =>
    tf.tidy(() => void tf.grad((x) => rectify(x as tf.Tensor4D))(tf.ones([1, 2, 2, 4])));
  step();
  const before = heldMemory();
  step();
  assertEquals(heldMemory(), before);
});
