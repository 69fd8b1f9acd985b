import type { AdapterDescription } from "../../backend/webgpu/mod.ts";
import { describeMachine, describeSoftware } from "../machine.ts";
import type { OnnxSpeed } from "../onnx_speed.ts";
import type { BenchmarkPart, BenchmarkReport } from "../report.ts";
import { type BenchmarkSettings, benchmarkWork } from "../settings.ts";
import type { TorchReport } from "../torch.ts";
import type { Check } from "./check.ts";
import type { Transfers } from "./transfers.ts";

/** How a part went. */
export interface PartRun {
  /** Which. */
  part: string;
  /** Seconds that it took. */
  seconds: number;
  /** Seconds after which it is ended. */
  limit: number;
  /** What became of it; of one that failed or ran out of time, what it found until then is kept. */
  state: "done" | "failed" | "out of time" | "left out";
}

/** Something that went wrong, while the rest went on. */
export interface Problem {
  /** The part that it befell. */
  part: string;
  /** What was done. */
  what: string;
  /** The error. */
  error: string;
}

/** A way to reach a GPU by Vulkan, and what was found on it. */
export interface AdapterTry {
  /** Environment variables that were set for it. */
  env: Record<string, string>;
  /** The adapter, where there was one. */
  adapter?: AdapterDescription & { features: string[]; limits: Record<string, number> };
  /** What the loader and the driver wrote, where there was none. */
  error?: string;
}

/** How the project's tests went. */
export interface TestsRun {
  /** Tests that passed. */
  passed: number;
  /** Tests that failed. */
  failed: number;
  /** What the failing ones wrote. */
  text: string;
}

/** What a GPU was found to do beside the figures of a benchmark. */
export interface GpuFindings {
  /** Cards and driver, as `nvidia-smi` says. */
  cards: string[];
  /** Ways to an adapter that were tried; the last is taken. */
  adapters: AdapterTry[];
  /** Whether a software GPU was taken, and little work done. */
  small: boolean;
  /** How the parts went. */
  parts: PartRun[];
  /** What went wrong. */
  problems: Problem[];
  /** Results beside what they should be. */
  checks: Check[];
  /** What goes to the GPU and comes back. */
  transfers: Transfers[];
  /** ONNX Runtime on the providers that start. */
  onnx: OnnxSpeed[];
  /** PyTorch, where it is installed; one report at most. */
  torch: TorchReport[];
  /** The project's own tests on this machine; one run at most. */
  tests: TestsRun[];
}

/** All that `epicker gpu` finds: a benchmark, and what only concerns a GPU. */
export interface GpuReport extends BenchmarkReport {
  /** What only concerns a GPU. */
  gpu: GpuFindings;
}

/** One thing found: the list of the report that it belongs to, and what. */
export type Finding =
  | { [Part in BenchmarkPart]: { list: Part; value: BenchmarkReport[Part][number] } }[
    BenchmarkPart
  ]
  | { [List in FindingList]: { list: List; value: GpuFindings[List][number] } }[FindingList];

/** Lists of {@linkcode GpuFindings} that parts add to. */
export type FindingList = "problems" | "checks" | "transfers" | "onnx" | "torch" | "tests";

/** Adds what was found to its list. */
export function addFinding(report: GpuReport, { list, value }: Finding): void {
  const lists: Record<Finding["list"], unknown[]> = {
    ...{ picking: report.picking, throughput: report.throughput, forward: report.forward },
    ...{ training: report.training, simulation: report.simulation },
    ...{ convolutions: report.convolutions, problems: report.gpu.problems },
    ...{ checks: report.gpu.checks, transfers: report.gpu.transfers, onnx: report.gpu.onnx },
    ...{ torch: report.gpu.torch, tests: report.gpu.tests },
  };
  lists[list].push(value);
}

/** A report without figures. */
export function emptyGpuReport(
  settings: BenchmarkSettings,
  about: Pick<GpuFindings, "cards" | "adapters" | "small">,
): GpuReport {
  const adapter = about.adapters.at(-1)?.adapter;
  const title = `WebGPU (${adapter?.description || adapter?.device || "no adapter"})`;
  return {
    ...benchmarkWork(settings),
    date: new Date().toISOString(),
    machine: describeMachine(),
    software: describeSoftware(),
    backend: { name: "webgpu", title },
    ...{ picking: [], throughput: [], forward: [], training: [], simulation: [], convolutions: [] },
    gpu: {
      ...about,
      ...{ parts: [], problems: [], checks: [], transfers: [], onnx: [], torch: [], tests: [] },
    },
  };
}
