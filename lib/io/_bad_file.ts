import { EPickerError } from "../core/mod.ts";

/** Makes the error for a file that is not what it should be. */
export function badFile(
  file: string,
  found: string,
  expected: string,
  remedy: string,
  cause?: unknown,
): EPickerError {
  return new EPickerError("bad-file", { file, found, expected, remedy }, { cause });
}

/** A piece of a file's text for a message: quoted, on one line, cut to 40 characters. */
export function excerpt(text: string): string {
  return JSON.stringify(text.length > 40 ? `${text.slice(0, 40)}…` : text);
}
