import { assertEquals, assertThrows } from "@std/assert";
import { loadStrategy, STRATEGIES, strategyOf } from "../../lib/continual/mod.ts";
import { EPickerError } from "../../lib/core/mod.ts";

Deno.test("a sum of strategies has the loss of the first and what the others do besides", async () => {
  const sum = strategyOf("epicker+unsure+average");
  const { epicker, unsure, average } = STRATEGIES;
  assertEquals([sum.start, sum.data, sum.teacherOn], ["old", "exemplars", "all"]);
  const source = (value: unknown) => String(value);
  assertEquals(source(sum.lossOf), source(epicker.lossOf));
  assertEquals(source(sum.prepare), source(unsure.prepare));
  assertEquals(source(sum.finish), source(average.finish));
  const loaded = await loadStrategy(sum.source); // as a worker does
  assertEquals([loaded.title, loaded.teacherOn], [sum.title, "all"]);
  const less = strategyOf("epicker+average");
  assertEquals([less.teacherOn, less.prepare], ["replayed", undefined]);
  assertEquals(strategyOf("replay+average").teacherOn, undefined);
});

Deno.test("what cannot be added is refused", () => {
  for (const name of ["lwf+unsure", "epicker+lwf", "epicker+", "+", "epicker+constructor"]) {
    assertThrows(() => strategyOf(name), EPickerError, `"${name}"`);
  }
});
