import { type AdamState, adamState } from "./adam.ts";
import {
  initialWeights,
  layoutOf,
  lengthOf,
  type Model,
  type NamedArray,
  readModel,
  type Weights,
  writeModel,
} from "../centernet/mod.ts";
import { EPickerError } from "../core/mod.ts";
import { z } from "zod";
import type { RunInputs } from "./run_inputs.ts";

/** Scores of the averaged weights on the validation images. */
export interface ValidationScore {
  /** Step after which they were measured. */
  step: number;
  /** Mean over the datasets of the average precision at IoU 0.5. */
  ap: number;
  /** Mean over the datasets of the best F1. */
  f1: number;
  /** Threshold with the best mean F1; the model's own where nothing is right at any. */
  threshold: number;
}

/** What a step lost, mean over its batch. */
export interface LossRecord {
  /** The step, from 1. */
  step: number;
  /** The parts of the loss by their names. */
  losses: Record<string, number>;
}

/** Everything that a training run carries from step to step. */
export interface TrainingState {
  /** Steps done. */
  step: number;
  /** The weights that are trained. */
  weights: Weights;
  /** Their running average, which validation and the model use. */
  average: Weights;
  /** The optimiser. */
  adam: AdamState;
  /** Validation scores so far. */
  history: ValidationScore[];
  /** Losses of some of the steps so far. */
  losses: LossRecord[];
}

/** The state at the start of a run: fresh weights, or those of a model to go on from. */
export function startState(config: Model["config"], seed: number, from?: Model): TrainingState {
  const layout = layoutOf(config);
  if (from !== undefined && JSON.stringify(layoutOf(from.config)) !== JSON.stringify(layout)) {
    throw new EPickerError("bad-model", {
      file: "from",
      found: `a network ${JSON.stringify(from.config)}`,
      expected: `the architecture of this training, ${JSON.stringify(config)}`,
      remedy: "Leave `width` out to take the model's own.",
    });
  }
  const weights = from ? copyOf(from.weights) : initialWeights(layout, seed);
  return {
    step: 0,
    weights,
    average: copyOf(weights),
    adam: adamState(lengthOf(layout.parameters)),
    history: [],
    losses: [],
  };
}

/** A copy of both vectors. */
export function copyOf({ parameters, statistics }: Weights): Weights {
  return { parameters: parameters.slice(), statistics: statistics.slice() };
}

/** A training state, and the hashes of what the run was given. */
export interface Checkpoint {
  /** The model of the averaged weights. */
  model: Model;
  /** Everything that goes on from step to step. */
  state: TrainingState;
  /** What the run was given; absent in checkpoints of earlier versions. */
  inputs?: RunInputs;
}

/** Writes a checkpoint: a model file with the average as its weights and the rest as `state.*`. */
export async function writeCheckpoint(
  path: string,
  { model, state, inputs }: Checkpoint,
): Promise<void> {
  const array = (name: string, data: Float32Array): NamedArray => ({
    name: `state.${name}`,
    shape: [data.length],
    data,
  });
  const notes = {
    ...model.notes,
    step: String(state.step),
    history: JSON.stringify(state.history),
    losses: JSON.stringify(state.losses),
    ...(inputs && { inputs: JSON.stringify(inputs) }),
  };
  const extra = [
    array("parameters", state.weights.parameters),
    array("statistics", state.weights.statistics),
    array("m", state.adam.m),
    array("v", state.adam.v),
  ];
  await writeModel(path, { ...model, weights: state.average, notes }, { extra });
}

/** The notes of a checkpoint from which training goes on. */
const notesSchema = z.object({
  step: json(z.number().int().nonnegative()),
  history: json(z.array(
    z.object({ step: z.number(), ap: z.number(), f1: z.number(), threshold: z.number() }),
  )).default([]),
  losses: json(z.array(
    z.object({ step: z.number(), losses: z.record(z.string(), z.number()) }),
  )).default([]),
  inputs: json(z.record(z.string(), z.string())).optional(),
});

/** A text of JSON of a given shape. */
function json<T extends z.ZodType>(schema: T) {
  return z.string().transform((text, context): unknown => {
    try {
      return JSON.parse(text);
    } catch {
      context.addIssue("no JSON");
      return z.NEVER;
    }
  }).pipe(schema);
}

/**
 * Reads a checkpoint.
 *
 * @throws {EPickerError} `missing-file`; `bad-model` for a file without a training state, or with
 * notes that are none of a training run.
 */
export async function readCheckpoint(path: string): Promise<Checkpoint> {
  const { model, extra } = await readModel(path);
  const fail = (found: string): never => {
    throw new EPickerError("bad-model", {
      file: path,
      found,
      expected: "a checkpoint of epicker train",
      remedy: "Start without 'resume'.",
    });
  };
  const arrays = new Map(extra.map(({ name, data }) => [name, data]));
  const take = (name: string, length: number): Float32Array => {
    const data = arrays.get(`state.${name}`);
    if (!(data instanceof Float32Array) || data.length !== length) {
      return fail(`no state "${name}" of ${length} values`);
    }
    return data.every(Number.isFinite) ? data : fail(`a state "${name}" that is not finite`);
  };
  const { parameters, statistics } = model.weights;
  const weights = {
    parameters: take("parameters", parameters.length),
    statistics: take("statistics", statistics.length),
  };
  const adam = { m: take("m", parameters.length), v: take("v", parameters.length) };
  const notes = notesSchema.safeParse(model.notes);
  if (!notes.success) {
    const [{ path: [name], message }] = notes.error.issues;
    return fail(`the note "${String(name)}" with ${message}`);
  }
  const { inputs, ...told } = notes.data;
  return {
    model,
    state: { ...told, average: model.weights, weights, adam },
    inputs,
  };
}
