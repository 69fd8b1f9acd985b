import type { Mutant } from "../_mutants.ts";
import { slips } from "./_slips.ts";

export const EXEMPLARS: Mutant[] = [
  ...slips("lib/continual/exemplars.ts", ["tests/continual/exemplars_test.ts"], [
    ["random exemplars whatever the seed", "random(seed).shuffle", "random(1).shuffle"],
    ["random exemplars are the first", "random(seed).shuffle([...pieces.keys()])", "pieces.keys()"],
    [
      "first exemplars are the last",
      "first: () => pieces.keys()",
      "first: () => [...pieces.keys()].reverse()",
    ],
    ["coverage by place", "farthestFirst(featuresOf(model, pieces), most)", "[...pieces.keys()]"],
    ["pieces without labels are kept", ".filter((piece) => labelsIn(piece) > 0)", ""],
    [
      "exemplars without an end",
      "labels >= particles || chosen.length === most",
      "chosen.length === most",
    ],
  ]),
  ...slips("lib/continual/herding.ts", ["tests/continual/exemplars_test.ts"], [
    ["herding forgets what it has", "sum[c] += value", "sum[c] = value"],
    ["herding takes the farthest", "far.get(i)! < far.get(best)!", "far.get(i)! > far.get(best)!"],
  ]),
  ...slips("lib/continual/coverage.ts", ["tests/continual/exemplars_test.ts"], [
    [
      "coverage takes the nearest",
      "d > distances[best] ? i : best",
      "d < distances[best] && d > -Infinity ? i : best",
    ],
    ["coverage forgets what it has", "Math.min(d, fresh[i])", "fresh[i]"],
    [
      "coverage begins anywhere",
      "-squaredDistance(vector, origin)",
      "squaredDistance(vector, origin)",
    ],
    ["features of large spread outweigh others", "variance > 0 ? 1 / Math.sqrt(variance) : 0", "1"],
    [
      "features are not averaged over the piece",
      "deep.mean([0, 1, 2])",
      "deep.max([0, 1, 2])",
    ],
  ]),
];
