import { assert, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { EPickerError, type Pick } from "../../lib/core/mod.ts";
import { matchByDistance, UNMATCHED } from "../../lib/evaluation/mod.ts";
import { setIgnoredAside } from "../../lib/evaluation/match.ts";

/** Quarters of pixels, so that equal distances are common and exact. */
const COORDINATE = fc.integer({ min: 0, max: 240 }).map((value) => value / 4);
const PICK: fc.Arbitrary<Pick> = fc.record({
  x: COORDINATE,
  y: COORDINATE,
  score: fc.integer({ min: 0, max: 5 }),
});
const PICKS = fc.array(PICK, { maxLength: 40 });

/** The same match by comparing everything with everything. */
function matchSlowly(picks: Pick[], truth: Pick[], radius: number): number[] {
  const matches = picks.map(() => UNMATCHED);
  const order = picks.map((_, i) => i);
  order.sort((a, b) => picks[b].score! - picks[a].score! || a - b);
  for (const i of order) {
    let nearest = Infinity;
    const taken = new Set(matches);
    truth.forEach(({ x, y }, j) => {
      const distance = Math.hypot(picks[i].x - x, picks[i].y - y);
      if (taken.has(j) || distance > radius || distance >= nearest) return;
      [nearest, matches[i]] = [distance, j];
    });
  }
  return matches;
}

Deno.test("every pick takes the nearest free particle within the radius, best score first", () => {
  fc.assert(fc.property(PICKS, PICKS, COORDINATE, (a, b, r) => {
    const matches = [...matchByDistance(a, b, r)];
    assertEquals(matches, matchSlowly(a, b, r));
    const taken = matches.filter((j) => j !== UNMATCHED);
    assertEquals(new Set(taken).size, taken.length);
  }));
});

Deno.test("the match of the best picks is part of the match of all", () => {
  fc.assert(fc.property(PICKS, PICKS, fc.integer({ min: 0, max: 5 }), (picks, truth, threshold) => {
    const best = picks.filter(({ score }) => score! >= threshold);
    const all = matchByDistance(picks, truth, 10);
    const part = [...all].filter((_, i) => picks[i].score! >= threshold);
    assertEquals([...matchByDistance(best, truth, 10)], part);
  }));
});

Deno.test("the radius is inclusive and may be zero", () => {
  const truth = [{ x: 3, y: 4 }];
  assertEquals([...matchByDistance([{ x: 0, y: 0 }], truth, 5)], [0]);
  assertEquals([...matchByDistance([{ x: 0, y: 0 }], truth, 4.999)], [UNMATCHED]);
  assertEquals([...matchByDistance([{ x: 3, y: 4 }], truth, 0)], [0]);
});

Deno.test("picks without score count as 1 and keep their order", () => {
  const truth = [{ x: 0, y: 0 }];
  const at = (x: number, score?: number): Pick =>
    score === undefined ? { x, y: 0 } : { x, y: 0, score };
  assertEquals([...matchByDistance([at(2), at(1)], truth, 5)], [0, UNMATCHED]);
  assertEquals([...matchByDistance([at(1, 0.9), at(2), at(1, NaN)], truth, 5)], [-1, 0, -1]);
});

Deno.test("nothing matches nothing", () => {
  assertEquals(matchByDistance([], [{ x: 1, y: 1 }], 5).length, 0);
  assertEquals([...matchByDistance([{ x: 1, y: 1 }], [], 5)], [UNMATCHED]);
});

Deno.test("a radius that is negative or not a number is refused", () => {
  for (const radius of [-1, NaN]) {
    const error = assertThrows(() => matchByDistance([], [], radius), EPickerError);
    assert(error.code === "bad-option" && error.message.startsWith("radius: found"));
  }
});

Deno.test("a pick lies in an ignore region where half of its own square does", () => {
  const region = { x: 100, y: 100, diameter: 80 }; // the square from 60 to 140
  const outcome = (x: number, side: number, truth: Pick[] = [], iou = 0.5) => {
    const image = { name: "a", picks: [{ x, y: 100 }], truth, diameter: 20, ignore: [region] };
    const squares = { iou, sideOf: () => side };
    const matches = matchByDistance(image.picks, truth, 10);
    return setIgnoredAside(matches, image.picks, image, squares)[0];
  };
  assertEquals([outcome(100, 20), outcome(140, 20), outcome(140.1, 20)], [-2, -2, UNMATCHED]);
  assertEquals([outcome(100, 110), outcome(100, 120)], [-2, UNMATCHED]); // 80² / 110², 80² / 120²
  assertEquals([outcome(65, 20, [], 0.75), outcome(64, 20, [], 0.75)], [-2, UNMATCHED]);
  assertEquals(outcome(100, 20, [{ x: 104, y: 100 }]), 0); // what matches is right even there
});
