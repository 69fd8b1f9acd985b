import { detectionLoss } from "../../centernet/mod.ts";
import { addTerm, cropsOf, heatDistance, offsetDistance } from "../distillation.ts";
import type { Strategy } from "../strategy.ts";

/**
 * Learning without forgetting (Li and Hoiem, 2016): on the new data the heat map and the offsets of
 * the old model are kept; nothing is stored.
 */
export function create({ strength = 0.5 } = {}): Strategy {
  return {
    title: "LwF",
    start: "old",
    data: "new",
    teacherOn: "new",
    lossOf(output, { targets, teacher, count }) {
      const loss = detectionLoss(output, targets);
      if (teacher === undefined) return loss;
      const heat = heatDistance(cropsOf(output.heat, 0, count), teacher.heat.sigmoid());
      const kept = addTerm(loss, "kept heat", heat, strength);
      return addTerm(kept, "kept offset", offsetDistance(output, teacher), strength);
    },
  };
}
