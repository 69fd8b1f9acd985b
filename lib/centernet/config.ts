import { EPickerError } from "../core/mod.ts";

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
  if (!(width > 0 && width <= 4)) {
    throw new EPickerError("bad-option", {
      file: "width",
      found: `${width}`,
      expected: "a factor above 0 and at most 4, such as 0.25 (light) or 1 (full)",
    });
  }
  return BASE_CHANNELS.map((channels) => Math.max(8, Math.round(channels * width / 8) * 8));
}
