import type { Mutant } from "../_mutants.ts";
import { slips } from "./_slips.ts";

export const PICKING: Mutant[] = [
  ...slips("lib/picking/pick_files.ts", ["tests/shipped_model_test.ts"], [
    [
      "no micrograph is read",
      "const files = await expandInputs(inputs",
      "const files: InputFile[] = [];\n  await expandInputs(inputs",
    ],
    [
      "micrographs fail one and all",
      "await lane.pick(path, batch.options)",
      "await lane.pick(`${path}x`, batch.options)",
    ],
  ]),
  ...slips("lib/picking/pick_files.ts", ["tests/picking/rerun_test.ts"], [
    [
      "results of the model's threshold are picked again",
      "threshold = model.threshold",
      "threshold = 0.8",
    ],
  ]),
  ...slips("lib/picking/picker.ts", ["tests/shipped_model_test.ts"], [
    ["the model's threshold is not used", "threshold = this.model.threshold", "threshold = 0.8"],
    ["picks stay in network pixels", "pick = toMicrograph(candidate, image)", "pick = candidate"],
  ]),
];
