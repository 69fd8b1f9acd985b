import {
  LEAST_PROBABILITY,
  loweredWhereEmpty,
  raised,
  scoreOf,
  UNCALIBRATED,
  weaknessOf,
} from "../core/mod.ts";
import { type Candidate, candidatesOf, distinctObjects } from "./decode.ts";
import type { ImageDetector, Ways } from "./detector.ts";
import type { Model } from "./model.ts";

/** Noise that looks like a part of an image, as `preprocess/noiseLike` makes it. */
export interface Noise {
  /** Columns, rows. */
  side: number;
  /** The part's corner in the image. */
  corner: { x: number; y: number };
  /** Normalised pixels. */
  pixels: Float32Array;
}

/** What decides about probabilities beside the candidates. */
export interface Seen {
  /** Where they were found, in words of the model. */
  model: Pick<Model, "mode" | "diameter" | "calibration" | "threshold">;
  /** What found them. */
  detector: ImageDetector;
  /** How it saw them. */
  ways: Ways;
  /** Makes noise like the image; asked only where scores are weak. */
  noise: (count: number) => Noise[];
  /** Diameter of the objects in network pixels. */
  diameter: number;
  /** Whether carbon or ice is in the image, whose spectrum says nothing. */
  isDirty: boolean;
}

/** Noise images that are asked. */
const NOISES = 2;

/** In the image there are so many times more candidates of the upper group than in noise like it. */
const REAL = 2.5;

/**
 * The candidates of one image with the probabilities that a model's calibration makes of their
 * scores; as they are without one.
 *
 * Where scores are weak throughout (`weaknessOf`), all logits are raised until picks and background part
 * at {@linkcode LEAST_PROBABILITY}, whatever threshold the model has: if the groups lie far apart, or if
 * noise of the same spectrum has far fewer candidates. Micrographs with nothing to pick are like their
 * noise. Where there may be nothing, all are lowered (`loweredWhereEmpty`), unless scores are
 * {@linkcode UNCALIBRATED}.
 *
 * @param candidates Distinct ones: each object counts once.
 */
export async function withProbabilities(
  candidates: Candidate[],
  seen: Seen,
): Promise<Candidate[]> {
  const { calibration, threshold } = seen.model;
  if (calibration === undefined) return candidates;
  const least = calibration === UNCALIBRATED ? threshold : scoreOf(LEAST_PROBABILITY, calibration);
  const weak = least === undefined
    ? undefined
    : weaknessOf(candidates.map(({ score }) => score), least);
  const isReal = weak !== undefined && !seen.isDirty &&
    (weak.isSure || await isBeyondNoise(candidates, weak.division, seen));
  const raise = isReal ? weak.raise : 0;
  const each = candidates.map(({ score }) => raised(score, calibration, raise));
  const scores = calibration === UNCALIBRATED ? each : loweredWhereEmpty(each);
  return candidates.map((candidate, i) => ({ ...candidate, score: scores[i] }));
}

async function isBeyondNoise(
  candidates: Candidate[],
  division: number,
  { model, detector, ways, noise, diameter }: Seen,
): Promise<boolean> {
  const noises = noise(NOISES);
  if (noises.length === 0) return false;
  let inNoise = 0;
  for (const { pixels, side } of noises) {
    const maps = await detector.detect(pixels, side, side, ways);
    const found = distinctObjects(candidatesOf(maps), model.mode, diameter);
    inNoise += countOf(found, division, { side, corner: { x: 0, y: 0 } }, diameter);
  }
  const [part] = noises;
  return countOf(candidates, division, part, diameter) > REAL * inNoise / noises.length;
}

/** Candidates that reach a score, half a diameter or more inside a part of an image. */
function countOf(
  candidates: readonly Candidate[],
  least: number,
  { side, corner }: Pick<Noise, "side" | "corner">,
  diameter: number,
): number {
  const isInside = (from: number) => from >= diameter / 2 && from <= side - diameter / 2;
  return candidates.filter(({ x, y, score }) =>
    score >= least && isInside(x - corner.x) && isInside(y - corner.y)
  ).length;
}
