import { badFile, excerpt } from "./_bad_file.ts";

/** One field of the records of a structured array. */
export interface NumpyField {
  /** Name of the field. */
  name: string;
  /** Byte order: `<` little, `>` big, `|` without. */
  order: string;
  /** Kind: `f` float, `i` and `u` integer, `b` boolean, `S` bytes, `U` text. */
  kind: string;
  /** Bytes of one value. */
  size: number;
  /** Values in a record; 1 for a plain field. */
  count: number;
  /** Where the field begins in a record. */
  offset: number;
}

/** A structured array: records of fields. */
export interface NumpyRecords {
  /** Fields by name. */
  fields: Map<string, NumpyField>;
  /** Number of records. */
  count: number;
  /** Bytes of one record. */
  recordBytes: number;
  /** The records, one behind the other. */
  data: DataView;
}

const MAGIC = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59];
/** Most bytes of a header; a dataset with a hundred fields has some 5000. */
const MAX_HEADER_BYTES = 1 << 15;

const EXPECTED = "a NumPy structured array (.npy, version 1 to 3)";
const REMEDY = "Save the dataset again, with cryosparc-tools in its NumPy format.";

/**
 * Reads a one-dimensional structured array of NumPy's NPY format, versions 1 to 3
 * (https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html).
 *
 * @throws {EPickerError} `bad-file` for anything else, objects among the fields included.
 */
export function parseNumpyRecords(bytes: Uint8Array, file: string): NumpyRecords {
  if (!MAGIC.every((byte, i) => bytes[i] === byte) || bytes.length < 12) {
    const start = [...bytes.subarray(0, 6)].map((byte) => byte.toString(16).padStart(2, "0"));
    throw badFile(file, `the bytes ${start.join(" ")} at the start`, EXPECTED, REMEDY);
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const isLong = bytes[6] > 1;
  const from = isLong ? 12 : 10;
  const length = isLong ? view.getUint32(8, true) : view.getUint16(8, true);
  if (from + length > bytes.length || length > MAX_HEADER_BYTES) {
    throw badFile(file, `a header of ${length} bytes in ${bytes.length}`, EXPECTED, REMEDY);
  }
  const header = new TextDecoder().decode(bytes.subarray(from, from + length));
  const fields = fieldsOf(header, file);
  const last = fields.at(-1)!;
  const recordBytes = last.offset + last.size * last.count;
  const count = Number(/'shape'\s*:\s*\(\s*(\d+)\s*,\s*\)/.exec(header)?.[1] ?? NaN);
  if (!(count * recordBytes <= bytes.length - from - length)) {
    const found = `${bytes.length - from - length} bytes for ${count} records of ${recordBytes}`;
    throw badFile(file, found, "all records of a one-dimensional array", REMEDY);
  }
  const data = new DataView(bytes.buffer, bytes.byteOffset + from + length);
  return { fields: new Map(fields.map((field) => [field.name, field])), count, recordBytes, data };
}

/** The fields of the header's `'descr': [('name', '<f4'), ('shape', '<u4', (2,)), …]`. */
function fieldsOf(header: string, file: string): NumpyField[] {
  const list = /'descr'\s*:\s*\[(.*)\]\s*,\s*'fortran_order'/s.exec(header)?.[1];
  if (list === undefined) throw badFile(file, "an array without named fields", EXPECTED, REMEDY);
  const pattern =
    /\s*\(\s*'([^']*)'\s*,\s*'([<>|=])([a-zA-Z])(\d*)'\s*(?:,\s*\(([\d\s,]*)\)\s*)?\)\s*(?:,|$)/gy;
  const fields: NumpyField[] = [];
  let [at, offset] = [0, 0];
  for (const match of list.matchAll(pattern)) {
    const [whole, name, order, kind, digits, shape = ""] = match;
    const size = Number(digits) * (kind === "U" ? 4 : 1);
    const count = shape.split(",").reduce((product, n) => product * (n.trim() ? +n : 1), 1);
    if (kind === "O" || !(size * count <= 2 ** 20)) {
      throw badFile(file, `the field ${excerpt(whole.trim())}`, "numbers and texts", REMEDY);
    }
    fields.push({ name, order, kind, size, count, offset });
    offset += size * count;
    at += whole.length;
  }
  if (offset > 0 && list.slice(at).trim() === "") return fields;
  throw badFile(file, `the fields ${excerpt(list.slice(at))}`, EXPECTED, REMEDY);
}

/** A number of a record, as a float; NaN for kinds and sizes that hold none. */
export function numberAt(
  { data, recordBytes }: NumpyRecords,
  field: NumpyField,
  record: number,
  index = 0,
): number {
  const at = record * recordBytes + field.offset + index * field.size;
  const little = field.order !== ">";
  switch (index < field.count ? `${field.kind}${field.size}` : "") {
    case "f4":
      return data.getFloat32(at, little);
    case "f8":
      return data.getFloat64(at, little);
    case "u4":
      return data.getUint32(at, little);
    case "i4":
      return data.getInt32(at, little);
    case "u8":
      return Number(data.getBigUint64(at, little));
    case "i8":
      return Number(data.getBigInt64(at, little));
    default:
      return NaN;
  }
}

/** The bytes of a field as letters, up to the first zero: text of kind `S`, or an exact key. */
export function textAt(
  { data, recordBytes }: NumpyRecords,
  { offset, size, kind }: NumpyField,
  record: number,
): string {
  const from = data.byteOffset + record * recordBytes + offset;
  const bytes = new Uint8Array(data.buffer, from, size);
  if (kind !== "S" && kind !== "U") return bytes.toHex();
  const letters = kind === "U" ? bytes.filter((byte) => byte !== 0) : bytes;
  const end = letters.indexOf(0);
  return new TextDecoder().decode(end < 0 ? letters : letters.subarray(0, end));
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
