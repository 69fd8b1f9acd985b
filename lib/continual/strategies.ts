import { EPickerError } from "../core/mod.ts";
import { withSource } from "../training/mod.ts";
import { create as anchor } from "./strategies/anchor.ts";
import { create as average } from "./strategies/average.ts";
import { create as combined } from "./strategies/combined.ts";
import { create as cumulative } from "./strategies/cumulative.ts";
import { create as der } from "./strategies/der.ts";
import { create as emaTeacher } from "./strategies/ema_teacher.ts";
import { create as epicker, type EpickerOptions } from "./strategies/epicker.ts";
import { create as ewc } from "./strategies/ewc.ts";
import { create as fineTune } from "./strategies/fine_tune.ts";
import { create as frozen } from "./strategies/frozen.ts";
import { create as joint } from "./strategies/joint.ts";
import { create as lwf } from "./strategies/lwf.ts";
import { create as paste } from "./strategies/paste.ts";
import { create as replay } from "./strategies/replay.ts";
import { create as scratch } from "./strategies/scratch.ts";
import { create as separate } from "./strategies/separate.ts";
import { create as unsure } from "./strategies/unsure.ts";
import type { ModuleStrategy, Strategy } from "./strategy.ts";

function at<T>(file: string, create: (options?: T) => Strategy, options?: T): ModuleStrategy {
  const { href: module } = new URL(`./strategies/${file}.ts`, import.meta.url);
  return withSource(create(options), { module, options });
}

/** Every strategy by name. */
export const STRATEGIES: Record<string, ModuleStrategy> = {
  scratch: at("scratch", scratch),
  separate: at("separate", separate),
  joint: at("joint", joint),
  "joint/2": at("joint", joint, { effort: 2 }),
  "joint/4": at("joint", joint, { effort: 4 }),
  cumulative: at("cumulative", cumulative),
  "cumulative/2": at("cumulative", cumulative, { effort: 2 }),
  "cumulative/4": at("cumulative", cumulative, { effort: 4 }),
  "fine-tune": at("fine_tune", fineTune),
  epicker: at("epicker", epicker),
  replay: at("replay", replay),
  unsure: at("unsure", unsure),
  average: at("average", average),
  "ema-teacher": at("ema_teacher", emaTeacher),
  frozen: at("frozen", frozen),
  paste: at("paste", paste),
  anchor: at("anchor", anchor),
  ewc: at("ewc", ewc),
  lwf: at("lwf", lwf),
  der: at("der", der),
};

/** What `epicker learn` takes: the best on the data to choose by (docs/continual.md). */
export const LEARNING_STRATEGY = "epicker+unsure+average";

const changed = (options: Partial<EpickerOptions>) => at("epicker", epicker, options);

/**
 * EPicker's strategy with one thing changed, for tables that say what each part is worth; without
 * distillation it is `replay`. `epicker/paper` has the weights of the paper.
 */
export const ABLATIONS: Record<string, ModuleStrategy> = {
  "epicker/paper": changed({ pull: 0.01 }),
  "epicker/distillation-0.3": changed({ distillation: 0.3 }),
  "epicker/distillation-1": changed({ distillation: 1 }),
  "epicker/distillation-3": changed({ distillation: 3 }),
  "epicker/no-replay": changed({ replay: false }),
  "epicker/heat-only": changed({ features: false }),
  "epicker/features-only": changed({ heat: false }),
  "epicker/first": changed({ exemplars: { policy: "first" } }),
  "epicker/coverage": changed({ exemplars: { policy: "coverage" } }),
  "epicker/herding": changed({ exemplars: { policy: "herding" } }),
  "epicker/50": changed({ exemplars: { particles: 50 } }),
  "epicker/100": changed({ exemplars: { particles: 100 } }),
  "epicker/400": changed({ exemplars: { particles: 400, pieces: 46 } }),
};

/**
 * The strategy of a name, or of several with `+` between them: `epicker+unsure+average`.
 *
 * @throws {EPickerError} `bad-option` for an unknown name.
 */
export function strategyOf(name: string): ModuleStrategy {
  const known = [STRATEGIES, ABLATIONS].find((strategies) => Object.hasOwn(strategies, name));
  if (known !== undefined) return known[name];
  if (name.includes("+")) return at("combined", combined, { parts: name.split("+") });
  throw new EPickerError("bad-option", {
    file: "strategy",
    found: `"${name}"`,
    expected: [...Object.keys(STRATEGIES), ...Object.keys(ABLATIONS)].join(", "),
  });
}
