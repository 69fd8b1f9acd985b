import { assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { EPickerError } from "../../lib/core/mod.ts";
import { formatStarTable, parseStarTables } from "../../lib/io/mod.ts";

Deno.test("parseStarTables() reads blocks, loops, pairs, comments, quotes and CRLF", () => {
  const text = [
    "# version 30001",
    "data_optics",
    "",
    "_rlnVoltage 300 # kV",
    "_rlnName 'a # b'",
    "data_particles",
    "loop_ ",
    "_rlnCoordinateX #1 ",
    "_rlnName",
    "1.5 plain # comment",
    "",
    ' 2 "it\'s two words" ',
    "data_",
  ].join("\r\n");
  assertEquals(parseStarTables(text, "a.star"), [
    { name: "optics", columns: ["_rlnVoltage", "_rlnName"], rows: [["300", "a # b"]], lines: [4] },
    {
      name: "particles",
      columns: ["_rlnCoordinateX", "_rlnName"],
      rows: [["1.5", "plain"], ["2", "it's two words"]],
      lines: [10, 12],
    },
  ]);
});

Deno.test("parseStarTables() names the line of what does not fit", () => {
  const cases = [
    ["data_\nloop_\n_a\n_b\n1\n", "line 5: found 1 values; expected 2"],
    ["data_\nloop_\n_a\n'open\n", "line 4: found a quote that is not closed"],
    ["data_\n1 2\n", "line 2: found values outside a loop"],
    ["data_\n_a\n", "line 2: found 0 values for _a"],
  ];
  for (const [text, message] of cases) {
    assertThrows(() => parseStarTables(text, "a.star"), EPickerError, `a.star, ${message}`);
  }
});

Deno.test("formatStarTable() writes what parseStarTables() reads", () => {
  const value = fc.stringMatching(/^[ -~]{1,12}$/).filter((text) => {
    return text.trim() === text && !(text.includes('"') && text.includes("'"));
  });
  fc.assert(
    fc.property(fc.array(fc.tuple(value, value)), (rows) => {
      const [table] = parseStarTables(formatStarTable("x", ["_a", "_b"], rows), "a.star");
      assertEquals(table.rows, rows.map((row) => [...row]));
    }),
    { numRuns: 200, seed: 1 },
  );
});
