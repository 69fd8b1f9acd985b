import { assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { EPickerError } from "../../lib/core/mod.ts";
import { allTables, allTexts, unused } from "../../tasks/tables/_all.ts";
import { withTables } from "../../tasks/tables/_marked.ts";
import { boldHighest } from "../../tasks/tables/_read.ts";

const TABLES = { a: "| x    |\n| ---: |\n|    1 |", b: "| y    |\n| ---: |\n|    2 |" };

Deno.test("every table of README, docs and cards is what the committed JSON says", async () => {
  const texts = await allTexts();
  const stale = texts.filter(({ found, wanted }) => found !== wanted).map(({ path }) => path);
  assertEquals(stale, [], "run deno task tables");
  assertEquals(unused(texts, await allTables()), []);
});

Deno.test("a table is written between its comments, and nothing else changes", () => {
  const text =
    "before\n<!-- table: a -->\n<!-- end -->\nbetween\n<!-- table: b -->\nold\n<!-- end -->";
  const written = withTables(text, TABLES, "t.md");
  assertEquals(
    written,
    `before\n<!-- table: a -->\n\n${TABLES.a}\n\n<!-- end -->\nbetween\n` +
      `<!-- table: b -->\n\n${TABLES.b}\n\n<!-- end -->`,
  );
  assertEquals(withTables(written, TABLES, "t.md"), written);
});

Deno.test("a changed number is seen, a formatter's blanks are not", () => {
  const text = `<!-- table: a -->\n\n${TABLES.a}\n\n<!-- end -->`;
  const narrow = "<!-- table: a -->\n\n|  x |\n| -: |\n| 1 |\n\n<!-- end -->";
  assertEquals(withTables(narrow, TABLES, "t.md"), narrow);
  assertEquals(withTables(text.replace("   1", "   2"), TABLES, "t.md"), text);
});

Deno.test("an unknown table and a comment without its end are refused", () => {
  const unknown = () => withTables("<!-- table: c -->\n<!-- end -->", TABLES, "t.md");
  assertStringIncludes(assertThrows(unknown, EPickerError).message, "a, b");
  const open = () => withTables("<!-- table: a -->\n| x |\n", TABLES, "t.md");
  assertThrows(open, EPickerError, "<!-- end -->");
});

Deno.test("bold is the highest as it is printed, ties and all", () => {
  assertEquals(boldHighest([0.9061, undefined, 0.9058, 0.89]), [
    "**0.906**",
    "–",
    "**0.906**",
    "0.890",
  ]);
  assertEquals(boldHighest([0.5, undefined]), ["0.500", "–"]); // none beside it
});
