import { floats, range } from "./codegen.ts";

/** How the filter gradient is cut into invocations and passes. */
export interface FilterGradientPlan {
  /** Neighbouring columns of the filter (kw) of one invocation. */
  taps: number;
  /** Input channels of one invocation: 1, 4 or 8. */
  channels: number;
  /** Output channels of one invocation. */
  columns: number;
  /** Floats of one load of x. */
  xWidth: 1 | 4;
  /** Floats of one load of dy and of one store. */
  dyWidth: 1 | 4;
  /** Columns of the input between two output columns. */
  stride: number;
  /** Parts that the sum over the output positions is cut into. */
  chunks: number;
  /** Output rows (n, oy) of one part. */
  rowsPerChunk: number;
}

/** Output positions that the inner loop takes at once. */
const UNROLL = 4;

/** The WGSL of `filterGradientProgram`, unrolled for the tile of a plan. */
export function filterGradientShader(plan: FilterGradientPlan): string {
  const { taps, channels, columns, dyWidth } = plan;
  const window = range(taps).slice(plan.stride);
  return `
    ${loadFunctions(plan)}
    fn main() {
      let column = i32(globalId.x) * ${columns};
      let tile = i32(globalId.y);
      let chunk = i32(globalId.z);
      let inHeight = uniforms.xShape.y;
      let inWidth = uniforms.xShape.z;
      let inChannels = uniforms.xShape.w;
      let outHeight = uniforms.dyShape.y;
      let outWidth = uniforms.dyShape.z;
      let outChannels = uniforms.dyShape.w;
      let channelTiles = inChannels / ${channels};
      let tapGroups = (uniforms.filterDims.y + ${taps - 1}) / ${taps};
      let tapGroup = tile / channelTiles;
      let channel = (tile - tapGroup * channelTiles) * ${channels};
      let filterY = tapGroup / tapGroups;
      let filterX = (tapGroup - filterY * tapGroups) * ${taps};
      if (column >= outChannels || filterY >= uniforms.filterDims.x) { return; }
      let left = filterX - uniforms.pads.y;
      let firstRow = chunk * uniforms.rowsPerChunk;
      let lastRow = min(firstRow + uniforms.rowsPerChunk, uniforms.dyShape.x * outHeight);
      ${sums(plan).map((sum) => `var ${sum} = ${floats(dyWidth)}(0.0);`).join("\n")}
      for (var outRow = firstRow; outRow < lastRow; outRow++) {
        let image = outRow / outHeight;
        let y = (outRow - image * outHeight) * uniforms.strideY + filterY - uniforms.pads.x;
        if (y < 0 || y >= inHeight) { continue; }
        let xRow = (image * inHeight + y) * inWidth * inChannels + channel;
        let dyRow = outRow * outWidth * outChannels + column;
        ${
    window.flatMap((tap) =>
      vectors(plan).map((v) =>
        `var window${tap}_${v} = ${loadX(`left + ${tap - plan.stride}`, v)};`
      )
    ).join("\n")
  }
        var outX = 0;
        for (; outX <= outWidth - ${UNROLL}; outX += ${UNROLL}) { ${positions(plan, UNROLL)} }
        for (; outX < outWidth; outX++) { ${positions(plan, 1)} }
      }
      ${store(plan)}
    }`;
}

function loadFunctions({ xWidth, dyWidth }: FilterGradientPlan): string {
  return `
    fn loadX(row : i32, column : i32, vector : i32) -> ${floats(xWidth)} {
      let at = (row + column * uniforms.xShape.w) / ${xWidth} + vector;
      let inside = column >= 0 && column < uniforms.xShape.z;
      return select(${floats(xWidth)}(0.0), x[at], inside);
    }
    fn loadDy(row : i32, column : i32, vector : i32) -> ${floats(dyWidth)} {
      return dy[(row + column * uniforms.dyShape.w) / ${dyWidth} + vector];
    }`;
}

/**
 * The sums over some positions of an output row, from `outX` on.
 *
 * `window2_0` holds the value that the previous position had for tap 2; after a step by the stride
 * it belongs to tap 2 − stride. The names move along here, at generation, and the last ones are
 * stored for the next round of the loop.
 */
function positions(plan: FilterGradientPlan, count: number): string {
  const { taps, stride, channels, columns, xWidth, dyWidth } = plan;
  const lines: string[] = [];
  let window = range(taps).map((tap) => (v: number) => `window${tap}_${v}`);
  for (const p of range(count)) {
    window = range(taps).map((tap) => {
      if (tap + stride < taps) return window[tap + stride];
      const column = `(outX + ${p}) * ${stride} + left + ${tap}`;
      vectors(plan).forEach((v) => lines.push(`let x${p}_${tap}_${v} = ${loadX(column, v)};`));
      return (v: number) => `x${p}_${tap}_${v}`;
    });
    for (const j of range(columns / dyWidth)) {
      lines.push(`let dy${p}_${j} = loadDy(dyRow, outX + ${p}, ${j});`);
      for (const tap of range(taps)) {
        for (const c of range(channels)) {
          const value = window[tap](Math.floor(c / xWidth)) +
            (xWidth === 4 ? `.${"xyzw"[c % 4]}` : "");
          lines.push(`sum${tap}_${c}_${j} += ${value} * dy${p}_${j};`);
        }
      }
    }
  }
  for (const tap of range(taps).slice(stride)) {
    vectors(plan).forEach((v) => lines.push(`window${tap}_${v} = ${window[tap](v)};`));
  }
  return lines.join("\n");
}

function store(plan: FilterGradientPlan): string {
  const { taps, channels, columns, dyWidth } = plan;
  return range(taps).map((tap) => `
      if (filterX + ${tap} < uniforms.filterDims.y) {
        let row = (chunk * uniforms.filterDims.x + filterY) * uniforms.filterDims.y + filterX + ${tap};
        ${
    range(channels).flatMap((c) =>
      range(columns / dyWidth).map((j) => `
        if (column + ${j * dyWidth} < outChannels) {
          result[((row * inChannels + channel + ${c}) * outChannels + column) / ${dyWidth} + ${j}] =
            sum${tap}_${c}_${j};
        }`)
    ).join("")
  }
      }`).join("");
}

function sums({ taps, channels, columns, dyWidth }: FilterGradientPlan): string[] {
  return range(taps).flatMap((tap) =>
    range(channels).flatMap((c) => range(columns / dyWidth).map((j) => `sum${tap}_${c}_${j}`))
  );
}

function loadX(column: string, vector: number): string {
  return `loadX(xRow, ${column}, ${vector})`;
}

function vectors({ channels, xWidth }: FilterGradientPlan): number[] {
  return range(channels / xWidth);
}
