import { createXXHash128 } from "hash-wasm";

/**
 * Hashes bytes: XXH3 of 128 bits, in hexadecimal digits.
 *
 * It tells contents apart that differ by accident, at several times the speed of SHA-256; it is no
 * protection against forgery.
 *
 * @param pieces The bytes, in any division; text counts as UTF-8.
 *
 * @example
 * ```ts
 * import { hashOf } from "@epicker/epicker/core";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(await hashOf(["ab", "c"]), await hashOf([new Uint8Array([97, 98, 99])]));
 * ```
 */
export async function hashOf(
  pieces: Iterable<Uint8Array | string> | AsyncIterable<Uint8Array | string>,
): Promise<string> {
  const hash = await createXXHash128();
  for await (const piece of pieces) hash.update(piece);
  return hash.digest("hex");
}
