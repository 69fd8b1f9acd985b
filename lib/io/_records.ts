/** One field of a table of records, stored by record or by column. */
export interface RecordField {
  /** Name of the field. */
  name: string;
  /** Byte order: `<` little, `>` big, `|` without. */
  order: string;
  /** Kind: `f` float, `i` and `u` integer, `S` bytes, `U` text, `O` places in the heap of texts. */
  kind: string;
  /** Bytes of one value. */
  size: number;
  /** Values in a record; 1 for a plain field. */
  count: number;
  /** The bytes that hold the field's values. */
  data: DataView;
  /** Where the first record's value begins. */
  offset: number;
  /** Bytes from one record's value to the next one's. */
  stride: number;
  /** For kind `O`: texts that each end with a zero. */
  heap?: Uint8Array;
}

/** A table of records. */
export interface Records {
  /** Fields by name. */
  fields: Map<string, RecordField>;
  /** Number of records. */
  count: number;
}

/** A number of a record, as a float; NaN for kinds and sizes that hold none. */
export function numberAt(field: RecordField, record: number, index = 0): number {
  const { data, offset, stride, size } = field;
  const at = offset + record * stride + index * size;
  const little = field.order !== ">";
  switch (index < field.count ? `${field.kind}${size}` : "") {
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

/** The text of a record's field; for numbers an exact key of hexadecimal digits. */
export function textAt(field: RecordField, record: number): string {
  const { data, offset, stride, size, kind, heap } = field;
  const at = offset + record * stride;
  if (heap) return textFrom(heap, Number(data.getBigUint64(at, true)));
  const bytes = new Uint8Array(data.buffer, data.byteOffset + at, size);
  if (kind !== "S" && kind !== "U") return bytes.toHex();
  return textFrom(kind === "U" ? bytes.filter((byte) => byte !== 0) : bytes, 0);
}

/** The text from a place up to the next zero. */
function textFrom(bytes: Uint8Array, start: number): string {
  const end = bytes.indexOf(0, start);
  return new TextDecoder().decode(bytes.subarray(start, end < 0 ? bytes.length : end));
}
