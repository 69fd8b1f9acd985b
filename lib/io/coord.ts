import type { Pick } from "../core/mod.ts";
import { badLine, parseNumber, parseScore, type TextPlace } from "./_numbers.ts";
import { oneGroup, rowsOf, someHave, textOf } from "./_text.ts";
import type { CoordinateFormat, ParseContext, PickGroup } from "./coordinate_format.ts";

/** The size that EPicker prints for every particle, in the pixels of its network's input. */
const EPICKER_SIZE = "19";

/** Columns in their order. */
const NAMES = ["x", "y", "radius", "score"];

/**
 * EPicker's `.coord`: rows of x, y, radius and score, set apart by blanks, without a header;
 * centres in pixels of the micrograph. Two to four columns are read.
 *
 * EPicker prints the constant 19 as size of every particle and cuts scores to whole numbers: a size
 * 19 beside a whole-number score and every whole-number score are read as unknown. Written are 2
 * decimals, the radius (0 where it is unknown) and the true score, only as far as some pick has
 * them; fibers have no column.
 */
export const coordFormat: CoordinateFormat = {
  name: "coord",
  extensions: [".coord"],
  parse,
  format,
};

function parse(bytes: Uint8Array, { file }: ParseContext): PickGroup[] {
  const rows = rowsOf(textOf(bytes, file));
  return oneGroup(rows.map(({ line, words }) => pickOf(words, { file, line })));
}

function pickOf(values: string[], place: TextPlace): Pick {
  if (values.length < 2 || values.length > 4) {
    throw badLine(place, `${values.length} values as a row`, NAMES.join(", "));
  }
  const numbers = values.slice(0, 3).map((text, i) => parseNumber(text, place, NAMES[i]));
  const [x, y, radius = 0] = numbers;
  const score = parseScore(values[3] ?? "", place, NAMES[3]);
  const isCut = values.length === 4 && Number.isInteger(score) && !values[3].includes(".");
  const isKnown = radius > 0 && !(isCut && values[2] === EPICKER_SIZE);
  return { x, y, score: isCut ? undefined : score, diameter: isKnown ? 2 * radius : undefined };
}

function format(picks: readonly Pick[]): string {
  const hasScores = someHave("score", picks);
  const hasSizes = hasScores || someHave("diameter", picks);
  return picks.map(({ x, y, score = 0, diameter = 0 }) => {
    const row = [x.toFixed(2), y.toFixed(2)];
    if (hasSizes) row.push((diameter / 2).toFixed(3));
    if (hasScores) row.push(score.toFixed(6));
    return row.join("\t") + "\n";
  }).join("");
}
