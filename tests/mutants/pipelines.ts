import type { Mutant } from "../_mutants.ts";
import { slips } from "./_slips.ts";

export const PIPELINES: Mutant[] = [
  ...slips("lib/pipelines/shards.ts", ["tests/pipelines/shards_test.ts"], [
    [
      "every shard finds a diameter of its own",
      "{ ...about.settings, look }",
      "{ ...about.settings }",
    ],
    ["the threshold auto is left out", 'if (threshold === "auto")', "if (threshold === undefined)"],
  ]),
  ...slips("lib/pipelines/watch.ts", ["tests/pipelines/watch_test.ts"], [
    ["each look finds a diameter of its own", "{ ...options, look, ", "{ ...options, "],
    ["after a restart another diameter is found", "[...watch.earlier, ...ready]", "ready"],
  ]),
  ...slips("lib/picking/look_at_files.ts", ["tests/pipelines/relion_job_test.ts"], [
    ["Continue finds another diameter", "pixelSizeA = common", "pixelSizeA: _ = common"],
  ]),
  ...slips("lib/pipelines/relion_dataset.ts", ["tests/pipelines/relion_dataset_test.ts"], [
    [
      "particles stay where they were picked",
      "isMoved ? recentrePicks",
      "picks.length < 0 ? recentrePicks",
    ],
  ]),
  ...slips("lib/pipelines/topaz.ts", ["tests/pipelines/topaz_test.ts"], [
    ["coordinates stay in pixels of the shrunken image", "x * scale", "x"],
    ["the radius counts as the diameter", "diameterPx: 2 * radius", "diameterPx: radius"],
    ["the threshold counts as a score", "odds < least", "score < least"],
  ]),
];
