/** Most records that are read; a large project has some ten million particles. */
export const MAX_RECORDS = 2 ** 24;

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
  /** For kind `O`: the texts by the places that the field holds. */
  heap?: TextHeap;
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
  if (heap) return heap.textAt(Number(data.getBigUint64(at, true)));
  const bytes = new Uint8Array(data.buffer, data.byteOffset + at, size);
  if (kind !== "S" && kind !== "U") return bytes.toHex();
  return decodeUpToZero(kind === "U" ? bytes.filter((byte) => byte !== 0) : bytes);
}

function decodeUpToZero(bytes: Uint8Array): string {
  const end = bytes.indexOf(0);
  return new TextDecoder().decode(end < 0 ? bytes : bytes.subarray(0, end));
}

/** Most bytes of a text: the longest path of a file system. */
const MAX_TEXT_BYTES = 4096;

/** Texts that each end with a zero, one behind the other. */
export class TextHeap {
  readonly #bytes: Uint8Array;
  readonly #texts = new Map<number, string>();
  #decoded = 0;

  /** Takes the bytes as they are, without a copy. */
  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  /**
   * The text at a place, each decoded once.
   *
   * @throws {RangeError} For a place outside, a text of more than 4096 bytes, and texts within each
   * other that together have more bytes than the heap.
   */
  textAt(place: number): string {
    const known = this.#texts.get(place);
    if (known !== undefined) return known;
    if (place >= this.#bytes.length) throw new RangeError(`a text at ${place}, behind the end`);
    const bytes = this.#bytes.subarray(place, place + MAX_TEXT_BYTES + 1);
    const end = bytes.indexOf(0);
    const length = end < 0 ? bytes.length : end;
    if (length > MAX_TEXT_BYTES) {
      throw new RangeError(`a text of more than ${MAX_TEXT_BYTES} bytes`);
    }
    this.#decoded += length;
    if (this.#decoded > this.#bytes.length) throw new RangeError("texts within each other");
    const text = new TextDecoder().decode(bytes.subarray(0, length));
    this.#texts.set(place, text);
    return text;
  }
}
