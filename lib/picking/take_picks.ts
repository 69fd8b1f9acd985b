import { isPick, type Pick, type PickRule, type Point } from "../core/mod.ts";
import type { CandidatesFile } from "../io/mod.ts";
import { VIEW_VERSIONS } from "../preprocess/mod.ts";
import { fibersThrough } from "./fibers.ts";
import { assertRise, assertThreshold } from "./pick_options.ts";
import type { ScoredPick } from "./picker.ts";

/** The record of a micrograph and the picks that it stands for. */
export interface Taken {
  /** All candidates, with the threshold in use and in fiber mode the fibers through them. */
  file: CandidatesFile;
  /** What the coordinate files hold. */
  picks: Pick[];
}

/** The candidates that are picks. */
export function picksOf<C extends Pick>(candidates: C[], rule: PickRule): C[] {
  return candidates.filter((candidate) => isPick(candidate, rule));
}

/**
 * Takes picks from candidates by the threshold, the range of diameters and the rise that their record
 * names.
 *
 * Whatever is written comes this way, also just after picking; so the record alone gives the same
 * files again, byte for byte, and another threshold those that picking with it would give.
 *
 * @param name Base name of the micrograph, for messages.
 * @throws {EPickerError} `bad-option` for a threshold outside 0…1, a rise that is not above 0, in Å
 * without a pixel size or for what is no fiber.
 */
export function takePicks({ fibers: _, ...record }: CandidatesFile, name: string): Taken {
  const { mode = "particle", threshold, provenance, candidates, width, height } = record;
  const { rise, riseA } = provenance ?? {};
  assertThreshold(threshold);
  assertRise(mode, { rise, riseA });
  if (mode !== "fiber") return { file: record, picks: picksOf(candidates, record) };
  const { pixelSizeA } = record;
  const micrograph = { name, width, height, pixelSizeA };
  const diameter = candidates[0]?.diameter; // all have the same
  const { fibers, picks } = fibersThrough(candidates, micrograph, {
    rise,
    riseA,
    threshold,
    diameter,
    view: provenance?.recipe.startsWith(VIEW_VERSIONS.particle) ? "particle" : "paper",
  });
  const { candidates: all, ...head } = record;
  const lines = fibers.map(({ line, score }) => ({ line: line.map(placeOf), score }));
  return { file: { ...head, fibers: lines, candidates: all }, picks: picks.map(roundedPick) };
}

/** Hundredths of a pixel and a ten-thousandth of score are finer than anything that is known. */
export function rounded({ x, y, score, diameter }: ScoredPick) {
  return { ...placeOf({ x, y }), score: +score.toFixed(4), diameter: +diameter.toFixed(2) };
}

function placeOf({ x, y }: Point) {
  return { x: +x.toFixed(2), y: +y.toFixed(2) };
}

function roundedPick(pick: Pick & { score: number }): Pick {
  return { ...pick, ...placeOf(pick), score: +pick.score.toFixed(4) };
}
