import Bunzip from "seek-bzip";

/** Bytes read at once. */
const CHUNK_BYTES = 1 << 16;

/** The part of seek-bzip that decodes one block after the other; its types leave it out. */
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
 *
 * The decoder wants each byte at once, so the packed bytes of the file are collected first.
 */
export function bunzip(
  packed: ReadableStream<Uint8Array<ArrayBuffer>>,
): ReadableStream<Uint8Array> {
  const output = new Output();
  const open = (input: Input) => new (Bunzip as unknown as MakeBlocks)(input, output);
  let input: Input | undefined;
  let blocks: Blocks | undefined;
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      input ??= new Input(new Uint8Array(await new Response(packed).arrayBuffer()));
      blocks ??= open(input);
      while (!blocks._init_block()) {
        if (blocks.reader.read(32) >>> 0 !== blocks.streamCRC) {
          throw new RangeError("a wrong checksum of the whole");
        }
        if (input.isAtEnd()) return controller.close();
        blocks = open(input); // parallel packers write several streams
      }
      blocks._read_bunzip();
      controller.enqueue(output.take());
    },
    cancel: (reason) => packed.locked ? undefined : packed.cancel(reason),
  }, { highWaterMark: 0 });
}

/** The packed bytes, one by one; the end is an error, because the decoder does not look for it. */
class Input {
  #at = 0;
  constructor(readonly bytes: Uint8Array) {}

  isAtEnd(): boolean {
    return this.#at >= this.bytes.length;
  }

  readByte(): number {
    if (this.#at >= this.bytes.length) throw new RangeError("an end before the last block");
    return this.bytes[this.#at++];
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

  take(): Uint8Array {
    const taken = this.#bytes.slice(0, this.#length);
    this.#length = 0;
    return taken;
  }
}
