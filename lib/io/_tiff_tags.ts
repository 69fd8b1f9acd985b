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
  /** Values by the number of the tag. */
  values: Map<number, number[]>;
}

/** Fills bytes from a place of the file, fewer at its end, and tells how many. */
export type FillAt = (place: number, target: Uint8Array) => Promise<number>;

/**
 * Reads tags of the first directory of a classic TIFF file (TIFF 6.0, section 2).
 *
 * @param wanted Numbers of the tags to read.
 * @throws {RangeError} For offsets beyond the file and directories that are none.
 */
export async function readTiffTags(fillAt: FillAt, wanted: readonly number[]): Promise<TiffTags> {
  const viewAt = async (place: number, length: number) => {
    const bytes = new Uint8Array(length);
    return new DataView(bytes.buffer, 0, await fillAt(place, bytes));
  };
  const start = await viewAt(0, 8);
  const littleEndian = start.getUint8(0) === 0x49;
  const directory = start.getUint32(4, littleEndian);
  const count = (await viewAt(directory, 2)).getUint16(0, littleEndian);
  const entries = await viewAt(directory + 2, 12 * count + 4);
  const values = new Map<number, number[]>();
  for (let at = 0; at < 12 * count; at += 12) {
    const tag = entries.getUint16(at, littleEndian);
    if (!wanted.includes(tag)) continue;
    const { type, length, bytes } = kindOf(entries, at, littleEndian);
    const isInside = bytes <= 4;
    const place = isInside ? at + 8 : entries.getUint32(at + 8, littleEndian);
    const view = isInside ? entries : await viewAt(place, bytes);
    values.set(tag, valuesFrom(view, isInside ? place : 0, { type, length, littleEndian }));
  }
  return { littleEndian, hasMore: entries.getUint32(12 * count, littleEndian) !== 0, values };
}

/** Type and number of the values of an entry, and their bytes. */
function kindOf(
  entries: DataView,
  at: number,
  littleEndian: boolean,
): { type: number; length: number; bytes: number } {
  const type = entries.getUint16(at + 2, littleEndian);
  const length = entries.getUint32(at + 4, littleEndian);
  const size = TYPE_BYTES[type];
  if (size !== undefined && length <= MAX_VALUES) return { type, length, bytes: size * length };
  throw new RangeError(`${length} values of type ${type}`);
}

function valuesFrom(
  view: DataView,
  from: number,
  { type, length, littleEndian }: { type: number; length: number; littleEndian: boolean },
): number[] {
  const size = TYPE_BYTES[type];
  return Array.from({ length }, (_, i) => {
    const place = from + size * i;
    if (size === 1) return view.getUint8(place);
    if (size === 2) return view.getUint16(place, littleEndian);
    const value = view.getUint32(place, littleEndian);
    return size === 4 ? value : value / view.getUint32(place + 4, littleEndian);
  });
}
