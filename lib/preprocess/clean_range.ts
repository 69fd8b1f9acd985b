import { EPickerError, type Micrograph } from "../core/mod.ts";
import type { ValueRange } from "./resample.ts";
import { bulkOf, sampleFinite } from "./robust.ts";

/** Pixels farther than this many robust standard deviations from the centre are clamped. */
export const CLAMP_SIGMAS = 8;

/** The values that are taken as they are: within {@linkcode CLAMP_SIGMAS} of the bulk's centre. */
export function cleanRange(micrograph: Micrograph): ValueRange {
  const samples = sampleFinite(micrograph.pixels, micrograph.width);
  if (samples.length === 0) return firstFinite(micrograph);
  const { centre, sigma } = bulkOf(samples);
  const fallback = samples[samples.length >> 1];
  return {
    low: Math.min(fallback, centre - CLAMP_SIGMAS * sigma),
    high: Math.max(fallback, centre + CLAMP_SIGMAS * sigma),
    fallback,
  };
}

/** Where no sampled pixel is finite, the first finite one stands for all of them. */
function firstFinite({ name, pixels }: Micrograph): ValueRange {
  const value = pixels.find(Number.isFinite);
  if (value === undefined) {
    throw new EPickerError("bad-file", {
      file: name,
      found: "no finite pixel: all are NaN or infinite",
      expected: "a micrograph with finite values",
      remedy: "Export the micrograph again.",
    });
  }
  return { low: value, high: value, fallback: value };
}
