import * as z from "zod";
import { badFile, excerpt } from "./_bad_file.ts";
import { parseJson } from "./_json.ts";
import { jsonOfPython } from "./_python_json.ts";
import { MAX_RECORDS, type RecordField, type Records } from "./_records.ts";

const MAGIC = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59];
/** Most bytes of a header; 3D classes have some 1000 each. */
const MAX_HEADER_BYTES = 1 << 22;
/** Most bytes of one field of a record. */
const MAX_FIELD_BYTES = 1 << 20;

const EXPECTED = "a NumPy structured array (.npy, version 1 to 3)";
const REMEDY = "Save the dataset again, with cryosparc-tools in its NumPy format.";

/**
 * Reads a one-dimensional structured array of NumPy's NPY format, versions 1 to 3
 * (https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html).
 *
 * @throws {EPickerError} `bad-file` for anything else, objects among the fields included.
 */
export function parseNumpyRecords(bytes: Uint8Array, file: string): Records {
  if (!MAGIC.every((byte, i) => bytes[i] === byte) || bytes.length < 12) {
    const start = [...bytes.subarray(0, 6)].map((byte) => byte.toString(16).padStart(2, "0"));
    throw badFile(file, `the bytes ${start.join(" ")} at the start`, EXPECTED, REMEDY);
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes[6] < 1 || bytes[6] > 3) {
    throw badFile(file, `version ${bytes[6]} of NumPy's format`, EXPECTED, REMEDY);
  }
  const isLong = bytes[6] > 1;
  const from = isLong ? 12 : 10;
  const length = isLong ? view.getUint32(8, true) : view.getUint16(8, true);
  if (from + length > bytes.length || length > MAX_HEADER_BYTES) {
    throw badFile(file, `a header of ${length} bytes in ${bytes.length}`, EXPECTED, REMEDY);
  }
  const text = new TextDecoder().decode(bytes.subarray(from, from + length));
  const { descr, shape: [count] } = parseJson(jsonOfPython(text), headerSchema, file, EXPECTED);
  const types = typesOf(descr, file);
  const last = types.at(-1)!;
  const recordBytes = last.offset + last.size * last.count;
  if (count > MAX_RECORDS || !(count * recordBytes <= bytes.length - from - length)) {
    const found = `${bytes.length - from - length} bytes for ${count} records of ${recordBytes}`;
    throw badFile(file, found, "all records of a one-dimensional array", REMEDY);
  }
  const data = new DataView(bytes.buffer, bytes.byteOffset + from + length);
  const fields = types.map((type) => ({ ...type, data, stride: recordBytes }));
  return { fields: new Map(fields.map((field) => [field.name, field])), count };
}

const sizeSchema = z.number().int().nonnegative();

/** The header's dictionary: `{'descr': [('name', '<f4'), ('shape', '<u4', (2,)), …], 'shape': (3,)}`. */
const headerSchema = z.object({
  descr: z.array(z.tuple([
    z.string(),
    z.string().regex(/^[<>|=]?[a-zA-NP-Z]\d{1,9}$/, "numbers and texts are read"), // no objects
    z.union([sizeSchema, z.array(sizeSchema)]).optional(),
  ])),
  shape: z.tuple([sizeSchema], "an array of one dimension is read"),
});

/** A field, and where it lies in a record. */
type FieldType = Omit<RecordField, "data" | "stride">;

/** The fields of a header, one behind the other. */
function typesOf(descr: z.output<typeof headerSchema>["descr"], file: string): FieldType[] {
  let offset = 0;
  const types = descr.map(([name, type, shape = []]) => {
    const [, order, kind, digits] = /^(\W?)(\w)(\d+)$/.exec(type)!;
    const size = Number(digits) * (kind === "U" ? 4 : 1);
    const count = [shape].flat().reduce((product, n) => product * n, 1);
    const field = { name, order, kind, size, count, offset };
    if (size * count > MAX_FIELD_BYTES) {
      throw badFile(file, `the field ${excerpt(name)} of ${size * count} bytes`, EXPECTED, REMEDY);
    }
    offset += size * count;
    return field;
  });
  if (offset > 0) return types;
  throw badFile(file, "records of no bytes", EXPECTED, REMEDY);
}

/** A field to write: a NumPy type such as `"<f4"` and how a value of a record is set. */
export interface NumpyColumn {
  /** Name of the field. */
  name: string;
  /** Its type, with `(n,)` values where `count` is given. */
  type: string;
  /** Values in a record. */
  count?: number;
  /** Bytes of the whole field. */
  bytes: number;
  /** Writes the value of one record at a place. */
  set(view: DataView, at: number, record: number): void;
}

/** Writes records as an NPY file of version 1. */
export function formatNumpyRecords(columns: readonly NumpyColumn[], count: number): Uint8Array {
  const descr = columns.map(({ name, type, count }) => {
    return `('${name}', '${type}'${count === undefined ? "" : `, (${count},)`})`;
  });
  const dictionary = `{'descr': [${descr.join(", ")}], 'fortran_order': False, ` +
    `'shape': (${count},), }`;
  const start = Math.ceil((10 + dictionary.length + 1) / 64) * 64;
  const recordBytes = columns.reduce((sum, { bytes }) => sum + bytes, 0);
  const file = new Uint8Array(start + count * recordBytes);
  const view = new DataView(file.buffer);
  file.set([...MAGIC, 1, 0]);
  view.setUint16(8, start - 10, true);
  file.set(new TextEncoder().encode(dictionary.padEnd(start - 11) + "\n"), 10);
  let at = start;
  for (let record = 0; record < count; record++) {
    for (const column of columns) {
      column.set(view, at, record);
      at += column.bytes;
    }
  }
  return file;
}
