import { hashOf } from "../core/mod.ts";
import { openRegular } from "./_byte_source.ts";

/** Bytes read at once. */
const CHUNK_BYTES = 1 << 22;

/**
 * Hashes the bytes of a file as they lie on the disk, with {@linkcode hashOf}.
 *
 * @throws {EPickerError} `missing-file` when it cannot be opened; `bad-file` when it is a folder or
 * empty.
 */
export async function hashFile(path: string): Promise<string> {
  using file = (await openRegular(path)).file;
  return await hashOf(chunksOf(file));
}

/** The bytes from here to the end; every chunk lies where the one before was. */
async function* chunksOf(file: Deno.FsFile): AsyncGenerator<Uint8Array> {
  const chunk = new Uint8Array(CHUNK_BYTES);
  for (;;) {
    const read = await file.read(chunk);
    if (read === null) return;
    yield chunk.subarray(0, read);
  }
}
