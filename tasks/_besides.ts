import { dirname, isGlob, join, relative, resolve } from "@std/path";
import { EPickerError } from "../lib/core/mod.ts";

/** The folder `Picks` beside the inputs, which must lie in one place. */
export async function besides(inputs: string[]): Promise<string> {
  const places = new Set(await Promise.all(inputs.map(placeOf)));
  if (places.size <= 1) return relative(Deno.cwd(), join(...places, "Picks"));
  throw new EPickerError("bad-option", {
    found: `inputs in ${places.size} folders and no 'out'`,
    expected: "inputs of one folder, or where the results shall be written",
  });
}

/** The folder of a file or folder, or where a pattern begins. */
async function placeOf(input: string): Promise<string> {
  const isThere = await Deno.stat(input).then(() => true, () => false);
  let place = isThere ? dirname(resolve(input)) : dirname(input);
  while (!isThere && isGlob(place)) place = dirname(place);
  return resolve(place);
}
