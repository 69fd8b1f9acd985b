import { assert, assertEquals } from "@std/assert";
import * as tf from "@tensorflow/tfjs";
import type { WebGPUBackend } from "@tensorflow/tfjs-backend-webgpu";
import fc from "fast-check";
import { noise } from "../_backends.ts";
import { hasWebgpu, registerWebgpuKernels } from "../../lib/backend/webgpu/mod.ts";
import {
  convolutionProgram,
  convolutionUniforms,
  planConvolution,
} from "../../lib/backend/webgpu/convolution_program.ts";
import {
  filterGradientProgram,
  planFilterGradient,
} from "../../lib/backend/webgpu/filter_gradient_program.ts";
import {
  inputGradientProgram,
  inputGradientUniforms,
  planInputGradient,
} from "../../lib/backend/webgpu/input_gradient_program.ts";

const ignore = !(await hasWebgpu());

type Padding = "same" | "valid" | number | [
  [number, number],
  [number, number],
  [number, number],
  [number, number],
];

/** One convolution: input, output channels, filter size, stride, padding. */
interface Conv {
  x: [number, number, number, number];
  outChannels: number;
  filter: [number, number];
  stride: number;
  pad: Padding;
}

const CONVS: Conv[] = [
  { x: [1, 33, 20, 1], outChannels: 16, filter: [7, 7], stride: 1, pad: "same" },
  { x: [1, 16, 16, 8], outChannels: 8, filter: [3, 3], stride: 1, pad: "same" },
  { x: [2, 17, 13, 16], outChannels: 16, filter: [3, 3], stride: 2, pad: "same" },
  { x: [2, 16, 16, 8], outChannels: 64, filter: [3, 3], stride: 2, pad: "same" },
  { x: [2, 20, 20, 12], outChannels: 6, filter: [3, 3], stride: 1, pad: "valid" },
  { x: [1, 20, 20, 3], outChannels: 6, filter: [3, 3], stride: 2, pad: "same" },
  { x: [2, 9, 9, 64], outChannels: 1, filter: [1, 1], stride: 1, pad: "same" },
  { x: [1, 8, 8, 64], outChannels: 32, filter: [1, 1], stride: 2, pad: "same" },
  { x: [1, 3, 3, 8], outChannels: 8, filter: [7, 7], stride: 1, pad: "same" },
  { x: [1, 12, 15, 4], outChannels: 8, filter: [2, 5], stride: 1, pad: "same" },
  { x: [2, 15, 12, 8], outChannels: 12, filter: [3, 3], stride: 3, pad: 1 },
  {
    x: [2, 16, 16, 4],
    outChannels: 2,
    filter: [5, 5],
    stride: 2,
    pad: [[0, 0], [1, 2], [2, 0], [0, 0]],
  },
  // 64 parts: the sum over the parts takes two passes.
  { x: [2, 96, 96, 4], outChannels: 4, filter: [3, 3], stride: 1, pad: "same" },
];

Deno.test({
  name: "registerWebgpuKernels() gives the convolutions and gradients of the CPU backend",
  ignore,
  fn: async (t) => {
    registerWebgpuKernels();
    for (const conv of CONVS) {
      await t.step(JSON.stringify(conv), () => assertSameResults(conv));
    }
  },
});

Deno.test({
  name: "registerWebgpuKernels() gives the CPU results for any shape",
  ignore,
  fn: async () => {
    registerWebgpuKernels();
    const size = fc.integer({ min: 1, max: 11 });
    const conv = fc.record({
      x: fc.tuple(fc.integer({ min: 1, max: 2 }), size, size, size),
      outChannels: fc.integer({ min: 1, max: 9 }),
      filter: fc.tuple(fc.integer({ min: 1, max: 5 }), fc.integer({ min: 1, max: 5 })),
      stride: fc.integer({ min: 1, max: 3 }),
      pad: fc.constant<Padding>("same"),
    });
    await fc.assert(fc.asyncProperty(conv, assertSameResults), { numRuns: 12, seed: 1 });
  },
});

Deno.test({
  name: "registerWebgpuKernels() leaves NCHW convolutions to the stock kernels",
  ignore,
  fn: async () => {
    registerWebgpuKernels();
    const conv: Conv = {
      x: [1, 8, 9, 8],
      outChannels: 8,
      filter: [3, 3],
      stride: 1,
      pad: "same",
    };
    const expected = await results("cpu", conv);
    const found = await results("webgpu", conv, "NCHW");
    found.forEach((values, i) => assertClose(values, expected[i]));
  },
});

Deno.test({
  name: "a convolution with fused bias and activation is the CPU backend's",
  ignore,
  fn: async () => {
    registerWebgpuKernels();
    for (const activation of ["relu", "linear", "elu"] as const) {
      for (const conv of CONVS.slice(1, 4)) {
        const expected = await fused("cpu", conv, activation);
        assertClose(await fused("webgpu", conv, activation), expected);
      }
    }
  },
});

Deno.test({
  name: "the large tiles of large images give the CPU backend's results, too",
  ignore,
  fn: async () => {
    for (const stride of [1, 2]) {
      const conv: Conv = { x: [2, 9, 19, 8], outChannels: 16, filter: [3, 3], stride, pad: 1 };
      const [y, dx] = await results("cpu", conv);
      const backend = await webgpu();
      const [x, filter, dy] = seeded(conv);
      const sizes = tf.backend_util.computeConv2DInfo(conv.x, filter.shape, stride, 1, 1, "floor");
      for (const [positions, channels] of [[8, 4], [8, 8]] as const) {
        const forward = { ...planConvolution(sizes), positions, channels };
        const backward = { ...planInputGradient(sizes), positions, channels };
        const found = [
          backend.runWebGPUProgram(
            convolutionProgram(sizes, forward),
            [x, filter],
            "float32",
            convolutionUniforms(sizes),
          ),
          backend.runWebGPUProgram(
            inputGradientProgram(sizes, backward),
            [dy, filter.transpose([0, 1, 3, 2])],
            "float32",
            inputGradientUniforms(sizes, backward),
          ),
        ];
        for (const [i, expected] of [y, dx].entries()) {
          assertClose(await backend.read(found[i].dataId) as Float32Array, expected);
          backend.disposeData(found[i].dataId);
        }
      }
      tf.dispose([x, filter, dy]);
    }
  },
});

Deno.test({
  name: "registerWebgpuKernels() changes nothing when called again",
  ignore,
  fn: () => {
    registerWebgpuKernels();
    const first = tf.getKernel("Conv2DBackpropFilter", "webgpu").kernelFunc;
    registerWebgpuKernels();
    assertEquals(tf.getKernel("Conv2DBackpropFilter", "webgpu").kernelFunc, first);
  },
});

Deno.test({
  name: "convolutions and gradients are the same bits on every run",
  ignore,
  fn: async () => {
    registerWebgpuKernels();
    const conv: Conv = {
      x: [2, 64, 64, 8],
      outChannels: 8,
      filter: [3, 3],
      stride: 1,
      pad: "same",
    };
    const first = await results("webgpu", conv);
    for (let run = 0; run < 3; run++) assertEquals(await results("webgpu", conv), first);
  },
});

Deno.test({
  name: "convolutions and gradients leave no tensor and no GPU memory behind",
  ignore,
  fn: async () => {
    registerWebgpuKernels();
    const conv = CONVS.at(-1)!;
    await results("webgpu", conv);
    const before = memory();
    await results("webgpu", conv);
    assertEquals(memory(), before);
  },
});

Deno.test("planFilterGradient() cuts the output rows into parts that fit the scratch memory", () => {
  const size = fc.integer({ min: 1, max: 512 });
  const side = fc.integer({ min: 1, max: 9 });
  fc.assert(fc.property(
    fc.record({
      batchSize: fc.integer({ min: 1, max: 16 }),
      inHeight: size,
      inWidth: size,
      inChannels: size,
      outHeight: size,
      outWidth: size,
      outChannels: size,
      filterHeight: side,
      filterWidth: side,
      strideHeight: fc.integer({ min: 1, max: 4 }),
      strideWidth: fc.integer({ min: 1, max: 4 }),
      padInfo: fc.record({ top: side, left: side }),
    }),
    (sizes) => {
      const plan = planFilterGradient(sizes);
      const rows = sizes.batchSize * sizes.outHeight;
      assert(plan.chunks * plan.rowsPerChunk >= rows);
      assert((plan.chunks - 1) * plan.rowsPerChunk < rows);
      assert(plan.taps * plan.channels * plan.columns <= 96);
      assertEquals(sizes.inChannels % plan.channels, 0);
      const { outputShape, dispatch } = filterGradientProgram(sizes, plan);
      const bytes = 4 * outputShape.reduce((product, length) => product * length);
      assert(plan.chunks === 1 || bytes <= 64 * 2 ** 20);
      assert(dispatch.every((count) => count >= 1 && count <= 65535));
    },
  ));
});

async function assertSameResults(conv: Conv): Promise<void> {
  const expected = await results("cpu", conv);
  const found = await results("webgpu", conv);
  found.forEach((values, i) => assertClose(values, expected[i]));
}

/** The WebGPU backend, running. */
async function webgpu(): Promise<WebGPUBackend> {
  assert(await tf.setBackend("webgpu"));
  assertEquals(tf.getBackend(), "webgpu");
  return tf.backend() as WebGPUBackend;
}

/** A convolution of seeded noise (as NHWC) and its gradients with respect to x and filter. */
async function results(
  backend: string,
  conv: Conv,
  format: "NHWC" | "NCHW" = "NHWC",
): Promise<Float32Array[]> {
  assert(await tf.setBackend(backend));
  const device = backend === "webgpu" ? (await webgpu()).device : undefined;
  device?.pushErrorScope("validation");
  const tensors = tf.tidy(() => {
    const [x, filter, dy] = seeded(conv);
    const gradients = tf.grads((x, filter) => convolve(x, filter, conv, format))([x, filter], dy);
    return [convolve(x, filter, conv, format), ...gradients];
  });
  const values = await Promise.all(tensors.map((tensor) => tensor.data<"float32">()));
  tf.dispose(tensors);
  assertEquals((await device?.popErrorScope())?.message, undefined);
  return values;
}

/** Input, filter and gradient of the output. */
function seeded(conv: Conv): [tf.Tensor4D, tf.Tensor4D, tf.Tensor4D] {
  const x = noise<tf.Rank.R4>(conv.x, 1);
  const filter = noise<tf.Rank.R4>([...conv.filter, conv.x[3], conv.outChannels], 2);
  return [x, filter, noise<tf.Rank.R4>(convolve(x, filter, conv).shape, 3)];
}

function convolve(
  x: tf.Tensor,
  filter: tf.Tensor,
  { stride, pad }: Conv,
  format: "NHWC" | "NCHW" = "NHWC",
): tf.Tensor4D {
  const rounding = typeof pad === "string" ? undefined : "floor";
  const input = (format === "NHWC" ? x : x.transpose([0, 3, 1, 2])) as tf.Tensor4D;
  const y = tf.conv2d(input, filter as tf.Tensor4D, stride, pad, format, 1, rounding);
  return format === "NHWC" ? y : y.transpose<tf.Tensor4D>([0, 2, 3, 1]);
}

async function fused(
  backend: string,
  conv: Conv,
  activation: "relu" | "linear" | "elu",
): Promise<Float32Array> {
  assert(await tf.setBackend(backend));
  const y = tf.tidy(() => {
    const [x, filter] = seeded(conv);
    const bias = noise<tf.Rank.R1>([conv.outChannels], 4);
    return tf.fused.conv2d({ x, filter, bias, strides: conv.stride, pad: "same", activation });
  });
  const values = await y.data<"float32">();
  y.dispose();
  return values;
}

/** Asserts that the largest difference is at most 1e-5 of the largest value. */
function assertClose(found: Float32Array, expected: Float32Array): void {
  assertEquals(found.length, expected.length);
  const difference = largest(found.map((value, i) => value - expected[i]));
  assert(difference <= 1e-5 * largest(expected), `differs by ${difference}`);
}

function largest(values: Float32Array): number {
  return values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
}

function memory(): { tensors: number; buffers: number; bytes: number } {
  const { numTensors, numDataBuffers } = tf.memory();
  const { numBytesInGPU } = tf.memory() as unknown as { numBytesInGPU: number };
  return { tensors: numTensors, buffers: numDataBuffers, bytes: numBytesInGPU };
}
