import type { Pick } from "../core/mod.ts";
import { badFile } from "./_bad_file.ts";
import { badLine, parseOrdinal, parseScore } from "./_numbers.ts";
import { offsetReader, pixelSizeReader } from "./_star_offsets.ts";
import { formatEnds, formatStar, formatStarJoint } from "./_star_write.ts";
import { STAR } from "./_star_names.ts";
import { cellsOf, type TableCells } from "./_table_cells.ts";
import { byMicrograph, groupOf, textOf } from "./_text.ts";
import type { CoordinateFormat, ParseContext, PickGroup } from "./coordinate_format.ts";
import { parseStarTables, type StarTable } from "./star_table.ts";

/** What stands for an unknown number; the second one in older programs. */
const UNKNOWN = [-999, -9999];

/**
 * RELION's STAR: `_rlnCoordinateX/Y` (centres), `_rlnAutopickFigureOfMerit` as score,
 * `_rlnHelicalTubeID` as fiber, `_rlnClassNumber` as class.
 *
 * Reads per-micrograph files, particle lists of many micrographs (RELION 3.0, or 3.1 and later with
 * an optics block) and the index `autopick.star` of RELION 4 and 5. Coordinates are pixels of the
 * micrograph, whatever the pixel size of the particle images. Offsets of a refinement
 * (`_rlnOriginX`) are not applied but told in the group's `offsetsA`; see {@linkcode recentrePicks}.
 * Particles of tomograms (`_rlnTomoName`) are parted by tomogram; only their x and y are read. A score
 * may be of any size; `nan`, -999 and -9999 stand for an unknown one.
 *
 * Writes coordinates with 2 decimals, an unknown class and psi as -999, 0 for a score or fiber that
 * only some picks have, and with fibers the priors that RELION wants of helical segments, for which
 * the pixel size of the micrograph must be known (`bad-option` without it). STAR has
 * no column for a diameter: it is not written.
 */
export const starFormat: CoordinateFormat = {
  name: "star",
  extensions: [".star"],
  parse: (bytes, context) => parseGroups(bytes, context).map(withoutZeroFibers),
  format: formatStar,
  formatJoint: formatStarJoint,
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
  const tables = parseStarTables(textOf(bytes, file), file);
  const index = tables.find(({ columns }) => columns.includes(STAR.coordinates));
  if (index) return referencesOf(index, file);
  const table = tables.find(({ columns }) => columns.includes(STAR.x) && columns.includes(STAR.y));
  if (table) return groupsOf(table, tables, file);
  if (tables.every(({ columns }) => columns.length === 0)) return [];
  const found = `the columns ${tables.flatMap(({ columns }) => columns).slice(0, 8).join(", ")}`;
  const remedy = "Give the coordinate file, not a list of images.";
  throw badFile(file, found, `${STAR.x} and ${STAR.y}`, remedy);
}

/** The rows of `autopick.star`: a micrograph and its coordinate file. */
function referencesOf(table: StarTable, file: string): PickGroup[] {
  const { has, text, place } = cellsOf(table, file);
  if (has(STAR.micrograph)) {
    return table.rows.map((_, row) => {
      const [micrograph, path] = [text(row, STAR.micrograph)!, text(row, STAR.coordinates)!];
      if (micrograph.trim() && path.trim()) return { micrograph, picks: [], coordinatesPath: path };
      throw badLine(place(row), "a row without a name", "a micrograph and its coordinate file");
    });
  }
  const found = `${STAR.coordinates} alone`;
  throw badFile(file, found, `${STAR.micrograph} as well`, "Export the index again.");
}

/** The picks of each micrograph, with offsets and pixel size where the file tells them. */
function groupsOf(table: StarTable, tables: readonly StarTable[], file: string): PickGroup[] {
  const cells = cellsOf(table, file);
  const offsetOf = offsetReader(cells);
  const pixelSizeOf = pixelSizeReader(cells, tables, file);
  const name = [STAR.micrograph, STAR.tomogram].find(cells.has);
  const rows = [...table.rows.keys()];
  return byMicrograph(rows, (row) => name && cells.text(row, name), cells.place).map((group) => {
    return groupOf({
      micrograph: group.micrograph,
      picks: group.rows.map((row) => pickOf(cells, row)),
      offsetsA: offsetOf && group.rows.map(offsetOf),
      pixelSizeA: pixelSizeOf(group.rows[0]),
    });
  });
}

/** A pick; its fiber is 0 where the column says so, and absent without the column. */
function pickOf({ has, text, number, place }: TableCells, row: number): Pick {
  const pick: Pick = { x: number(row, STAR.x), y: number(row, STAR.y) };
  if (has(STAR.score)) {
    const score = parseScore(text(row, STAR.score)!, place(row), STAR.score);
    if (score !== undefined && !UNKNOWN.includes(score)) pick.score = score;
  }
  if (has(STAR.fiber)) {
    pick.fiber = parseOrdinal(text(row, STAR.fiber)!, place(row), STAR.fiber) ?? 0;
  }
  if (has(STAR.class) && number(row, STAR.class) > 0) {
    pick.classNumber = parseOrdinal(text(row, STAR.class)!, place(row), STAR.class)!;
  }
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
      const found = `${group.picks.length} rows without ${STAR.fiber}`;
      throw badFile(context.file, found, "two rows for each helix", "Read it as plain star.");
    }
    return { ...group, picks: group.picks.map((pick, i) => ({ ...pick, fiber: 1 + (i >> 1) })) };
  });
}
