import { floats, range } from "./codegen.ts";
import type { Tile } from "./tile.ts";

/** How the input gradient is cut into invocations; the columns of a tile are those of one phase. */
export interface InputGradientPlan extends Tile {
  /** Filter columns of one phase: ⌈kw / stride⌉. */
  taps: number;
  /** Columns of the input between two output columns. */
  stride: number;
  /** Floats of one load of dy. */
  dyWidth: 1 | 4;
}

/** The WGSL of `inputGradientProgram`, unrolled for the tile of a plan. */
export function inputGradientShader(plan: InputGradientPlan): string {
  const { positions, channels, taps, stride, dyWidth } = plan;
  const columns = range(positions + taps - 1);
  return `
    fn main() {
      let inHeight = uniforms.outShape.y;
      let inWidth = uniforms.outShape.z;
      let inChannels = uniforms.outShape.w;
      let outHeight = uniforms.dyShape.y;
      let outWidth = uniforms.dyShape.z;
      let dyStep = uniforms.dyShape.w / ${dyWidth};
      let xStep = inChannels / 4;
      let channel = i32(globalId.x) * ${channels};
      let image = i32(globalId.z);
      let inY = i32(globalId.y) / (${stride} * uniforms.tiles);
      let rest = i32(globalId.y) - inY * ${stride} * uniforms.tiles;
      let phase = rest / uniforms.tiles;
      let tile = rest - phase * uniforms.tiles;
      if (channel >= inChannels || inY >= inHeight) { return; }
      let y = inY + uniforms.pads.x;
      let firstTap = (phase + uniforms.pads.y) % ${stride};
      let left = (phase + uniforms.pads.y) / ${stride} + tile * ${positions} - ${taps - 1};
      ${
    columns.map((i) => `let inside${i} = left + ${i} >= 0 && left + ${i} < outWidth;`).join("\n")
  }
      ${each(plan, (j, v) => `var sum${j}_${v} = vec4<f32>(0.0);`)}
      for (var tapY = y % uniforms.strideY; tapY < uniforms.filterTShape.x;
           tapY += uniforms.strideY) {
        let outY = (y - tapY) / uniforms.strideY;
        if (y < tapY || outY >= outHeight) { continue; }
        var dyAt = ((image * outHeight + outY) * outWidth + left) * dyStep;
        var at = (tapY * uniforms.filterTShape.y + firstTap) * uniforms.dyShape.w * xStep
          + channel / 4;
        for (var i = 0; i < dyStep; i++) {
          ${
    columns.map((i) =>
      `let dy${i} = select(${floats(dyWidth)}(0.0), dy[dyAt + ${i} * dyStep], inside${i});`
    ).join("\n")
  }
          ${range(taps).map((tap) => addTap(plan, tap)).join("")}
          dyAt++;
          at += ${dyWidth} * xStep;
        }
      }
      let inX = phase + tile * ${positions * stride};
      let to = ((image * inHeight + inY) * inWidth + inX) * xStep + channel / 4;
      ${range(positions).map((j) => store(plan, j)).join("")}
    }`;
}

/** Adds the products of one filter column: `sum_j += dy(j − tap) · w(tap)`. */
function addTap(plan: InputGradientPlan, tap: number): string {
  const { taps, stride, dyWidth } = plan;
  const products = range(dyWidth).map((c) => {
    const part = dyWidth === 4 ? `.${"xyzw"[c]}` : "";
    const row = `at + (${tap * stride} * uniforms.dyShape.w + ${c}) * xStep`;
    return `
            {
              ${vectors(plan).map((v) => `let w${v} = filterT[${row} + ${v}];`).join("\n")}
              ${each(plan, (j, v) => `sum${j}_${v} += dy${j - tap + taps - 1}${part} * w${v};`)}
            }`;
  }).join("");
  return `
          if (firstTap + ${tap * stride} < uniforms.filterTShape.y) {${products}
          }`;
}

function store(plan: InputGradientPlan, j: number): string {
  const column = j * plan.stride;
  return `
      if (inX + ${column} < inWidth) {
        ${
    vectors(plan).map((v) => `result[to + ${column} * xStep + ${v}] = sum${j}_${v};`).join("\n")
  }
      }`;
}

/** Lines for all positions and vectors of input channels. */
function each(plan: InputGradientPlan, line: (j: number, v: number) => string): string {
  return range(plan.positions).flatMap((j) => vectors(plan).map((v) => line(j, v))).join("\n");
}

function vectors({ channels }: InputGradientPlan): number[] {
  return range(channels / 4);
}
