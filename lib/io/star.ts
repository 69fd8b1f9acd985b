import { EPickerError, type Pick } from "../core/mod.ts";
import { badFile } from "./_bad_file.ts";
import { helixPriors } from "./_helix_priors.ts";
import { parseFiber, parseNumber } from "./_numbers.ts";
import { groupRows, textOf } from "./_text.ts";
import type {
  CoordinateFormat,
  FormatContext,
  MicrographPicks,
  ParseContext,
  PickGroup,
} from "./coordinate_format.ts";
import { micrographName } from "./micrograph_formats.ts";
import { formatStarTable, parseStarTables, type StarTable } from "./star_table.ts";

const X = "_rlnCoordinateX";
const Y = "_rlnCoordinateY";
const SCORE = "_rlnAutopickFigureOfMerit";
const FIBER = "_rlnHelicalTubeID";
const MICROGRAPH = "_rlnMicrographName";
const COORDINATES = "_rlnMicrographCoordinates";

/**
 * RELION's STAR: `_rlnCoordinateX/Y` (centres), `_rlnAutopickFigureOfMerit` as score,
 * `_rlnHelicalTubeID` as fiber.
 *
 * Reads per-micrograph files, particle lists of many micrographs (RELION 3.0, or 3.1 and later with
 * an optics block) and the index `autopick.star` of RELION 4 and 5. Offsets of a refinement
 * (`_rlnOriginX`) are not applied. Writes coordinates with 2 decimals, class number and psi as -999
 * (unknown), 0 for a score or fiber that only some picks have, and with fibers the priors that
 * RELION wants of helical segments. STAR has no column for a diameter: it is not written.
 */
export const starFormat: CoordinateFormat = {
  name: "star",
  extensions: [".star"],
  parse: (bytes, context) => parseGroups(bytes, context).map(withoutZeroFibers),
  format,
  formatJoint,
};

/**
 * RELION's start–end coordinates of helices: a STAR file with two rows for each helix.
 *
 * Reads `_rlnHelicalTubeID` where it is there, else numbers each two rows from 1. Writes the first
 * and the last point of each fiber; picks that lie on none are left out.
 */
export const starEndsFormat: CoordinateFormat = {
  name: "star-ends",
  extensions: [".star"],
  parse: parseEnds,
  format: formatEnds,
};

function parseGroups(bytes: Uint8Array, { file }: ParseContext): PickGroup[] {
  const tables = parseStarTables(textOf(bytes), file);
  const index = tables.find(({ columns }) => columns.includes(COORDINATES));
  if (index) return referencesOf(index, file);
  const table = tables.find(({ columns }) => columns.includes(X) && columns.includes(Y));
  if (table) {
    const column = table.columns.indexOf(MICROGRAPH);
    const micrographOf = column < 0 ? undefined : (row: number) => table.rows[row][column];
    return groupRows([...table.rows.keys()], micrographOf, (row) => pickOf(table, row, file));
  }
  if (tables.every(({ columns }) => columns.length === 0)) return [];
  const found = `the columns ${tables.flatMap(({ columns }) => columns).slice(0, 8).join(", ")}`;
  throw badFile(file, found, `${X} and ${Y}`, "Give the coordinate file, not a list of images.");
}

/** The rows of `autopick.star`: a micrograph and its coordinate file. */
function referencesOf({ columns, rows }: StarTable, file: string): PickGroup[] {
  const [name, path] = [columns.indexOf(MICROGRAPH), columns.indexOf(COORDINATES)];
  if (name >= 0) {
    return rows.map((row) => ({ micrograph: row[name], picks: [], coordinatesPath: row[path] }));
  }
  throw badFile(file, `${COORDINATES} alone`, `${MICROGRAPH} as well`, "Export the index again.");
}

/** A pick; its fiber is 0 where the column says so, and absent without the column. */
function pickOf({ columns, rows, lines }: StarTable, row: number, file: string): Pick {
  const place = (what: string) => ({ file, line: lines[row], what });
  const value = (name: string) => rows[row][columns.indexOf(name)];
  const number = (name: string) => parseNumber(value(name), place(name));
  const pick: Pick = { x: number(X), y: number(Y) };
  if (columns.includes(SCORE)) pick.score = number(SCORE);
  if (columns.includes(FIBER)) pick.fiber = parseFiber(value(FIBER), place(FIBER)) ?? 0;
  return pick;
}

function withoutZeroFibers(group: PickGroup): PickGroup {
  const picks = group.picks.map(({ fiber, ...pick }) => fiber ? { ...pick, fiber } : pick);
  return { ...group, picks };
}

function parseEnds(bytes: Uint8Array, context: ParseContext): PickGroup[] {
  return parseGroups(bytes, context).map((group) => {
    if (group.picks.some(({ fiber }) => fiber !== undefined)) return withoutZeroFibers(group);
    if (group.picks.length % 2 !== 0) {
      const found = `${group.picks.length} rows without ${FIBER}`;
      throw badFile(context.file, found, "two rows for each helix", "Read it as plain star.");
    }
    return { ...group, picks: group.picks.map((pick, i) => ({ ...pick, fiber: 1 + (i >> 1) })) };
  });
}

function formatEnds(picks: readonly Pick[], context: FormatContext): string {
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
  const rows = ends.map(({ x, y, fiber }) => [...unclassified(x, y), String(fiber)]);
  return formatStarTable("", [X, Y, "_rlnClassNumber", "_rlnAnglePsi", FIBER], rows);
}

/** Coordinates, and class number and psi as unknown. */
function unclassified(x: number, y: number): string[] {
  return [x.toFixed(2), y.toFixed(2), "-999", "-999.00"];
}

function format(picks: readonly Pick[], { file, image }: FormatContext): string {
  return formatRows([{ image: image ?? { name: micrographName(file) }, picks }], false);
}

function formatJoint(all: readonly MicrographPicks[]): string {
  return formatRows(all, true);
}

/** One table for all micrographs, with their names or, for a single one, without. */
function formatRows(all: readonly MicrographPicks[], named: boolean): string {
  const hasScores = all.some(({ picks }) => picks.some(({ score }) => score !== undefined));
  const hasFibers = all.some(({ picks }) => picks.some(({ fiber }) => fiber !== undefined));
  const inA = all.every(({ image }) => image.pixelSizeA !== undefined);
  const columns = [X, Y, "_rlnClassNumber", "_rlnAnglePsi"];
  if (named) columns.unshift(MICROGRAPH);
  if (hasScores) columns.push(SCORE);
  if (hasFibers) columns.push(FIBER, "_rlnAngleTiltPrior", "_rlnAnglePsiPrior");
  if (hasFibers) {
    columns.push("_rlnAnglePsiFlipRatio", `_rlnHelicalTrackLength${inA ? "Angst" : ""}`);
  }
  const rows = all.flatMap(({ image, picks }) => {
    const priors = hasFibers ? helixPriors(picks) : [];
    return picks.map(({ x, y, score, fiber }, i) => {
      const row = unclassified(x, y);
      if (named) row.unshift(image.name);
      if (hasScores) row.push((score ?? 0).toFixed(6));
      if (!hasFibers) return row;
      const track = priors[i].track * (inA ? image.pixelSizeA! : 1);
      const prior = ["90.00", priors[i].psi.toFixed(2), "0.50", track.toFixed(2)];
      return [...row, String(fiber ?? 0), ...prior];
    });
  });
  return formatStarTable("", columns, rows);
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
  return formatStarTable("coordinate_files", [MICROGRAPH, COORDINATES], rows);
}
