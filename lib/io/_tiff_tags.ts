/** Bytes of a value of each TIFF type that is read: byte, ascii, short, long, rational. */
const TYPE_BYTES: Record<number, number> = { 1: 1, 2: 1, 3: 2, 4: 4, 5: 8 };

/** Most values of a tag that are read; a strip for each row of the largest image. */
const MAX_VALUES = 1 << 17;

/** The tags of the first image of a TIFF file. */
export interface TiffTags {
  /** Byte order of the file. */
  littleEndian: boolean;
  /** Whether more images follow. */
  hasMore: boolean;
  /** Values of a tag; none where it is absent. */
  values(tag: number): number[];
}

/**
 * Reads the first directory of a classic TIFF file (TIFF 6.0, section 2).
 *
 * @throws {RangeError} For offsets beyond the file and directories that are none.
 */
export function parseTiffTags(bytes: Uint8Array): TiffTags {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const littleEndian = view.getUint8(0) === 0x49;
  const directory = view.getUint32(4, littleEndian);
  const count = view.getUint16(directory, littleEndian);
  const places = new Map<number, number>();
  for (let i = 0; i < count; i++) {
    const at = directory + 2 + 12 * i;
    places.set(view.getUint16(at, littleEndian), at);
  }
  const hasMore = view.getUint32(directory + 2 + 12 * count, littleEndian) !== 0;
  const values = (tag: number) => {
    const at = places.get(tag);
    return at === undefined ? [] : valuesAt(view, at, littleEndian);
  };
  return { littleEndian, hasMore, values };
}

function valuesAt(view: DataView, at: number, littleEndian: boolean): number[] {
  const type = view.getUint16(at + 2, littleEndian);
  const count = view.getUint32(at + 4, littleEndian);
  const size = TYPE_BYTES[type];
  if (size === undefined || count > MAX_VALUES) {
    throw new RangeError(`${count} values of type ${type}`);
  }
  const from = size * count <= 4 ? at + 8 : view.getUint32(at + 8, littleEndian);
  return Array.from({ length: count }, (_, i) => {
    const place = from + size * i;
    if (size === 1) return view.getUint8(place);
    if (size === 2) return view.getUint16(place, littleEndian);
    const value = view.getUint32(place, littleEndian);
    return size === 4 ? value : value / view.getUint32(place + 4, littleEndian);
  });
}
