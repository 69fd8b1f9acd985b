import xz from "xz-decompress";

/** Unpacks xz piece by piece; the decoder is WebAssembly and keeps the dictionary of the file. */
export function unxz(packed: ReadableStream<Uint8Array<ArrayBuffer>>): ReadableStream<Uint8Array> {
  return new xz.XzReadableStream(packed);
}
