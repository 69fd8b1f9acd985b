import { addTerm, heatDistance, lastCrops } from "../distillation.ts";
import type { Strategy } from "../strategy.ts";
import { create as epicker } from "./epicker.ts";

/**
 * EPicker with a second teacher, the running average of the weights in training, which is what is
 * kept in the end: on exemplars the network shall show the heat map of both (Tarvainen and Valpola,
 * Mean teachers, 2017; with replay: Arani et al., Learning fast, learning slow, 2022).
 *
 * @param options.strength Weight of the average's heat map in the loss.
 */
export function create({ strength = 0.1 } = {}): Strategy {
  const first = epicker();
  return {
    ...first,
    title: "EPicker, running average as a teacher",
    averageOn: "replayed",
    lossOf(output, batch) {
      const loss = first.lossOf(output, batch);
      const { averaged, replayed } = batch;
      if (averaged === undefined) return loss;
      const student = lastCrops(output.heat, replayed);
      const heat = heatDistance(student, averaged.heat.sigmoid());
      return addTerm(loss, "average's heat", heat, strength);
    },
  };
}
