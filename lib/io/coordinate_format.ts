import type { Pick } from "../core/mod.ts";

/** The micrograph that picks belong to, as far as a coordinate file tells it. */
export interface MicrographInfo {
  /** Base name without folder and extension. */
  name: string;
  /** Columns. */
  width: number;
  /** Rows. */
  height: number;
  /** Å per pixel, if known. */
  pixelSizeA?: number;
}

/** What a format may need besides the text. */
export interface ParseContext {
  /** Path of the file, for messages. */
  file: string;
  /** Base name of the micrograph whose picks are wanted, in a file that holds several. */
  micrograph?: string;
}

/** What a format may need besides the picks. */
export interface FormatContext {
  /** Path of the file, for messages. */
  file: string;
  /** Box size in micrograph pixels, for picks without a diameter in formats with boxes. */
  boxSize?: number;
  /** The micrograph, for formats that describe it. */
  image?: MicrographInfo;
}

/**
 * One kind of coordinate file. Both functions throw {@linkcode EPickerError}: `bad-file` with file,
 * line and finding on reading, `bad-option` on writing where something that it needs is missing.
 */
export interface CoordinateFormat {
  /** Name for options and messages. */
  readonly name: string;
  /** File name endings, lower case, with the dot; the first one is written. */
  readonly extensions: readonly string[];
  /** Reads picks as centres in micrograph pixels; an empty text holds none. */
  parse(text: string, context: ParseContext): Pick[];
  /** Writes picks as the text of a file. */
  format(picks: readonly Pick[], context: FormatContext): string;
}
