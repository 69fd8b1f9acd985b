import type { Mutant } from "../_mutants.ts";
import { slips } from "./_slips.ts";

export const EVALUATION: Mutant[] = [
  ...slips("lib/core/calibration.ts", ["tests/core/calibration_test.ts"], [
    ["expected particles are the picks", "(i + 1 + particles)", "(i + 1 + hits)"],
    ["the full micrograph is lowered", "FILLED.surely - f1", "f1 - FILLED.hardly"],
    ["the sure become less than even", "logit(SURE) *", "2 * logit(SURE) *"],
    ["no end to what is lowered", "Math.max(0, Math.min(1, share))", "Math.max(0, share)"],
  ]),
  ...slips("lib/experiments/unseen.ts", ["tests/experiments/unseen_test.ts"], [
    ["a kind calibrates itself", "kind !== cell.kind", "kind !== undefined"],
  ]),
  ...slips("lib/core/statistics.ts", ["tests/core/statistics_test.ts"], [
    ["the median of an even number is one of the two", "sorted.length % 2 === 1", "true"],
    ["quantiles are rounded down", "Math.round(share", "Math.floor(share"],
  ]),
  ...slips("lib/evaluation/match.ts", [
    "tests/evaluation/match_test.ts",
    "tests/evaluation/average_precision_test.ts",
  ], [
    [
      "a particle is found by many picks",
      "if (distance <= radius && distance < nearest) [nearest, matches[i]] = [distance, j];\n    }\n    if (matches[i] !== UNMATCHED) free[matches[i]] = 0;",
      "if (distance <= radius && distance < nearest) [nearest, matches[i]] = [distance, j];\n    }",
    ],
    ["matches within a square", "distance <= radius && distance < nearest", "distance < nearest"],
    [
      "picks match in the order of the file",
      "for (const i of scoreOrder(picks)) {",
      "for (const i of picks.keys()) {",
    ],
    ["overlap by intersection alone", "b.side * b.side - intersection)", "b.side * b.side)"],
    ["ignore regions take right picks aside", "if (match !== UNMATCHED) return match;", ""],
    ["ignore regions all have the particle's size", "region.diameter ?? diameter", "diameter"],
  ]),
  ...slips("lib/evaluation/average_precision.ts", ["tests/evaluation/average_precision_test.ts"], [
    [
      "AP without interpolation",
      "precisions[i - 1] = Math.max(precisions[i - 1], precisions[i]);",
      "",
    ],
    ["AP at 11 recalls", "RECALL_POINTS = 101", "RECALL_POINTS = 11"],
    ["picks in ignore regions count in AP", ".filter((i) => matches[i] !== IGNORED)", ""],
    [
      "micrographs compete in turn, not by score",
      "  detections.sort((a, b) => b.score - a.score);\n",
      "",
    ],
  ]),
  ...slips("lib/evaluation/precision_recall.ts", ["tests/evaluation/evaluate_test.ts"], [
    [
      "F1 is the mean of precision and recall",
      "f1: 2 * hits / (kept + truth)",
      "f1: (hits / kept + hits / truth) / 2",
    ],
    ["matching within a whole diameter", "RADIUS_DIAMETERS = 0.5", "RADIUS_DIAMETERS = 1"],
    [
      "equal scores have points of their own",
      "if (sorted[i + 1]?.score !== score) points",
      "points",
    ],
    ["of equal F1 the lowest threshold", "point.f1 > best.f1", "point.f1 >= best.f1"],
    ["picks in ignore regions count in F1", "if (matches[i] === IGNORED) return [];", ""],
  ]),
  ...slips("lib/evaluation/forgetting.ts", ["tests/evaluation/forgetting_test.ts"], [
    [
      "drops count gains as losses",
      "(before, now) => before - now",
      "(before, now) => now - before",
    ],
    ["forgetting from the first score, not the best", "combine(a, b, Math.max)", "a"],
    ["forward transfer after learning", "scores[learnedAt[j] - 1][j]", "scores[learnedAt[j]][j]"],
    ["drops of data not yet learned", "all.filter((j) => learnedAt[j] < stage)", "all"],
    ["complexity without AR", "1 / (ap + ar)", "1 / (2 * ap)"],
  ]),
  ...slips("lib/evaluation/fibers.ts", ["tests/evaluation/fibers_test.ts"], [
    [
      "false length is all that is traced",
      "if (piece === undefined) sums.falseLength += length;",
      "sums.falseLength += length;\n      if (piece === undefined) continue;",
    ],
    ["a fiber is found by a tenth", "FOUND_PART = 0.5", "FOUND_PART = 0.1"],
    [
      "a traced line counts for the fiber that it follows least",
      "([, a], [, b]) => b - a)",
      "([, a], [, b]) => a - b)",
    ],
    ["broken fibers count as whole", "new Set(followed).size", "followed.length"],
  ]),
  ...slips("lib/evaluation/recall_by_kind.ts", ["tests/evaluation/recall_by_kind_test.ts"], [
    ["recall of kinds among all picks", ".slice(0, count)", ""],
  ]),
  ...slips("lib/evaluation/evaluate.ts", ["tests/evaluation/evaluate_test.ts"], [
    [
      "every micrograph has its own threshold",
      "hits[i], best.threshold, options",
      "hits[i], 0, options",
    ],
    [
      "micrographs without a score count as 0",
      ".filter((f1) => !Number.isNaN(f1))",
      ".map((f1) => f1 || 0)",
    ],
  ]),
];
