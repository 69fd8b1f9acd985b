import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import { join } from "@std/path";
import { EPickerError } from "../../lib/core/mod.ts";
import { checkChanges, readEdits, writeEdits } from "../../lib/io/mod.ts";

const EDITS = {
  "a-1": { kind: "pick", x: 1.5, y: 2, diameter: 30, classNumber: 2 },
  "b": { kind: "rejected", x: 3, y: 4 },
  "c": { kind: "ignore", x: 3, y: 4, diameter: 50 },
  "d": { kind: "fiber", line: [{ x: 0, y: 0 }, { x: 9, y: 9 }] },
  "done": { kind: "done" },
} as const;

Deno.test("edits are read as they were written, one a line", async () => {
  const folder = await Deno.makeTempDir();
  const path = join(folder, "a.json");
  for (const edits of [{}, structuredClone(EDITS)]) {
    const file = { version: 1, micrograph: 'a"</script>\n', edits } as const;
    await writeEdits(path, file);
    assertEquals(await readEdits(path), file);
  }
  assertEquals((await Deno.readTextFile(path)).split("\n").length, Object.keys(EDITS).length + 7);
  await Deno.writeTextFile(path, '{"version": 1, "micrograph": "a", "edits": {"a": {}}}');
  await assertRejects(() => readEdits(path), EPickerError, "edits.a");
  await Deno.remove(folder, { recursive: true });
});

Deno.test("changes that do not fit are refused by name", () => {
  assertEquals(checkChanges({ ...EDITS, e: null }), { ...EDITS, e: null });
  const own = JSON.parse('{"__proto__": {"kind": "done"}}');
  assertEquals(Object.keys(checkChanges(own)), []);
  const wrong: [unknown, string][] = [
    [undefined, "changes"],
    [{ a: { kind: "pick", x: 1 } }, "changes.a.y"],
    [{ a: { kind: "pick", x: 1, y: 2e6 } }, "changes.a.y"],
    [{ a: { kind: "pick", x: 1, y: 2, more: 3 } }, "changes.a"],
    [{ a: { kind: "fiber", line: [{ x: 1, y: 2 }] } }, "changes.a.line"],
    [{ "../a": { kind: "done" } }, "changes.../a"],
  ];
  for (const [changes, message] of wrong) {
    assertThrows(() => checkChanges(changes), EPickerError, message);
  }
});
