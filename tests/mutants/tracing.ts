import type { Mutant } from "../_mutants.ts";
import { slips } from "./_slips.ts";

export const TRACING: Mutant[] = [
  ...slips("lib/tracing/trace.ts", ["tests/tracing/trace_test.ts"], [
    [
      "pieces of fibers are not joined",
      "return joinPieces(followAll(new PointField(thinned(points, 2 * sigma)), limits), limits);",
      "return followAll(new PointField(thinned(points, 2 * sigma)), limits);",
    ],
    [
      "fibers' scores are those of their best points",
      "mean(points.map(({ score = 1 }) => score))",
      "Math.max(...points.map(({ score = 1 }) => score))",
    ],
    ["no hysteresis", "WEAK_PART = 1 / 3", "WEAK_PART = 1"],
    ["fibers of any number of points", "if (piece.length < minPoints) return [];", ""],
    ["shortest fibers first", "b.length - a.length", "a.length - b.length"],
  ]),
  ...slips("lib/tracing/follow.ts", ["tests/tracing/trace_test.ts"], [
    ["fibers are followed to one side", "      chain = chain.toReversed();\n", ""],
    ["lines turn at will", "Math.max(off, Math.abs(v - a - b * u) / bend)", "0"],
    ["points of other directions attract a line", "ACROSS_COST * across ** 2", "0"],
  ]),
  ...slips("lib/tracing/polyline.ts", ["tests/tracing/polyline_test.ts"], [
    [
      "boxes begin at the end of a fiber",
      "const first = (length - (count - 1) * spacing) / 2;",
      "const first = 0;",
    ],
    ["a long bow becomes straight", "< maxTurn && isIn(cone, next)", "< maxTurn"],
  ]),
  ...slips("lib/tracing/pixels.ts", ["tests/evaluation/fibers_test.ts"], [
    ["diagonal pixels count as 1", "Math.SQRT2", "1"],
  ]),
  ...slips("lib/tracing/border.ts", ["tests/tracing/border_test.ts"], [
    ["fibers run on to any border", "ahead > 0 && ahead <= farthest", "ahead > 0"],
  ]),
  ...slips("lib/tracing/labels.ts", ["tests/tracing/labels_test.ts"], [
    ["points of fiber labels too far apart", "LABEL_SPACING = 0.25", "LABEL_SPACING = 0.5"],
    ["start–end pairs are read as points", "return isEnds ?", "return false ?"],
  ]),
];
