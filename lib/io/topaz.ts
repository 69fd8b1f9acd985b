import type { Pick } from "../core/mod.ts";
import { someHave } from "./_text.ts";
import type { CoordinateFormat, FormatContext, MicrographPicks } from "./coordinate_format.ts";
import { parseTable } from "./csv.ts";
import { micrographName } from "./micrograph_formats.ts";

/**
 * Topaz's text tables: tabs between `image_name`, `x_coord`, `y_coord` and, of picks, `score`;
 * centres, one file for many micrographs, image names without folder and extension.
 *
 * Topaz counts in the pixels of the image that it was given: where that was a downscaled one, the
 * option `scale` of `readCoordinates()` leads back to the micrograph. Its scores are log-odds, not
 * probabilities. Any other table with a header line is read as `csv` is. Writes 2 decimals, and 0
 * for a score that only some picks have; there is no column for a diameter or a fiber.
 */
export const topazFormat: CoordinateFormat = {
  name: "topaz",
  extensions: [".txt"],
  parse: parseTable,
  format,
  formatJoint,
};

function format(picks: readonly Pick[], { file, image }: FormatContext): string {
  return formatJoint([{ image: { name: image?.name ?? micrographName(file) }, picks }]);
}

function formatJoint(all: readonly MicrographPicks[]): string {
  const hasScores = someHave("score", ...all.map(({ picks }) => picks));
  const header = ["image_name", "x_coord", "y_coord", ...(hasScores ? ["score"] : [])];
  const rows = all.flatMap(({ image, picks }) =>
    picks.map(({ x, y, score = 0 }) => {
      const name = image.name.replaceAll(/[\t\r\n]/g, "_");
      return [name, x.toFixed(2), y.toFixed(2), ...(hasScores ? [score.toFixed(6)] : [])];
    })
  );
  return [header, ...rows].map((cells) => cells.join("\t") + "\n").join("");
}
