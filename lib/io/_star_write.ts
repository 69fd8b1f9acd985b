import { EPickerError, type Pick } from "../core/mod.ts";
import { helixPriors } from "./_helix_priors.ts";
import { STAR } from "./_star_names.ts";
import { someHave } from "./_text.ts";
import type { FormatContext, MicrographPicks } from "./coordinate_format.ts";
import { micrographName } from "./micrograph_formats.ts";
import { formatStarTable } from "./star_table.ts";

/** Columns that RELION's own pickers always write. */
const ALWAYS = [STAR.x, STAR.y, STAR.class, STAR.psi];

/** Columns of the priors of helical segments. */
const PRIORS = [
  ...["_rlnAngleTiltPrior", "_rlnAnglePsiPrior", "_rlnAnglePsiFlipRatio"],
  "_rlnHelicalTrackLengthAngst",
];

/** One micrograph's picks, without its name. */
export function formatStar(picks: readonly Pick[], { file, image }: FormatContext): string {
  return formatRows([{ image: image ?? { name: micrographName(file) }, picks }], false, file);
}

/** The picks of several micrographs, with their names. */
export function formatStarJoint(
  all: readonly MicrographPicks[],
  { file }: { file: string },
): string {
  return formatRows(all, true, file);
}

function formatRows(all: readonly MicrographPicks[], named: boolean, file: string): string {
  const lists = all.map(({ picks }) => picks);
  const [hasScores, hasFibers] = [someHave("score", ...lists), someHave("fiber", ...lists)];
  const columns: string[] = [...ALWAYS];
  if (named) columns.unshift(STAR.micrograph);
  if (hasScores) columns.push(STAR.score);
  if (hasFibers) columns.push(STAR.fiber, ...PRIORS);
  const rows = all.flatMap(({ image, picks }) => {
    const priors = hasFibers ? helixPriors(picks) : [];
    return picks.map((pick, i) => {
      const row = commonCells(pick);
      if (named) row.unshift(image.name);
      if (hasScores) row.push((pick.score ?? 0).toFixed(6));
      if (!hasFibers) return row;
      if (image.pixelSizeA === undefined) throw noTrackLength(image.name, file);
      const track = priors[i].track * image.pixelSizeA;
      const prior = ["90.00", priors[i].psi.toFixed(2), "0.50", track.toFixed(2)];
      return [...row, String(pick.fiber ?? 0), ...prior];
    });
  });
  return formatStarTable("", columns, rows);
}

/** RELION extracts helical segments only with their track length in Å; that in pixels is refused. */
function noTrackLength(name: string, file: string): EPickerError {
  return new EPickerError("bad-option", {
    file,
    found: `fibers and no pixel size of the micrograph ${name}`,
    expected: "it, for the track length in Å that RELION wants of helical segments",
    remedy: "Give it by 'pixelSizeA', or write csv or star-ends.",
  });
}

/** Coordinates, class and an unknown psi. */
function commonCells({ x, y, classNumber = -999 }: Pick): string[] {
  return [x.toFixed(2), y.toFixed(2), String(classNumber), "-999.00"];
}

/** The first and the last point of each fiber. */
export function formatEnds(picks: readonly Pick[], context: FormatContext): string {
  const onFibers = picks.filter(({ fiber }) => fiber !== undefined);
  if (onFibers.length === 0 && picks.length > 0) {
    throw new EPickerError("bad-option", {
      file: context.file,
      found: "picks without fibers",
      expected: "picks that lie on fibers",
      remedy: "Write plain star.",
    });
  }
  const fibers = Map.groupBy(onFibers, ({ fiber }) => fiber);
  const ends = [...fibers.values()].flatMap((points) => [points[0], points.at(-1)!]);
  const rows = ends.map((pick) => [...commonCells(pick), String(pick.fiber)]);
  return formatStarTable("", [...ALWAYS, STAR.fiber], rows);
}

/**
 * Writes RELION's index of coordinate files, `autopick.star`.
 *
 * @param entries Paths of micrographs and of their coordinate files, from the project's folder.
 */
export function formatCoordinateIndex(
  entries: readonly { micrograph: string; coordinatesPath: string }[],
): string {
  const rows = entries.map(({ micrograph, coordinatesPath }) => [micrograph, coordinatesPath]);
  return formatStarTable("coordinate_files", [STAR.micrograph, STAR.coordinates], rows);
}
