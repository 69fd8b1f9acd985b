import { defined, type Pick } from "../core/mod.ts";
import { badFile } from "./_bad_file.ts";
import { badLine, type TextPlace } from "./_numbers.ts";
import type { PickGroup } from "./coordinate_format.ts";

/** Most bytes of a text: what a string can hold. */
const MAX_BYTES = 2 ** 29 - 25;

/**
 * The text of a file, in UTF-8 or, with its byte order mark, UTF-16; without the mark. Bytes that
 * make no letters become U+FFFD.
 *
 * @throws {EPickerError} `bad-file` for more than half a gigabyte.
 */
export function textOf(bytes: Uint8Array, file: string): string {
  if (bytes.length > MAX_BYTES) {
    const remedy = "Part the file, for example by micrograph.";
    throw badFile(file, `${bytes.length} bytes of text`, `at most ${MAX_BYTES}`, remedy);
  }
  return new TextDecoder(encodingOf(bytes)).decode(bytes);
}

function encodingOf([first, second]: Uint8Array): string {
  if (first === 0xff && second === 0xfe) return "utf-16le";
  return first === 0xfe && second === 0xff ? "utf-16be" : "utf-8";
}

/** The lines of a text, whatever their ends. */
export function linesOf(text: string): string[] {
  return (text.includes("\r") ? text.replaceAll(/\r\n?/g, "\n") : text).split("\n");
}

/** The words of every line that is not blank, with its number from 1. */
export function rowsOf(text: string): { line: number; words: string[] }[] {
  return linesOf(text).flatMap((line, index) => {
    const content = line.trim();
    return content === "" ? [] : { line: index + 1, words: content.split(/\s+/) };
  });
}

/** The group of a file that names no micrograph; none where it holds no picks. */
export function oneGroup(picks: Pick[]): PickGroup[] {
  return picks.length === 0 ? [] : [groupOf({ picks })];
}

/** A group and its picks with what the file tells of them, and no fields without a value. */
export function groupOf({ picks, ...about }: PickGroup): PickGroup {
  return { ...defined(about), picks: picks.map(defined) };
}

/** Whether some of the picks, of one micrograph or of all, have a value: what gets a column. */
export function someHave(key: keyof Pick, ...all: (readonly Pick[])[]): boolean {
  return all.some((picks) => picks.some((pick) => pick[key] !== undefined));
}

/**
 * The rows of a table by micrograph, in the order in which they come; all are of one unnamed
 * micrograph where none has a name.
 *
 * @throws {EPickerError} `bad-file` for a row without a name among others that have one.
 */
export function byMicrograph<Row>(
  rows: readonly Row[],
  nameOf: (row: Row) => string | undefined,
  placeOf: (row: Row) => TextPlace,
): { micrograph?: string; rows: Row[] }[] {
  const groups = Map.groupBy(rows, (row) => {
    const name = nameOf(row) ?? "";
    return name.trim() === "" ? "" : name;
  });
  const unnamed = groups.get("");
  if (unnamed !== undefined && groups.size > 1) {
    const expected = "a name in every row, or in none";
    throw badLine(placeOf(unnamed[0]), "a row without a micrograph's name", expected);
  }
  return [...groups].map(([micrograph, rows]) => ({ micrograph: micrograph || undefined, rows }));
}
