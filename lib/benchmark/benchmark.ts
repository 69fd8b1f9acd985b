import { basename, join } from "@std/path";
import * as tf from "@tensorflow/tfjs";
import type { Backend, BackendName } from "../backend/mod.ts";
import { isSoftwareAdapter } from "../backend/webgpu/mod.ts";
import { writeModel } from "../centernet/mod.ts";
import { EPickerError, type OnProgress } from "../core/mod.ts";
import { loadPicker, SHIPPED_MODEL } from "../picking/mod.ts";
import { measureConvolution } from "./convolution_speed.ts";
import { measureForward } from "./forward_speed.ts";
import { freshModel } from "./fresh_model.ts";
import { describeMachine, describeSoftware } from "./machine.ts";
import { withPeak } from "./memory.ts";
import { writeMicrographs } from "./micrographs.ts";
import { measurePicking } from "./picking_speed.ts";
import { BENCHMARK_PARTS, type BenchmarkPart, type BenchmarkReport } from "./report.ts";
import { type BenchmarkSettings, benchmarkSettings, benchmarkWork } from "./settings.ts";
import { measureThroughput } from "./throughput.ts";
import { measureTraining } from "./training_speed.ts";

/** What {@linkcode benchmark} may be told; what is left out is as in {@linkcode benchmarkSettings}. */
export interface BenchmarkOptions extends Partial<BenchmarkSettings> {
  /** Backend to run on. @default {"auto"} */
  backend?: BackendName;
  /** Path of the model that picks; by default the shipped one for `light`, else random weights. */
  model?: string;
  /** Whether to measure less. @default {false} */
  quick?: boolean;
  /** What to measure; by default all that the backend can do. */
  parts?: readonly BenchmarkPart[];
  /** Reports after every figure. */
  onProgress?: OnProgress;
}

/**
 * Measures the speed of this machine: picking, the networks, training steps, the kernels.
 *
 * Every figure is a median, the first call apart. Files go to a temporary folder. A backend that is
 * not one of TensorFlow.js picks and does nothing else.
 *
 * @throws {EPickerError} `no-backend`, `bad-option`, `missing-file` or `bad-model`.
 *
 * @example
 * ```ts
 * import { benchmark, benchmarkTables } from "@epicker/epicker";
 * import { assertStringIncludes } from "@std/assert";
 *
 * const networks = { small: { width: 0.125, headWidth: 8, size: true } };
 * const report = await benchmark({
 *   ...{ backend: "wasm", parts: ["forward"], networks, edge: 64, repeats: 2 },
 * });
 * assertStringIncludes(benchmarkTables(report), "64 × 64");
 * ```
 */
export async function benchmark(options: BenchmarkOptions = {}): Promise<BenchmarkReport> {
  assertParts(options.parts ?? []);
  const folder = await Deno.makeTempDir({ prefix: "epicker-benchmark-" });
  try {
    return await new Run(options, folder).all();
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** One benchmark: what it is told, where its files go, what it has found. */
class Run {
  #options: BenchmarkOptions;
  #folder: string;
  #settings!: BenchmarkSettings;
  #report!: BenchmarkReport;

  constructor(options: BenchmarkOptions, folder: string) {
    this.#options = options;
    this.#folder = folder;
  }

  async all(): Promise<BenchmarkReport> {
    const backend = await this.#startBackend();
    const gpu = backend.name === "webgpu" && !await isSoftwareAdapter();
    this.#settings = { ...benchmarkSettings(this.#options.quick ?? false, gpu), ...this.#options };
    this.#report = {
      ...benchmarkWork(this.#settings),
      date: new Date().toISOString(),
      machine: describeMachine(),
      software: describeSoftware(),
      backend,
      ...{ picking: [], throughput: [], forward: [], training: [], convolutions: [] },
    };
    if (this.#asked("picking") || this.#asked("throughput")) await this.#pick();
    if (tf.findBackendFactory(backend.name) === null) return this.#report;
    if (this.#asked("forward")) await this.#runNetworks();
    if (this.#asked("training")) await this.#train();
    if (this.#asked("convolutions")) await this.#convolve();
    return this.#report;
  }

  /** Starts the backend as picking does, so that it may be any that picking knows. */
  async #startBackend(): Promise<Backend> {
    const config = { width: 0.125, headWidth: 8, size: true };
    const model = join(this.#folder, "smallest.safetensors");
    await writeModel(model, freshModel(config));
    using picker = await loadPicker({ model, backend: this.#options.backend ?? "auto" });
    return picker.backend;
  }

  async #pick(): Promise<void> {
    const { micrographs } = this.#settings;
    const paths = await writeMicrographs(join(this.#folder, "micrographs"), micrographs);
    const models = await this.#models();
    for (const [network, model] of models) {
      using picker = await loadPicker({ model, backend: this.#backend });
      for (const [i, path] of paths.entries()) {
        const picking = await withPeak(() =>
          measurePicking(network, picker, path, join(this.#folder, "picks"), this.#settings)
        );
        if (this.#asked("picking")) this.#report.picking.push(picking);
        this.#progress("picking", `${network}, ${basename(path)}`);
        if (i !== Math.min(1, paths.length - 1) || !this.#asked("throughput")) continue;
        const copies = this.#copies(picking.seconds.total);
        const folder = join(this.#folder, `${network}-copies`);
        const work = () => measureThroughput(network, picker, path, folder, copies);
        this.#report.throughput.push(await withPeak(work));
        this.#progress("throughput", network);
      }
    }
  }

  /** Fewer copies where one micrograph takes long, and an even number. */
  #copies(seconds: number): number {
    const { copies, budget } = this.#settings;
    return Math.min(copies, 2 * Math.max(1, Math.ceil(2 * budget / seconds)));
  }

  /** The models that pick, by the name of the network. */
  async #models(): Promise<Map<string, string | URL>> {
    const { model } = this.#options;
    if (model !== undefined) return new Map([[basename(model), model]]);
    const models = new Map<string, string | URL>();
    for (const [network, config] of Object.entries(this.#settings.networks)) {
      const path = join(this.#folder, `${network}.safetensors`);
      const shipped = network === "light" && await isFile(SHIPPED_MODEL);
      if (!shipped) await writeModel(path, freshModel(config));
      models.set(network, shipped ? SHIPPED_MODEL : path);
    }
    return models;
  }

  async #runNetworks(): Promise<void> {
    const { networks, edge } = this.#settings;
    for (const [network, config] of Object.entries(networks)) {
      const work = () => measureForward(network, config, edge, this.#settings);
      this.#report.forward.push(await withPeak(work));
      this.#progress("forward", network);
    }
  }

  async #train(): Promise<void> {
    const { networks, trainingCases } = this.#report;
    for (const training of trainingCases) {
      const config = networks[training.network];
      const out = join(this.#folder, "training");
      const work = () => measureTraining(training, config, this.#backend, out, this.#settings);
      this.#report.training.push(await withPeak(work));
      this.#progress("training", training.network);
    }
  }

  async #convolve(): Promise<void> {
    const { repeats, budget } = this.#settings;
    const least = this.#backend === "webgpu" ? 0.1 : 0.01; // a read-back takes milliseconds
    const options = { repeats, budget, least, slow: budget };
    for (const [network, shapes] of Object.entries(this.#report.shapes)) {
      for (const shape of shapes) {
        this.#report.convolutions.push(await measureConvolution(network, shape, options));
        this.#progress("convolutions", network);
      }
    }
  }

  get #backend(): BackendName {
    return this.#report.backend.name as BackendName;
  }

  #asked(part: BenchmarkPart): boolean {
    return (this.#options.parts ?? BENCHMARK_PARTS).includes(part);
  }

  #progress(stage: BenchmarkPart, note: string): void {
    const { networks, trainingCases, micrographs } = this.#settings;
    const count = Object.keys(networks).length;
    const total = {
      picking: (this.#options.model === undefined ? count : 1) * micrographs.length,
      throughput: this.#options.model === undefined ? count : 1,
      forward: count,
      training: trainingCases.length,
      convolutions: Object.values(this.#report.shapes).flat().length,
    }[stage];
    this.#options.onProgress?.({ stage, done: this.#report[stage].length, total, note });
  }
}

async function isFile(path: URL): Promise<boolean> {
  return await Deno.stat(path).then(({ isFile }) => isFile, () => false);
}

function assertParts(parts: readonly string[]): void {
  const unknown = parts.find((part) => !BENCHMARK_PARTS.some((known) => known === part));
  if (unknown === undefined) return;
  throw new EPickerError("bad-option", {
    file: "--only",
    found: `"${unknown}"`,
    expected: BENCHMARK_PARTS.join(", "),
  });
}
