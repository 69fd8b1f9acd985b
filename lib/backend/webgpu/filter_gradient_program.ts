import { type FilterGradientPlan, filterGradientShader } from "./filter_gradient_shader.ts";
import type { ConvSizes, Program, Uniforms } from "./program.ts";
import { tileWorkgroup } from "./tile.ts";

/** Sums that one invocation keeps in registers. */
const MOST_SUMS = 96;
/** Invocations that keep a large GPU busy. */
const WANTED_INVOCATIONS = 2 ** 16;
/** Output positions below which a part costs more to add up than to compute. */
const FEWEST_POSITIONS = 256;
/** Upper bound of the scratch memory for partial sums. */
const SCRATCH_BYTES = 64 * 2 ** 20;

/**
 * Chooses tiles and parts for {@linkcode filterGradientProgram} from the sizes alone, so that the
 * order of every sum, and with it every bit of the result, is fixed.
 */
export function planFilterGradient(sizes: ConvSizes): FilterGradientPlan {
  const { inChannels, outChannels, filterHeight, filterWidth } = sizes;
  const xWidth = inChannels % 4 === 0 ? 4 : 1;
  const dyWidth = outChannels % 4 === 0 ? 4 : 1;
  const channels = filterWidth === 1 && inChannels % 8 === 0 ? 8 : xWidth;
  const wide = outChannels % 8 === 0 && filterWidth * channels * 8 <= MOST_SUMS;
  const columns = wide ? 8 : Math.min(4, outChannels);
  const groups = Math.ceil((filterWidth * channels * columns) / MOST_SUMS);
  const taps = Math.ceil(filterWidth / groups);
  const tiles = Math.ceil(outChannels / columns) * filterHeight * groups * (inChannels / channels);
  const outRows = sizes.batchSize * sizes.outHeight;
  const filterSize = filterHeight * filterWidth * inChannels * outChannels;
  const most = Math.min(
    Math.ceil(WANTED_INVOCATIONS / tiles),
    Math.ceil((outRows * sizes.outWidth) / FEWEST_POSITIONS),
    Math.floor(SCRATCH_BYTES / (4 * filterSize)),
  );
  const rowsPerChunk = Math.ceil(outRows / Math.max(1, most));
  const chunks = Math.ceil(outRows / rowsPerChunk);
  const stride = sizes.strideWidth;
  return { taps, channels, columns, xWidth, dyWidth, stride, chunks, rowsPerChunk };
}

/**
 * The program that computes partial sums of the filter gradient of a convolution.
 *
 * An implicit matrix product: `dW[kh, kw, ci, co] = Σ x[n, oy·s + kh − p, ox·s + kw − p, ci] ·
 * dy[n, oy, ox, co]` over all output positions (n, oy, ox). One invocation keeps a tile of
 * kw × ci × co in registers for one kh and walks through the output rows of one part. On its way
 * along a row, a window of x slides, so that each value is loaded once for all kw. The inner loop is
 * unrolled because naga's bounded loops are slow.
 *
 * Inputs x and dy; output `[chunks, kh · kw · ci, co]`.
 */
export function filterGradientProgram(sizes: ConvSizes, plan: FilterGradientPlan): Program {
  const { taps, channels, columns, stride, xWidth, dyWidth } = plan;
  const { filterHeight, filterWidth, inChannels, outChannels } = sizes;
  const columnTiles = Math.ceil(outChannels / columns);
  const rowTiles = filterHeight * Math.ceil(filterWidth / taps) * (inChannels / channels);
  const workgroupSize = tileWorkgroup(columnTiles);
  const [across, down] = workgroupSize;
  return {
    variableNames: ["x", "dy"],
    variableComponents: [xWidth, dyWidth],
    outputComponent: dyWidth,
    outputShape: [plan.chunks, filterHeight * filterWidth * inChannels, outChannels],
    workgroupSize,
    dispatchLayout: { x: [2], y: [1], z: [0] },
    dispatch: [Math.ceil(columnTiles / across), Math.ceil(rowTiles / down), plan.chunks],
    uniforms: "filterDims : vec2<i32>, pads : vec2<i32>, strideY : i32, rowsPerChunk : i32,",
    shaderKey: ["epickerFilterGradient", taps, channels, columns, stride, xWidth, dyWidth].join(
      "_",
    ),
    getUserCode: () => filterGradientShader(plan),
  };
}

/** The values of {@linkcode filterGradientProgram}'s uniforms, in order. */
export function filterGradientUniforms(sizes: ConvSizes, plan: FilterGradientPlan): Uniforms {
  return [
    { type: "int32", data: [sizes.filterHeight, sizes.filterWidth] },
    { type: "int32", data: [sizes.padInfo.top, sizes.padInfo.left] },
    { type: "int32", data: [sizes.strideHeight] },
    { type: "int32", data: [plan.rowsPerChunk] },
  ];
}
