import { assertEquals } from "@std/assert";
import fc from "fast-check";
import {
  distanceToLine,
  type Edit,
  type EditChanges,
  editedPicks,
  inverseChanges,
  withChanges,
} from "../../lib/core/mod.ts";

const edit: fc.Arbitrary<Edit> = fc.oneof(
  fc.record({ kind: fc.constant("pick" as const), x: fc.nat(99), y: fc.nat(99) }),
  fc.record({ kind: fc.constant("rejected" as const), x: fc.nat(99), y: fc.nat(99) }),
);
const changes: fc.Arbitrary<EditChanges> = fc.dictionary(
  fc.constantFrom("a", "b", "c", "d"),
  fc.option(edit),
);

Deno.test("the inverse of changes takes them back, whatever they are", () => {
  fc.assert(fc.property(changes, changes, (before, change) => {
    const edits = withChanges({}, before);
    const inverse = inverseChanges(edits, change);
    assertEquals(withChanges(withChanges(edits, change), inverse), edits);
  }));
});

Deno.test("changes of different names add up in any order", () => {
  const [a, b]: EditChanges[] = [{ a: { kind: "done" } }, { b: { kind: "pick", x: 1, y: 2 } }];
  assertEquals(withChanges(withChanges({}, a), b), withChanges(withChanges({}, b), a));
});

Deno.test("a rejected place takes what lies within a quarter of the diameter, and no more", () => {
  const picks = [0, 9, 11].map((x) => ({ x, y: 0, diameter: 40, score: 0.5 }));
  const edits = { a: { kind: "rejected", x: 0, y: 0 } } as const;
  assertEquals(editedPicks(picks, edits).map(({ x }) => x), [11]);
});

Deno.test("an ignored circle takes picks whose centre it holds, not those a person has added", () => {
  const picks = [{ x: 0, y: 4 }, { x: 0, y: 6 }];
  const edits = {
    a: { kind: "ignore", x: 0, y: 0, diameter: 10 },
    b: { kind: "pick", x: 1, y: 1, score: 0.25 },
  } as const;
  assertEquals(editedPicks(picks, edits), [{ x: 0, y: 6 }, { x: 1, y: 1, score: 0.25 }]);
});

Deno.test("one place beside its line rejects a whole fiber; a drawn one gets the next number", () => {
  const picks = [1, 2].flatMap((fiber) => [0, 60].map((x) => ({ x, y: 50 * fiber, fiber })));
  const edits = {
    a: { kind: "rejected", x: 30, y: 50.5 },
    b: { kind: "fiber", line: [{ x: 1, y: 2 }, { x: 3, y: 4 }] },
  } as const;
  assertEquals(editedPicks(picks, edits), [
    ...picks.slice(2),
    { x: 1, y: 2, score: 1, fiber: 3 },
    { x: 3, y: 4, score: 1, fiber: 3 },
  ]);
});

Deno.test("the distance to a line is the least to any point of it", () => {
  const line = [{ x: 0, y: 0 }, { x: 10, y: 0 }, { x: 10, y: 10 }];
  const samples = line.slice(1).flatMap((to, i) =>
    Array.from({ length: 1001 }, (_, k) => ({
      x: line[i].x + (to.x - line[i].x) * k / 1000,
      y: line[i].y + (to.y - line[i].y) * k / 1000,
    }))
  );
  fc.assert(fc.property(fc.integer({ min: -20, max: 30 }), fc.nat(30), (x, y) => {
    const slow = Math.min(...samples.map((at) => Math.hypot(at.x - x, at.y - y)));
    return Math.abs(distanceToLine({ x, y }, line) - slow) < 0.01;
  }));
  assertEquals(distanceToLine({ x: 3, y: 4 }, [{ x: 0, y: 0 }]), 5);
  assertEquals(distanceToLine({ x: 3, y: 4 }, []), Infinity);
});
