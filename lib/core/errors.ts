/** What kind of mistake an {@linkcode EPickerError} reports. */
export type ErrorCode =
  | "bad-file" // a file that is not what it should be
  | "missing-file" // a file or folder that is not there
  | "write-failed" // an output that could not be written
  | "bad-option" // an option or argument out of its range
  | "bad-data" // labels and micrographs that do not fit together
  | "bad-model" // a model file that does not fit
  | "diverged" // training whose numbers are no longer finite
  | "no-backend"; // a backend that was asked for and is not there

/** The parts of an error message, in the order in which they are printed. */
export interface ErrorDetails {
  /** The file, folder or option that the error is about. */
  file?: string;
  /** What was found. */
  found: string;
  /** What was expected instead. */
  expected?: string;
  /** What the user can do about it. */
  remedy?: string;
}

/**
 * The one error that this project throws for a user's mistake or a bad file.
 *
 * The message names the file, what was found, what was expected and what to do. Commands print the
 * message without a stack trace.
 *
 * @example
 * ```ts
 * import { EPickerError } from "@epicker/epicker";
 * import { assertEquals } from "@std/assert";
 *
 * const error = new EPickerError("bad-file", {
 *   file: "a.mrc",
 *   found: "12 bytes",
 *   expected: "at least the 1024-byte header",
 *   remedy: "Copy the file again.",
 * });
 * assertEquals(
 *   error.message,
 *   "a.mrc: found 12 bytes; expected at least the 1024-byte header. Copy the file again.",
 * );
 * ```
 */
export class EPickerError extends Error {
  /** Always `"EPickerError"`. */
  override readonly name = "EPickerError";
  /** What kind of mistake this is. */
  readonly code: ErrorCode;
  /** The parts of the message. */
  readonly details: ErrorDetails;

  /** Makes an error from its parts; `options.cause` keeps the error underneath. */
  constructor(code: ErrorCode, details: ErrorDetails, options?: ErrorOptions) {
    super(messageOf(details), options);
    this.code = code;
    this.details = details;
  }
}

function messageOf({ file, found, expected, remedy }: ErrorDetails): string {
  const where = file === undefined ? "" : `${file}: `;
  const wanted = expected === undefined ? "" : `; expected ${expected}`;
  const advice = remedy === undefined ? "" : ` ${remedy}`;
  const message = `${where}found ${found}${wanted}.${advice}`;
  return message.replaceAll(/\p{Cc}+/gu, " "); // one line, and no commands to a terminal
}

/**
 * A text without control characters, which a terminal takes for commands; line feeds and tabs stay.
 *
 * @example
 * ```ts
 * import { printable } from "@epicker/epicker/core";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(printable("a\x1b[31m.mrc"), "a [31m.mrc");
 * ```
 */
export function printable(text: string): string {
  return text.replaceAll(/(?:(?![\n\t])\p{Cc})+/gu, " ");
}

/** The message of anything thrown, for reports that list failures. */
export function messageOfError(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
