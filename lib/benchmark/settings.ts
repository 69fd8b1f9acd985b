import { FULL, layoutOf, lengthOf, LIGHT, type NetworkConfig } from "../centernet/mod.ts";
import { EPickerError } from "../core/mod.ts";
import { convolutionsOf, distinct } from "./convolutions.ts";
import type { MicrographSize } from "./micrographs.ts";
import type { BenchmarkWork } from "./report.ts";
import type { SimulationCase } from "./simulation_speed.ts";
import type { TrainingCase } from "./training_speed.ts";

/** How much is measured. */
export interface BenchmarkSettings {
  /** The networks by name. */
  networks: Record<string, NetworkConfig>;
  /** Rows and columns of the images of the forward pass and of the convolutions; 32 divides it. */
  edge: number;
  /** Training steps; their crops are no larger than `edge`. */
  trainingCases: TrainingCase[];
  /** Micrographs to simulate. */
  simulations: SimulationCase[];
  /** Micrographs for picking. */
  micrographs: MicrographSize[];
  /** Copies of the second micrograph (or of the only one) in the folder that is picked. */
  copies: number;
  /** Runs after the warm-up. */
  repeats: number;
  /** Seconds after which a figure gets no further run. */
  budget: number;
}

const LIGHT_STEP: TrainingCase = { network: "light", batch: 1, crop: 512 };
/** The recipe's own batch. */
const BATCH_STEP: TrainingCase = { network: "light", batch: 4, crop: 256, workers: 2 };
const FULL_STEP: TrainingCase = { network: "full", batch: 4, crop: 1024 };

/**
 * The default settings.
 *
 * @param quick Under a minute on two cores: `light` alone, half the edge, fewer runs.
 * @param gpu Whether there is a GPU, which then trains `full`, too.
 */
export function benchmarkSettings(quick: boolean, gpu: boolean): BenchmarkSettings {
  const micrographs = [
    { width: 1024, height: 1024 },
    { width: 4096, height: 4096 },
    { width: 5760, height: 4092 },
    { width: 11520, height: 8184 },
  ];
  const simulations = [{ edge: 2048, particles: 300 }];
  if (quick) {
    return {
      networks: { light: LIGHT },
      edge: 512,
      trainingCases: gpu ? [LIGHT_STEP] : [LIGHT_STEP, BATCH_STEP],
      simulations,
      micrographs: micrographs.slice(0, 2),
      copies: 2,
      repeats: 3,
      budget: 0.5,
    };
  }
  return {
    networks: { light: LIGHT, full: FULL },
    edge: 1024,
    trainingCases: gpu ? [LIGHT_STEP, FULL_STEP] : [LIGHT_STEP, BATCH_STEP],
    simulations,
    micrographs,
    copies: 32,
    repeats: 7,
    budget: 3,
  };
}

/** What settings ask to be measured. */
export function benchmarkWork({ networks, edge, trainingCases }: BenchmarkSettings): BenchmarkWork {
  if (!Number.isInteger(edge) || edge < 32 || edge % 32 !== 0) {
    throw new EPickerError("bad-option", {
      file: "edge",
      found: String(edge),
      expected: "a multiple of 32",
    });
  }
  const each = <Value>(value: (config: NetworkConfig) => Value) =>
    Object.fromEntries(
      Object.entries(networks).map(([name, config]) => [name, value(config)]),
    );
  return {
    format: "epicker-benchmark-1",
    networks,
    parameters: each((config) => lengthOf(layoutOf(config).parameters)),
    edge,
    shapes: each((config) => distinct(convolutionsOf(config, edge))),
    trainingCases: trainingCases.map((one) => ({ ...one, crop: Math.min(one.crop, edge) })),
  };
}
