import { floats, range } from "./codegen.ts";
import type { ConvSizes, Program, Uniforms } from "./program.ts";

/** How the input gradient is cut into invocations. */
export interface InputGradientPlan {
  /** Neighbouring input columns of one phase in one invocation. */
  positions: number;
  /** Filter columns of one phase: ⌈kw / stride⌉. */
  taps: number;
  /** Columns of the input between two output columns. */
  stride: number;
  /** Floats of one load of dy. */
  dyWidth: 1 | 4;
}

/** Input channels of one invocation. */
const CHANNELS = 4;
/** Invocations below which smaller tiles fill a GPU better. */
const WANTED_INVOCATIONS = 2 ** 15;

/** Chooses the tile for {@linkcode inputGradientProgram} from the sizes alone. */
export function planInputGradient(sizes: ConvSizes): InputGradientPlan {
  const stride = sizes.strideWidth;
  const columns = Math.ceil(sizes.inWidth / stride);
  const elements = sizes.batchSize * sizes.inHeight * sizes.inWidth * sizes.inChannels;
  const most = elements / (8 * CHANNELS) < WANTED_INVOCATIONS ? 4 : 8;
  return {
    positions: Math.min(most, columns),
    taps: Math.ceil(sizes.filterWidth / stride),
    stride,
    dyWidth: sizes.outChannels % 4 === 0 ? 4 : 1,
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
  const { positions, taps, stride, dyWidth } = plan;
  const { batchSize, inHeight, inWidth, inChannels } = sizes;
  const tiles = Math.ceil(Math.ceil(inWidth / stride) / positions);
  const channelTiles = inChannels / CHANNELS;
  const across = Math.min(8, 2 ** Math.ceil(Math.log2(channelTiles)));
  const down = 64 / across;
  return {
    variableNames: ["dy", "filterT"],
    variableComponents: [dyWidth, 4],
    outputComponent: 4,
    outputShape: [batchSize, inHeight, inWidth, inChannels],
    workgroupSize: [across, down, 1],
    dispatchLayout: { x: [3], y: [2], z: [0, 1] },
    dispatch: [
      Math.ceil(channelTiles / across),
      Math.ceil((tiles * stride) / down),
      batchSize * inHeight,
    ],
    uniforms: "pads : vec2<i32>, strideY : i32, tiles : i32,",
    shaderKey: ["epickerInputGradient", positions, taps, stride, dyWidth].join("_"),
    getUserCode: () => shader(plan),
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

function shader(plan: InputGradientPlan): string {
  const { positions, taps, stride, dyWidth } = plan;
  return `
    fn loadDy(row : i32, column : i32, channel : i32) -> ${floats(dyWidth)} {
      let at = ((row + column) * uniforms.dyShape.w + channel) / ${dyWidth};
      let inside = column >= 0 && column < uniforms.dyShape.z;
      return select(${floats(dyWidth)}(0.0), dy[at], inside);
    }
    fn main() {
      let inHeight = uniforms.outShape.y;
      let inWidth = uniforms.outShape.z;
      let inChannels = uniforms.outShape.w;
      let outHeight = uniforms.dyShape.y;
      let outWidth = uniforms.dyShape.z;
      let outChannels = uniforms.dyShape.w;
      let channel = i32(globalId.x) * ${CHANNELS};
      let phase = i32(globalId.y) / uniforms.tiles;
      let tile = i32(globalId.y) - phase * uniforms.tiles;
      let inRow = i32(globalId.z);
      let image = inRow / inHeight;
      let y = inRow - image * inHeight + uniforms.pads.x;
      if (channel >= inChannels || phase >= ${stride}) { return; }
      let firstTap = (phase + uniforms.pads.y) % ${stride};
      let firstX = (phase + uniforms.pads.y) / ${stride} + tile * ${positions} - ${taps - 1};
      let step = inChannels / 4;
      ${range(positions).map((j) => `var sum${j} = vec4<f32>(0.0);`).join("\n")}
      for (var tapY = y % uniforms.strideY; tapY < uniforms.filterTShape.x;
           tapY += uniforms.strideY) {
        let outY = (y - tapY) / uniforms.strideY;
        if (y < tapY || outY >= outHeight) { continue; }
        let dyRow = (image * outHeight + outY) * outWidth;
        for (var outChannel = 0; outChannel < outChannels; outChannel += ${dyWidth}) {
          ${
    range(positions + taps - 1).map((i) => `let dy${i} = loadDy(dyRow, firstX + ${i}, outChannel);`)
      .join("\n")
  }
          ${range(taps).map((tap) => addTap(plan, tap)).join("")}
        }
      }
      let column = phase + tile * ${positions * stride};
      ${range(positions).map((j) => store(j, stride)).join("")}
    }`;
}

/** Adds the products of one filter column: `sum_j += dy(j − tap) · w(tap)`. */
function addTap({ positions, taps, stride, dyWidth }: InputGradientPlan, tap: number): string {
  return `
          {
            let tapX = firstTap + ${tap * stride};
            if (tapX < uniforms.filterTShape.y) {
              let at = ((tapY * uniforms.filterTShape.y + tapX) * outChannels + outChannel) * step
                + channel / 4;
              ${
    range(dyWidth).map((c) => `
              let w${c} = filterT[at + ${c} * step];
              ${
      range(positions).map((j) =>
        `sum${j} += dy${j - tap + taps - 1}${dyWidth === 4 ? `.${"xyzw"[c]}` : ""} * w${c};`
      ).join("\n")
    }`).join("")
  }
            }
          }`;
}

function store(j: number, stride: number): string {
  return `
      if (column + ${j * stride} < inWidth) {
        result[((inRow * inWidth + column + ${j * stride}) * inChannels + channel) / 4] = sum${j};
      }`;
}
