import { assertAlmostEquals, assertEquals } from "@std/assert";
import { uncertainty } from "../../lib/app/page/label_next.ts";
import { namesInOrder, sharedStart } from "../../lib/app/page/order.ts";
import { Store } from "../../lib/app/page/store.ts";

Deno.test("scores at the threshold are unsure, those at 0 and 1 are sure", () => {
  assertEquals(uncertainty([4000], 0.4), 1);
  assertEquals(uncertainty([10_000], 0.4), 0);
  assertAlmostEquals(uncertainty([7000], 0.4), 0.5); // halfway up
  assertAlmostEquals(uncertainty([3000], 0.4), 0.75); // a quarter of the way down
  assertAlmostEquals(uncertainty([100, 500, 3000, 7000], 0.4), 0.625); // weak ones do not count
  assertEquals(uncertainty([], 0.4), 0);
  assertEquals(uncertainty([5000, 10_000], 1), (0.5 + 0) / 2);
});

Deno.test("next to label is what the model is unsure of; what is done comes last", () => {
  const names = ["sure", "done", "never picked", "unsure"];
  const teaching = { model: "m", hasExemplars: false };
  const store = new Store({ names, folder: "f", formats: [], teaching });
  const facts = (name: string, scores: number[], more = {}) =>
    [name, { name, scores: Uint16Array.from(scores), threshold: 0.4, ...KNOWN, ...more }] as const;
  store.set({
    order: "to label next",
    facts: new Map([
      facts("sure", [9000, 9500]),
      facts("done", [4000], { done: true }),
      facts("never picked", [], { threshold: undefined }),
      facts("unsure", [4100, 9000]),
    ]),
  });
  store.look({ threshold: 0.4 });
  assertEquals(namesInOrder(store.state), ["unsure", "sure", "never picked", "done"]);
});

Deno.test("a long start that all names share ends at a word, and is left out of the list", () => {
  assertEquals(sharedStart(["20231114_grid1_000123_ali", "20231114_grid1_000187_ali"]), 15);
  assertEquals(sharedStart(["ribosome-80s_001", "ribosome-80s_002"]), 0); // short
  assertEquals(sharedStart(["a1micrograph00000000000001", "a1micrograph00000000000002"]), 0); // one word
  assertEquals(sharedStart(["a_long_name_of_one_micrograph"]), 0);
  assertEquals(sharedStart(["a_long_name_of_one_micrograph", "another_long_name", ""]), 0);
});

const KNOWN = { edits: 0, done: false, warnings: [] };
