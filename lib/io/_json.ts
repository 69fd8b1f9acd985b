import * as z from "zod";
import { messageOfError, mistakeIn } from "../core/mod.ts";
import { badFile } from "./_bad_file.ts";

/** Reads JSON of a given shape; throws `bad-file` naming the first that does not fit. */
export function parseJson<T extends z.ZodType>(
  text: string,
  schema: T,
  file: string,
  expected: string,
): z.output<T> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    const found = `text that is not JSON (${messageOfError(error)})`;
    throw badFile(file, found, expected, "Correct the file.", error);
  }
  const checked = schema.safeParse(value);
  if (checked.success) return checked.data;
  throw badFile(file, mistakeIn(checked.error), expected, "Correct the file.", checked.error);
}
