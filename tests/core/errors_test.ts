import { assert, assertEquals } from "@std/assert";
import { EPickerError, messageOfError, printable } from "../../lib/core/mod.ts";

Deno.test("an error's message names the file, what was found, expected and what to do", () => {
  const details = {
    file: "a.mrc",
    found: "12 bytes",
    expected: "1024 bytes",
    remedy: "Copy it again.",
  };
  const { file: _, ...unnamed } = details;
  const message = (given: ConstructorParameters<typeof EPickerError>[1]) =>
    new EPickerError("bad-file", given).message;
  assertEquals(message(details), "a.mrc: found 12 bytes; expected 1024 bytes. Copy it again.");
  assertEquals(message(unnamed), "found 12 bytes; expected 1024 bytes. Copy it again.");
  assertEquals(message({ file: "a.mrc", found: "12 bytes" }), "a.mrc: found 12 bytes.");
  assertEquals(message({ found: "nothing", remedy: "Look." }), "found nothing. Look.");
});

Deno.test("a message is one line without commands to a terminal, whatever a file is called", () => {
  const { message, details } = new EPickerError("bad-file", { file: "a\n\u001b[31mb", found: "c" });
  assertEquals([message, details.file], ["a [31mb: found c.", "a\n\u001b[31mb"]);
});

Deno.test("an error keeps its code, its parts and the error underneath", () => {
  const cause = new Error("disk");
  const error = new EPickerError("write-failed", { found: "a full disk" }, { cause });
  assert(error instanceof Error);
  assertEquals([error.name, error.code], ["EPickerError", "write-failed"]);
  assertEquals(error.details, { found: "a full disk" });
  assertEquals(error.cause, cause);
});

Deno.test("messageOfError reads the message of anything thrown", () => {
  assertEquals(messageOfError(new RangeError("too far")), "too far");
  assertEquals(messageOfError("plain"), "plain");
  assertEquals(messageOfError(undefined), "undefined");
});

Deno.test("printable() takes out what a terminal obeys, C1 commands too, and keeps lines", () => {
  assertEquals(printable("a\u001b[2J\u009b1mb\r\u0007\n\tµ"), "a [2J 1mb \n\tµ");
});
