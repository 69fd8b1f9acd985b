import { assertEquals, assertThrows } from "@std/assert";
import * as tf from "@tensorflow/tfjs";
import { startBackend } from "../../lib/backend/mod.ts";
import { assertClose, heldMemory, noise } from "../_backends.ts";

type Pad = "same" | "valid" | number | tf.backend_util.ExplicitPadding;

/** One convolution: input, output channels, filter size, stride, padding. */
interface Conv {
  x: [number, number, number, number];
  outChannels: number;
  filter: [number, number];
  stride: number;
  pad: Pad;
}

const SIZES = [[7, 7], [8, 11], [13, 7], [9, 8]];

/** Every seventh of the combinations, which visits every value of every part. */
function sampledConvs(): Conv[] {
  const convs: Conv[] = [];
  for (const cin of [1, 3, 5, 8, 12, 16]) {
    for (const outChannels of [1, 2, 3, 8, 16, 24]) {
      for (const kernel of [1, 3, 5, 7]) {
        for (const stride of [1, 2]) {
          for (const pad of ["same", "valid", kernel >> 1] as Pad[]) {
            const [height, width] = SIZES[convs.length % SIZES.length];
            const batch = 1 + convs.length % 2;
            convs.push({
              x: [batch, height, width, cin],
              outChannels,
              filter: [kernel, kernel],
              stride,
              pad,
            });
          }
        }
      }
    }
  }
  return convs.filter((_, i) => i % 7 === 0);
}

const UNUSUAL: Conv[] = [
  { x: [1, 1, 1, 8], outChannels: 8, filter: [3, 3], stride: 1, pad: "same" },
  { x: [2, 3, 2, 8], outChannels: 8, filter: [7, 7], stride: 1, pad: 3 },
  { x: [1, 8, 7, 8], outChannels: 8, filter: [2, 5], stride: 1, pad: "same" },
  { x: [3, 6, 9, 8], outChannels: 8, filter: [3, 3], stride: 3, pad: 1 },
  { x: [1, 5, 6, 8], outChannels: 8, filter: [1, 1], stride: 1, pad: 1 },
  { x: [1, 6, 7, 16], outChannels: 8, filter: [3, 3], stride: 1, pad: 3 },
  { x: [2, 7, 8, 8], outChannels: 8, filter: [3, 3], stride: 2, pad: pads(2, 0, 2, 0) },
  { x: [2, 9, 8, 8], outChannels: 16, filter: [5, 3], stride: 2, pad: pads(0, 3, 1, 2) },
  { x: [1, 40, 37, 3], outChannels: 8, filter: [3, 3], stride: 2, pad: "same" },
];

function pads(top: number, bottom: number, left: number, right: number): Pad {
  return [[0, 0], [top, bottom], [left, right], [0, 0]];
}

function convolve(x: tf.Tensor, filter: tf.Tensor, { stride, pad }: Conv): tf.Tensor4D {
  const rounding = typeof pad === "string" ? undefined : "floor";
  return tf.conv2d(x as tf.Tensor4D, filter as tf.Tensor4D, stride, pad, "NHWC", 1, rounding);
}

/** Output, fused output and both gradients of a convolution of seeded noise. */
function resultsOf(conv: Conv): Record<string, Float32Array> {
  return tf.tidy(() => {
    const x = noise<tf.Rank.R4>(conv.x, 1);
    const filter = noise<tf.Rank.R4>([...conv.filter, conv.x[3], conv.outChannels], 2);
    const bias = noise<tf.Rank.R1>([conv.outChannels], 3);
    const y = convolve(x, filter, conv);
    const dy = noise(y.shape, 4);
    const rounding = typeof conv.pad === "string" ? {} : { dimRoundingMode: "floor" as const };
    const common = { x, filter, strides: conv.stride, pad: conv.pad, bias, ...rounding };
    const relu = tf.fused.conv2d({ ...common, activation: "relu" });
    const linear = tf.fused.conv2d(common);
    const [dx, dFilter] = tf.grads((a, b) => convolve(a, b, conv))([x, filter], dy);
    const tensors = Object.entries({ y, relu, linear, dx, dFilter });
    return Object.fromEntries(tensors.map(([name, t]) => [name, t.dataSync<"float32">()]));
  });
}

async function assertEqualToCpu(convs: Conv[]): Promise<void> {
  await startBackend("cpu");
  const expected = convs.map(resultsOf);
  await startBackend("wasm");
  convs.forEach((conv, i) => {
    const found = resultsOf(conv);
    for (const [name, values] of Object.entries(expected[i])) {
      assertClose(found[name], values, 1e-5, `${name} of ${JSON.stringify(conv)}`);
    }
  });
}

Deno.test("WASM convolutions and their gradients are the CPU backend's, on many shapes", async () => {
  await assertEqualToCpu(sampledConvs());
});

Deno.test("WASM convolutions are the CPU's where the padding or the stride is unusual", async () => {
  await assertEqualToCpu(UNUSUAL);
});

Deno.test("dilations, unequal strides and other activations stay with the stock kernels", async () => {
  const results = () =>
    tf.tidy(() => {
      const x = noise<tf.Rank.R4>([2, 9, 10, 8], 1);
      const filter = noise<tf.Rank.R4>([3, 3, 8, 16], 2);
      const bias = noise<tf.Rank.R1>([16], 3);
      const fused = { x, filter, bias, strides: 1, pad: "same" as const };
      return [
        tf.conv2d(x, filter, 1, "same", "NHWC", 2),
        tf.conv2d(x, filter, [2, 1], "same"),
        tf.grad((input) => tf.conv2d(input as tf.Tensor4D, filter, [1, 2], "same"))(x),
        tf.fused.conv2d({ ...fused, activation: "relu6" }),
        tf.fused.conv2d({ ...fused, activation: "sigmoid" }),
        tf.fused.conv2d({ ...fused, activation: "prelu", preluActivationWeights: bias }),
      ].map((tensor) => tensor.dataSync<"float32">());
    });
  await startBackend("cpu");
  const expected = results();
  await startBackend("wasm");
  results().forEach((values, i) => assertClose(values, expected[i], 1e-5, `result ${i}`));
});

Deno.test("a WASM filter gradient with unequal strides is refused, not wrong", async () => {
  await startBackend("wasm");
  tf.tidy(() => {
    const x = noise<tf.Rank.R4>([1, 6, 6, 8], 1);
    const filter = noise<tf.Rank.R4>([3, 3, 8, 8], 2);
    const gradient = tf.grad((f) => tf.conv2d(x, f as tf.Tensor4D, [2, 1], "same"));
    assertThrows(() => gradient(filter), Error, "equal strides");
  });
});

Deno.test("WASM convolutions give the same bits on every run", async () => {
  await startBackend("wasm");
  for (const conv of [...UNUSUAL, ...sampledConvs().slice(0, 20)]) {
    assertEquals(resultsOf(conv), resultsOf(conv));
  }
});

Deno.test("WASM convolutions leave no tensor and no heap memory behind", async () => {
  await startBackend("wasm");
  const convs = [...UNUSUAL, ...sampledConvs().slice(-20)];
  convs.slice(0, 3).forEach(resultsOf);
  const before = heldMemory();
  convs.forEach(resultsOf);
  assertEquals(heldMemory(), before);
});

Deno.test("starting WASM again keeps its kernels working", async () => {
  await startBackend("wasm");
  const before = resultsOf(UNUSUAL[1]);
  await startBackend("cpu");
  await startBackend("wasm");
  assertEquals(resultsOf(UNUSUAL[1]), before);
});
