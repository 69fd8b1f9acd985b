import { basename, dirname, join } from "@std/path";
import { EPickerError, messageOfError } from "./errors.ts";
import { noun } from "./noun.ts";
import { checkArgument } from "./options.ts";

/** Names of temporary files, those of earlier versions included. */
const TEMPORARY = /^\.(?:.*\.)?[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\.tmp$/;

/** Milliseconds after which a temporary file without a lock, and any other, belongs to nobody. */
const [UNLOCKED_AGE, ANY_AGE] = [2000, 24 * 3600 * 1000];

/**
 * Writes a file whole or not at all: to a temporary file beside the target, flushed, then renamed.
 *
 * The folder is made when it is missing. The first write into a folder removes the temporary files
 * that a killed process left there.
 *
 * @param path Where to write.
 * @param data Bytes, or text written as UTF-8.
 * @throws {EPickerError} `write-failed` when the folder cannot be written or the disk is full;
 * `bad-option` for a name that is too long for the file system; the target is then as it was before.
 */
export async function writeFileAtomic(path: string, data: Uint8Array | string): Promise<void> {
  checkArgument(path, noun.path, "path");
  const bytes = typeof data === "string" ? new TextEncoder().encode(data) : data;
  const temporary = join(dirname(path), `.${crypto.randomUUID()}.tmp`);
  try {
    await Deno.mkdir(dirname(path), { recursive: true });
    await removeLeftovers(dirname(path)).catch(() => {}); // an untidy folder is no failure
    await writeAndRename(temporary, path, bytes);
  } catch (error) {
    await Deno.remove(temporary).catch(() => {});
    throw writeError(path, error);
  }
}

/** The error for a file that could not be written or removed. */
export function writeError(path: string, error: unknown): EPickerError {
  if ((error as { code?: string }).code === "ENAMETOOLONG") {
    return new EPickerError("bad-option", {
      file: path,
      found: `a file name of ${new TextEncoder().encode(basename(path)).length} bytes`,
      expected: "a name that the file system takes: at most 255 bytes on most",
      remedy: "Give the file that it is called after a shorter name.",
    }, { cause: error });
  }
  return new EPickerError("write-failed", {
    file: path,
    found: `that it cannot be written (${messageOfError(error)})`,
    expected: "a writable folder with free space",
    remedy: "Choose another output folder or free some space.",
  }, { cause: error });
}

/** Writes with a lock, by which others see that the file is in work until it has its name. */
async function writeAndRename(temporary: string, path: string, bytes: Uint8Array): Promise<void> {
  using file = await Deno.open(temporary, { write: true, createNew: true });
  await file.lock(true).catch(() => {}); // not every file system has locks
  for (let at = 0; at < bytes.length;) at += await file.write(bytes.subarray(at));
  await file.sync();
  await Deno.rename(temporary, path);
}

/** Folders that this process has tidied. */
const tidied = new Set<string>();

async function removeLeftovers(folder: string): Promise<void> {
  if (tidied.has(folder)) return;
  tidied.add(folder);
  for await (const { name, isFile } of Deno.readDir(folder)) {
    if (isFile && TEMPORARY.test(name)) await removeLeftover(join(folder, name)).catch(() => {});
  }
}

async function removeLeftover(path: string): Promise<void> {
  using file = await Deno.open(path, { read: true, write: true });
  const age = Date.now() - ((await file.stat()).mtime?.getTime() ?? Date.now());
  const isFree = age > UNLOCKED_AGE && await file.tryLock(true).catch(() => false);
  if (isFree || age > ANY_AGE) await Deno.remove(path);
}

/**
 * Reads a whole file, or fetches it from the web; of regular files alone, because a pipe would be
 * waited for.
 *
 * @param path Path or URL; `http:` and `https:` are fetched.
 * @throws {EPickerError} `missing-file` when it is not there, not readable or no regular file.
 */
export async function readFile(path: string | URL): Promise<Uint8Array<ArrayBuffer>> {
  const isRemote = /^https?:/.test(String(path));
  try {
    if (isRemote) return await download(path);
    if (!(await Deno.stat(path)).isFile) throw new Error("no regular file");
    return await Deno.readFile(path);
  } catch (error) {
    throw new EPickerError("missing-file", {
      file: String(path),
      found: `that it cannot be read (${messageOfError(error)})`,
      expected: "a readable file",
      remedy: isRemote
        ? "Check the address and the connection, and that Deno may use it (--allow-net)."
        : "Check the path and the permissions.",
    }, { cause: error });
  }
}

async function download(address: string | URL): Promise<Uint8Array<ArrayBuffer>> {
  const response = await fetch(address);
  if (!response.ok) {
    await response.body?.cancel();
    throw new Error(`the server answers ${response.status}`);
  }
  return new Uint8Array(await response.arrayBuffer());
}
