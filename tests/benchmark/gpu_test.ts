import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import * as tf from "@tensorflow/tfjs";
import type { WebGPUBackend } from "@tensorflow/tfjs-backend-webgpu";
import { startBackend } from "../../lib/backend/mod.ts";
import { type Check, onDevice, relativeDifference } from "../../lib/benchmark/gpu/check.ts";
import { checkConvolution } from "../../lib/benchmark/gpu/check_convolutions.ts";
import { checkNorm, mapsOf } from "../../lib/benchmark/gpu/check_norms.ts";
import { checkPeaks } from "../../lib/benchmark/gpu/check_peaks.ts";
import { checkPicks } from "../../lib/benchmark/gpu/check_picks.ts";
import { checkStep } from "../../lib/benchmark/gpu/check_step.ts";
import {
  plainFilterGradient,
  plainInputGradient,
  plainOutput,
} from "../../lib/benchmark/gpu/plain_convolution.ts";
import { countTransfers } from "../../lib/benchmark/gpu/transfers.ts";
import { writeMicrographs } from "../../lib/benchmark/micrographs.ts";
import {
  addFinding,
  type Convolution,
  convolutionsOf,
  emptyGpuReport,
  type Finding,
  GPU_PARTS,
  gpuSettings,
  gpuTable,
} from "../../lib/benchmark/mod.ts";
import { noise } from "../../lib/benchmark/noise.ts";
import { SHIPPED_MODEL } from "../../lib/picking/mod.ts";
import { assertClose, BACKENDS, testOnBackends } from "../_backends.ts";

const TINY = { width: 0.125, headWidth: 8, size: true };

const SIZES: Convolution[] = [
  { batch: 2, height: 9, width: 7, inChannels: 4, outChannels: 8, kernel: 3, stride: 1 },
  { batch: 1, height: 10, width: 6, inChannels: 8, outChannels: 4, kernel: 3, stride: 2 },
  { batch: 1, height: 5, width: 8, inChannels: 4, outChannels: 4, kernel: 1, stride: 1 },
  { batch: 1, height: 12, width: 9, inChannels: 1, outChannels: 8, kernel: 7, stride: 1 },
];

function assertPassed(checks: Check[]): void {
  assertEquals(checks.filter(({ passed }) => !passed), []);
}

Deno.test("the plain sums are those of TensorFlow.js' plain CPU backend, in every place", async () => {
  await startBackend("cpu");
  for (const sizes of SIZES) {
    const { batch, height, width, inChannels, outChannels, kernel, stride } = sizes;
    const x = tf.tensor4d(noise(batch * height * width * inChannels), [
      ...[batch, height, width, inChannels] as const,
    ]);
    const filter = tf.randomNormal<tf.Rank.R4>(
      [kernel, kernel, inChannels, outChannels],
      ...[0, 1, "float32", 1] as const,
    );
    const run = (a: tf.Tensor, b: tf.Tensor) =>
      tf.conv2d(a as tf.Tensor4D, b as tf.Tensor4D, stride, kernel >> 1);
    const y = run(x, filter);
    const dy = tf.randomNormal<tf.Rank.R4>(y.shape, 0, 1, "float32", 2);
    const [dx, dw] = tf.grads(run)([x, filter], dy);
    const data = (tensor: tf.Tensor) => tensor.dataSync<"float32">();
    const arrays = { x: data(x), filter: data(filter), dy: data(dy) };
    for (
      const [found, plain] of [
        [y, plainOutput],
        [dx, plainInputGradient],
        [dw, plainFilterGradient],
      ] as const
    ) {
      const expected = cellsOf(found.shape).map((cell) => plain(sizes, arrays, cell).value);
      assertClose(data(found), expected, 1e-5, plain.name);
    }
    tf.dispose([x, filter, y, dy, dx, dw]);
  }
});

/** All cells of a shape, row-major. */
function cellsOf(shape: number[]): [number, number, number, number][] {
  return shape.reduce<number[][]>(
    (cells, length) => cells.flatMap((cell) => Array.from({ length }, (_, i) => [...cell, i])),
    [[]],
  ) as [number, number, number, number][];
}

testOnBackends("convolutions, normalisation and peaks pass their checks", async (backend) => {
  for (const sizes of SIZES) assertPassed(await checkConvolution({ ...sizes, count: 1 }));
  for (const shape of mapsOf(SIZES)) assertPassed(await checkNorm(shape));
  assertPassed(await checkPeaks(backend, 24, 13));
}, ["wasm", "webgpu"]);

/** Does a piece of work while a kernel of WASM gives one wrong value, the last of its first output. */
async function withSlip<T>(kernelName: string, work: () => Promise<T>): Promise<T> {
  await startBackend("wasm");
  const config = tf.getKernel(kernelName, "wasm")!;
  const kernelFunc: tf.KernelFunc = (params) => {
    const infos = config.kernelFunc(params);
    const [first, ...rest] = [infos].flat();
    const values = tf.engine().makeTensorFromTensorInfo(first);
    const slipped = tf.tidy(() => {
      const last = tf.oneHot(tf.scalar(values.size - 1, "int32"), values.size).reshape(
        values.shape,
      );
      return tf.add(values, tf.mul(tf.cast(last, "float32"), 0.01));
    });
    values.dispose();
    return Array.isArray(infos) ? [slipped, ...rest] : slipped;
  };
  tf.unregisterKernel(kernelName, "wasm");
  tf.registerKernel({ ...config, kernelFunc });
  try {
    return await work();
  } finally {
    tf.unregisterKernel(kernelName, "wasm");
    tf.registerKernel(config);
  }
}

Deno.test("a kernel that errs by a hundredth in its last value fails its check", async () => {
  const failed = (checks: Check[]) =>
    checks.filter(({ passed }) => !passed).map(({ kind }) => kind);
  const [sizes] = SIZES;
  const convolution = () => checkConvolution({ ...sizes, count: 1 });
  for (
    const [kernel, kind] of [
      ["Conv2D", "convolution"],
      ["Conv2DBackpropInput", "gradient of the input"],
      ["Conv2DBackpropFilter", "gradient of the filter"],
    ]
  ) {
    assertEquals(failed(await withSlip(kernel, convolution)), [kind]);
  }
  const norm = () => checkNorm([1, 6, 5, 8]);
  const gradient = failed(await withSlip("BatchNormTrainGrad", norm));
  assertEquals(gradient, ["batch normalisation, gradient"]);
});

Deno.test("a training step and picks of one backend pass beside another's", async () => {
  const step = { network: "tiny", batch: 1, crop: 128 };
  const both = { backend: "wasm", reference: "cpu" } as const;
  assertPassed(await checkStep(step, TINY, both));
  const folder = await Deno.makeTempDir();
  const [path] = await writeMicrographs(folder, [{ width: 256, height: 256 }]);
  const [backend] = BACKENDS.slice(-1);
  const checks = await checkPicks("shipped", SHIPPED_MODEL, path, backend);
  assertPassed(checks);
  assertEquals(checks.length, 2);
  await Deno.remove(folder, { recursive: true });
});

Deno.test("a difference that is no number is no pass", () => {
  assertEquals(relativeDifference([1, NaN], [1, 2]), NaN);
  assertEquals(relativeDifference([1], [1, 2]), NaN);
  assertEquals(relativeDifference([1, 2.5], [1, 2]), 0.25);
});

testOnBackends("what the device complains of is thrown", async () => {
  const { device } = tf.backend() as WebGPUBackend;
  const work = () => Promise.resolve(device.createBuffer({ size: 16, usage: 0 }));
  await assertRejects(() => onDevice(work), Error, "usage");
}, ["webgpu"]);

testOnBackends("a micrograph's transfers are counted, and one is read back", async (backend) => {
  const { readBacks, submits, writes } = await countTransfers("tiny", TINY, 32, backend);
  assertEquals(readBacks, 1);
  assert(submits >= 1 && writes >= 1);
  const again = await countTransfers("tiny", TINY, 32, backend, 1000);
  assertEquals([again.submits, again.readBacks, again.writes], [1, 1, writes]);
  assertEquals((await countTransfers("tiny", TINY, 32, backend)).submits, submits);
}, ["webgpu"]);

/** What a part finds with a tiny network on WASM. */
async function findings(part: string, micrographs: string[] = []): Promise<Finding[]> {
  const found: Finding[] = [];
  const folder = await Deno.makeTempDir();
  await GPU_PARTS[part]({
    ...{ backend: "wasm", micrographs, folder, emit: (finding) => found.push(finding) },
    settings: {
      ...gpuSettings(true),
      ...{ networks: { tiny: TINY }, edge: 32, micrographs: [{ width: 128, height: 128 }] },
      trainingCases: [{ network: "tiny", batch: 1, crop: 32 }],
    },
  });
  await Deno.remove(folder, { recursive: true });
  return found;
}

Deno.test("the parts find what they are for, and fill a report and its table", async () => {
  const found: Finding[] = [];
  for (const part of ["kernels", "networks", "picking"]) found.push(...await findings(part));
  assertEquals(found.filter(({ list }) => list === "problems"), []);
  const about = { cards: [], adapters: [], small: true };
  const settings = { ...gpuSettings(true), networks: { tiny: TINY }, edge: 32 };
  const report = emptyGpuReport(settings, about);
  found.forEach((finding) => addFinding(report, finding));
  assertPassed(report.gpu.checks);
  const count = new Set(
    convolutionsOf(TINY, 32).map((one) => JSON.stringify({ ...one, name: "" })),
  );
  const forward = report.gpu.checks.filter(({ kind }) => kind === "convolution");
  assertEquals(forward.length, count.size);
  const threads = new Set([1, navigator.hardwareConcurrency]).size;
  assertEquals([report.forward.length, report.training.length], [threads, 1]);
  const table = gpuTable(report);
  assertStringIncludes(table, `${report.gpu.checks.length} of ${report.gpu.checks.length}`);
  const [line] = table.split("\n").filter((text) => text.includes("the network alone"));
  assert(/\| +[\d.]+ m?s \|( +not measured \|){5}$/.test(line), line);
});

Deno.test("a part that fails in one thing does the others, and says what failed", async () => {
  const folder = await Deno.makeTempDir();
  const [good] = await writeMicrographs(folder, [{ width: 128, height: 128 }]);
  const found = await findings("picks", [join(folder, "missing.mrc"), good]);
  assertEquals(found.map(({ list }) => list), ["problems", "checks", "checks"]);
  const [problem] = found;
  assert(problem.list === "problems" && problem.value.error.includes("missing.mrc"));
  await Deno.remove(folder, { recursive: true });
});

Deno.test("without a report, every figure of the table is not measured", () => {
  const rows = gpuTable().split("\n").slice(2);
  assert(rows.length > 10);
  for (const row of rows) assert(/\| +not measured \|/.test(row) && !/\d ?(ms|s) /.test(row), row);
});
