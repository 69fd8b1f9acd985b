import { checkOptions, option } from "../core/mod.ts";

/** Cells of the output maps are 4 × 4 network pixels. */
export const OUTPUT_STRIDE = 4;

/** What distinguishes one CenterNet from another. */
export interface NetworkConfig {
  /** Factor on the channel counts of DLA-34; 1 is the original's. */
  width: number;
  /** Hidden channels of every head. */
  headWidth: number;
  /** Whether a third head predicts the diameter. */
  size: boolean;
}

/** The original's size: DLA-34 with plain 3 × 3 convolutions for the deformable ones. */
export const FULL: NetworkConfig = { width: 1, headWidth: 256, size: false };

/** A network that two cores train in an hour and that picks a micrograph in about a second. */
export const LIGHT: NetworkConfig = { width: 0.25, headWidth: 64, size: true };

const BASE_CHANNELS = [16, 32, 64, 128, 256, 512];

/**
 * Channel counts of the six levels (strides 1 to 32): the base counts times the width, rounded to
 * multiples of 8, which SIMD kernels want.
 *
 * @throws {EPickerError} `bad-option` for a width outside (0, 4].
 */
export function channelsOf({ width }: NetworkConfig): number[] {
  checkOptions({ width }, { width: WIDTH });
  return BASE_CHANNELS.map((channels) => scaled(channels, width));
}

/**
 * A network of another width with a size head, as `LIGHT` is one; its heads' channels are rounded as
 * all others are.
 *
 * @throws {EPickerError} `bad-option` for a width outside (0, 4].
 */
export function networkOf(width: number): NetworkConfig {
  checkOptions({ width }, { width: WIDTH });
  return { ...LIGHT, width, headWidth: scaled(FULL.headWidth, width) };
}

/**
 * Refuses networks that cannot be built.
 *
 * @throws {EPickerError} `bad-option`.
 */
export function checkConfig(config: NetworkConfig): void {
  checkOptions(config, { width: WIDTH, headWidth: option.whole(1, 4096) });
}

const WIDTH = option.above(0, 4, "a factor");

function scaled(channels: number, width: number): number {
  return Math.max(8, Math.round(channels * width / 8) * 8);
}
