import { EPickerError, messageOfError } from "../core/mod.ts";
import { badFile } from "./_bad_file.ts";
import type { ByteSource } from "./_byte_source.ts";

/**
 * Reads an image of a kind that is not unpacked on the way, and turns whatever a damaged file leads to
 * into the one kind of error.
 *
 * @param kind Name for messages.
 */
export async function readPlain<T>(
  kind: string,
  { file, compression }: ByteSource,
  remedy: string,
  work: () => T | Promise<T>,
): Promise<T> {
  if (compression) {
    throw badFile(file, `a ${kind} within ${compression}`, `a plain ${kind}`, "Unpack it first.");
  }
  try {
    return await work();
  } catch (error) {
    if (error instanceof EPickerError) throw error;
    const found = `a damaged ${kind} image (${messageOfError(error)})`;
    throw badFile(file, found, `a whole ${kind} image`, remedy, error);
  }
}

/** All bytes of a file of which the first are read. */
export async function restOf(head: Uint8Array, { fileBytes, fill }: ByteSource) {
  const bytes = new Uint8Array(fileBytes);
  bytes.set(head);
  await fill(bytes.subarray(head.length));
  return bytes;
}
