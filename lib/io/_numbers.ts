import { badFile, excerpt } from "./_bad_file.ts";

/** Largest magnitude of a number in a coordinate file; no detector has a million pixels a side. */
const MAX_VALUE = 1e6;

const DECIMAL = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;

/** A text in a file: where it stands, for messages. */
export interface TextPlace {
  /** Path of the file. */
  file: string;
  /** Line number from 1. */
  line: number;
  /** What the text is, e.g. `"x"` or `"column _rlnCoordinateX"`. */
  what: string;
}

/** Reads a decimal number; throws `bad-file` where it is none, not finite or beyond ±1e6. */
export function parseNumber(text: string, place: TextPlace): number {
  const value = DECIMAL.test(text) ? Number(text) : NaN;
  if (Math.abs(value) <= MAX_VALUE) return value;
  throw badLine(place, excerpt(text), "a number between -1000000 and 1000000");
}

/** Reads a number above 0. */
export function parsePositive(text: string, place: TextPlace): number {
  const value = parseNumber(text, place);
  if (value > 0) return value;
  throw badLine(place, excerpt(text), "a number above 0");
}

/** Reads the number of a fiber; 0 means that the point lies on none. */
export function parseFiber(text: string, place: TextPlace): number | undefined {
  const value = parseNumber(text, place);
  if (Number.isInteger(value) && value >= 0) return value || undefined;
  throw badLine(place, excerpt(text), "the number of a fiber: 0, 1, 2, …");
}

/** Makes the error for one line of a coordinate file. */
export function badLine({ file, line, what }: TextPlace, found: string, expected: string): Error {
  const remedy = "Correct the line or export the file again.";
  return badFile(`${file}, line ${line}`, `${found} as ${what}`, expected, remedy);
}
