import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import * as tf from "@tensorflow/tfjs";
import * as z from "zod";
import { type Backend, startBackend } from "../../lib/backend/mod.ts";
import { measureConvolution } from "../../lib/benchmark/convolution_speed.ts";
import {
  benchmark,
  type BenchmarkPart,
  type BenchmarkReport,
  benchmarkTables,
  benchmarkTitle,
  limitsLine,
  measureStockPeer,
  pickingCostFigure,
} from "../../lib/benchmark/mod.ts";
import {
  type ConvolutionKernel,
  currentKernel,
  stockKernel,
} from "../../lib/benchmark/stock_kernels.ts";
import { EPickerError } from "../../lib/core/mod.ts";
import { heldMemory, noise, testOnBackends } from "../_backends.ts";
import { assertFigure } from "../plots/_figures.ts";

const TINY = { width: 0.125, headWidth: 8, size: true };
const DEVICES: Backend["name"][] = ["wasm", "webgpu"];

/** A benchmark small enough for a test. */
function tinyBenchmark(backend: Backend["name"], parts?: BenchmarkPart[]) {
  return benchmark({
    backend,
    networks: { tiny: TINY },
    edge: 32,
    trainingCases: [
      { network: "tiny", batch: 2, crop: 64 },
      ...(backend === "wasm" ? [{ network: "tiny", batch: 1, crop: 32, workers: 2 }] : []),
    ],
    simulations: [{ edge: 64, particles: 2 }],
    micrographs: [{ width: 64, height: 64 }, { width: 96, height: 64 }],
    copies: 2,
    repeats: 1,
    budget: 0,
    ...(parts && { parts }),
  });
}

const positive = z.number().positive();
const count = z.number().int().positive();
const timing = z.strictObject({
  median: positive,
  least: positive,
  runs: z.number().int().min(0),
  warmUp: positive,
});
const kernel = z.strictObject({
  ours: timing,
  stock: z.union([timing, z.literal("same"), z.literal("none")]),
});
const network = z.string();
const peakMiB = positive;
const convolution = {
  ...{ batch: count, height: count, width: count, inChannels: count, outChannels: count },
  ...{ kernel: count, stride: count, count },
};
const training = { network, batch: count, crop: count, workers: count.exactOptional() };
const stages = z.strictObject({
  ...{ read: positive, preprocess: positive, network: positive },
  ...{ decode: positive, write: positive, total: positive },
});

/** The layout that programs outside this one read; strict, so that a change of it is noticed. */
const REPORT = z.strictObject({
  format: z.literal("epicker-benchmark-1"),
  networks: z.record(
    z.string(),
    z.strictObject({ width: positive, headWidth: count, size: z.boolean() }),
  ),
  parameters: z.record(z.string(), count),
  edge: count,
  shapes: z.record(z.string(), z.array(z.strictObject(convolution)).min(1)),
  trainingCases: z.array(z.strictObject(training)),
  date: z.iso.datetime(),
  machine: z.strictObject({ cpu: z.string(), cores: count, memoryGiB: count, os: z.string() }),
  software: z.record(z.string(), z.string()),
  backend: z.strictObject({ name: z.string(), title: z.string() }),
  picking: z.array(z.strictObject({
    ...{ network, model: z.string(), width: count, height: count, peakMiB },
    ...{ candidates: z.number().int().min(0), runs: count, seconds: stages, warmUp: stages },
  })),
  throughput: z.array(z.strictObject({
    ...{ network, file: z.string(), copies: count, workers: count },
    ...{ seconds: positive, perMinute: positive, peakMiB },
  })),
  forward: z.array(z.strictObject({
    ...{ network, edge: count, threads: count.exactOptional() },
    ...{ gflop: positive, seconds: timing, peakMiB },
  })),
  training: z.array(z.strictObject({ ...training, gflop: positive, seconds: timing, peakMiB })),
  simulation: z.array(z.strictObject({ edge: count, particles: count, seconds: timing })),
  convolutions: z.array(z.strictObject({
    ...{ network, ...convolution, gflop: positive },
    ...{ forward: kernel, inputGradient: kernel.exactOptional(), filterGradient: kernel },
  })),
});

/** What the JSON file would hold, checked. */
function checked(report: BenchmarkReport): BenchmarkReport {
  return REPORT.parse(JSON.parse(JSON.stringify(report))) as BenchmarkReport;
}

Deno.test("a tiny benchmark on WASM fills every part of its layout", async () => {
  const report = checked(await tinyBenchmark("wasm"));
  assertEquals(report.backend.name, "wasm");
  assertEquals(report.picking.map(({ width, height }) => [width, height]), [[64, 64], [96, 64]]);
  const cores = navigator.hardwareConcurrency;
  assertEquals(
    report.throughput.map(({ file, copies, workers }) => [file, copies, workers]),
    [...new Set([1, cores])].map((workers) => ["96x64.mrc", 2, workers]),
  );
  assertEquals(report.forward.map(({ threads }) => threads), [...new Set([1, cores])]);
  assertEquals(report.training.map(({ crop, workers }) => [crop, workers]), [[32, undefined], [
    32,
    2,
  ]]);
  assertEquals(report.simulation.map(({ edge, particles }) => [edge, particles]), [[64, 2]]);
  assertEquals(report.convolutions.length, report.shapes.tiny.length);
  for (const { forward, inputGradient, filterGradient, inChannels } of report.convolutions) {
    assertEquals(filterGradient?.stock, "none");
    assertEquals(typeof forward?.stock, "object");
    assertEquals(typeof inputGradient?.stock, inChannels === 1 ? "undefined" : "object");
  }
});

testOnBackends("forward, training and kernels are measured", async (backend) => {
  const report = checked(await tinyBenchmark(backend, ["forward", "training", "convolutions"]));
  assertEquals(report.backend.name, backend);
  assertEquals([report.picking, report.throughput], [[], []]);
  assertEquals(report.convolutions.length, report.shapes.tiny.length);
}, DEVICES);

Deno.test("the tables name every figure", async () => {
  const report = await tinyBenchmark("wasm");
  const tables = benchmarkTables(report);
  for (const text of ["64 × 64", "96 × 64", "96x64.mrc", "32 × 32", "2 of 32 × 32", "none"]) {
    assertStringIncludes(tables, text);
  }
  assertStringIncludes(benchmarkTitle(report), `WASM on ${report.machine.cpu}`);
});

Deno.test("the figure has time and memory by size, a line for each network", () => {
  const stages = { read: 0, preprocess: 0, network: 0, decode: 0, write: 0, total: 0 };
  const one = (network: string, width: number, total: number, peakMiB: number) => ({
    ...{ network, model: network, width, height: 1000, candidates: 0, runs: 1, peakMiB },
    ...{ seconds: { ...stages, total }, warmUp: stages },
  });
  const picking = [one("a", 1000, 0.5, 300), one("a", 4000, 0.7, 400), one("b", 1000, 2, 900)];
  const figure = pickingCostFigure({ picking });
  assertFigure(figure);
  const lines = figure.plotly.data.map(({ name, x, y }) => [name, x, y]);
  assertEquals(lines, [
    ["a", [1, 4], [0.5, 0.7]],
    ["b", [1], [2]],
    ["a", [1, 4], [300, 400]],
    ["b", [1], [900]],
  ]);
});

Deno.test("figures stand beside those of other programs with as many threads", async () => {
  const report = await tinyBenchmark("wasm", ["forward", "training"]);
  assert(!benchmarkTables(report).includes("Beside other programs"));
  const timing = (median: number) => ({ median, least: median, runs: 1, warmUp: median });
  const [first] = report.forward;
  first.seconds = timing(0.5);
  const forward = [{ ...first, seconds: timing(2.5) }];
  const training = report.training.map((step) => ({ ...step, seconds: timing(1.25) }));
  for (const step of report.training) step.seconds = timing(0.75);
  report.peers = {
    onnx: [{ ...first, provider: "cpu", title: "ONNX Runtime", seconds: timing(0.2) }],
    tfjs: [{ ...first, seconds: timing(1.25) }],
    torch: {
      ...{ torch: "9.9", device: "cpu", name: "", problems: [] },
      modes: { "1 thread": { forward, training }, "2 threads": { forward: [], training } },
      limits: { "1 thread, TFLOP/s": first.gflop / 1000, "1 thread, GB/s": 12 },
    },
    problems: [],
  };
  const rows = benchmarkTables(report).split("\n")
    .filter((line) => line.startsWith("| `tiny`"))
    .map((line) => line.split("|").slice(2, -1).map((cell) => cell.trim()));
  const cores = navigator.hardwareConcurrency;
  assertEquals(rows[0], [
    ...["1", "0.500", "2.500", "0.20", "0.200", "2.50", "1.250", "0.40", "2.00"],
  ]);
  if (cores > 1) assertEquals(rows[1].slice(2), Array(7).fill("–")); // others had 1 thread
  const steps = rows.slice(-2).map((row) => [row[0], ...row.slice(1, 6)]);
  assertEquals(steps, ["1", "2"].map((n) => [n, "0.750", "1.250", "0.60", "–", "–"]));
  assertEquals(limitsLine(report).includes("12 GB/s with 1 thread"), true);
});

Deno.test("TensorFlow.js as it ships is timed beside, and leaves our kernels where they are", async () => {
  await startBackend("wasm");
  const ours = currentKernel("Conv2D", "wasm");
  const networks = { tiny: TINY };
  const [speed] = await measureStockPeer({ networks, edge: 32 }, { repeats: 1, budget: 0 });
  assertEquals([speed.network, speed.edge, speed.threads], ["tiny", 32, 1]);
  assert(speed.seconds.median > 0);
  assertEquals(currentKernel("Conv2D", "wasm"), ours);
});

testOnBackends("stock kernels are not ours, and give the same values", async (backend) => {
  const attrs = { strides: [1, 1], pad: 1, dataFormat: "NHWC", dilations: [1, 1] };
  const kernels: ConvolutionKernel[] = ["Conv2DBackpropInput", "Conv2DBackpropFilter"];
  for (const name of kernels) {
    const [ours, stock] = [currentKernel(name, backend)!, stockKernel(name, backend)];
    assert(ours !== stock);
    if (stock === undefined) continue; // WASM has no filter gradient
    const difference = tf.tidy(() => {
      const [x, dy] = [noise([1, 9, 8, 8], 1), noise([1, 9, 8, 16], 3)];
      const filter = noise([3, 3, 8, 16], 2);
      const inputs = name === "Conv2DBackpropInput" ? { dy, filter } : { x, dy };
      const shapes = { inputShape: x.shape, filterShape: filter.shape };
      const params = { inputs, attrs: { ...attrs, ...shapes }, backend: tf.backend() };
      const [found, expected] = [ours, stock].map((kernelFunc) =>
        tf.engine().makeTensorFromTensorInfo(kernelFunc(params) as tf.TensorInfo)
      );
      return tf.max(tf.abs(tf.sub(found, expected)));
    });
    assert((await difference.data())[0] < 1e-3);
    difference.dispose();
  }
}, DEVICES);

testOnBackends("measuring a convolution leaves no tensor behind", async (backend) => {
  await startBackend(backend);
  const shape = { batch: 1, height: 8, width: 8, inChannels: 8, outChannels: 8 };
  const before = heldMemory();
  await measureConvolution("tiny", { ...shape, kernel: 3, stride: 2, count: 1 }, {
    repeats: 1,
    budget: 0,
    least: 0.001,
  });
  assertEquals(heldMemory(), before);
}, DEVICES);

Deno.test("an unknown part and an edge that does not fit are refused", async () => {
  const parts = ["everything" as BenchmarkPart];
  await assertRejects(() => benchmark({ parts }), EPickerError, "convolutions");
  const edge = () => benchmark({ backend: "wasm", parts: [], edge: 100 });
  await assertRejects(edge, EPickerError, "multiple of 32");
});

Deno.test("a benchmark removes its files, also where it fails", async () => {
  const folders = async () => {
    const names: string[] = [];
    for await (const { name } of Deno.readDir(Deno.env.get("TMPDIR") ?? "/tmp")) names.push(name);
    return names.filter((name) => name.startsWith("epicker-benchmark-")).sort();
  };
  const before = await folders();
  const model = "missing.safetensors";
  const micrographs = [{ width: 64, height: 64 }];
  const missing = () => benchmark({ backend: "wasm", parts: ["picking"], model, micrographs });
  await assertRejects(missing, EPickerError, model);
  assertEquals(await folders(), before);
});
