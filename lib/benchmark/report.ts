import type { NetworkConfig } from "../centernet/mod.ts";
import type { ConvolutionSpeed } from "./convolution_speed.ts";
import type { CountedConvolution } from "./convolutions.ts";
import type { ForwardSpeed } from "./forward_speed.ts";
import type { Machine } from "./machine.ts";
import type { WithPeak } from "./memory.ts";
import type { Peers } from "./peers.ts";
import type { PickingSpeed } from "./picking_speed.ts";
import type { SimulationSpeed } from "./simulation_speed.ts";
import type { Throughput } from "./throughput.ts";
import type { TrainingCase, TrainingSpeed } from "./training_speed.ts";

/** The parts of a benchmark. */
export const BENCHMARK_PARTS = [
  "picking",
  "throughput",
  "forward",
  "training",
  "simulation",
  "convolutions",
] as const;

/** One of {@linkcode BENCHMARK_PARTS}. */
export type BenchmarkPart = typeof BENCHMARK_PARTS[number];

/** What is measured, without how long it takes: all that another program needs to do the same. */
export interface BenchmarkWork {
  /** Version of the layout. */
  format: "epicker-benchmark-1";
  /** The networks by name. */
  networks: Record<string, NetworkConfig>;
  /** How many values each of them trains, to tell whether another program has the same network. */
  parameters: Record<string, number>;
  /** Rows and columns of the images of `shapes` and of the forward pass. */
  edge: number;
  /** The convolutions of every network for one image, each once, those with most work first. */
  shapes: Record<string, CountedConvolution[]>;
  /** The training steps. */
  trainingCases: TrainingCase[];
}

/** All figures of a benchmark, as `epicker benchmark --json` writes them. */
export interface BenchmarkReport extends BenchmarkWork {
  /** When it began, ISO 8601. */
  date: string;
  /** The machine. */
  machine: Machine;
  /** Versions of Deno, V8 and TensorFlow.js. */
  software: Record<string, string>;
  /** The backend: its name, and for people with the name of the GPU. */
  backend: { name: string; title: string };
  /** Picking, file by file. */
  picking: WithPeak<PickingSpeed>[];
  /** Picking a folder. */
  throughput: WithPeak<Throughput>[];
  /** The networks alone. */
  forward: WithPeak<ForwardSpeed>[];
  /** Training steps. */
  training: WithPeak<TrainingSpeed>[];
  /** The simulator. */
  simulation: SimulationSpeed[];
  /** The kernels. */
  convolutions: ConvolutionSpeed[];
  /** Other programs at the same work on the same machine, where they are installed. */
  peers?: Peers;
}
