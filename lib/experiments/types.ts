import type { Strategy } from "../continual/mod.ts";
import type { Score } from "../evaluation/mod.ts";
import type { TrainingSetting } from "./_stage_options.ts";
import type { Order } from "./orders.ts";
import type { ExperimentPlan } from "./plan.ts";

/** How a model does on one dataset. */
export interface DatasetScore extends Score {
  /** Best F1 over all thresholds. */
  f1: number;
  /** Share of the particles found at the model's own threshold. */
  recall: number;
  /** Share of what it picks there that is right; NaN where it picks nothing. */
  precision?: number;
  /** AP of each micrograph alone, in the order of the data. */
  aps?: number[];
}

/** A model after one stage of an experiment. */
export interface StageResult {
  /** Datasets learned in this stage. */
  learned: string[];
  /** Seconds of training and of choosing what is kept. */
  seconds: number;
  /** Seconds of all processors together, which other programs disturb less. */
  cpuSeconds: number;
  /** Bytes kept of old data for the next stage; 0 for the base model. */
  storedBytes: number;
  /** The model's own threshold. */
  threshold?: number;
  /** Scores on the test images of every dataset of the plan, learned or not. */
  scores: Record<string, DatasetScore>;
  /**
   * Mean AP on held-out micrographs of the datasets learned before, by the step, from 0 on; absent
   * where nothing was learned before, or where weights are fresh.
   */
  course?: { step: number; ap: number }[];
}

/** One strategy, one seed, one order. */
export interface ExperimentRun {
  /** Name of the strategy. */
  strategy: string;
  /** Its title. */
  title: string;
  /** Seed of weights, crops and exemplars. */
  seed: number;
  /** Groups of datasets in the order of adding; one group where all data are learned at once. */
  order: string[][];
  /** Stage 0 is the base model; then one for each group. */
  stages: StageResult[];
}

/** Everything that an experiment found; written as `experiment.json`. */
export interface ExperimentResult {
  /** What was done. */
  plan: ExperimentPlan;
  /** The backend, for people. */
  backend: string;
  /** How many runs there are to be. */
  planned?: number;
  /** The finished ones. */
  runs: ExperimentRun[];
}

/** What {@linkcode runExperiment} may be told. */
export interface ExperimentOptions extends TrainingSetting {
  /** Folder for models, results and tables; a finished stage in it is not done again. */
  out: string;
  /** Strategies by name. */
  strategies: Record<string, Strategy>;
  /** Seeds. @default {[1]} */
  seeds?: number[];
  /** Orders of learning; the plan's own by default. */
  orders?: Order[];
  /** Receives every run that is finished here. */
  onRun?: (run: ExperimentRun) => void;
}
