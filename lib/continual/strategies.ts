import { EPickerError } from "../core/mod.ts";
import type { ObjectiveSource } from "../training/mod.ts";

const at = (file: string, options?: unknown): ObjectiveSource => ({
  module: new URL(`./strategies/${file}.ts`, import.meta.url).href,
  ...(options !== undefined && { options }),
});

/** Every strategy by name: its module and options. */
export const STRATEGIES: Record<string, ObjectiveSource> = {
  scratch: at("scratch"),
  joint: at("joint"),
  "fine-tune": at("fine_tune"),
  epicker: at("epicker"),
  replay: at("replay"),
  anchor: at("anchor"),
  ewc: at("ewc"),
  lwf: at("lwf"),
  der: at("der"),
};

/**
 * EPicker's strategy with one thing changed, for tables that say what each part is worth; without
 * distillation it is `replay`. `epicker/pull` has the weights of the paper.
 */
export const ABLATIONS: Record<string, ObjectiveSource> = {
  "epicker/pull": at("epicker", { pull: 0.01 }),
  "epicker/distillation-0.3": at("epicker", { distillation: 0.3 }),
  "epicker/distillation-1": at("epicker", { distillation: 1 }),
  "epicker/distillation-3": at("epicker", { distillation: 3 }),
  "epicker/no-replay": at("epicker", { replay: false }),
  "epicker/heat-only": at("epicker", { features: false }),
  "epicker/features-only": at("epicker", { heat: false }),
  "epicker/first": at("epicker", { exemplars: { policy: "first" } }),
  "epicker/coverage": at("epicker", { exemplars: { policy: "coverage" } }),
  "epicker/50": at("epicker", { exemplars: { particles: 50 } }),
  "epicker/100": at("epicker", { exemplars: { particles: 100 } }),
  "epicker/400": at("epicker", { exemplars: { particles: 400, pieces: 46 } }),
};

/**
 * The strategy of a name.
 *
 * @throws {EPickerError} `bad-option` for an unknown name.
 */
export function strategyOf(name: string): ObjectiveSource {
  const known = [STRATEGIES, ABLATIONS].find((strategies) => Object.hasOwn(strategies, name));
  if (known !== undefined) return known[name];
  throw new EPickerError("bad-option", {
    file: "strategy",
    found: `"${name}"`,
    expected: [...Object.keys(STRATEGIES), ...Object.keys(ABLATIONS)].join(", "),
  });
}
