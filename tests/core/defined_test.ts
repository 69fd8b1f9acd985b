import { assertEquals } from "@std/assert";
import { defined } from "../../lib/core/mod.ts";

Deno.test("defined() leaves out what is undefined, and nothing else", () => {
  const fields = { zero: 0, empty: "", no: false, nothing: null, missing: undefined };
  const kept = { zero: 0, empty: "", no: false, nothing: null };
  assertEquals<object>(defined(fields), kept);
  assertEquals("missing" in fields, true);
});
