import { assertEquals, assertNotEquals } from "@std/assert";
import { hashOf } from "../../lib/core/mod.ts";

Deno.test("hashes are those of the reference implementation (xxhsum -H2)", async () => {
  assertEquals(await hashOf([]), "99aa06d3014798d86001c324468d497f");
  assertEquals(await hashOf(["abc"]), "06b05ab6733a618578af5f94892f3950");
});

Deno.test("a hash depends on every byte, not on how they are divided", async () => {
  const bytes = Uint8Array.from({ length: 100_000 }, (_, i) => i * i);
  const whole = await hashOf([bytes]);
  assertEquals(await hashOf([bytes.subarray(0, 777), bytes.subarray(777)]), whole);
  bytes[99_999] ^= 1;
  assertNotEquals(await hashOf([bytes]), whole);
});
