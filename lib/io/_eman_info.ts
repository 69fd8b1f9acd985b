import * as z from "zod";
import { parseJson } from "./_json.ts";
import { oneGroup } from "./_text.ts";
import type { PickGroup } from "./coordinate_format.ts";

const coordinate = z.number().min(-1e6).max(1e6);

/** A box: centre x and y, how it was made, and where the picker gives them score and class. */
const boxSchema = z.tuple([coordinate, coordinate], z.unknown());

const infoSchema = z.looseObject({
  boxes: z.array(boxSchema).optional(),
  boxes_3d: z.array(z.never(), "boxes in a tomogram, which are not read").max(0).optional(),
});

/** Whether a JSON text is EMAN2's notes about a micrograph and not a candidates file. */
export function looksLikeEmanInfo(text: string): boolean {
  return !/"candidates"\s*:/.test(text) && /"(boxes(_3d)?|ctf(_frame)?|quality)"\s*:/.test(text);
}

/**
 * Reads EMAN2's `info/NAME_info.json`: `boxes` of centres in pixels of the micrograph, with the score
 * of those that its neural net found; none where the notes hold no boxes.
 */
export function parseEmanInfo(text: string, file: string): PickGroup[] {
  const { boxes = [] } = parseJson(text, infoSchema, file, "EMAN2's notes about a micrograph");
  return oneGroup(boxes.map(([x, y, , score]) => {
    return { x, y, score: typeof score === "number" ? score : undefined };
  }));
}
