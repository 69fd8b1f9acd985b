import { centerNet, type Interpreter, type NetworkConfig } from "../centernet/mod.ts";

/** The sizes of one convolution with an odd, square kernel, padded by half of it; NHWC. */
export interface Convolution {
  /** Images. */
  batch: number;
  /** Rows of the input. */
  height: number;
  /** Columns of the input. */
  width: number;
  /** Channels of the input. */
  inChannels: number;
  /** Channels of the output. */
  outChannels: number;
  /** Edge of the kernel. */
  kernel: number;
  /** Step of the output. */
  stride: number;
}

/** A convolution of a network, by the name of its parameters. */
export interface NamedConvolution extends Convolution {
  /** Dotted name, e.g. `level2.block1.conv1`. */
  name: string;
}

/** A convolution that a network has once or more. */
export interface CountedConvolution extends Convolution {
  /** How often the network has it. */
  count: number;
}

/** A map of the network as {@linkcode convolutionsOf} sees it. */
type MapSize = Pick<Convolution, "height" | "width"> & { channels: number };

/**
 * The convolutions of a network in the order in which they run, read off its definition.
 *
 * @param edge Rows and columns of its square images, a multiple of 32.
 * @param batch Images at once.
 *
 * @example
 * ```ts
 * import { convolutionsOf, flopsOf } from "@epicker/epicker/benchmark";
 * import { FULL } from "@epicker/epicker/centernet";
 * import { assertEquals } from "@std/assert";
 *
 * const convolutions = convolutionsOf(FULL, 1024);
 * assertEquals(convolutions.length, 57);
 * const gflop = convolutions.reduce((sum, sizes) => sum + flopsOf(sizes), 0) / 1e9;
 * assertEquals(Math.round(gflop), 220);
 * ```
 */
export function convolutionsOf(
  config: NetworkConfig,
  edge: number,
  batch = 1,
): NamedConvolution[] {
  const found: NamedConvolution[] = [];
  const conv: Interpreter<MapSize>["convNorm"] = (
    name,
    { height, width, channels },
    outChannels,
    { kernel = 3, stride = 1 } = {},
  ) => {
    const sizes = { batch, height, width, inChannels: channels, outChannels, kernel, stride };
    found.push({ name, ...sizes });
    return { ...outputSize(sizes), channels: outChannels };
  };
  const scaled = ({ height, width, channels }: MapSize, factor: number): MapSize => ({
    height: height * factor,
    width: width * factor,
    channels,
  });
  const recorder: Interpreter<MapSize> = {
    convNorm: conv,
    convBias: conv,
    add: (a) => a,
    relu: (x) => x,
    concat: (maps) => ({
      ...maps[0],
      channels: maps.reduce((sum, { channels }) => sum + channels, 0),
    }),
    maxPool: (x) => scaled(x, 1 / 2),
    upsample: (x) => scaled(x, 2),
    channels: ({ channels }) => channels,
  };
  centerNet(recorder, { height: edge, width: edge, channels: 1 }, config);
  return found;
}

/** Rows and columns of a convolution's output. */
export function outputSize(
  { height, width, stride }: Pick<Convolution, "height" | "width" | "stride">,
): { height: number; width: number } {
  return { height: Math.ceil(height / stride), width: Math.ceil(width / stride) };
}

/** Convolutions of equal sizes as one, with their number; those with most work first. */
export function distinct(convolutions: NamedConvolution[]): CountedConvolution[] {
  const groups = Map.groupBy(
    convolutions.map(({ name: _, ...sizes }) => sizes),
    (sizes) => JSON.stringify(sizes),
  );
  return [...groups.values()]
    .map((group) => ({ ...group[0], count: group.length }))
    .sort((a, b) => flopsOf(b) * b.count - flopsOf(a) * a.count);
}

/** Whether a convolution reads the image, alone of one channel, which needs no gradient. */
export function readsImage({ inChannels }: Convolution): boolean {
  return inChannels === 1;
}

/**
 * Floating-point operations of a convolution: two for each multiplication with a value of the
 * kernel, padding included. Both gradients have as many.
 */
export function flopsOf(sizes: Convolution): number {
  const { batch, inChannels, outChannels, kernel } = sizes;
  const { height, width } = outputSize(sizes);
  return 2 * batch * height * width * outChannels * kernel * kernel * inChannels;
}
