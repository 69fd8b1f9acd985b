import { z } from "zod";
import { EPickerError, messageOfError } from "../core/mod.ts";
import { badFile } from "./_bad_file.ts";
import { parseJson } from "./_json.ts";
import { unpackLz4 } from "./_lz4.ts";
import type { RecordField, Records } from "./_records.ts";

/** First bytes of a file: 0x95 and "CSDAT". */
const MAGIC = [0x95, 0x43, 0x53, 0x44, 0x41, 0x54];

const EXPECTED = "a dataset that cryosparc-tools saved in its CSDAT format";
const REMEDY = "Copy the file again, or save it with cryosparc-tools in its NumPy format.";

const headerSchema = z.object({
  length: z.number().int().min(0).max(2 ** 31),
  dtype: z.array(
    z.tuple([z.string(), z.string()], z.array(z.number().int().positive().max(2 ** 16))),
  ),
  compression: z.literal("lz4").nullable(),
  compressed_fields: z.array(z.string()),
});

/** Whether the bytes begin like a CSDAT file. */
export function looksLikeCsdat(bytes: Uint8Array): boolean {
  return MAGIC.every((byte, i) => bytes[i] === byte);
}

/**
 * Reads fields of cryoSPARC's compressed dataset, as cryosparc-tools writes it
 * (https://github.com/cryoem-uoft/cryosparc-tools, `cryosparc/dataset`, BSD-3): the length of the
 * header, the header as JSON, every column with its length before it, packed as an LZ4 block or
 * plain, and a heap of texts into which text columns point.
 *
 * @param wanted Names of the fields to read; others are skipped.
 * @throws {EPickerError} `bad-file` for anything else.
 */
export function parseCsdatRecords(
  bytes: Uint8Array,
  file: string,
  wanted: ReadonlySet<string>,
): Records {
  try {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const start = MAGIC.length + 4 + view.getUint32(MAGIC.length, true);
    const text = new TextDecoder().decode(bytes.subarray(MAGIC.length + 4, start));
    const header = parseJson(text, headerSchema, file, EXPECTED);
    const fields: RecordField[] = [];
    let at = start;
    for (const [name, type, ...shape] of header.length === 0 ? [] : header.dtype) {
      const packed = bytes.subarray(at + 4, at + 4 + view.getUint32(at, true));
      at += 4 + packed.length;
      if (!wanted.has(name)) continue;
      const isPacked = header.compressed_fields.includes(name);
      fields.push(fieldOf({ name, type, shape: shape.flat() }, packed, header.length, isPacked));
    }
    const heap = bytes.subarray(at);
    for (const field of fields) if (field.kind === "O") field.heap = heap;
    return { fields: new Map(fields.map((field) => [field.name, field])), count: header.length };
  } catch (error) {
    if (error instanceof EPickerError) throw error;
    throw badFile(file, `damaged data (${messageOfError(error)})`, EXPECTED, REMEDY, error);
  }
}

interface ColumnType {
  name: string;
  type: string;
  shape: number[];
}

function fieldOf(
  { name, type, shape }: ColumnType,
  packed: Uint8Array,
  rows: number,
  isPacked: boolean,
): RecordField {
  const [, order, kind, digits] = /^([<>|=])([a-zA-Z])(\d*)$/.exec(type) ?? [];
  if (kind === undefined) throw new RangeError(`the type ${type} of ${name}`);
  const size = kind === "O" ? 8 : Number(digits);
  const count = shape.reduce((product, n) => product * n, 1);
  const stride = size * count;
  const column = isPacked ? unpackLz4(packed, rows * stride) : packed;
  if (column.length !== rows * stride) throw new RangeError(`${column.length} bytes of ${name}`);
  const data = new DataView(column.buffer, column.byteOffset, column.byteLength);
  return { name, order, kind, size, count, data, offset: 0, stride };
}
