import { assertEquals } from "@std/assert";
import * as tf from "@tensorflow/tfjs";
import { startBackend } from "../../lib/backend/mod.ts";
import { assertClose, heldMemory, noise } from "../_backends.ts";
import { plainConvolution, type PlainShape } from "./_plain_convolution.ts";

const CHANNELS = [1, 2, 3, 4, 8, 12, 64];

/** Kernel × kernel, padded by `pad` on every side. */
function square(
  [n, h, w]: [number, number, number],
  [cin, cout]: [number, number],
  { kernel = 3, stride = 1, pad = 1 } = {},
): PlainShape {
  const out = (size: number) => Math.floor((size + 2 * pad - kernel) / stride) + 1;
  return {
    x: [n, h, w, cin],
    filter: [kernel, kernel, cin, cout],
    y: [n, out(h), out(w), cout],
    stride,
    top: pad,
    left: pad,
  };
}

/** Images of which, where they are sparse, about two pixels of a hundred are not 0. */
function drawn(shape: PlainShape["x"], seed: number, isSparse: boolean): tf.Tensor4D {
  const values = noise<tf.Rank.R4>(shape, seed);
  if (!isSparse) return values;
  const spots = noise<tf.Rank.R4>([...shape.slice(0, 3), 1] as PlainShape["x"], seed + 10);
  return tf.mul(values, tf.greater(spots, 2));
}

/** Asserts that output, fused output and both gradients are the plain sums. */
async function assertPlain(shape: PlainShape, isSparse = false): Promise<void> {
  await startBackend("wasm");
  const { x: xShape, filter: filterShape, y: yShape, stride, top, left } = shape;
  const found = tf.tidy(() => {
    const x = drawn(xShape, 1, isSparse);
    const filter = noise<tf.Rank.R4>(filterShape, 2);
    const bias = noise<tf.Rank.R1>([yShape[3]], 3);
    const dy = drawn(yShape, 4, isSparse);
    const pad = explicitPad(shape);
    const convolve = (a: tf.Tensor, b: tf.Tensor) =>
      tf.conv2d(a as tf.Tensor4D, b as tf.Tensor4D, stride, pad, "NHWC", 1, "floor");
    const y = convolve(x, filter);
    const common = { x, filter, strides: stride, pad, bias, dimRoundingMode: "floor" as const };
    const relu = tf.fused.conv2d({ ...common, activation: "relu" });
    const [dx, dFilter] = tf.grads(convolve)([x, filter], dy);
    const read = (tensor: tf.Tensor) => tensor.dataSync<"float32">();
    assertEquals(y.shape, yShape);
    return {
      ...{ x: read(x), filter: read(filter), dy: read(dy), bias: read(bias) },
      ...{ y: read(y), relu: read(relu), dx: read(dx), dFilter: read(dFilter) },
    };
  });
  const plain = plainConvolution(shape, found);
  const rectified = plain.y.map((value, i) => Math.max(0, value + found.bias[i % yShape[3]]));
  const what = `of ${JSON.stringify({ xShape, filterShape, stride, top, left })}`;
  assertClose(found.y, plain.y, 1e-5, `y ${what}`);
  assertClose(found.relu, rectified, 1e-5, `fused y ${what}`);
  assertClose(found.dx, plain.dx, 1e-5, `dx ${what}`);
  assertClose(found.dFilter, plain.dFilter, 1e-5, `dFilter ${what}`);
}

/** The padding that leads from the input's to the output's size. */
function explicitPad(
  { x, filter, y, stride, top, left }: PlainShape,
): tf.backend_util.ExplicitPadding {
  const after = (axis: 1 | 2, before: number) =>
    Math.max(0, (y[axis] - 1) * stride + filter[axis - 1] - x[axis] - before);
  return [[0, 0], [top, after(1, top)], [left, after(2, left)], [0, 0]];
}

Deno.test("WASM convolutions are the plain sums for every number of channels", async () => {
  for (const cin of CHANNELS) {
    for (const cout of CHANNELS) await assertPlain(square([1, 5, 7], [cin, cout]));
  }
});

Deno.test("WASM convolutions are the plain sums on images of a pixel or a few", async () => {
  for (const [h, w] of [[1, 1], [1, 2], [2, 1], [3, 6], [4, 5]]) {
    for (const kernel of [1, 3, 7]) {
      for (const stride of [1, 2, 3]) {
        await assertPlain(square([2, h, w], [8, 8], { kernel, stride, pad: kernel >> 1 }));
        await assertPlain(square([1, h, w], [3, 2], { kernel, stride, pad: kernel >> 1 }));
      }
    }
  }
});

Deno.test("WASM convolutions by Winograd's algorithm are the plain sums, on odd sizes too", async () => {
  for (const [h, w] of [[24, 32], [25, 33], [30, 29], [27, 31]]) {
    for (const channels of [[16, 24], [24, 16], [8, 48]] as [number, number][]) {
      await assertPlain(square([1 + h % 2, h, w], channels));
    }
  }
  await assertPlain(square([1, 28, 30], [64, 64]));
});

Deno.test("WASM convolutions by Winograd's algorithm take the tiles of small images together", async () => {
  await assertPlain(square([4, 8, 8], [32, 40])); // 16 tiles, less than are taken at a time
  await assertPlain(square([4, 16, 16], [16, 16])); // 64, with an end in the midst of an image
  await assertPlain(square([7, 9, 11], [16, 24])); // 63, 9 an image, of which most overlap its border
  await assertPlain(square([48, 3, 2], [32, 40])); // one an image
});

Deno.test("WASM convolutions by Winograd's algorithm leave out what is 0, and nothing else", async () => {
  for (const [h, w] of [[32, 40], [33, 38], [35, 41]]) {
    for (const pad of [0, 1, 2]) await assertPlain(square([2, h, w], [8, 32], { pad }), true);
  }
});

Deno.test("WASM convolutions by Winograd's algorithm may be padded at will", async () => {
  for (const pad of [0, 2, 3, 5]) await assertPlain(square([2, 31, 34], [16, 16], { pad }));
  const uneven = { ...square([2, 30, 35], [16, 16]), top: 0, left: 2 };
  await assertPlain({ ...uneven, y: [2, 31, 36, 16] });
});

Deno.test("WASM convolutions of the network's other kinds are the plain sums at size", async () => {
  await assertPlain(square([1, 41, 45], [1, 8], { kernel: 7, pad: 3 }));
  await assertPlain(square([1, 40, 46], [8, 16], { stride: 2 }));
  await assertPlain(square([2, 33, 31], [24, 16], { kernel: 1, pad: 0 }));
  await assertPlain(square([1, 33, 31], [64, 1], { kernel: 1, pad: 0 }));
  await assertPlain(square([2, 33, 31], [10, 16]));
  await assertPlain(square([2, 33, 31], [16, 12]));
});

Deno.test("WASM convolutions by Winograd's algorithm give the same bits and leave no memory", async () => {
  await startBackend("wasm");
  const run = () =>
    tf.tidy(() => {
      const [x, filter] = [noise([3, 30, 33, 8], 1), noise([3, 3, 8, 16], 2)];
      const convolve = (a: tf.Tensor, b: tf.Tensor) =>
        tf.conv2d(a as tf.Tensor4D, b as tf.Tensor4D, 1, "same");
      const [dx, dFilter] = tf.grads(convolve)([x, filter]);
      return [convolve(x, filter), dx, dFilter].map((t) => t.dataSync<"float32">());
    });
  const first = run();
  const before = heldMemory();
  assertEquals(run(), first);
  assertEquals(heldMemory(), before);
});
