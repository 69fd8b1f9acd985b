import { isSoftwareAdapter, startBackend } from "../backend/mod.ts";
import { EPickerError, type OnProgress } from "../core/mod.ts";
import {
  loadPicker,
  openPicker,
  type PickingBackend,
  type PickingBackendName,
  SHIPPED_MODEL,
} from "../picking/mod.ts";
import { describeMachine, describeSoftware } from "./machine.ts";
import { writeMicrographs } from "./micrographs.ts";
import { freshModel, subjectsOf } from "./models.ts";
import { type Task, tasksOf } from "./plan.ts";
import { BENCHMARK_PARTS, type BenchmarkPart, type BenchmarkReport } from "./report.ts";
import { type BenchmarkSettings, benchmarkSettings, benchmarkWork } from "./settings.ts";

/** What {@linkcode benchmark} may be told; what is left out is as in {@linkcode benchmarkSettings}. */
export interface BenchmarkOptions extends Partial<BenchmarkSettings> {
  /** Backend to run on. @default {"auto"} */
  backend?: PickingBackendName;
  /** Path of the model that picks; by default the shipped one, and the networks. */
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
    return await measureAll(options, folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

async function measureAll(options: BenchmarkOptions, folder: string): Promise<BenchmarkReport> {
  const { model, quick = false, parts = BENCHMARK_PARTS } = options;
  const backend = await start(options.backend ?? "auto");
  const gpu = backend.name === "webgpu" && !await isSoftwareAdapter();
  const settings: BenchmarkSettings = { ...benchmarkSettings(quick, gpu), ...options };
  const work = benchmarkWork(settings);
  const picks = parts.includes("picking") || parts.includes("throughput");
  if (picks) (await loadPicker({ model, backend: backend.name }))[Symbol.dispose](); // told at once
  const micrographs = picks ? await writeMicrographs(folder, settings.micrographs) : [];
  const isOwn = options.networks === undefined && model === undefined;
  const shipped = isOwn ? [{ network: "general", path: SHIPPED_MODEL }] : [];
  const subjects = [...shipped, ...await subjectsOf(settings.networks, model, folder)];
  const possible = partsOf(backend);
  const tasks = tasksOf({ backend, settings, work, subjects, micrographs, folder })
    .filter(({ part }) => parts.includes(part) && possible.includes(part));
  return {
    ...work,
    date: new Date().toISOString(),
    machine: describeMachine(),
    software: describeSoftware(),
    backend,
    ...await figuresOf(tasks, options.onProgress),
  };
}

/** Starts a backend, which may be any that picking knows. */
async function start(backend: PickingBackendName): Promise<PickingBackend> {
  if (backend !== "onnx") return await startBackend(backend);
  using picker = await openPicker(freshModel({ width: 0.125, headWidth: 8, size: true }), backend);
  return picker.backend;
}

/** The parts that a backend can do. */
function partsOf({ name }: PickingBackend): readonly BenchmarkPart[] {
  return name === "onnx" ? ["picking", "throughput", "simulation"] : BENCHMARK_PARTS;
}

/** Does all tasks in their order. */
async function figuresOf(
  tasks: Task[],
  onProgress?: OnProgress,
): Promise<Pick<BenchmarkReport, BenchmarkPart>> {
  const figures: Pick<BenchmarkReport, BenchmarkPart> = {
    ...{ picking: [], throughput: [], forward: [], training: [], simulation: [], convolutions: [] },
  };
  for (const [i, { part, note, measure }] of tasks.entries()) {
    const list: unknown[] = figures[part];
    list.push(await measure());
    onProgress?.({
      stage: "benchmark",
      done: i + 1,
      total: tasks.length,
      note: `${part}, ${note}`,
    });
  }
  return figures;
}

function assertParts(parts: readonly string[]): void {
  const unknown = parts.find((part) => !BENCHMARK_PARTS.some((known) => known === part));
  if (unknown === undefined) return;
  throw new EPickerError("bad-option", {
    file: "parts",
    found: `"${unknown}"`,
    expected: BENCHMARK_PARTS.join(", "),
  });
}
