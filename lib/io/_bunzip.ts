import Bunzip from "seek-bzip";

/** Bytes read at once, and at first collected of a block. */
const CHUNK_BYTES = 1 << 16;

/**
 * The part of seek-bzip that decodes one block after the other; its types leave it out, so that
 * `deno.json` pins the version. Packages that stream (unbzip2-stream) unpack the whole of a small file at
 * once, however much that is.
 */
interface Blocks {
  /** Reads the start of the next block; false behind the last one. */
  _init_block(): boolean;
  /** Writes the bytes of the block and checks its checksum. */
  _read_bunzip(): number;
  reader: { read(bits: number): number };
  streamCRC: number;
}

type MakeBlocks = new (
  input: { read(target: Uint8Array, offset: number, length: number): number; readByte(): number },
  output: { writeByte(byte: number): void },
) => Blocks;

/**
 * Unpacks bzip2 block by block: at most 900 kB each, or some 50 MB where one value fills a block.
 * The decoder leaves 4 MB a block to be collected; some 70 MB of that lie about at a time.
 *
 * It wants each byte at once, so the file is read synchronously. The bytes of a block are gone with
 * the next one.
 */
export function bunzip(file: Deno.FsFile): ReadableStream<Uint8Array> {
  const [input, output] = [new Input(file), new Output()];
  const open = () => new (Bunzip as unknown as MakeBlocks)(input, output);
  let blocks: Blocks | undefined;
  return new ReadableStream<Uint8Array>({
    pull(controller) {
      blocks ??= open();
      while (!blocks._init_block()) {
        if (blocks.reader.read(32) >>> 0 !== blocks.streamCRC) {
          throw new RangeError("a wrong checksum of the whole");
        }
        if (input.isAtEnd()) return controller.close();
        blocks = open(); // parallel packers write several streams
      }
      blocks._read_bunzip();
      controller.enqueue(output.take());
    },
  }, { highWaterMark: 0 });
}

/** The packed bytes, one by one; the end is an error, because the decoder does not look for it. */
class Input {
  readonly #file: Deno.FsFile;
  readonly #chunk = new Uint8Array(CHUNK_BYTES);
  #length = 0;
  #at = 0;

  constructor(file: Deno.FsFile) {
    this.#file = file;
  }

  isAtEnd(): boolean {
    if (this.#at === this.#length) {
      [this.#at, this.#length] = [0, this.#file.readSync(this.#chunk) ?? 0];
    }
    return this.#length === 0;
  }

  readByte(): number {
    if (this.#at === this.#length && this.isAtEnd()) {
      throw new RangeError("an end before the last block");
    }
    return this.#chunk[this.#at++];
  }

  read(target: Uint8Array, offset: number, length: number): number {
    for (let i = 0; i < length; i++) target[offset + i] = this.readByte();
    return length;
  }
}

/** Collects the bytes of a block. */
class Output {
  #bytes = new Uint8Array(CHUNK_BYTES);
  #length = 0;

  writeByte(byte: number): void {
    if (this.#length === this.#bytes.length) {
      const larger = new Uint8Array(2 * this.#length);
      larger.set(this.#bytes);
      this.#bytes = larger;
    }
    this.#bytes[this.#length++] = byte;
  }

  /** The bytes so far, until the next one is written over them. */
  take(): Uint8Array {
    const taken = this.#bytes.subarray(0, this.#length);
    this.#length = 0;
    return taken;
  }
}
