import { assertEquals } from "@std/assert";
import { formatTable } from "../../lib/evaluation/mod.ts";

Deno.test("a table has three decimals, whole columns none, and dashes for what is missing", () => {
  const rows: { name: string; picks: number; ap?: number | null }[] = [
    { name: "a", picks: 12, ap: 1 },
    { name: "long|name", picks: 3, ap: 0.12345 },
    { name: "c", picks: 0, ap: null },
    { name: "d", picks: NaN },
  ];
  assertEquals(
    formatTable(rows, ["name", { key: "picks", title: "Picks" }, { key: "ap", digits: 2 }]),
    [
      "| name       | Picks |   ap |",
      "| :--------- | ----: | ---: |",
      "| a          |    12 | 1.00 |",
      "| long\\|name |     3 | 0.12 |",
      "| c          |     0 |    – |",
      "| d          |     – |    – |",
    ].join("\n"),
  );
  assertEquals(formatTable(rows.slice(0, 2), ["ap"]).split("\n")[2], "| 1.000 |");
});

Deno.test("a table without rows is its heading", () => {
  assertEquals(formatTable<{ ap: number }>([], ["ap"]), "| ap   |\n| :--- |");
});

Deno.test("a table has as many rows as there are", () => {
  const rows = Array.from({ length: 200_000 }, (_, i) => ({ i }));
  assertEquals(formatTable(rows, ["i"]).split("\n").length, 200_002);
});
