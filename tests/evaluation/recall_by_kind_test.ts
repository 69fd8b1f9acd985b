import { assert, assertEquals } from "@std/assert";
import { recallByKind } from "../../lib/evaluation/mod.ts";

/** Two micrographs with three particles each; the scores order all picks. */
const IMAGES = [
  {
    name: "a",
    diameter: 20,
    truth: [{ x: 10, y: 10 }, { x: 50, y: 10 }, { x: 90, y: 10 }],
    picks: [{ x: 12, y: 10, score: 0.9 }, { x: 50, y: 12, score: 0.5 }, {
      x: 30,
      y: 60,
      score: 0.8,
    }],
  },
  {
    name: "b",
    diameter: 20,
    truth: [{ x: 10, y: 50 }, { x: 50, y: 50 }, { x: 90, y: 50 }],
    picks: [{ x: 90, y: 50, score: 0.7 }, { x: 50, y: 50, score: 0.1 }],
  },
];
const KINDS: Record<string, string[]> = { a: ["x", "y", "y"], b: ["x", "x", "y"] };

function recallOf(count: number, radius = 10) {
  const { picks, precision, kinds } = recallByKind(
    IMAGES,
    ({ name }) => KINDS[name],
    radius,
    count,
  );
  return { picks, precision, x: kinds[0], y: kinds[1] };
}

Deno.test("recall of kinds counts the best picks of all micrographs together", () => {
  const { picks, precision, x, y } = recallOf(3); // hit of x, miss, hit of y
  assertEquals([picks, precision], [3, 2 / 3]);
  assertEquals(x, { kind: "x", truth: 3, recall: 1 / 3 });
  assertEquals(y, { kind: "y", truth: 3, recall: 1 / 3 });
});

Deno.test("all picks count where there are fewer than asked for", () => {
  const { picks, precision, x, y } = recallOf(100);
  assertEquals([picks, precision, x.recall, y.recall], [5, 4 / 5, 2 / 3, 2 / 3]);
});

Deno.test("a pick beyond the radius finds nothing, and nothing picked has no precision", () => {
  assertEquals(recallOf(100, 1).x.recall, 1 / 3);
  const { picks, precision, x } = recallOf(0);
  assertEquals([picks, x.recall], [0, 0]);
  assert(Number.isNaN(precision));
});
