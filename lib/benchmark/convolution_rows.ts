import { type ConvolutionSpeed, type KernelSpeed, type Pass, PASSES } from "./convolution_speed.ts";
import { type CountedConvolution, readsImage } from "./convolutions.ts";

/** Convolutions of a network that get a row of their own; the sum has all. */
const ROWS_PER_NETWORK = 6;

/** GFLOP/s, or a word where stock TensorFlow.js has no kernel or the one in use. */
type Rate = number | "same" | "none";

/** A line of the table: GFLOP/s of every pass, ours and stock. */
export type ConvolutionRow =
  & { network: string; convolution: string; gflop: number }
  & Record<Pass | `${Pass}Stock`, Rate>;

/** The sum of every network and its convolutions with most work. */
export function convolutionRows(speeds: ConvolutionSpeed[]): ConvolutionRow[] {
  return [...Map.groupBy(speeds, ({ network }) => network)].flatMap(([network, own]) => [
    rowOf(network, `all ${own.reduce((sum, { count }) => sum + count, 0)}`, own),
    ...own.slice(0, ROWS_PER_NETWORK).map((speed) => rowOf(network, titleOf(speed), [speed])),
  ]);
}

function rowOf(network: string, convolution: string, speeds: ConvolutionSpeed[]): ConvolutionRow {
  const gflop = speeds.reduce((sum, { gflop, count }) => sum + gflop * count, 0);
  const rates = PASSES.flatMap((pass) => {
    const { ours, stock } = networkRate(speeds, network, pass);
    return [[pass, ours], [`${pass}Stock`, stock]];
  });
  return { network, convolution, gflop, ...Object.fromEntries(rates) };
}

/** For people, e.g. `12 of 256 × 256 × 64 → 64, 3 × 3`. */
function titleOf(
  { height, width, inChannels, outChannels, kernel, stride, count }: CountedConvolution,
): string {
  const step = stride === 1 ? "" : ` / ${stride}`;
  const sizes = `${height} × ${width} × ${inChannels} → ${outChannels}`;
  return `${count} of ${sizes}, ${kernel} × ${kernel}${step}`;
}

/** GFLOP/s of a pass through all convolutions of a network, counted as often as it has them. */
function networkRate(
  speeds: ConvolutionSpeed[],
  network: string,
  pass: Pass,
): { ours: number; stock: Rate } {
  const own = speeds.flatMap((speed) => {
    const kernels = speed[pass];
    const counts = speed.network === network && kernels !== undefined &&
      !(pass === "inputGradient" && readsImage(speed));
    return counts ? [{ ...kernels, count: speed.count, gflop: speed.gflop }] : [];
  });
  const sum = (value: (speed: typeof own[number]) => number) =>
    own.reduce((total, speed) => total + speed.count * value(speed), 0);
  const gflop = sum((speed) => speed.gflop);
  const seconds = sum(({ ours }) => ours.median);
  const kinds = own.map(({ stock }) => stock);
  return {
    ours: gflop / seconds,
    stock: kinds.length === 0 || kinds.includes("none")
      ? "none"
      : kinds.every((kind) => kind === "same")
      ? "same"
      : gflop / sum(stockSeconds),
  };
}

function stockSeconds({ ours, stock }: KernelSpeed): number {
  return typeof stock === "object" ? stock.median : ours.median;
}
