import * as z from "zod";
import { checkArgument, checkOptions, EPickerError, noun, writeFileAtomic } from "../core/mod.ts";
import { MRC_SAMPLE_BYTES, MRC_SAMPLES, type MrcMode } from "./_mrc_header.ts";
import type { Samples } from "./_samples.ts";
import { HEAD_BYTES } from "./micrograph_format.ts";

/** An image to write. */
export interface MrcImage {
  /** Columns. */
  width: number;
  /** Rows. */
  height: number;
  /** `width × height` values, row-major. */
  pixels: ArrayLike<number>;
  /** Å per pixel, if known. */
  pixelSizeA?: number;
}

/** Options of {@linkcode writeMrc}. */
export interface WriteMrcOptions {
  /**
   * Kind of samples: 0 int8, 1 int16, 2 float32, 6 uint16, 12 float16. Integers are rounded and
   * clamped to their range.
   *
   * @default {2}
   */
  mode?: MrcMode;
}

/**
 * Writes a single image as an MRC2014 file, little-endian, with statistics of the stored values.
 *
 * @throws {EPickerError} `bad-option` when the pixels do not fit width and height; `write-failed`
 * when the file cannot be written.
 *
 * @example
 * ```ts
 * import { readMicrograph, writeMrc } from "@epicker/epicker";
 * import { assertEquals } from "@std/assert";
 *
 * const path = await Deno.makeTempFile({ suffix: ".mrc" });
 * await writeMrc(path, { width: 2, height: 1, pixels: [0.5, -1], pixelSizeA: 1.5 });
 * const { pixels, pixelSizeA } = await readMicrograph(path);
 * assertEquals([...pixels], [0.5, -1]);
 * assertEquals(pixelSizeA, 1.5);
 * await Deno.remove(path);
 * ```
 */
export async function writeMrc(
  path: string,
  image: MrcImage,
  options: WriteMrcOptions = {},
): Promise<void> {
  checkArgument(image, noun.micrograph, "image");
  checkOptions(options, {
    mode: z.custom(
      (mode) => mode === undefined || Object.hasOwn(MRC_SAMPLE_BYTES, String(mode)),
      Object.keys(MRC_SAMPLE_BYTES).join(", "),
    ),
  });
  const { mode = 2 } = options;
  const { width, height, pixels } = image;
  if (!(width > 0 && height > 0) || pixels.length !== width * height) {
    throw new EPickerError("bad-option", {
      file: path,
      found: `${pixels.length} pixels for an image of ${width} × ${height}`,
      expected: "width × height pixels, at least one",
    });
  }
  const bytes = new Uint8Array(HEAD_BYTES + pixels.length * MRC_SAMPLE_BYTES[mode]);
  const samples = new MRC_SAMPLES[mode](bytes.buffer, HEAD_BYTES);
  if (mode === 2 || mode === 12) samples.set(pixels);
  else setRounded(samples, pixels, RANGES[mode]);
  const stored = samples instanceof Float16Array ? new Float32Array(samples) : samples;
  bytes.set(headerBytes(image, mode, statistics(stored)));
  await writeFileAtomic(path, bytes);
}

/** Lowest and highest value of the integer modes. */
const RANGES = {
  0: { lowest: -128, highest: 127 },
  1: { lowest: -32_768, highest: 32_767 },
  6: { lowest: 0, highest: 65_535 },
};

function setRounded(
  samples: Samples,
  values: ArrayLike<number>,
  { lowest, highest }: { lowest: number; highest: number },
): void {
  for (let i = 0; i < samples.length; i++) {
    samples[i] = Math.max(lowest, Math.min(highest, Math.round(values[i])));
  }
}

/** Minimum, maximum, mean and standard deviation; MRC2014's "not known" where one is not finite. */
function statistics(samples: ArrayLike<number>): [number, number, number, number] {
  let [min, max, sum] = [Infinity, -Infinity, 0];
  for (let i = 0; i < samples.length; i++) {
    min = Math.min(min, samples[i]);
    max = Math.max(max, samples[i]);
    sum += samples[i];
  }
  const mean = sum / samples.length;
  let squares = 0;
  for (let i = 0; i < samples.length; i++) squares += (samples[i] - mean) ** 2;
  const deviation = Math.sqrt(squares / samples.length);
  return Number.isFinite(deviation) ? [min, max, mean, deviation] : [0, -1, -2, -1];
}

function headerBytes(
  { width, height, pixelSizeA = 0 }: MrcImage,
  mode: MrcMode,
  [min, max, mean, deviation]: [number, number, number, number],
): Uint8Array {
  const view = new DataView(new ArrayBuffer(HEAD_BYTES));
  const ints = (at: number, ...values: number[]) =>
    values.forEach((value, i) => view.setInt32(at + 4 * i, value, true));
  const floats = (at: number, ...values: number[]) =>
    values.forEach((value, i) => view.setFloat32(at + 4 * i, value, true));
  ints(0, width, height, 1, mode);
  ints(28, width, height, 1);
  floats(40, width * pixelSizeA, height * pixelSizeA, pixelSizeA, 90, 90, 90);
  ints(64, 1, 2, 3);
  floats(76, min, max, mean);
  ints(108, 20141);
  floats(216, deviation);
  ints(220, 1);
  const bytes = new Uint8Array(view.buffer);
  bytes.set(new TextEncoder().encode("MAP DD"), 208);
  bytes.set(new TextEncoder().encode("EPicker for Deno".padEnd(80)), 224);
  return bytes;
}
