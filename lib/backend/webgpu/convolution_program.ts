import { type ConvolutionPlan, convolutionShader } from "./convolution_shader.ts";
import type { ConvSizes, Program, Uniforms } from "./program.ts";
import { chooseTile, tileWorkgroup } from "./tile.ts";

/**
 * Chooses the tile for {@linkcode convolutionProgram} from the sizes alone.
 *
 * @param options What follows the sum; by default nothing.
 */
export function planConvolution(
  sizes: ConvSizes,
  { bias = false, relu = false }: { bias?: boolean; relu?: boolean } = {},
): ConvolutionPlan {
  const { batchSize, outHeight, outWidth, inChannels, outChannels } = sizes;
  return {
    ...chooseTile(batchSize * outHeight * outWidth * outChannels, outWidth, outChannels),
    taps: sizes.filterWidth,
    stride: sizes.strideWidth,
    xWidth: inChannels % 4 === 0 ? 4 : 1,
    yWidth: outChannels % 4 === 0 ? 4 : 1,
    bias,
    relu,
  };
}

/**
 * The program that computes a convolution with bias and ReLU.
 *
 * An implicit matrix product: `y[n, oy, ox, co] = Σ x[n, oy·s + kh − p, ox·s + kw − p, ci] ·
 * w[kh, kw, ci, co]`. One invocation keeps a tile of neighbouring ox × co in registers. For each row
 * of the filter and each four input channels it loads a window of x once and uses it for all kw.
 *
 * Inputs x, the filter and maybe the bias; output `[n, oh, ow, co]`.
 */
export function convolutionProgram(sizes: ConvSizes, plan: ConvolutionPlan): Program {
  const { positions, channels, xWidth, yWidth, bias } = plan;
  const { batchSize, outHeight, outWidth, outChannels } = sizes;
  const channelTiles = Math.ceil(outChannels / channels);
  const workgroupSize = tileWorkgroup(channelTiles);
  return {
    variableNames: ["x", "kernel", ...(bias ? ["bias"] : [])],
    variableComponents: [xWidth, yWidth, ...(bias ? [yWidth] : [])],
    outputComponent: yWidth,
    outputShape: [batchSize, outHeight, outWidth, outChannels],
    workgroupSize,
    dispatchLayout: { x: [3], y: [1, 2], z: [0] },
    dispatch: [
      Math.ceil(channelTiles / workgroupSize[0]),
      Math.ceil(outHeight * Math.ceil(outWidth / positions) / workgroupSize[1]),
      batchSize,
    ],
    uniforms: "pads : vec2<i32>, strideY : i32,",
    shaderKey: ["epickerConvolution", ...Object.values(plan)].join("_"),
    getUserCode: () => convolutionShader(plan),
  };
}

/** The values of {@linkcode convolutionProgram}'s uniforms, in order. */
export function convolutionUniforms({ padInfo, strideHeight }: ConvSizes): Uniforms {
  return [
    { type: "int32", data: [padInfo.top, padInfo.left] },
    { type: "int32", data: [strideHeight] },
  ];
}
