import type { Mutant } from "../_mutants.ts";
import { slips } from "./_slips.ts";

export const PREPROCESS: Mutant[] = [
  ...slips("lib/preprocess/geometry.ts", ["tests/preprocess/geometry_test.ts"], [
    [
      "network pixels lie half a pixel off",
      "(value + 0.5) / scale - 0.5 + MARGIN",
      "value / scale + MARGIN",
    ],
    [
      "picks come back without the margin",
      "(value - MARGIN + 0.5) * scale - 0.5",
      "(value + 0.5) * scale - 0.5",
    ],
    ["diameters do not shrink", "point.diameter /= scale", "point.diameter /= 1"],
    [
      "the shorter side becomes 1024 pixels",
      "Math.max(width, height) / targetSize",
      "Math.min(width, height) / targetSize",
    ],
    ["padded sides lack a margin", "content(size) + 2 * MARGIN", "content(size) + MARGIN"],
  ]),
  ...slips("lib/preprocess/resample.ts", ["tests/preprocess/resample_test.ts"], [
    ["no low-pass when reducing", "const stretch = Math.max(scale, 1);", "const stretch = 1;"],
    [
      "filters at borders are not normalised",
      "weights[i * count + j] /= sum",
      "weights[i * count + j] /= stretch",
    ],
    ["samples half a pixel off", "(i + 0.5) * scale - 0.5", "i * scale"],
  ]),
  ...slips("lib/preprocess/equalise.ts", ["tests/preprocess/equalise_test.ts"], [
    ["bright outliers become black", "grey[i] = 255", "grey[i] = 0"],
    ["the range is all values", "RANGE_SIGMAS = 4.5", "RANGE_SIGMAS = 1000"],
    ["ranks without half of their own bin", "below + count / 2", "below"],
    ["linear grey values", "const rank = (below + count / 2) / total;", "const rank = 0.5;"],
  ]),
  ...slips("lib/preprocess/clean_range.ts", ["tests/preprocess/preprocess_test.ts"], [
    ["hot pixels are not clamped", "CLAMP_SIGMAS = 8", "CLAMP_SIGMAS = 1e9"],
  ]),
  ...slips("lib/preprocess/preprocess.ts", ["tests/preprocess/preprocess_test.ts"], [
    ["no margin above", "(y + MARGIN) * paddedWidth + MARGIN", "y * paddedWidth + MARGIN"],
  ]),
  ...slips("lib/preprocess/noise_like.ts", ["tests/preprocess/noise_like_test.ts"], [
    ["the phases stay", "amplitude * b[i];", "amplitude * Math.hypot(b[i], b[i + 1]);"],
    ["greys are those of noise", "made[at] = sorted[rank]", "made[at] = image[at]"],
    ["all noises are one", "side, seed + 1", "side, 1"],
  ]),
  ...slips("lib/preprocess/dirt.ts", ["tests/preprocess/dirt_test.ts"], [
    ["a ramp is dirt", "mean - across * column - down * row", "mean"],
    ["means say nothing", "hasFarMean[i] || hasFarVariance[i]", "hasFarVariance[i]"],
  ]),
  ...slips("lib/preprocess/normalise.ts", ["tests/preprocess/preprocess_test.ts"], [
    ["grey values are not centred", "(grey / 255 - NETWORK_MEAN)", "(grey / 255)"],
  ]),
];
