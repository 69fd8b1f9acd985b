/**
 * EPicker for Deno: cryo-EM particle picking that learns new datasets without forgetting old ones.
 *
 * What most programs need, by building block. Every block is a module of its own with the rest:
 * `@epicker/epicker/io`, `…/training` and so on, as `deno.json` lists them.
 *
 * @module
 */

// Nouns: micrographs, picks, datasets, errors, seeded randomness
export {
  type Dataset,
  EPickerError,
  type Micrograph,
  type Mode,
  MODES,
  type OnProgress,
  type Pick,
  random,
} from "./lib/core/mod.ts";

// Files: micrographs, coordinates, dataset folders
export {
  convertCoordinates,
  coordinateFormats,
  entriesOf,
  expandInputs,
  loadLabels,
  readCoordinates,
  readDataset,
  readMicrograph,
  writeCoordinates,
  writeMrc,
} from "./lib/io/mod.ts";

// Preprocessing: the image that the network sees
export {
  MARGIN,
  type NetworkImage,
  normalise,
  powerSpectrum,
  preprocess,
  radialMean,
  toMicrograph,
  toNetwork,
  VIEW_VERSIONS,
} from "./lib/preprocess/mod.ts";

// Backends: WebGPU, WASM, plain CPU
export { BACKEND_NAMES, startBackend } from "./lib/backend/mod.ts";

// The network: CenterNet on DLA-34
export {
  candidatesOf,
  centerNet,
  detectionLoss,
  Detector,
  drawTargets,
  fromCell,
  FrozenNetwork,
  initialWeights,
  type Interpreter,
  layoutOf,
  LIGHT,
  type Model,
  readModel,
  SPARSE_RULE,
  stackTargets,
  suppress,
  typicalDiameter,
  writeModel,
} from "./lib/centernet/mod.ts";

// ONNX files
export { writeOnnx } from "./lib/onnx/mod.ts";

// Points to fibers
export { fiberPoints, linesOf, traceFibers, traceFiles } from "./lib/tracing/mod.ts";

// Picking: a micrograph in, coordinates out
export {
  changeThreshold,
  loadPicker,
  openPicker,
  Picker,
  pickFiles,
  type PickOptions,
  type PickResult,
  type PickSummary,
  type ScoredPick,
  SHIPPED_MODEL,
} from "./lib/picking/mod.ts";

// Evaluation: AP, AR, F1
export {
  averagePrecision,
  bestF1,
  bootstrap,
  compareFolders,
  complexity,
  continualScores,
  evaluate,
  evaluateFiberFolder,
  evaluateFibers,
  evaluateFolder,
  formatTable,
  matchByDistance,
  precisionRecall,
  type TableColumn,
  truthOfLines,
  UNMATCHED,
} from "./lib/evaluation/mod.ts";

// Training
export {
  checkTraining,
  GENERAL,
  keepLabels,
  learningRateAt,
  loadImages,
  loadTrainingSet,
  predict,
  type Recipe,
  stepsOf,
  train,
  type TrainingImage,
  type TrainOptions,
  type TrainResult,
} from "./lib/training/mod.ts";

// Learning without forgetting
export {
  ABLATIONS,
  addTerm,
  chooseExemplars,
  cropsOf,
  EMPTY_MEMORY,
  encodeMemory,
  heatDistance,
  learn,
  loadStrategy,
  type Memory,
  readMemory,
  retentionOf,
  setAside,
  STRATEGIES,
  type Strategy,
  strategyOf,
  writeMemory,
} from "./lib/continual/mod.ts";

// Experiments: strategies side by side
export {
  COMPARISON_COLUMNS,
  comparisonRows,
  describePlan,
  experimentNamed,
  type ExperimentPlan,
  type ExperimentResult,
  EXPERIMENTS,
  experimentSteps,
  loadExperimentData,
  matrixOf,
  ordersOf,
  runExperiment,
  STEP_COLUMNS,
  type StrategySummary,
  summarise,
  SUMMARY_COLUMNS,
  SUMMARY_KEY,
  summaryRows,
} from "./lib/experiments/mod.ts";

// Simulated micrographs
export {
  contrastTransfer,
  type DatasetRecipe,
  demoMicrographs,
  type Phantom,
  phantomNamed,
  PRESET_NAMES,
  presetNamed,
  readScene,
  recipeOf,
  simulateMicrograph,
  type Simulation,
  writeSimulatedDataset,
} from "./lib/simulation/mod.ts";

// Pages and figures
export {
  chartFigure,
  complexityFigure,
  contactSheet,
  costFigure,
  experimentPage,
  Figure,
  figurePage,
  forgettingFigure,
  imageFigure,
  liveProgress,
  liveTraining,
  matrixFigure,
  micrographFigure,
  pickPage,
  scoreFigure,
} from "./lib/plots/mod.ts";

// Speed
export { benchmark, benchmarkTables } from "./lib/benchmark/mod.ts";
