import { EPickerError, type Pick } from "../core/mod.ts";
import { badLine, parseNumber, parsePositive, parseScore, type TextPlace } from "./_numbers.ts";
import { oneGroup, rowsOf, textOf } from "./_text.ts";
import type {
  CoordinateFormat,
  FormatContext,
  ParseContext,
  PickGroup,
} from "./coordinate_format.ts";

/** Fifth column of old EMAN files: how a box was made or where a helix starts and ends. */
const EMAN1_FLAGS = new Set([-1, -2, -3]);

/**
 * EMAN's box files: corner x, corner y, width, height and, here, the score as fifth column, set
 * apart by tabs; centre = corner + size / 2.
 *
 * Reading keeps fractions and takes the larger side as diameter. Writing follows the convention
 * of whole numbers, so a centre moves by up to 0.5 pixel: STAR and CSV keep it.
 */
export const boxFormat: CoordinateFormat = { name: "box", extensions: [".box"], parse, format };

function parse(bytes: Uint8Array, context: ParseContext): PickGroup[] {
  return oneGroup(parseBoxes(textOf(bytes, context.file), context));
}

/** Reads lines of corner, size and score. */
export function parseBoxes(text: string, { file }: ParseContext): Pick[] {
  return rowsOf(text).flatMap(({ line, words }) => {
    const comment = words.findIndex((word) => word.startsWith("#"));
    const values = comment < 0 ? words : words.slice(0, comment);
    return values.length === 0 ? [] : pickOf(values, { file, line });
  });
}

function pickOf(values: string[], place: TextPlace): Pick {
  if (values.length < 4 || values.length > 5) {
    const found = `${values.length} values as a box`;
    throw badLine(place, found, "corner x, corner y, width, height[, score]");
  }
  const width = parsePositive(values[2], place, "width");
  const height = parsePositive(values[3], place, "height");
  const pick: Pick = {
    x: parseNumber(values[0], place, "corner x") + width / 2,
    y: parseNumber(values[1], place, "corner y") + height / 2,
    diameter: Math.max(width, height),
  };
  const score = values.length === 5 ? parseScore(values[4], place, "score") : undefined;
  if (score !== undefined && !EMAN1_FLAGS.has(score)) pick.score = score;
  return pick;
}

function format(picks: readonly Pick[], { file, boxSize }: FormatContext): string {
  return picks.map(({ x, y, score, diameter }) => {
    const size = sizeOfBox(Math.round(boxSize ?? diameter ?? NaN), file);
    const box = [Math.round(x - size / 2), Math.round(y - size / 2), size, size];
    return [...box, ...(score === undefined ? [] : [score.toFixed(6)])].join("\t") + "\n";
  }).join("");
}

/** The side of a box, which must be known. */
export function sizeOfBox(size: number, file: string): number {
  if (size >= 1) return size;
  throw new EPickerError("bad-option", {
    file,
    found: "picks without a diameter and no box size",
    expected: "the option 'boxSize' of at least 1 pixel",
    remedy: "Give a box size (in a command: --box-size PX), or write STAR or CSV.",
  });
}
