import { namedMicrograph } from "./micrograph_formats.ts";
import { numbered, uniqueNames } from "./_unique_names.ts";

/** Most bytes of a name: with an extension and a temporary name still a file name everywhere. */
const MAX_BYTES = 160;

/** Names that Windows keeps for devices, whatever their extension. */
const RESERVED = /^(con|prn|aux|nul|com\d|lpt\d)(?=\.|$)/i;

/**
 * Names for results about the micrographs that a file names: safe as names of files in one folder,
 * no two alike whatever the case of their letters.
 *
 * The base name where it is unique, else with as many parent folders as it takes; both kinds of
 * slashes part folders.
 */
export function resultNames(micrographs: readonly string[]): string[] {
  const paths = micrographs.map((path) => path.replaceAll("\\", "/"));
  return numbered(uniqueNames(paths, namedMicrograph).map(safeName));
}

/** Any text as the name of a file. */
function safeName(name: string): string {
  const safe = name.replaceAll(/[^\p{L}\p{M}\p{N}._+@=, -]/gu, "_")
    .replace(/^\.+/, "_")
    .replace(RESERVED, "_$&");
  return cut(safe) || "_";
}

/** The first letters that take no more than so many bytes. */
function cut(text: string): string {
  const { read } = new TextEncoder().encodeInto(text, new Uint8Array(MAX_BYTES));
  return text.slice(0, read).trim();
}
