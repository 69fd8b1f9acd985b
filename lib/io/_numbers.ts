import { badFile, excerpt } from "./_bad_file.ts";

/** Largest magnitude of a number in a coordinate file; no detector has a million pixels a side. */
const MAX_VALUE = 1e6;

const DECIMAL = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;

/** A line of a file, for messages. */
export interface TextPlace {
  /** Path of the file. */
  file: string;
  /** Line number from 1. */
  line: number;
}

/**
 * Reads a decimal number; throws `bad-file` where it is none, not finite or beyond ±1e6.
 *
 * @param what What the number is, e.g. `"x"` or `"_rlnCoordinateX"`.
 */
export function parseNumber(text: string, place: TextPlace, what: string): number {
  const value = DECIMAL.test(text) ? Number(text) : NaN;
  if (Math.abs(value) <= MAX_VALUE) return value;
  throw badValue(text, place, what, "a number between -1000000 and 1000000");
}

/** What stands for a score that is not known. */
const UNKNOWN = /^([+-]?(nan|inf|infinity)|<na>)?$/i;

/** Reads a score: a decimal number of any size, or nothing where it is not known (`nan`, `<NA>`). */
export function parseScore(text: string, place: TextPlace, what: string): number | undefined {
  if (UNKNOWN.test(text)) return undefined;
  const value = DECIMAL.test(text) ? Number(text) : NaN;
  if (Number.isFinite(value)) return value;
  throw badValue(text, place, what, "a number, or nan where it is unknown");
}

/** Reads a number above 0. */
export function parsePositive(text: string, place: TextPlace, what: string): number {
  const value = parseNumber(text, place, what);
  if (value > 0) return value;
  throw badValue(text, place, what, "a number above 0");
}

/** Reads the number of a fiber or a class, from 1; 0 stands for none. */
export function parseOrdinal(text: string, place: TextPlace, what: string): number | undefined {
  const value = parseNumber(text, place, what);
  if (Number.isInteger(value) && value >= 0) return value || undefined;
  throw badValue(text, place, what, "a whole number: 1, 2, … or 0 for none");
}

function badValue(text: string, place: TextPlace, what: string, expected: string): Error {
  return badLine(place, `${excerpt(text)} as ${what}`, expected);
}

/** Makes the error for one line of a coordinate file. */
export function badLine({ file, line }: TextPlace, found: string, expected: string): Error {
  const remedy = "Correct the line or export the file again.";
  return badFile(`${file}, line ${line}`, found, expected, remedy);
}
