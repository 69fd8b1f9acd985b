import { assertEquals } from "@std/assert";
import { scoresOf } from "../../lib/app/page/scores.ts";

const NONE = { fibers: [], candidates: [], warnings: [], edits: {} };
const at = (x: number) => ({ x, y: 50, diameter: 20 });

Deno.test("what a person has added or moved is counted as it is shown: at every threshold", () => {
  const candidates = [{ ...at(100), score: 0.9 }, { ...at(200), score: 0.1 }];
  const edits = {
    a: { kind: "pick", ...at(300) },
    b: { kind: "rejected", x: 200, y: 50 }, // a weak one was clicked: it keeps its score in the file
    c: { kind: "pick", ...at(200), score: 0.1 },
  } as const;
  const scores = scoresOf({ ...NONE, mode: "particle", candidates, edits });
  assertEquals(scores, { scores: [9000, 10000, 10000] });
});

Deno.test("vesicles have a diameter, what a person has added fits every range", () => {
  const candidates = [{ ...at(100), score: 0.9 }, { ...at(200), diameter: 44.5, score: 0.1 }];
  const edits = { a: { kind: "pick", ...at(300) } } as const;
  assertEquals(scoresOf({ ...NONE, mode: "vesicle", candidates, edits }), {
    scores: [9000, 1000, 10000],
    diameters: [20, 44.5, 0],
  });
});

Deno.test("fibers are counted each once, rejected ones not", () => {
  const fiberAt = (y: number, score: number) => ({ line: [{ x: 0, y }, { x: 90, y }], score });
  const edits = {
    a: { kind: "rejected", x: 40, y: 20 },
    b: { kind: "fiber", line: [{ x: 0, y: 60 }, { x: 50, y: 60 }] },
  } as const;
  const fibers = [fiberAt(20, 0.8), fiberAt(40, 0.7)];
  assertEquals(scoresOf({ ...NONE, mode: "fiber", fibers, edits }), {
    scores: [7000, 10000],
  });
});
