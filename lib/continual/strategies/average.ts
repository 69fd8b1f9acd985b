import { DETECTION, validate } from "../../training/mod.ts";
import { interpolate } from "../interpolation.ts";
import type { Strategy } from "../strategy.ts";

/**
 * Replay, after which the weights go back a part of the way to the old ones (interpolation after each
 * task: Wortsman et al., Robust fine-tuning, 2022; Marouf et al., Weighted ensemble models, 2024).
 *
 * @param options.shares Shares of the new weights to try; the old exemplars and held-out new images
 * choose, by AP and F1, every dataset counting the same.
 */
export function create({ shares = [1, 0.75, 0.5, 0.25] } = {}): Strategy {
  return {
    ...DETECTION,
    title: "averaged weights",
    start: "old",
    data: "exemplars",
    async finish({ validation, memory: { exemplars }, ...ending }) {
      let [best, most] = [ending.model, -1];
      for (const share of shares) {
        const model = share === 1
          ? ending.model
          : await interpolate({ ...ending, exemplars }, share);
        const { ap, f1, threshold } = await validate(model, validation, 0);
        if (ap + f1 > most) [best, most] = [{ ...model, threshold }, ap + f1];
      }
      return best;
    },
  };
}
