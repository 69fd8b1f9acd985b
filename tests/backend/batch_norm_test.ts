import { assert, assertEquals } from "@std/assert";
import * as tf from "@tensorflow/tfjs";
import fc from "fast-check";
import { batchNormTrain } from "../../lib/backend/mod.ts";
import { momentSums, normalise, planNorm } from "../../lib/backend/webgpu/batch_norm_programs.ts";
import { random } from "../../lib/core/mod.ts";
import { assertClose, heldMemory, testOnBackends } from "../_backends.ts";

const EPSILON = 1e-3;

/** The inputs of one normalisation, row-major [rows, channels]. */
interface Inputs {
  x: Float64Array;
  gamma: Float64Array;
  beta: Float64Array;
}

/** Shapes whose channels are and are not multiples of 4; rows beyond a kernel's block of 64. */
const SHAPES: [number, number, number, number][] = [
  [1, 1, 5, 1],
  [2, 3, 2, 3],
  [2, 3, 3, 4],
  [1, 5, 3, 6],
  [1, 2, 4, 8],
  [2, 9, 8, 4],
  [1, 13, 5, 12],
];

function inputsOf(shape: number[], seed: number): Inputs {
  const stream = random(seed, ...shape);
  const normals = (length: number, mean: number, deviation: number) =>
    Float64Array.from({ length }, () => Math.fround(mean + deviation * stream.normal()));
  const channels = shape[3];
  const size = shape.reduce((product, n) => product * n, 1);
  return {
    x: normals(size, 0.7, 2),
    gamma: normals(channels, 1, 0.4),
    beta: normals(channels, 0, 0.3),
  };
}

/** Batch normalisation straight from the paper's algorithm 1, in float64. */
function normalised({ x, gamma, beta }: Inputs, relu: boolean) {
  const channels = gamma.length;
  const rows = x.length / channels;
  const mean = new Float64Array(channels);
  const variance = new Float64Array(channels);
  x.forEach((value, i) => mean[i % channels] += value / rows);
  x.forEach((value, i) => variance[i % channels] += (value - mean[i % channels]) ** 2 / rows);
  const linear = x.map((value, i) => {
    const c = i % channels;
    return gamma[c] * (value - mean[c]) / Math.sqrt(variance[c] + EPSILON) + beta[c];
  });
  return { y: relu ? linear.map((v) => Math.max(0, v)) : linear, mean, variance, linear };
}

/** ∂(Σ dy · y) / ∂(one of the inputs) by central differences of the float64 formula. */
function slopes(inputs: Inputs, part: keyof Inputs, dy: Float64Array, relu: boolean) {
  const step = 1e-6;
  const at = (values: Float64Array) => {
    const { y } = normalised({ ...inputs, [part]: values }, relu);
    return y.reduce((sum, value, i) => sum + value * dy[i], 0);
  };
  return inputs[part].map((value, i) => {
    const [up, down] = [inputs[part].with(i, value + step), inputs[part].with(i, value - step)];
    return (at(up) - at(down)) / (2 * step);
  });
}

function tensorsOf(inputs: Inputs, shape: [number, number, number, number]) {
  return [
    tf.tensor4d(Float32Array.from(inputs.x), shape),
    tf.tensor1d(Float32Array.from(inputs.gamma)),
    tf.tensor1d(Float32Array.from(inputs.beta)),
  ] as const;
}

async function read(tensors: tf.Tensor[]): Promise<Float32Array[]> {
  const values = await Promise.all(tensors.map((tensor) => tensor.data<"float32">()));
  tf.dispose(tensors);
  return values;
}

testOnBackends("batchNormTrain gives the formula's output and statistics", async () => {
  for (const shape of SHAPES) {
    for (const relu of [false, true]) {
      const inputs = inputsOf(shape, 1);
      const expected = normalised(inputs, relu);
      const result = tf.tidy(() => ({
        ...batchNormTrain(...tensorsOf(inputs, shape), { epsilon: EPSILON, relu }),
      }));
      assertEquals(result.y.shape, shape);
      assertEquals(result.mean.shape, [shape[3]]);
      const [y, mean, variance] = await read([result.y, result.mean, result.variance]);
      const what = `of [${shape}]${relu ? " with ReLU" : ""}`;
      assertClose(y, expected.y, 1e-5, `y ${what}`);
      assertClose(mean, expected.mean, 1e-5, `mean ${what}`);
      assertClose(variance, expected.variance, 1e-5, `variance ${what}`);
    }
  }
});

testOnBackends("batchNormTrain has the slopes of the formula in x, gamma and beta", async () => {
  for (const shape of SHAPES) {
    for (const relu of [false, true]) {
      const inputs = inputsOf(shape, 2);
      const { linear } = normalised(inputs, relu);
      assert(linear.every((value) => Math.abs(value) > 1e-4), "no value at the kink of ReLU");
      const stream = random(3, ...shape);
      const dy = linear.map(() => Math.fround(stream.normal()));
      const gradients = tf.tidy(() => {
        const run = (...[x, gamma, beta]: tf.Tensor[]) =>
          batchNormTrain(x as tf.Tensor4D, gamma as tf.Tensor1D, beta as tf.Tensor1D, {
            epsilon: EPSILON,
            relu,
          }).y;
        return tf.grads(run)(
          [...tensorsOf(inputs, shape)],
          tf.tensor4d(Float32Array.from(dy), shape),
        );
      });
      const found = await read(gradients);
      (["x", "gamma", "beta"] as const).forEach((part, i) => {
        const what = `slope in ${part} of [${shape}]${relu ? " with ReLU" : ""}`;
        assertClose(found[i], slopes(inputs, part, dy, relu), 2e-5, what);
      });
    }
  }
});

testOnBackends("batchNormTrain keeps a channel without spread finite", async () => {
  const [y, variance] = await read(tf.tidy(() => {
    const x = tf.fill([1, 4, 4, 4], 3) as tf.Tensor4D;
    const result = batchNormTrain(x, tf.ones([4]), tf.fill([4], 0.5), {
      epsilon: 1e-5,
      relu: false,
    });
    return [result.y, result.variance];
  }));
  assertClose(y, new Float32Array(64).fill(0.5), 1e-6);
  assertEquals(variance, new Float32Array(4));
});

testOnBackends("the variance of values far from zero does not cancel", async () => {
  const stream = random(7);
  const values = Float32Array.from({ length: 40 * 30 * 8 }, () => 1000 + stream.normal());
  const { variance } = normalised({
    x: Float64Array.from(values),
    gamma: new Float64Array(8).fill(1),
    beta: new Float64Array(8),
  }, false);
  const [found] = await read(tf.tidy(() => {
    const x = tf.tensor4d(values, [1, 40, 30, 8]);
    return [
      batchNormTrain(x, tf.ones([8]), tf.zeros([8]), { epsilon: EPSILON, relu: false })
        .variance,
    ];
  }));
  assertClose(found, variance, 1e-4);
});

testOnBackends("the statistics of very many values are as exact as those of few", async () => {
  const shape: [number, number, number, number] = [2, 300, 250, 8];
  const stream = random(8);
  const x = Float64Array.from({ length: 1_200_000 }, () => Math.fround(3 + stream.normal()));
  const inputs = { x, gamma: new Float64Array(8).fill(1), beta: new Float64Array(8) };
  const expected = normalised(inputs, false);
  const [mean, variance] = await read(tf.tidy(() => {
    const result = batchNormTrain(...tensorsOf(inputs, shape), { epsilon: EPSILON, relu: false });
    return [result.mean, result.variance];
  }));
  assertClose(mean, expected.mean, 1e-7, "mean");
  assertClose(variance, expected.variance, 1e-7, "variance");
}, ["wasm"]);

Deno.test("planNorm() keeps its dispatches within what every GPU allows", () => {
  fc.assert(fc.property(
    fc.integer({ min: 1, max: 2 ** 26 }),
    fc.integer({ min: 1, max: 512 }),
    (rows, quarter) => {
      const plan = planNorm(rows, 4 * quarter);
      for (const { dispatch } of [momentSums(plan), normalise(plan, [rows, 4 * quarter], true)]) {
        assert(dispatch.every((count) => count >= 1 && count <= 65535));
      }
      assert(plan.parts >= 1 && plan.parts <= rows && plan.strips >= 1 && plan.strips <= rows);
    },
  ));
});

testOnBackends("batchNormTrain gives the same bits on every run", async () => {
  const run = () =>
    read(tf.tidy(() => {
      const shape: [number, number, number, number] = [2, 33, 29, 16];
      const [x, gamma, beta] = tensorsOf(inputsOf(shape, 6), shape);
      const options = { epsilon: EPSILON, relu: true };
      const { y, mean, variance } = batchNormTrain(x, gamma, beta, options);
      const gradients = tf.grads((a, b, c) =>
        batchNormTrain(a as tf.Tensor4D, b as tf.Tensor1D, c as tf.Tensor1D, options).y
      )([x, gamma, beta]);
      return [y, mean, variance, ...gradients];
    }));
  const first = await run();
  for (let i = 0; i < 3; i++) assertEquals(await run(), first);
});

testOnBackends("batchNormTrain leaves no tensor and no data behind", async () => {
  const step = async () => {
    const shape: [number, number, number, number] = [1, 4, 4, 8];
    const inputs = inputsOf(shape, 5);
    await read(tf.tidy(() => {
      const [x, gamma, beta] = tensorsOf(inputs, shape);
      const options = { epsilon: EPSILON, relu: true };
      return tf.grads((a, b) =>
        batchNormTrain(a as tf.Tensor4D, b as tf.Tensor1D, beta, options).y
      )([x, gamma]);
    }));
  };
  await step();
  const before = heldMemory();
  await step();
  assertEquals(heldMemory(), before);
});
