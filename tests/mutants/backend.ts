import type { Mutant } from "../_mutants.ts";
import { slips } from "./_slips.ts";

const TESTS = ["tests/backend/crew_test.ts"];
const CONVOLUTIONS = ["tests/backend/wasm_convolution_test.ts"];

export const BACKEND: Mutant[] = [
  ...slips("lib/backend/crew/run_steps.ts", TESTS, [
    [
      "bands leave out a row",
      "from + rows), kernels",
      "from + rows - 1), kernels",
    ],
  ]),
  ...slips("lib/backend/crew/steps.ts", TESTS, [
    [
      "a band of rows sees zeros above it",
      "const top = first - from * stride + padding;",
      "const top = padding;",
    ],
    [
      "the lower part is enlarged from the upper",
      "channels, from, to);",
      "channels, 0, to - from);",
    ],
    ["maxima are of the first rows", "rowAt(step.x, 2 * from)", "rowAt(step.x, from)"],
  ]),
  ...slips("lib/backend/crew/lay_out.ts", TESTS, [
    ["maps that are read last are not kept", "last.set(map, Infinity)", "last.set(map, -1)"],
    ["no room is taken again", "if (map.at - at >= size) break;", ""],
    ["maps lie where others are in use", "    at = end;", "    at = Math.min(at, end);"],
  ]),
  ...slips("lib/backend/wasm/convolve.ts", CONVOLUTIONS, [
    [
      "of a batch the first image alone is convolved",
      "Sizes(c),",
      "Sizes({ ...c, batchSize: 1 }),",
    ],
  ]),
  ...slips("lib/backend/wasm/convolution.ts", CONVOLUTIONS, [
    ["a filter learns from the first image alone", "Sizes(c))", "Sizes({ ...c, batchSize: 1 }))"],
  ]),
  ...slips("lib/backend/wasm/suits_winograd.ts", CONVOLUTIONS, [
    ["channels are not counted in eights", "c.inChannels % LANES === 0 && ", ""],
  ]),
  ...slips("lib/centernet/packed_filters.ts", ["tests/centernet/crew_detector_test.ts"], [
    [
      "odd channels are not filled up in place",
      "Math.floor(row / ownCin) * cin + row % ownCin",
      "row",
    ],
    ["spectra and plain filters are one", "`${name} ${isSpectrum}`", "name"],
  ]),
];
