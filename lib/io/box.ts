import { EPickerError, type Pick } from "../core/mod.ts";
import { badLine, parseNumber, parsePositive, parseScore, type TextPlace } from "./_numbers.ts";
import { linesOf, oneGroup, textOf } from "./_text.ts";
import type {
  CoordinateFormat,
  FormatContext,
  ParseContext,
  PickGroup,
} from "./coordinate_format.ts";

/** Fifth column of old EMAN files: where a helix starts and ends, and how a box was made. */
const [HELIX_START, HELIX_END, MADE_BY_HAND] = ["-1", "-2", "-3"];

/** What EMAN2's helix boxer and crYOLO write before the segments of a helix. */
const HELIX = /^#\s*helix:/i;
const SEGMENT_WIDTH = /^#\s*segment width:\s*(\S+)/i;

/**
 * EMAN's box files: corner x, corner y, width, height and, here, the score as fifth column, set
 * apart by tabs; centre = corner + size / 2.
 *
 * Reading keeps fractions and takes the larger side as diameter. Writing follows the convention
 * of whole numbers, so a centre moves by up to 0.5 pixel: STAR and CSV keep it.
 *
 * Helices are read in both of EMAN's forms: boxes flagged -1 and -2 are the ends of one, and rows
 * below a line `#helix:` are the centres of its segments, whose diameter `#segment width:` tells.
 */
export const boxFormat: CoordinateFormat = { name: "box", extensions: [".box"], parse, format };

function parse(bytes: Uint8Array, context: ParseContext): PickGroup[] {
  return oneGroup(parseBoxes(textOf(bytes, context.file), context));
}

/** Reads lines of corner, size and score, or the segments of helices. */
export function parseBoxes(text: string, { file }: ParseContext): Pick[] {
  const rows = linesOf(text).map((content, i) => ({ content: content.trim(), line: i + 1 }));
  return rows.some(({ content }) => HELIX.test(content))
    ? segmentsIn(rows, file)
    : boxesIn(rows, file);
}

interface Line extends Omit<TextPlace, "file"> {
  content: string;
}

function boxesIn(rows: Line[], file: string): Pick[] {
  let fiber = 0;
  let isOpen = false;
  return rows.flatMap(({ content, line }) => {
    const values = wordsOf(content);
    if (values.length === 0) return [];
    const isStart = values[4] === HELIX_START;
    const isEnd = values[4] === HELIX_END && isOpen;
    if (isStart) fiber++;
    isOpen = isStart;
    const pick = pickOf(values, { file, line });
    return isStart || isEnd ? { ...pick, fiber } : pick;
  });
}

/** The centres below each `#helix:`, numbered from 1. */
function segmentsIn(rows: Line[], file: string): Pick[] {
  let fiber = 0;
  let diameter: number | undefined;
  return rows.flatMap(({ content, line }) => {
    const place = { file, line };
    const width = SEGMENT_WIDTH.exec(content)?.[1];
    if (width !== undefined) diameter = parsePositive(width, place, "segment width");
    if (HELIX.test(content)) fiber++;
    const values = wordsOf(content);
    if (values.length === 0) return [];
    if (values.length === 2 && fiber > 0) {
      const [x, y] = values.map((text, i) => parseNumber(text, place, "xy"[i]));
      return { x, y, diameter, fiber };
    }
    throw badLine(place, `${values.length} values as a segment`, "x and y below a line #helix:");
  });
}

/** The values of a line before its comment. */
function wordsOf(content: string): string[] {
  return content.replace(/(^|\s)#.*$/, "").split(/\s+/).filter((word) => word !== "");
}

function pickOf(values: string[], place: TextPlace): Pick {
  if (values.length < 4 || values.length > 5) {
    const found = `${values.length} values as a box`;
    throw badLine(place, found, "corner x, corner y, width, height[, score]");
  }
  const width = parsePositive(values[2], place, "width");
  const height = parsePositive(values[3], place, "height");
  const isFlag = [HELIX_START, HELIX_END, MADE_BY_HAND].includes(values[4]);
  return {
    x: parseNumber(values[0], place, "corner x") + width / 2,
    y: parseNumber(values[1], place, "corner y") + height / 2,
    diameter: Math.max(width, height),
    score: isFlag ? undefined : parseScore(values[4] ?? "", place, "score"),
  };
}

function format(picks: readonly Pick[], { file, boxSize }: FormatContext): string {
  return picks.map(({ x, y, score, diameter }) => {
    const size = Math.max(1, Math.round(sizeOfBox(boxSize ?? diameter ?? NaN, file)));
    const box = [Math.round(x - size / 2), Math.round(y - size / 2), size, size];
    return [...box, ...(score === undefined ? [] : [score.toFixed(6)])].join("\t") + "\n";
  }).join("");
}

/** The side of a box, which must be known. */
export function sizeOfBox(size: number, file: string): number {
  if (size > 0) return size;
  throw new EPickerError("bad-option", {
    file,
    found: "picks without a diameter and no box size",
    expected: "the option 'boxSize' above 0 pixels",
    remedy: "Give a box size, or write STAR or CSV.",
  });
}
