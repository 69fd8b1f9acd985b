import {
  checkOptions,
  defined,
  type Micrograph,
  type OnProgress,
  option,
  type OptionChecks,
  type Pick,
  quantile,
} from "../core/mod.ts";
import { type ConvertedFile, convertGroups, type FoundGroup } from "../io/mod.ts";
import { checkRise, fiberPicks, type RiseOptions } from "./boxes.ts";
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
  /** Å per pixel of the micrographs; what the files say by default. */
  pixelSizeA?: number;
  /** Width of the fibers in micrograph pixels; by default the diameter of the points, if any. */
  width?: number;
  /** Least score of a point; all points by default. */
  threshold?: number;
  /** Reports after every file. */
  onProgress?: OnProgress;
  /** Receives sentences about what was left out: folders within folders. */
  onWarning?: (text: string) => void;
}

const LENGTH = option.above(0, 1e6);

/** What the numbers must be, which would fail for every file else. */
const CHECKS: OptionChecks<TraceFilesOptions> = {
  pixelSizeA: option.above(0, 1000),
  width: LENGTH,
  reach: LENGTH,
  maxTurn: option.above(0),
  step: LENGTH,
  smoothing: option.from(0),
  minPoints: option.whole(1),
  minLength: option.from(0),
  threshold: option.between(-1e6, 1e6),
};

/**
 * Traces fibers through the points of coordinate files, or through mask images (pixels above 0 are
 * fiber), and writes them as coordinates with fiber numbers: nodes of the polylines, or boxes where a
 * rise is given.
 *
 * The neighbour radius is that of {@linkcode reachIn} for the size of the micrograph, which the file
 * tells (JSON, masks) or `micrographs`; where none does, the extent of the points is taken for it.
 * Points may lie up to half of it apart. Fiber numbers that points have are not used. Results are named as `convertCoordinates` names them.
 *
 * @throws {EPickerError} As `convertCoordinates`; `bad-option` for a number out of its range.
 */
export async function traceFiles(
  inputs: readonly string[],
  options: TraceFilesOptions,
): Promise<ConvertedFile[]> {
  checkOptions(options, CHECKS);
  checkRise(options);
  const { to = "star", width: boxSize } = options;
  const change = (group: FoundGroup) => tracedPicks(group, options);
  return await convertGroups(inputs, { ...options, to, boxSize }, change, pointsOfMask);
}

function tracedPicks(
  group: FoundGroup,
  { width, threshold = -Infinity, ...options }: TraceFilesOptions,
): Pick[] {
  const chosen = group.picks.filter(({ score = 1 }) => score >= threshold);
  if (chosen.length === 0) return [];
  const size = {
    width: group.width ?? 1 + Math.max(...chosen.map(({ x }) => x)),
    height: group.height ?? 1 + Math.max(...chosen.map(({ y }) => y)),
  };
  const { reach = reachIn(size), ...limits } = options;
  const fibers = traceFibers(chosen, { ...looseTracing(reach, chosen), ...defined(limits) });
  return fiberPicks(fibers, options, group, width ?? medianDiameter(chosen));
}

/** The pixels of a mask's centre lines, with the width of its fibers. */
function pointsOfMask(mask: Micrograph): Pick[] {
  const centre = centreLineOf(mask);
  const diameter = widthOfMask(mask, centre);
  return centre.map((pixel) => ({ ...pixel, ...(Number.isFinite(diameter) && { diameter }) }));
}

function medianDiameter(points: Pick[]): number | undefined {
  const diameters = points.flatMap(({ diameter }) => diameter ?? []);
  return diameters.length === 0 ? undefined : quantile(diameters, 0.5);
}
