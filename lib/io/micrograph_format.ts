import type { ByteSource } from "./_byte_source.ts";

/** Bytes at the start of a file that a format sees before it reads on. */
export const HEAD_BYTES = 1024;

/** Most columns or rows that a micrograph may have. */
export const MAX_SIDE = 65_535;

/** Most pixels that a micrograph may have: 16384², the largest detector in use. */
export const MAX_PIXELS = 2 ** 28;

/** Most bytes that decoding an image may take at once, all copies of it together. */
export const MAX_DECODE_BYTES = 2 ** 31;

/** Most bytes that a compressed file may unpack to: some forty frames of the largest detectors. */
export const MAX_UNPACKED_BYTES = 2 ** 32;

/** What a micrograph file says about itself before its pixels are read. */
export interface MicrographHeader {
  /** Columns. */
  width: number;
  /** Rows. */
  height: number;
  /** Frames of a stack; 1 for a single image. */
  frames: number;
  /** Å per pixel, where the file says it. */
  pixelSizeA?: number;
  /** Sentences about what is doubtful in the file, such as its pixel size. */
  warnings?: string[];
}

/** The header of a micrograph with its pixels: `width × height`, row-major, frames averaged. */
export interface DecodedImage extends MicrographHeader {
  /** Row-major pixels as stored, first stored row first, of TIFF the last one. */
  pixels: Float32Array;
}

/**
 * How one kind of micrograph file is recognized and read.
 *
 * `head` holds the first {@linkcode HEAD_BYTES} bytes (fewer in a shorter file); the source goes on
 * behind them. All functions throw {@linkcode EPickerError} `bad-file`.
 */
export interface MicrographFormat {
  /** Name for messages. */
  readonly name: string;
  /** File name endings, lower case, with the dot. */
  readonly extensions: readonly string[];
  /** Whether the last stored row is read first. */
  readonly turnsRows?: true;
  /** Whether the file is of this format; content counts, `file` only where content is silent. */
  matches(head: Uint8Array, file: string): boolean;
  /** Reads what the file says about itself. */
  readHeader(
    head: Uint8Array,
    source: ByteSource,
  ): MicrographHeader | Promise<MicrographHeader>;
  /** Reads the header and the pixels. */
  read(head: Uint8Array, source: ByteSource): Promise<DecodedImage>;
}
