/**
 * A micrograph in, picks out: the whole way from file to coordinates.
 *
 * `loadPicker` brings a model to a backend, `picker.pick(micrograph)` gives scored picks in
 * micrograph pixels; a model of fibers gives polylines as well, and boxes along them. `pickFiles` does folders and writes coordinate files: with several workers, or
 * one micrograph ahead of a GPU, and without what an earlier run has done. `changeThreshold` takes
 * the picks of such a folder anew from its candidates, without the network.
 *
 * @module
 */
export { type Threshold, thresholdOf } from "./auto_threshold.ts";
export { BLOB, BlobDetector, blobModel } from "./blob_detector.ts";
export * from "./change_threshold.ts";
export { folderLook } from "./look_at_files.ts";
export * from "./pick_files.ts";
export {
  loadPicker,
  openPicker,
  Picker,
  type PickerOptions,
  type PickingBackend,
  type PickingBackendName,
  type PickResult,
  type ScoredPick,
} from "./picker.ts";
export { checkPicking, type PickOptions } from "./pick_options.ts";
export { type Contrast, type Look } from "./look.ts";
export * from "./prepare.ts";
export { SHIPPED_MODEL, SHIPPED_MODELS } from "./shipped.ts";
export { PICKING_VERSION } from "./seen_with.ts";
export { DOUBT_TITLES, doubtTitles, OF_PICKS } from "./doubts.ts";
export { editsPath, type Place, recordedNames, recordPath } from "./results.ts";
export {
  findSummary,
  formatLook,
  formatPickSummary,
  lookSchema,
  type PickedFile,
  type PickSummary,
  writeSummary,
} from "./summary.ts";
