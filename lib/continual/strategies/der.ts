import { detectionLoss, FrozenNetwork } from "../../centernet/mod.ts";
import { normalise } from "../../preprocess/mod.ts";
import { addTerm, cropsOf, heatDistance } from "../distillation.ts";
import type { Strategy } from "../strategy.ts";

/**
 * Dark experience replay++ (Buzzega et al., 2020): exemplars are stored with the heat map that the
 * model of their time gave; replay keeps both their labels and that map.
 */
export function create({ strength = 0.5 } = {}): Strategy {
  return {
    title: "DER++",
    start: "old",
    data: "exemplars",
    lossOf(output, { targets, stored, count, replayed }) {
      const loss = detectionLoss(output, targets);
      if (stored === undefined) return loss;
      const logits = cropsOf(output.heat, count - replayed, replayed);
      return addTerm(loss, "stored heat", heatDistance(logits, stored), strength);
    },
    remember({ model, memory }) {
      using network = new FrozenNetwork(model);
      const exemplars = memory.exemplars.map((exemplar) => {
        if (exemplar.heat !== undefined) return exemplar;
        const { pixels, paddedHeight, paddedWidth } = exemplar.image;
        const heat = network.valuesOf(
          normalise(pixels),
          paddedHeight,
          paddedWidth,
          ({ heat }) => heat.sigmoid(),
        );
        return { ...exemplar, heat };
      });
      return Promise.resolve({ ...memory, exemplars });
    },
  };
}
