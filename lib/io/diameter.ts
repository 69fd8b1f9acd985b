import { type Dataset, type DatasetEntry, EPickerError, type Pick, quantile } from "../core/mod.ts";

/**
 * Particle diameter (or fiber width) of one micrograph of a dataset, in micrograph pixels: the
 * dataset's in Å where the pixel size is known, else the dataset's in pixels, else the median of the
 * labels' own.
 *
 * @param pixelSizeA Å per pixel of the micrograph, if known.
 * @throws {EPickerError} `bad-data` where neither is known.
 */
export function diameterInPixels(
  { diameterA, diameterPx, folder }: Dataset,
  { name }: DatasetEntry,
  labels: readonly Pick[],
  pixelSizeA?: number,
): number {
  if (diameterA !== undefined && pixelSizeA !== undefined) return diameterA / pixelSizeA;
  if (diameterPx !== undefined) return diameterPx;
  const diameter = quantile(labels.flatMap(({ diameter }) => diameter ?? []), 0.5);
  if (!Number.isNaN(diameter)) return diameter;
  throw new EPickerError("bad-data", {
    file: `${folder} (${name})`,
    found: "no particle diameter",
    expected:
      "diameterA in dataset.json and a pixel size in the file, diameterPx, or labels with " +
      "diameters",
    remedy: "Add diameterA or diameterPx to dataset.json, or a diameter column to the labels.",
  });
}
