import { EPickerError, messageOfError } from "../core/mod.ts";
import { badFile } from "./_bad_file.ts";
import { bunzip } from "./_bunzip.ts";
import { unxz } from "./_unxz.ts";

/** Most bytes that one byte of a deflate stream can expand to. */
export const DEFLATE_RATIO = 1032;

/** Bytes fed to the decompressor at once: what comes out stays below 17 MB. */
const FEED_BYTES = 1 << 14;

/** Bytes after the wanted ones that are still read to verify a checksum. */
const MAX_TRAILING_BYTES = 1 << 20;

/** How a file is compressed as a whole. */
export type Compression = "gzip" | "bzip2" | "xz";

interface Packing {
  /** Name for messages. */
  name: Compression;
  /** First bytes of a file. */
  magic: number[];
  /**
   * Most bytes that one byte is taken to stand for. gzip can do no more; xz hardly; bzip2 can do
   * more with an image of one value, which is no micrograph.
   */
  ratio: number;
  /** Unpacks a file from where it stands. */
  unpack(file: Deno.FsFile): ReadableStream<Uint8Array>;
}

const PACKINGS: Packing[] = [
  {
    name: "gzip",
    magic: [0x1f, 0x8b],
    ratio: DEFLATE_RATIO,
    unpack: (file) => feed(file).pipeThrough(new DecompressionStream("gzip")),
  },
  { name: "bzip2", magic: [0x42, 0x5a, 0x68], ratio: 8192, unpack: bunzip },
  {
    name: "xz",
    magic: [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00],
    ratio: 8192,
    unpack: (file) => unxz(feed(file)),
  },
];

/** The bytes of a file from the first to the last, unpacked where it is compressed. */
export interface ByteSource extends AsyncDisposable {
  /** Path, for messages. */
  readonly file: string;
  /** Bytes of the file on the disk. */
  readonly fileBytes: number;
  /** How the file is compressed; absent where it is plain. */
  readonly compression?: Compression;
  /** Most bytes that one byte of the file can stand for: 1 where it is plain. */
  readonly ratio: number;
  /** Fills `target` as far as the data reach and returns the bytes written. */
  fill(target: Uint8Array): Promise<number>;
  /**
   * As `fill`, from anywhere in the file and without a change to where `fill` goes on; absent where
   * the file is compressed.
   */
  fillAt?(place: number, target: Uint8Array): Promise<number>;
  /** Verifies what can only be verified at the end: the checksum of a compressed file. */
  finish(): Promise<void>;
}

/**
 * Opens a file as a stream of bytes; gzip, bzip2 and xz are recognized by their first
 * bytes.
 *
 * @throws {EPickerError} `missing-file` when it cannot be opened; `bad-file` when it is a folder or
 * empty.
 */
export async function openBytes(path: string): Promise<ByteSource> {
  const { file, size } = await openRegular(path);
  try {
    const head = new Uint8Array(6);
    await file.read(head);
    await file.seek(0, Deno.SeekMode.Start);
    const packing = PACKINGS.find(({ magic }) => magic.every((byte, i) => head[i] === byte));
    return packing ? packedSource(file, path, size, packing) : plainSource(file, path, size);
  } catch (error) {
    file.close();
    throw error;
  }
}

/** Opens a file that has bytes; throws as {@linkcode openBytes} does. */
export async function openRegular(path: string): Promise<{ file: Deno.FsFile; size: number }> {
  const { isFile, size } = await orMissing(path, Deno.stat(path));
  // Looked at before it is opened: a pipe would be waited for.
  if (!isFile) throw badFile(path, "no regular file", "a file", "Name the files in it.");
  if (size === 0) throw badFile(path, "an empty file", "an image", "Copy the file again.");
  return { file: await orMissing(path, Deno.open(path)), size };
}

async function orMissing<T>(path: string, opening: Promise<T>): Promise<T> {
  try {
    return await opening;
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
  async function fill(target: Uint8Array): Promise<number> {
    let at = 0;
    while (at < target.length) {
      const read = await file.read(target.subarray(at));
      if (read === null) break;
      at += read;
    }
    return at;
  }
  return {
    file: path,
    fileBytes,
    ratio: 1,
    fill,
    async fillAt(place, target) {
      const here = await file.seek(0, Deno.SeekMode.Current);
      await file.seek(place, Deno.SeekMode.Start);
      const read = await fill(target);
      await file.seek(here, Deno.SeekMode.Start);
      return read;
    },
    finish: () => Promise.resolve(),
    [Symbol.asyncDispose]() {
      file.close();
      return Promise.resolve();
    },
  };
}

/** Bytes that are at hand, as a source; what is compressed as a whole is not unpacked. */
export function bytesAtHand(bytes: Uint8Array, file: string): ByteSource {
  let at = 0;
  const copy = (place: number, target: Uint8Array): Promise<number> => {
    const part = bytes.subarray(place, place + target.length);
    target.set(part);
    return Promise.resolve(part.length);
  };
  return {
    file,
    fileBytes: bytes.length,
    ratio: 1,
    async fill(target) {
      const filled = await copy(at, target);
      at += filled;
      return filled;
    },
    fillAt: copy,
    finish: () => Promise.resolve(),
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
}

function packedSource(
  file: Deno.FsFile,
  path: string,
  fileBytes: number,
  { name, ratio, unpack }: Packing,
): ByteSource {
  const reader = unpack(file).getReader();
  let piece: Uint8Array = new Uint8Array(0);

  async function refill(): Promise<boolean> {
    try {
      const next = await reader.read();
      if (next.value) piece = next.value;
      return !next.done;
    } catch (error) {
      const found = `damaged ${name} data (${messageOfError(error)})`;
      const expected = `a whole ${name} file of one member`;
      throw badFile(path, found, expected, "Unpack it or copy it again.", error);
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
    await reader.cancel().catch(() => {}); // a damaged stream has failed already
    file.close();
  }

  return {
    file: path,
    fileBytes,
    compression: name,
    ratio,
    fill,
    finish,
    [Symbol.asyncDispose]: close,
  };
}

/** The file in small pieces, each read only when it is wanted. */
function feed(file: Deno.FsFile): ReadableStream<Uint8Array<ArrayBuffer>> {
  return new ReadableStream({
    async pull(controller) {
      const bytes = new Uint8Array(FEED_BYTES);
      const read = await file.read(bytes);
      if (read === null) controller.close();
      else controller.enqueue(bytes.subarray(0, read));
    },
  }, { highWaterMark: 0 });
}
