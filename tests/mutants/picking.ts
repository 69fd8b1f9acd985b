import type { Mutant } from "../_mutants.ts";
import { slips } from "./_slips.ts";

export const PICKING: Mutant[] = [
  ...slips("lib/picking/picker.ts", ["tests/picking/ways_test.ts"], [
    ["images are picked from one way", "const ways = WAYS[this.view];", "const ways = 1;"],
  ]),
  ...slips("lib/picking/pick_files.ts", ["tests/shipped_model_test.ts"], [
    [
      "no micrograph is read",
      "const files = isNamed(inputs) ? inputs : await expandInputs(inputs",
      "const files: InputFile[] = [];\n  await expandInputs(inputs as string[]",
    ],
    [
      "micrographs fail one and all",
      "await lane.pick(path, {",
      "await lane.pick(`${path}x`, {",
    ],
  ]),
  ...slips("lib/picking/pick_files.ts", ["tests/picking/rerun_test.ts"], [
    [
      "results of the model's threshold are picked again",
      "thresholdOf(given.threshold, [], model.threshold)",
      "thresholdOf(given.threshold, [], 0.8)",
    ],
  ]),
  ...slips("lib/picking/change_threshold.ts", ["tests/picking/change_threshold_test.ts"], [
    ["another threshold ends a range of diameters", "?? record.diameterRange", "?? undefined"],
    ["a range of diameters never ends", 'diameterRange === "all" ? undefined', "false ? undefined"],
  ]),
  ...slips("lib/core/geometry.ts", ["tests/picking/change_threshold_test.ts"], [
    ["large ones are in every range of diameters", "&& diameter <= most", "&& most > 0"],
  ]),
  ...slips("lib/picking/picker.ts", ["tests/shipped_model_test.ts"], [
    ["the model's threshold is not used", "scores, this.model.threshold)", "scores, 0.8)"],
    ["picks stay in network pixels", "pick = toMicrograph(candidate, image)", "pick = candidate"],
  ]),
  ...slips("lib/picking/look.ts", ["tests/picking/look_test.ts"], [
    ["bright is what leads by a hair", "bright >= BRIGHT.times * dark", "bright >= dark"],
    ["bright particles need be no picks", "BRIGHT.thresholds * threshold", "0"],
    ["the pixel size does not widen the range", "if (low < most) [least", "if (low > most) [least"],
    [
      "the network's sizes have no say",
      "summit(sizes, best) * (agreed",
      "sizes[0].diameter * (agreed",
    ],
  ]),
];
