import type { ByteSource } from "./_byte_source.ts";
import { readPlain } from "./_read_plain.ts";
import { luminance, type Samples, type SamplesOf, swapBytes } from "./_samples.ts";
import {
  readTiffLayout,
  TIFF_REMEDY,
  type TiffLayout,
  type TiffPiece,
  tiffPieces,
} from "./_tiff_layout.ts";
import { TIFF_RATIOS, unpackTiff } from "./_tiff_unpack.ts";
import { undoPredictor } from "./_tiff_predictor.ts";
import type { DecodedImage, MicrographFormat, MicrographHeader } from "./micrograph_format.ts";

/**
 * TIFF: grey or colour of 8, 16 or 32 bits, signed, unsigned or float; strips or tiles; plain, LZW,
 * deflate or PackBits; predictors 1 to 3. Colour becomes luminance (ITU-R BT.601), alpha is left out,
 * "white is zero" is turned around.
 *
 * **The last stored row is read first**, y = 0, as RELION, IMOD, EMAN2, SerialEM and MotionCor2 read
 * TIFF, so that coordinates mean the same here as there and one image has the same pixels as TIFF
 * and as the MRC that they make of it. Programs that do not turn rows (napari, ImageJ, Topaz) count y
 * of a TIFF as height − 1 − y: see {@linkcode flipPicks}.
 *
 * Of several images only the first is read: movies are out of scope. The pixel size is read where
 * the resolution gives 0.05 to 100 Å, equal in x and y: others are the resolution of a print.
 *
 * Memory: the decoded image and one strip or tile, packed and unpacked; of plain strips 1 MB.
 */
export const tiffFormat: MicrographFormat = {
  name: "TIFF",
  extensions: [".tif", ".tiff"],
  turnsRows: true,
  matches: (head) => {
    const [a, b, c, d] = head;
    return (a === 0x49 && b === 0x49 && c === 42 && d === 0) ||
      (a === 0x4d && b === 0x4d && c === 0 && d === 42);
  },
  readHeader: (_head, source) =>
    readPlain("TIFF", source, TIFF_REMEDY, async () => headerOf(await readTiffLayout(source))),
  read: (_head, source) => readPlain("TIFF", source, TIFF_REMEDY, () => readTiff(source)),
};

function headerOf({ width, height, frames, pixelSizeA, warnings }: TiffLayout): MicrographHeader {
  return { width, height, frames, pixelSizeA, warnings };
}

async function readTiff(source: ByteSource): Promise<DecodedImage> {
  const layout = await readTiffLayout(source);
  const { channels, bits, compression } = layout;
  const pixels = new Float32Array(layout.width * layout.height);
  const [packed, unpacked] = [new Scratch(), new Scratch()];
  for (const piece of tiffPieces(layout)) {
    const length = piece.width * piece.height * channels * bits / 8;
    // No compression makes data twice as large; more is not read, whatever the file says.
    const count = Math.min(piece.count, source.fileBytes - piece.offset, 2 * length + 1024);
    if (!(count * TIFF_RATIOS[compression] >= length)) {
      throw new RangeError(`${Math.max(0, count)} packed bytes for ${length}`);
    }
    const bytes = unpacked.take(length);
    const stored = compression === 1 ? bytes : packed.take(count);
    await source.fillAt!(piece.offset, stored);
    if (compression !== 1) await unpackTiff(bytes, stored, compression);
    decode(bytes, piece, layout, pixels);
  }
  return { ...headerOf(layout), pixels };
}

/** Bytes for one piece after the other: memory that is not left to be collected. */
class Scratch {
  #bytes = new Uint8Array(0);

  take(length: number): Uint8Array<ArrayBuffer> {
    if (this.#bytes.length < length) this.#bytes = new Uint8Array(length);
    return this.#bytes.subarray(0, length);
  }
}

/** Sets the pixels of one piece, the image's last row first. */
function decode(
  bytes: Uint8Array<ArrayBuffer>,
  piece: TiffPiece,
  layout: TiffLayout,
  pixels: Float32Array,
): void {
  const { width, height, channels, predictor, littleEndian, bits, kind } = layout;
  if (predictor !== 3 && !littleEndian) swapBytes(bytes, bits / 8);
  undoPredictor(bytes, piece.width * channels, layout);
  const samples = new SAMPLES[`${bits} ${kind}`](bytes.buffer, 0, bytes.length / (bits / 8));
  const columns = Math.min(piece.width, width - piece.left);
  const rows = Math.min(piece.height, height - piece.top);
  for (let y = 0; y < rows; y++) {
    const to = (height - 1 - piece.top - y) * width + piece.left;
    const from = y * piece.width * channels;
    for (let x = 0; x < columns; x++) {
      pixels[to + x] = greyOf(samples, from + x * channels, layout);
    }
  }
}

/** Arrays of samples by their bits and TIFF's number of their kind. */
const SAMPLES: Record<string, SamplesOf> = {
  ...{ "8 1": Uint8Array, "8 2": Int8Array, "16 1": Uint16Array, "16 2": Int16Array },
  ...{ "32 1": Uint32Array, "32 2": Int32Array, "32 3": Float32Array },
};

function greyOf(samples: Samples, at: number, layout: TiffLayout): number {
  const { channels, colours, bits, kind } = layout;
  if (channels > 2) {
    return luminance(samples[at], samples[at + 1], samples[at + 2]);
  }
  return colours === 0 && kind === 1 ? 2 ** bits - 1 - samples[at] : samples[at];
}
