import type { Weights } from "../../lib/centernet/mod.ts";
import { learn, type Lesson, type Strategy } from "../../lib/continual/mod.ts";
import { readCheckpoint } from "../../lib/training/state.ts";
import { STILL_RECIPE } from "../training/_still.ts";

/** One step of a lesson: where it began, and the gradient that its optimiser was given. */
export interface LearnedStep {
  parameters: Float32Array;
  /** The running average of the weights. */
  average: Weights;
  gradient: Float32Array;
}

/**
 * Learns a lesson of two steps and reads their gradients off the optimiser's first moment, which is
 * m ← 0.9 m + 0.1 gradient.
 *
 * @param start The weights before the first step.
 */
export async function learnedSteps(
  strategy: Strategy,
  lesson: Lesson,
  start: Weights,
  workers: number,
): Promise<LearnedStep[]> {
  const out = await Deno.makeTempDir();
  const stop = new AbortController();
  const recipe = { ...STILL_RECIPE, steps: 2, learningRate: 0.05 };
  const steps = { recipe, out, backend: "wasm" } as const;
  const state = async () => (await readCheckpoint(`${out}/checkpoint.safetensors`)).state;
  const onProgress = () => stop.abort();
  await learn(strategy, lesson, { ...steps, workers, signal: stop.signal, onProgress });
  const first = await state();
  await learn(strategy, lesson, { ...steps, workers, resume: true });
  const second = await state();
  await Deno.remove(out, { recursive: true });
  return [
    { parameters: start.parameters, average: start, gradient: first.adam.m.map((m) => m / 0.1) },
    {
      parameters: first.weights.parameters,
      average: {
        parameters: tenthAnd(start.parameters, first.weights.parameters),
        statistics: tenthAnd(start.statistics, first.weights.statistics),
      },
      gradient: second.adam.m.map((m, i) => (m - 0.9 * first.adam.m[i]) / 0.1),
    },
  ];
}

/** The first average, of which the decay is (1 + 0) / (10 + 0). */
function tenthAnd(old: Float32Array, fresh: Float32Array): Float32Array {
  return old.map((value, i) => 0.1 * value + 0.9 * fresh[i]);
}
