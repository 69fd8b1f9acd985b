import { EPickerError, type Micrograph, type OnProgress, type Pick } from "../core/mod.ts";
import { convertCoordinates, type ConvertedFile } from "../io/mod.ts";
import { fiberPicks, type RiseOptions } from "./boxes.ts";
import { centreLineOf } from "./centre_line.ts";
import { widthOfMask } from "./labels.ts";
import { looseTracing, reachIn, traceFibers, type TraceOptions } from "./trace.ts";

/** What {@linkcode traceFiles} may be told. */
export interface TraceFilesOptions extends RiseOptions, Partial<Omit<TraceOptions, "sigma">> {
  /** Folder for the results; made when missing. */
  out: string;
  /** Name of the format to write, one of `coordinateFormats`. @default {"star"} */
  to?: string;
  /** Name of the format to read; by default the files' extensions tell. */
  from?: string;
  /** Folder of the micrographs, for their names, sizes and pixel sizes. */
  micrographs?: string;
  /** Width of the fibers in micrograph pixels; by default the diameter of the points, if any. */
  width?: number;
  /** Least score of a point; all points by default. */
  threshold?: number;
  /** Reports after every file. */
  onProgress?: OnProgress;
  /** Receives sentences about what was left out: folders within folders. */
  onWarning?: (text: string) => void;
}

/**
 * Traces fibers through the points of coordinate files, or through mask images (pixels above 0 are
 * fiber), and writes them as coordinates with fiber numbers: nodes of the polylines, or boxes where a
 * rise is given.
 *
 * The neighbour radius is that of {@linkcode reachIn} for the size of the micrograph, which the file
 * tells (JSON, masks) or `micrographs`; where none does, the extent of the points is taken for it.
 * Points may lie up to half of it apart. Fiber numbers that points have are not used. Results are named as `convertCoordinates` names them.
 *
 * @throws {EPickerError} As `convertCoordinates`; `bad-option` for a rise, reach, width or turn limit
 * that is not above 0.
 */
export async function traceFiles(
  inputs: readonly string[],
  options: TraceFilesOptions,
): Promise<ConvertedFile[]> {
  const { out, to = "star", from, micrographs, width, onProgress, onWarning } = options;
  assertAboveZero(options);
  return await convertCoordinates(inputs, {
    out,
    to,
    ...(from !== undefined && { from }),
    ...(micrographs !== undefined && { micrographs }),
    ...(width !== undefined && { boxSize: width }),
    ...(onProgress !== undefined && { onProgress }),
    ...(onWarning !== undefined && { onWarning }),
    pointsOf: pointsOfMask,
    change: (picks, image) => tracedPicks(picks, image, options),
  });
}

function tracedPicks(
  points: Pick[],
  image: { name: string; width?: number; height?: number; pixelSizeA?: number },
  { width, threshold = -Infinity, ...options }: TraceFilesOptions,
): Pick[] {
  const chosen = points.filter(({ score = 1 }) => score >= threshold);
  if (chosen.length === 0) return [];
  const size = {
    width: image.width ?? 1 + Math.max(...chosen.map(({ x }) => x)),
    height: image.height ?? 1 + Math.max(...chosen.map(({ y }) => y)),
  };
  const { reach = reachIn(size), ...limits } = options;
  const fibers = traceFibers(chosen, { ...looseTracing(reach, chosen), ...limits });
  return fiberPicks(fibers, options, image, width ?? medianDiameter(chosen));
}

/** The pixels of a mask's centre lines, with the width of its fibers. */
function pointsOfMask(mask: Micrograph): Pick[] {
  const centre = centreLineOf(mask);
  const diameter = widthOfMask(mask, centre);
  return centre.map((pixel) => ({ ...pixel, ...(Number.isFinite(diameter) && { diameter }) }));
}

function medianDiameter(points: Pick[]): number | undefined {
  const diameters = points.flatMap(({ diameter }) => diameter ?? []).sort((a, b) => a - b);
  return diameters[diameters.length >> 1];
}

/** Refuses numbers that would fail for every file. */
function assertAboveZero(options: TraceFilesOptions): void {
  for (const key of ["rise", "riseA", "width", "reach", "maxTurn"] as const) {
    const value = options[key];
    if (value === undefined || (value > 0 && Number.isFinite(value))) continue;
    throw new EPickerError("bad-option", { file: key, found: `${value}`, expected: "above 0" });
  }
}
