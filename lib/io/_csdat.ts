import * as z from "zod";
import { EPickerError, messageOfError } from "../core/mod.ts";
import { badFile } from "./_bad_file.ts";
import { parseJson } from "./_json.ts";
import { unpackLz4 } from "./_lz4.ts";
import { MAX_RECORDS, type RecordField, type Records, TextHeap } from "./_records.ts";

/** First bytes of a file: 0x95 and "CSDAT". */
const MAGIC = [0x95, 0x43, 0x53, 0x44, 0x41, 0x54];

const EXPECTED = "a dataset that cryosparc-tools saved in its CSDAT format";
const REMEDY = "Copy the file again, or save it with cryosparc-tools in its NumPy format.";

/** Most bytes that the wanted columns may unpack to. */
const MAX_UNPACKED_BYTES = 2 ** 30;

const headerSchema = z.object({
  length: z.number().int().min(0).max(MAX_RECORDS),
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
    const compressed = new Set(header.compressed_fields);
    const fields: RecordField[] = [];
    let [at, unpackedBytes] = [start, 0];
    for (const [name, type, ...shape] of header.length === 0 ? [] : header.dtype) {
      const packed = bytes.subarray(at + 4, at + 4 + view.getUint32(at, true));
      at += 4 + packed.length;
      if (!wanted.has(name)) continue;
      const column = columnOf(name, type, shape.flat());
      unpackedBytes += header.length * column.stride;
      if (unpackedBytes > MAX_UNPACKED_BYTES) throw new RangeError(`${unpackedBytes} bytes`);
      fields.push(fieldOf(column, packed, header.length, compressed.has(name)));
    }
    const heap = new TextHeap(bytes.subarray(at));
    for (const field of fields) if (field.kind === "O") field.heap = heap;
    return { fields: new Map(fields.map((field) => [field.name, field])), count: header.length };
  } catch (error) {
    if (error instanceof EPickerError) throw error;
    throw badFile(file, `damaged data (${messageOfError(error)})`, EXPECTED, REMEDY, error);
  }
}

/** A column as the header has it. */
type Column = Omit<RecordField, "data" | "offset">;

function columnOf(name: string, type: string, shape: number[]): Column {
  const [, order, kind, digits] = /^([<>|=])([a-zA-Z])(\d{0,9})$/.exec(type) ?? [];
  const size = kind === "O" ? 8 : Number(digits ?? 0);
  const count = shape.reduce((product, n) => product * n, 1);
  if (size > 0) return { name, order, kind, size, count, stride: size * count };
  throw new RangeError(`the type ${type} of ${name}`);
}

function fieldOf(
  column: Column,
  packed: Uint8Array,
  rows: number,
  isPacked: boolean,
): RecordField {
  const bytes = rows * column.stride;
  const values = isPacked ? unpackLz4(packed, bytes) : packed;
  if (values.length !== bytes) throw new RangeError(`${values.length} bytes of ${column.name}`);
  const data = new DataView(values.buffer, values.byteOffset, values.byteLength);
  return { ...column, data, offset: 0 };
}
