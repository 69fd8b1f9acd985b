import { basename, dirname, join } from "@std/path";
import { EPickerError, messageOfError } from "./errors.ts";
import { noun } from "./noun.ts";
import { checkArgument } from "./options.ts";

/**
 * Writes a file whole or not at all: to a temporary file beside the target, flushed, then renamed.
 *
 * The folder is made when it is missing.
 *
 * @param path Where to write.
 * @param data Bytes, or text written as UTF-8.
 * @throws {EPickerError} `write-failed` when the folder cannot be written or the disk is full; the
 * target is then as it was before.
 */
export async function writeFileAtomic(path: string, data: Uint8Array | string): Promise<void> {
  checkArgument(path, noun.path, "path");
  const bytes = typeof data === "string" ? new TextEncoder().encode(data) : data;
  const temporary = join(dirname(path), `.${basename(path)}.${crypto.randomUUID()}.tmp`);
  try {
    await Deno.mkdir(dirname(path), { recursive: true });
    await writeAndSync(temporary, bytes);
    await Deno.rename(temporary, path);
  } catch (error) {
    await Deno.remove(temporary).catch(() => {});
    throw new EPickerError("write-failed", {
      file: path,
      found: `that it cannot be written (${messageOfError(error)})`,
      expected: "a writable folder with free space",
      remedy: "Choose another output folder or free some space.",
    }, { cause: error });
  }
}

async function writeAndSync(path: string, bytes: Uint8Array): Promise<void> {
  using file = await Deno.open(path, { write: true, createNew: true });
  for (let at = 0; at < bytes.length;) at += await file.write(bytes.subarray(at));
  await file.sync();
}

/**
 * Reads a whole file.
 *
 * @throws {EPickerError} `missing-file` when it is not there or not readable.
 */
export async function readFile(path: string | URL): Promise<Uint8Array<ArrayBuffer>> {
  try {
    return await Deno.readFile(path);
  } catch (error) {
    throw new EPickerError("missing-file", {
      file: String(path),
      found: `that it cannot be read (${messageOfError(error)})`,
      expected: "a readable file",
      remedy: "Check the path and the permissions.",
    }, { cause: error });
  }
}
