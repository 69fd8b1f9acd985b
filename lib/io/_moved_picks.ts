import { EPickerError, type Pick } from "../core/mod.ts";
import type { FoundGroup } from "./_read_groups.ts";
import { flipPicks, recentrePicks } from "./transform_picks.ts";

/** How picks are moved: by the offsets of a refinement, then top to bottom. */
export interface Moves {
  recentre?: boolean;
  flipY?: boolean;
}

/** The picks of a group where the options want them; throws `bad-option` for what that lacks. */
export function movedPicks(
  { file, name, picks, offsetsA, height, pixelSizeA }: FoundGroup,
  { recentre, flipY }: Moves,
): Pick[] {
  if (picks.length === 0) return picks;
  let moved = picks;
  if (recentre) {
    if (!offsetsA) throw noOffsets(file);
    if (pixelSizeA === undefined) throw missing(file, `pixel size of the micrograph ${name}`);
    moved = recentrePicks(moved, offsetsA, pixelSizeA);
  }
  if (!flipY) return moved;
  if (height === undefined) throw missing(file, `height of the micrograph ${name}`);
  return flipPicks(moved, height);
}

function missing(file: string, what: string): EPickerError {
  return new EPickerError("bad-option", {
    file,
    found: `no ${what}`,
    expected: "it, to move the picks",
    remedy: "Name the folder of the micrographs: 'micrographs'.",
  });
}

function noOffsets(file: string): EPickerError {
  return new EPickerError("bad-option", {
    file,
    found: "no offsets to recentre by",
    expected: "RELION's particles of a refinement or classification, with _rlnOriginXAngst",
    remedy: "Leave 'recentre' out.",
  });
}
