import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import { pickReport } from "../../lib/app/mod.ts";
import { EPickerError } from "../../lib/core/mod.ts";
import { readCandidates, writeCandidates, writeEdits } from "../../lib/io/mod.ts";
import { viewFolder } from "./_view.ts";

Deno.test("a report counts all micrographs with their edits, shows some, and runs no name", async () => {
  const { folder, micrographs, picks } = await viewFolder();
  const one = join(picks, "candidates", "one.json");
  const record = await readCandidates(one);
  for (const name of ["one", "two", "<b>x"]) {
    const path = join(micrographs, `${name === "two" ? "two" : "one"}.mrc`);
    const provenance = { path, content: "", model: "", recipe: "", formats: [] };
    await writeCandidates(join(picks, "candidates", `${name}.json`), { ...record, provenance });
  }
  await Deno.writeTextFile(join(picks, "candidates", "bad.json"), "{");
  const edits = { a: { kind: "rejected", x: 60, y: 60 }, b: { kind: "pick", x: 9, y: 9 } } as const;
  const more = { ...edits, c: { kind: "pick", x: 90, y: 9 } } as const;
  await writeEdits(join(picks, "edits", "two.json"), {
    version: 1,
    micrograph: "two",
    edits: more,
  });
  const page = await pickReport(picks, 2);
  assertStringIncludes(page, "10 picks in 4 micrographs"); // 3 + 3 and 3 − 1 + 2
  assertStringIncludes(page, "bad.json: found");
  assertEquals(page.match(/<img /g)?.length, 2); // of three that can be read
  assertEquals(page.match(/<b>x|(src|href)="http/g), null);
  await assertRejects(() => pickReport(folder), EPickerError, "no candidates");
  await Deno.remove(folder, { recursive: true });
});
