import { mean } from "../../core/mod.ts";
import { DETECTION, ShardComputer } from "../../training/mod.ts";
import type { Remembrance, Strategy } from "../strategy.ts";
import { pullByImportance } from "../weight_pull.ts";

/**
 * Elastic weight consolidation (Kirkpatrick et al., 2017): a pull towards the old weights, weighted by
 * their importance for the old data, the mean square of the loss' gradient (diagonal Fisher
 * information, here of crops as in training, a shard at a time), scaled to a mean of 1 and added up over the lessons.
 */
export function create({ strength = 0.01, batches = 32 } = {}): Strategy {
  return {
    ...DETECTION,
    title: "EWC",
    start: "old",
    data: "new",
    pull({ old, memory }) {
      const importance = memory.vectors.importance ??
        new Float32Array(old.weights.parameters.length);
      return pullByImportance(old, importance, strength);
    },
    async remember({ memory, ...lesson }) {
      const fresh = await importanceOf(lesson, batches);
      const known = memory.vectors.importance;
      const importance = known ? fresh.map((value, i) => value + known[i]) : fresh;
      return { ...memory, vectors: { ...memory.vectors, importance } };
    },
  };
}

async function importanceOf(
  { model, images, recipe }: Omit<Remembrance, "memory">,
  batches: number,
): Promise<Float32Array> {
  const { config, weights: { parameters } } = model;
  using computer = new ShardComputer({ ...recipe, config, images });
  const squares = new Float32Array(parameters.length);
  for (let step = 0; step < batches; step++) {
    const { gradient } = await computer.gradient(parameters, step, 0);
    for (let i = 0; i < squares.length; i++) squares[i] += gradient[i] ** 2;
  }
  const typical = mean(squares);
  return squares.map((value) => value / typical);
}
