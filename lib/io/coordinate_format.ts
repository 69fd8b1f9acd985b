import type { Pick, Point } from "../core/mod.ts";

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

/** The picks of one micrograph in a coordinate file, which may hold many. */
export interface PickGroup {
  /** Name or path of the micrograph as the file has it; absent where it names none. */
  micrograph?: string;
  /** Columns of the micrograph, where the file tells. */
  width?: number;
  /** Rows of the micrograph, where the file tells. */
  height?: number;
  /** Å per pixel of the micrograph, where the file tells. */
  pixelSizeA?: number;
  /** Centres in micrograph pixels. */
  picks: Pick[];
  /**
   * By how much a refinement moved each particle, in Å, where the file tells: its centre is
   * pick − offset; not applied.
   */
  offsetsA?: Point[];
  /** In an index of files: where this micrograph's picks lie; a format leaves `picks` empty then. */
  coordinatesPath?: string;
}

/** What a format may need besides the bytes. */
export interface ParseContext {
  /** Path of the file, for messages. */
  file: string;
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

/** The picks of one micrograph and what is known about it, for a file about several. */
export interface MicrographPicks {
  /** The micrograph. */
  image: Partial<MicrographInfo> & { name: string };
  /** Centres in micrograph pixels. */
  picks: readonly Pick[];
}

/**
 * One kind of coordinate file. All functions throw {@linkcode EPickerError}: `bad-file` with file,
 * line and finding on reading, `bad-option` on writing where something that it needs is missing.
 */
export interface CoordinateFormat {
  /** Name for options and messages. */
  readonly name: string;
  /** File name endings, lower case, with the dot; the first one is written. */
  readonly extensions: readonly string[];
  /**
   * Reads picks as centres in micrograph pixels, one group for each micrograph that the file names
   * or one in all; an empty file holds none.
   */
  parse(bytes: Uint8Array, context: ParseContext): PickGroup[];
  /** Writes the picks of one micrograph as the content of a file. */
  format(picks: readonly Pick[], context: FormatContext): string | Uint8Array;
  /** Writes the picks of several micrographs as one file; absent where the format cannot. */
  formatJoint?(all: readonly MicrographPicks[], context: { file: string }): string | Uint8Array;
}
