/**
 * Points to fibers.
 *
 * `traceFibers` links detected points to polylines: neighbours within a radius, a curvature limit,
 * one direction for both sides of a seed, crossings passed straight on, collinear pieces joined.
 * `pointsAlong` places points at equal distances on a polyline, `centreLineOf` thins a mask image to
 * the pixels of its centre lines. `readFiberLabels` reads marked fibers of a dataset, `fiberPoints`
 * makes training points of them; `traceFiles` works on coordinate files and mask images. Everything is in the pixels of the caller.
 *
 * @module
 */
export * from "./border.ts";
export * from "./boxes.ts";
export * from "./centre_line.ts";
export {
  type FiberLabels,
  fiberPoints,
  LABEL_SPACING,
  linesOf,
  readFiberLabels,
  readFiberRows,
  widthOfMask,
} from "./labels.ts";
export { lengthsOfPixels } from "./pixels.ts";
export { lengthOfLine, pointsAlong, withoutSmallTurns } from "./polyline.ts";
export { type ScoredPoint, thinned } from "./field.ts";
export * from "./trace.ts";
export * from "./trace_files.ts";
