/**
 * The detector: CenterNet on DLA-34, from normalised image to candidates.
 *
 * `centerNet` defines the network once; `gradientsOf` runs it in training, `Detector` in inference.
 * `drawTargets` and `detectionLoss` say what it should learn, `candidatesOf` and `suppress` read its
 * output, `readModel` and `writeModel` keep it in a safetensors file. Coordinates here are network
 * pixels; the maps have one cell per 4 × 4 of them.
 *
 * @module
 */
export { peaksOf, type SeeImage } from "./both_ways.ts";
export * from "./config.ts";
export { openCrewDetector } from "./crew_detector.ts";
export * from "./decode.ts";
export * from "./detector.ts";
export * from "./fold.ts";
export * from "./frozen_network.ts";
export * from "./layout.ts";
export * from "./loss.ts";
export * from "./model.ts";
export * from "./network.ts";
export * from "./safetensors.ts";
export * from "./sparse_labels.ts";
export * from "./targets.ts";
export { detectInTiles, mostAtOnce, type RunNetwork } from "./tiles.ts";
export * from "./weak_scores.ts";
export { type Gradients, gradientsOf, type Loss } from "./training_pass.ts";
