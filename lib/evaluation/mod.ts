/**
 * How good picks are: matching to the truth, average precision and recall, F1, result tables; how
 * much of fibers is found and in how many pieces.
 *
 * Collect an {@linkcode EvaluationImage} per micrograph and call `evaluate(images)`; the parts
 * (`averagePrecision`, `bestF1`, `precisionRecall`, `matchByDistance`) stand alone as well, and
 * `formatTable` prints their results. All are pure functions. A pick without a score counts as 1,
 * in file order; a score without meaning is NaN, which JSON writes as `null`. With `sized` the sizes of
 * vesicles are scored as well; picks in ignore regions do not count.
 *
 * @module
 */
export {
  type AveragePrecision,
  averagePrecision,
  type AveragePrecisionOptions,
  MAX_DETECTIONS,
} from "./average_precision.ts";
export { bootstrap, formatInterval, type Interval, RESAMPLES } from "./bootstrap.ts";
export {
  BLOCK_DIAMETERS,
  type CompareOptions,
  comparePickers,
  type Comparison,
} from "./compare.ts";
export { calibrated, type Calibration } from "../core/mod.ts";
export {
  calibrationError,
  fitCalibration,
  reliability,
  type ReliabilityBin,
  scoredHits,
} from "./calibration.ts";
export {
  type DatasetScores,
  evaluate,
  type EvaluateOptions,
  type Evaluation,
  type ImageScores,
  type OwnScores,
} from "./evaluate.ts";
export { evaluateFiberFolder, type FiberFolderEvaluation } from "./fiber_folders.ts";
export { FIBER_TOLERANCE, truthOfLines, truthOfPixels, type TruthPiece } from "./fiber_truth.ts";
export {
  evaluateFibers,
  type FiberEvaluation,
  type FiberImage,
  type FiberScores,
} from "./fibers.ts";
export { fitsFlipped, FLIP_GAIN, type FlipComparison } from "./flipped.ts";
export {
  compareFolders,
  evaluateFolder,
  type FolderEvaluation,
  peersOf,
  type PickedImages,
  pickedMode,
  type PickerScores,
  readPickedImages,
} from "./folders.ts";
export {
  complexity,
  type ContinualScores,
  continualScores,
  dropOf,
  type ResultMatrix,
  type Score,
} from "./forgetting.ts";
export { IGNORED, matchByDistance, UNMATCHED } from "./match.ts";
export {
  bestF1,
  type DistanceOptions,
  precisionRecall,
  type PrecisionRecallPoint,
  RADIUS_DIAMETERS,
  type ScoredHit,
} from "./precision_recall.ts";
export { type KindRecall, type RecallByKind, recallByKind } from "./recall_by_kind.ts";
export { type RankCorrelation, spearman } from "./spearman.ts";
export { meanInterval } from "./student.ts";
export { formatTable, TABLE_DIGITS, type TableColumn } from "./table.ts";
export { type EvaluationImage, IOU_THRESHOLD, type SizeOptions } from "./types.ts";
