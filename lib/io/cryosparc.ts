import { messageOfError, type Pick } from "../core/mod.ts";
import { badFile } from "./_bad_file.ts";
import { CS } from "./_cryosparc_names.ts";
import { formatCryosparc, formatCryosparcJoint } from "./_cryosparc_write.ts";
import { looksLikeCsdat, parseCsdatRecords } from "./_csdat.ts";
import { parseNumpyRecords } from "./_numpy.ts";
import { numberAt, type RecordField, type Records, textAt } from "./_records.ts";
import { groupOf } from "./_text.ts";
import type { CoordinateFormat, ParseContext, PickGroup } from "./coordinate_format.ts";

/** Classes count from 0; the first of these fields that is there is read. */
const CLASSES = [CS.class2d, CS.class3d, CS.template];

/** Largest magnitude of a number that is read, as in the text formats. */
const MAX_VALUE = 1e6;

/**
 * cryoSPARC's `.cs`: a table of particles of many micrographs, in their folder of paths, as a NumPy
 * structured array or in cryosparc-tools' compressed CSDAT form; centres as fractions of width and
 * height, `pick_stats/ncc_score` as score, `filament/filament_uid`, numbered anew from 1, as fiber,
 * and as class, numbered from 1 instead of 0, that of `alignments2D`, `alignments3D` or the
 * picker's template, where it has more than one.
 *
 * **y counts from the other end**: y = (1 − fraction) · height, because cryoSPARC's origin is the
 * bottom left corner (so does pyem's csparc2star by default). Micrographs that cryoSPARC's Patch
 * Motion wrote need it the other way: there `flipPicks()`, or `--flip-y` of `deno task convert`,
 * turns them back. Fractions are 32-bit floats: a thousandth of a pixel. Diameters have no field.
 *
 * Writing makes the NumPy form, with all fields of the results `location` and `pick_stats`, classes as
 * the picker's templates and identifiers from the names of the micrographs; cryoSPARC's own are not
 * known here.
 */
export const cryosparcFormat: CoordinateFormat = {
  name: "cs",
  extensions: [".cs"],
  parse,
  format: formatCryosparc,
  formatJoint: formatCryosparcJoint,
};

function parse(bytes: Uint8Array, { file }: ParseContext): PickGroup[] {
  if (bytes.length === 0) return [];
  const { fields, count } = looksLikeCsdat(bytes)
    ? parseCsdatRecords(bytes, file, new Set(Object.values(CS)))
    : parseNumpyRecords(bytes, file);
  if (count === 0) return [];
  const isOneTemplate = Array.from({ length: count }, (_, row) => row).every((row) => {
    const template = fields.get(CS.template);
    return template !== undefined && numberAt(template, row) === 0;
  });
  if (isOneTemplate) fields.delete(CS.template); // blobs and templates of one kind are no classes
  for (const name of [CS.x, CS.y, CS.shape]) needed(fields, name, file);
  const reader = readerOf({ fields, count }, file);
  const name = fields.get(CS.path) ?? fields.get(CS.micrographUid);
  const rows = [...Array(count).keys()];
  const groups = Map.groupBy(rows, (row) => name ? textOf(name, row, file) : "");
  return [...groups].map(([micrograph, rows]) => {
    const [first] = rows;
    const pixelSizeA = reader.optional(CS.pixelSize, first) ?? 0;
    const fibers = new Map<string, number>();
    return groupOf({
      micrograph: micrograph || undefined,
      height: reader.number(CS.shape, first, 0),
      width: reader.number(CS.shape, first, 1),
      pixelSizeA: pixelSizeA > 0 ? pixelSizeA : undefined,
      picks: rows.map((row) => pickOf(reader, row, fibers, file)),
    });
  });
}

function pickOf(
  { number, optional, text }: RecordReader,
  row: number,
  fibers: Map<string, number>,
  file: string,
): Pick {
  const [height, width] = [number(CS.shape, row, 0), number(CS.shape, row, 1)];
  const [x, y] = [number(CS.x, row) * width, (1 - number(CS.y, row)) * height];
  if (!(Math.abs(x) <= MAX_VALUE && Math.abs(y) <= MAX_VALUE && width > 0 && height > 0)) {
    const found = `the centre ${x}, ${y} on ${width} × ${height} pixels in record ${row + 1}`;
    throw badFile(file, found, "fractions of a micrograph", "Export it again.");
  }
  const [first] = CLASSES.flatMap((name) => optional(name, row) ?? []);
  return {
    x,
    y,
    score: optional(CS.score, row),
    fiber: fiberOf(text(CS.fiber, row), fibers),
    classNumber: Number.isInteger(first) && first >= 0 ? first + 1 : undefined,
  };
}

/** The number of a filament within its micrograph, in the order in which they come. */
function fiberOf(uid: string, numbers: Map<string, number>): number | undefined {
  if (/^0*$/.test(uid)) return undefined;
  if (!numbers.has(uid)) numbers.set(uid, numbers.size + 1);
  return numbers.get(uid);
}

/** The values of records by field name. */
interface RecordReader {
  /** A number that must be there. */
  number(name: string, row: number, index?: number): number;
  /** A number, where the field is there and holds one of a plausible size. */
  optional(name: string, row: number): number | undefined;
  /** A text or a key, empty without the field. */
  text(name: string, row: number): string;
}

function readerOf({ fields }: Records, file: string): RecordReader {
  return {
    number(name, row, index = 0) {
      const value = numberAt(needed(fields, name, file), row, index);
      if (Math.abs(value) <= MAX_VALUE) return value;
      const found = `${name} = ${value} in record ${row + 1}`;
      throw badFile(file, found, "a number between -1000000 and 1000000", "Export it again.");
    },
    optional(name, row) {
      const field = fields.get(name);
      const value = field ? numberAt(field, row) : NaN;
      return Math.abs(value) <= MAX_VALUE ? value : undefined;
    },
    text(name, row) {
      const field = fields.get(name);
      return field ? textOf(field, row, file) : "";
    },
  };
}

function textOf(field: RecordField, row: number, file: string): string {
  try {
    return textAt(field, row);
  } catch (error) {
    const found = `${field.name} in record ${row + 1} with ${messageOfError(error)}`;
    throw badFile(file, found, "texts set apart by zeros", "Copy the file again.", error);
  }
}

function needed(fields: Records["fields"], name: string, file: string): RecordField {
  const field = fields.get(name);
  if (field) return field;
  const expected = `particles with ${CS.x}, ${CS.y} and ${CS.shape}`;
  throw badFile(file, `no field ${name}`, expected, "Export the locations too.");
}
