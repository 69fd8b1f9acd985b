import { detectionLoss } from "../../centernet/mod.ts";
import { addTerm, featureDistance, heatDistance, lastCrops } from "../distillation.ts";
import type { ExemplarOptions } from "../exemplars.ts";
import type { Strategy } from "../strategy.ts";
import { pullFilters } from "../weight_pull.ts";

/** What EPicker's strategy may be told; the terms can be left out one by one. */
export interface EpickerOptions {
  /** λ₁, weight of distillation. */
  distillation: number;
  /** λ₂, weight of the pull towards the old filters. */
  pull: number;
  /** Whether the deepest and the stride-4 feature maps are distilled. */
  features: boolean;
  /** Whether the heat map is distilled. */
  heat: boolean;
  /** Whether exemplars are replayed; without, the teacher looks at the new data. */
  replay: boolean;
  /** How exemplars are chosen, where that differs from the default. */
  exemplars?: Partial<ExemplarOptions>;
}

/**
 * The paper's λ₁, and no pull: at λ₂ = 0.01, two seeds and the light network AP was not better with
 * it (`models/experiments/card.md`).
 */
export const EPICKER: EpickerOptions = {
  distillation: 0.1,
  pull: 0,
  features: true,
  heat: true,
  replay: true,
};

/**
 * EPicker: replay of exemplars, on which a frozen teacher's features and heat map are kept, and, if
 * wanted, a pull towards the old filters. L = L_OD + λ₁ L_Dis + λ₂ L_Reg; the paper has λ₁ = 0.1 and
 * λ₂ = 0.01 (Zhang et al., Nat. Commun. 2022).
 */
export function create(options: Partial<EpickerOptions> = {}): Strategy {
  const { distillation, pull, features, heat, replay, exemplars } = { ...EPICKER, ...options };
  return {
    title: "EPicker",
    start: "old",
    data: replay ? "exemplars" : "new",
    exemplars,
    teacherOn: distillation === 0 ? undefined : replay ? "replayed" : "new",
    lossOf(output, { targets, teacher, count, replayed }) {
      let loss = detectionLoss(output, targets);
      const seen = replay ? replayed : count;
      if (teacher === undefined || seen === 0) return loss;
      const student = (map: "deep" | "fine" | "heat") => lastCrops(output[map], seen);
      const kept = (map: "deep" | "fine" | "heat") => lastCrops(teacher[map], seen);
      if (features) {
        const deep = featureDistance(student("deep"), kept("deep"));
        const fine = featureDistance(student("fine"), kept("fine"));
        loss = addTerm(loss, "features", deep.add(fine), distillation);
      }
      if (heat) {
        const heat = heatDistance(student("heat"), kept("heat").sigmoid());
        loss = addTerm(loss, "kept heat", heat, distillation);
      }
      return loss;
    },
    pull: pull > 0 ? ({ old }) => pullFilters(old, pull) : undefined,
  };
}
