import { floats, range } from "./codegen.ts";
import type { Tile } from "./tile.ts";

/** How a convolution is cut into invocations. */
export interface ConvolutionPlan extends Tile {
  /** Columns of the filter. */
  taps: number;
  /** Columns of the input between two output columns. */
  stride: number;
  /** Floats of one load of x. */
  xWidth: 1 | 4;
  /** Floats of one load of the filter and of one store. */
  yWidth: 1 | 4;
  /** Whether a bias is added. */
  bias: boolean;
  /** Whether ReLU follows. */
  relu: boolean;
}

/** The WGSL of `convolutionProgram`, unrolled for the tile of a plan. */
export function convolutionShader(plan: ConvolutionPlan): string {
  const { positions, channels, taps, stride, xWidth, yWidth } = plan;
  const columns = windowOf(plan);
  return `
    fn main() {
      let inHeight = uniforms.xShape.y;
      let inWidth = uniforms.xShape.z;
      let xStep = uniforms.xShape.w / ${xWidth};
      let outHeight = uniforms.outShape.y;
      let outWidth = uniforms.outShape.z;
      let outChannels = uniforms.outShape.w;
      let yStep = outChannels / ${yWidth};
      let channel = i32(globalId.x) * ${channels};
      let tiles = (outWidth + ${positions - 1}) / ${positions};
      let outY = i32(globalId.y) / tiles;
      let outX = (i32(globalId.y) - outY * tiles) * ${positions};
      let image = i32(globalId.z);
      if (channel >= outChannels || outY >= outHeight) { return; }
      let top = outY * uniforms.strideY - uniforms.pads.x;
      let left = outX * ${stride} - uniforms.pads.y;
      ${
    columns.map((i) => `let inside${i} = left + ${i} >= 0 && left + ${i} < inWidth;`).join("\n")
  }
      ${each(plan, (j, v) => `var sum${j}_${v} = ${initial(plan, v)};`)}
      for (var tapY = 0; tapY < uniforms.kernelShape.x; tapY++) {
        let inY = top + tapY;
        if (inY < 0 || inY >= inHeight) { continue; }
        var xAt = ((image * inHeight + inY) * inWidth + left) * xStep;
        var at = tapY * ${taps} * uniforms.xShape.w * yStep + channel / ${yWidth};
        for (var i = 0; i < xStep; i++) {
          ${
    columns.map((i) =>
      `let x${i} = select(${floats(xWidth)}(0.0), x[xAt + ${i} * xStep], inside${i});`
    ).join("\n")
  }
          ${range(taps).map((tap) => addTap(plan, tap)).join("")}
          xAt++;
          at += ${xWidth} * yStep;
        }
      }
      var to = ((image * outHeight + outY) * outWidth + outX) * yStep + channel / ${yWidth};
      ${range(positions).map((j) => store(plan, j)).join("")}
    }`;
}

/** Input columns, counted from the leftmost, that any position of a tile sees. */
function windowOf({ positions, taps, stride }: ConvolutionPlan): number[] {
  const seen = range(positions).flatMap((j) => range(taps).map((tap) => j * stride + tap));
  return [...new Set(seen)].sort((a, b) => a - b);
}

/** Adds the products of one filter column: `sum_j += x(j · stride + tap) · w(tap)`. */
function addTap(plan: ConvolutionPlan, tap: number): string {
  const { stride, xWidth } = plan;
  return range(xWidth).map((c) => {
    const row = `at + (${tap} * uniforms.xShape.w + ${c}) * yStep`;
    const part = xWidth === 4 ? `.${"xyzw"[c]}` : "";
    return `
          {
            ${vectors(plan).map((v) => `let w${v} = kernel[${row} + ${v}];`).join("\n")}
            ${each(plan, (j, v) => `sum${j}_${v} += x${j * stride + tap}${part} * w${v};`)}
          }`;
  }).join("");
}

function initial({ bias, yWidth }: ConvolutionPlan, v: number): string {
  return bias ? `bias[channel / ${yWidth} + ${v}]` : `${floats(yWidth)}(0.0)`;
}

function store(plan: ConvolutionPlan, j: number): string {
  const { yWidth, relu } = plan;
  return `
      if (outX + ${j} < outWidth) {
        ${
    vectors(plan).map((v) => {
      const value = relu ? `max(sum${j}_${v}, ${floats(yWidth)}(0.0))` : `sum${j}_${v}`;
      return `if (channel + ${v * yWidth} < outChannels) {
          result[to + ${j} * yStep + ${v}] = ${value};
        }`;
    }).join("\n")
  }
      }`;
}

/** Lines for all positions and vectors of output channels. */
function each(plan: ConvolutionPlan, line: (j: number, v: number) => string): string {
  return range(plan.positions).flatMap((j) => vectors(plan).map((v) => line(j, v))).join("\n");
}

function vectors({ channels, yWidth }: ConvolutionPlan): number[] {
  return range(channels / yWidth);
}
