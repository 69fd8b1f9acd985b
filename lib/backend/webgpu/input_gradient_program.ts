import { type InputGradientPlan, inputGradientShader } from "./input_gradient_shader.ts";
import type { ConvSizes, Program, Uniforms } from "./program.ts";
import { chooseTile, tileWorkgroup } from "./tile.ts";

/** Chooses the tile for {@linkcode inputGradientProgram} from the sizes alone. */
export function planInputGradient(sizes: ConvSizes): InputGradientPlan {
  const { batchSize, inHeight, inWidth, inChannels, outChannels, strideWidth: stride } = sizes;
  const columns = Math.ceil(inWidth / stride);
  return {
    ...chooseTile(batchSize * inHeight * inWidth * inChannels, columns, inChannels),
    taps: Math.ceil(sizes.filterWidth / stride),
    stride,
    dyWidth: outChannels % 4 === 0 ? 4 : 1,
  };
}

/**
 * The program that computes the gradient of a convolution with respect to its input.
 *
 * `dx[n, iy, ix, ci] = Σ dy[n, (iy + p − kh) / s, (ix + p − kw) / s, co] · w[kh, kw, ci, co]` over
 * the (kh, kw) that divide and all co. With a stride s, the input columns fall into s phases that
 * see different columns of the filter; an invocation stays in one phase, so that no product with an
 * inserted zero is ever made.
 *
 * Inputs dy and the filter transposed to `[kh, kw, co, ci]`, with ci divisible by 4; output like x.
 */
export function inputGradientProgram(sizes: ConvSizes, plan: InputGradientPlan): Program {
  const { positions, channels, stride, dyWidth } = plan;
  const { batchSize, inHeight, inWidth, inChannels } = sizes;
  const tiles = Math.ceil(Math.ceil(inWidth / stride) / positions);
  const channelTiles = inChannels / channels;
  const workgroupSize = tileWorkgroup(channelTiles);
  return {
    variableNames: ["dy", "filterT"],
    variableComponents: [dyWidth, 4],
    outputComponent: 4,
    outputShape: [batchSize, inHeight, inWidth, inChannels],
    workgroupSize,
    dispatchLayout: { x: [3], y: [1, 2], z: [0] },
    dispatch: [
      Math.ceil(channelTiles / workgroupSize[0]),
      Math.ceil((inHeight * stride * tiles) / workgroupSize[1]),
      batchSize,
    ],
    uniforms: "pads : vec2<i32>, strideY : i32, tiles : i32,",
    shaderKey: ["epickerInputGradient", ...Object.values(plan)].join("_"),
    getUserCode: () => inputGradientShader(plan),
  };
}

/** The values of {@linkcode inputGradientProgram}'s uniforms, in order. */
export function inputGradientUniforms(sizes: ConvSizes, plan: InputGradientPlan): Uniforms {
  const columns = Math.ceil(sizes.inWidth / plan.stride);
  return [
    { type: "int32", data: [sizes.padInfo.top, sizes.padInfo.left] },
    { type: "int32", data: [sizes.strideHeight] },
    { type: "int32", data: [Math.ceil(columns / plan.positions)] },
  ];
}
