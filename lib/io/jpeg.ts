import jpeg from "jpeg-js";
import { badFile } from "./_bad_file.ts";
import type { ByteSource } from "./_byte_source.ts";
import { readPlain, restOf } from "./_read_plain.ts";
import { luminance } from "./_samples.ts";
import {
  type DecodedImage,
  MAX_DECODE_BYTES,
  MAX_PIXELS,
  MAX_SIDE,
  type MicrographFormat,
  type MicrographHeader,
} from "./micrograph_format.ts";

const EXPECTED = "a whole JPEG image";
const REMEDY = "Export the image again, or use MRC.";

/**
 * Bytes that a pixel takes at once, of each component and besides: measured, 19 in all for grey and
 * 45 for three colours.
 */
const [COMPONENT_BYTES, PIXEL_BYTES] = [12, 8];

/** Fewest bits of a block of 8 × 8 pixels: what a file of this size can hold at most. */
const PIXELS_PER_BYTE = 64 * 8 / 2;

/**
 * JPEG of 8 bits, baseline or progressive, grey or colour; colour becomes luminance (ITU-R BT.601).
 * JPEG blurs what pickers look for: it is read for teaching and quick looks. No pixel size.
 *
 * Memory: the library keeps coefficients and samples of the whole image; measured on 4096 × 4096
 * pixels, 5.6 times the image.
 */
export const jpegFormat: MicrographFormat = {
  name: "JPEG",
  extensions: [".jpg", ".jpeg"],
  matches: (head) => head[0] === 0xff && head[1] === 0xd8 && head[2] === 0xff,
  readHeader: (head, source) => {
    return readPlain("JPEG", source, REMEDY, async () => (await readFrame(head, source)).header);
  },
  read: (head, source) => readPlain("JPEG", source, REMEDY, () => readJpeg(head, source)),
};

async function readJpeg(head: Uint8Array, source: ByteSource): Promise<DecodedImage> {
  const { header, bytes } = await readFrame(head, source);
  const { width, height, data } = jpeg.decode(bytes, {
    useTArray: true,
    formatAsRGBA: false,
    tolerantDecoding: false,
    maxResolutionInMP: MAX_PIXELS / 1e6 + 1,
    maxMemoryUsageInMB: MAX_DECODE_BYTES / 2 ** 20,
  });
  if (width !== header.width || height !== header.height) throw new RangeError("two frames");
  return { ...header, pixels: pixelsOf(data, width * height) };
}

function pixelsOf(rgb: Uint8Array, count: number): Float32Array {
  const grey = new Float32Array(count);
  for (let i = 0, at = 0; i < count; i++, at += 3) {
    const [r, g, b] = [rgb[at], rgb[at + 1], rgb[at + 2]];
    grey[i] = r === g && g === b ? r : luminance(r, g, b);
  }
  return grey;
}

/** Reads the whole file and its frame header, and holds the size against the file's. */
async function readFrame(
  head: Uint8Array,
  source: ByteSource,
): Promise<{ header: MicrographHeader; bytes: Uint8Array }> {
  const { file, fileBytes } = source;
  const bytes = await restOf(head, source);
  const { width, height, components } = frameOf(bytes) ?? { width: 0, height: 0, components: 0 };
  const size = `a JPEG image of ${width} × ${height} pixels`;
  if (Math.min(width, height) < 1 || Math.max(width, height) > MAX_SIDE) {
    throw badFile(file, size, `1 to ${MAX_SIDE} columns and rows`, REMEDY);
  }
  if (width * height > Math.min(MAX_PIXELS, fileBytes * PIXELS_PER_BYTE)) {
    throw badFile(file, `${fileBytes} bytes for ${size}`, EXPECTED, REMEDY);
  }
  const decodeBytes = width * height * (PIXEL_BYTES + COMPONENT_BYTES * components);
  if (decodeBytes > MAX_DECODE_BYTES) {
    const found = `${size} of ${components} colours, which take ${decodeBytes} bytes to decode`;
    throw badFile(file, found, `at most ${MAX_DECODE_BYTES}`, "Convert it to MRC.");
  }
  return { header: { width, height, frames: 1 }, bytes };
}

/** What the frame header (SOF0 to SOF2) says, found along the markers. */
function frameOf(
  bytes: Uint8Array,
): { width: number; height: number; components: number } | undefined {
  const view = new DataView(bytes.buffer);
  for (let at = 2; at + 10 <= bytes.length;) {
    if (bytes[at] !== 0xff) return undefined;
    const marker = bytes[at + 1];
    if (marker >= 0xc0 && marker <= 0xc2) {
      const [height, width] = [view.getUint16(at + 5), view.getUint16(at + 7)];
      return { width, height, components: bytes[at + 9] };
    }
    at += marker === 0xff ? 1 : 2 + view.getUint16(at + 2);
  }
}
