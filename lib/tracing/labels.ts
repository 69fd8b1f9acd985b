import type { Dataset, DatasetEntry, Pick, Point } from "../core/mod.ts";
import { diameterInPixels, readCoordinates, readMask } from "../io/mod.ts";
import { centreLineOf, type Mask } from "./centre_line.ts";
import { thinned } from "./field.ts";
import { lengthsOfPixels } from "./pixels.ts";
import { pointsAlong } from "./polyline.ts";

/** Fibers that someone has marked in a micrograph, in its pixels. */
export interface FiberLabels {
  /** Fibers whose nodes are known in their order. */
  lines: Point[][];
  /** Pixels of centre lines in no order. */
  pixels: Point[];
  /** Width of the fibers. */
  width: number;
}

/** Distance of the points that stand for a fiber in training, in fiber widths. */
export const LABEL_SPACING = 0.25;

/**
 * Reads the fiber labels of one micrograph.
 *
 * - Rows with a fiber number (CSV, JSON, `.thi` groups, STAR with tube IDs, …) are nodes of a
 *   polyline in the order of the file.
 * - A STAR file without tube IDs holds start–end pairs.
 * - Rows without a fiber number are pixels of centre lines, in any order.
 * - Without a coordinate file, the centre lines of `masks/NAME` are taken.
 *
 * The width is `diameterA` of the dataset by the pixel size, else its `diameterPx`, else the median
 * of the labels' diameters, else what the mask is wide: its area by the length of its centre lines.
 *
 * @param pixelSizeA Å per pixel of the micrograph, if known.
 * @throws {EPickerError} `bad-data` where the width is not known, and as the readers of the files.
 */
export async function readFiberLabels(
  dataset: Dataset,
  entry: DatasetEntry,
  pixelSizeA?: number,
): Promise<FiberLabels> {
  const { coordinatesPath: path } = entry;
  const labels = path === undefined ? [] : await readFiberRows(path, entry.name);
  const mask = await maskOf(dataset, entry, labels, pixelSizeA);
  const lines = linesOf(labels);
  const loose = labels.filter(({ fiber }) => fiber === undefined);
  const pixels = path === undefined ? mask?.centre ?? [] : loose;
  if (lines.length + pixels.length === 0) return { lines, pixels, width: 0 };
  const width = mask?.width ?? diameterInPixels(dataset, entry, labels, pixelSizeA);
  return { lines, pixels: pixels.map(({ x, y }) => ({ x, y })), width };
}

/**
 * Points that stand for marked fibers in training: along polylines at equal distances, of pixels as
 * many as are no closer to each other.
 *
 * The distance is a quarter of the width. A target's Gaussian has a σ of a ninth of the width, so
 * that those of neighbours merge into a ridge along the fiber that never falls below one half: the
 * network learns where the fiber is and is not asked to guess where somebody put a point.
 */
export function fiberPoints({ lines, pixels, width }: FiberLabels): Pick[] {
  const spacing = LABEL_SPACING * width;
  const points = [
    ...lines.flatMap((line) => pointsAlong(line, spacing)),
    ...(pixels.length > 0 ? thinned(pixels, spacing) : []),
  ];
  return points.map(({ x, y }) => ({ x, y, diameter: width }));
}

/** Nodes of the fibers by their number, each in the order of the rows. */
export function linesOf(picks: readonly Pick[]): Point[][] {
  const onFibers = picks.filter(({ fiber }) => fiber !== undefined);
  return [...Map.groupBy(onFibers, ({ fiber }) => fiber).values()]
    .map((nodes) => nodes.map(({ x, y }) => ({ x, y })));
}

/** Width of the fibers of a mask, in its pixels: its area by the length of its centre lines. */
export function widthOfMask({ pixels }: Mask, centre: readonly Point[]): number {
  let area = 0;
  for (let i = 0; i < pixels.length; i++) if (pixels[i] > 0) area++;
  return area / lengthsOfPixels(centre).reduce((sum, length) => sum + length, 0);
}

/**
 * Reads the rows of a coordinate file about fibers; a STAR file without tube IDs holds start–end
 * pairs.
 *
 * @throws {EPickerError} As `readCoordinates`.
 */
export async function readFiberRows(path: string, micrograph: string): Promise<Pick[]> {
  const rows = await readCoordinates(path, { micrograph });
  const isEnds = path.toLowerCase().endsWith(".star") &&
    rows.every(({ fiber }) => fiber === undefined);
  return isEnds ? await readCoordinates(path, { format: "star-ends", micrograph }) : rows;
}

/** Centre lines and width of the mask, where they are needed and it is there. */
async function maskOf(
  { diameterA, diameterPx }: Dataset,
  { coordinatesPath, maskPath, micrographPath }: DatasetEntry,
  labels: readonly Pick[],
  pixelSizeA?: number,
): Promise<{ centre: Point[]; width?: number } | undefined> {
  const knowsWidth = (diameterA !== undefined && pixelSizeA !== undefined) ||
    diameterPx !== undefined || labels.some(({ diameter }) => diameter !== undefined);
  if (maskPath === undefined || (coordinatesPath !== undefined && knowsWidth)) return undefined;
  const mask = await readMask(maskPath, micrographPath);
  const centre = centreLineOf(mask);
  if (knowsWidth || centre.length === 0) return { centre };
  return { centre, width: widthOfMask(mask, centre) };
}
