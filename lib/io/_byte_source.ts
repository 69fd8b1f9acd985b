import { EPickerError, messageOfError } from "../core/mod.ts";
import { badFile } from "./_bad_file.ts";

/** Most bytes that one byte of a deflate stream can expand to. */
export const DEFLATE_RATIO = 1032;

/** Bytes fed to the decompressor at once: what comes out stays below 17 MB. */
const GZIP_FEED_BYTES = 1 << 14;

/** Bytes after the wanted ones that are still read to verify a gzip checksum. */
const MAX_TRAILING_BYTES = 1 << 20;

/** The bytes of a file from the first to the last, unpacked where it is gzip-compressed. */
export interface ByteSource extends AsyncDisposable {
  /** Path, for messages. */
  readonly file: string;
  /** Bytes of the file on the disk. */
  readonly fileBytes: number;
  /** Whether the file is gzip-compressed. */
  readonly compressed: boolean;
  /** Fills `target` as far as the data reach and returns the bytes written. */
  fill(target: Uint8Array): Promise<number>;
  /** Verifies what can only be verified at the end: the checksum of a gzip file. */
  finish(): Promise<void>;
}

/**
 * Opens a file as a stream of bytes; gzip is recognized by its first two bytes.
 *
 * @throws {EPickerError} `missing-file` when it cannot be opened; `bad-file` when it is a folder or
 * empty.
 */
export async function openBytes(path: string): Promise<ByteSource> {
  const file = await open(path);
  try {
    const { isFile, size } = await file.stat();
    if (!isFile) throw badFile(path, "no regular file", "a file", "Name the files in it.");
    if (size === 0) throw badFile(path, "an empty file", "an image", "Copy the file again.");
    const magic = new Uint8Array(2);
    await file.read(magic);
    await file.seek(0, Deno.SeekMode.Start);
    const gzip = magic[0] === 0x1f && magic[1] === 0x8b;
    return gzip ? gzipSource(file, path, size) : plainSource(file, path, size);
  } catch (error) {
    file.close();
    throw error;
  }
}

async function open(path: string): Promise<Deno.FsFile> {
  try {
    return await Deno.open(path);
  } catch (error) {
    throw new EPickerError("missing-file", {
      file: path,
      found: `that it cannot be read (${messageOfError(error)})`,
      expected: "a readable file",
      remedy: "Check the path and the permissions.",
    }, { cause: error });
  }
}

function plainSource(file: Deno.FsFile, path: string, fileBytes: number): ByteSource {
  return {
    file: path,
    fileBytes,
    compressed: false,
    async fill(target) {
      let at = 0;
      while (at < target.length) {
        const read = await file.read(target.subarray(at));
        if (read === null) break;
        at += read;
      }
      return at;
    },
    finish: () => Promise.resolve(),
    [Symbol.asyncDispose]() {
      file.close();
      return Promise.resolve();
    },
  };
}

function gzipSource(file: Deno.FsFile, path: string, fileBytes: number): ByteSource {
  const reader = feed(file).pipeThrough(new DecompressionStream("gzip")).getReader();
  let piece: Uint8Array = new Uint8Array(0);

  async function refill(): Promise<boolean> {
    try {
      const next = await reader.read();
      if (next.value) piece = next.value;
      return !next.done;
    } catch (error) {
      const found = `damaged gzip data (${messageOfError(error)})`;
      const expected = "a whole gzip file of one member";
      throw badFile(path, found, expected, "Unpack it with gunzip or copy it again.", error);
    }
  }

  async function fill(target: Uint8Array): Promise<number> {
    let at = 0;
    while (at < target.length) {
      if (piece.length === 0 && !await refill()) break;
      const part = piece.subarray(0, target.length - at);
      target.set(part, at);
      piece = piece.subarray(part.length);
      at += part.length;
    }
    return at;
  }

  async function finish(): Promise<void> {
    let trailing = piece.length;
    while (trailing < MAX_TRAILING_BYTES && await refill()) trailing += piece.length;
  }

  async function close(): Promise<void> {
    await reader.cancel().catch(() => {});
    file.close();
  }

  return { file: path, fileBytes, compressed: true, fill, finish, [Symbol.asyncDispose]: close };
}

/** The file in small pieces, each read only when it is wanted. */
function feed(file: Deno.FsFile): ReadableStream<Uint8Array<ArrayBuffer>> {
  return new ReadableStream({
    async pull(controller) {
      const bytes = new Uint8Array(GZIP_FEED_BYTES);
      const read = await file.read(bytes);
      if (read === null) controller.close();
      else controller.enqueue(bytes.subarray(0, read));
    },
  }, { highWaterMark: 0 });
}
