import type { ForwardSpeed } from "./forward_speed.ts";
import type { TrainingSpeed } from "./training_speed.ts";

/** Figures of PyTorch in one mode. */
export interface TorchFigures {
  /** The networks alone. */
  forward: ForwardSpeed[];
  /** Training steps. */
  training: TrainingSpeed[];
}

/** What `tasks/benchmark_torch.py` writes. */
export interface TorchReport {
  /** Version of PyTorch. */
  torch: string;
  /** `cuda` or `cpu`. */
  device: string;
  /** Name of the device. */
  name: string;
  /** Figures by mode: `1 thread`, `2 threads`; on a GPU float32, TF32, …. */
  modes: Record<string, TorchFigures>;
  /** What a product of large matrices (TFLOP/s) and a copy (GB/s) reach, by `MODE, UNIT`. */
  limits: Record<string, number>;
  /** What failed. */
  problems: { what: string; error: string }[];
}

/** The mode of PyTorch with so many threads of the CPU. */
export function torchMode(threads: number): string {
  return `${threads} thread${threads === 1 ? "" : "s"}`;
}
