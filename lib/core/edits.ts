import { type Circle, distance, distanceToLine, type Pick, type Point } from "./geometry.ts";

/**
 * One thing that a person has said about a micrograph, in its pixels.
 *
 * `pick` is one more object; `rejected` a place where a picker saw one and there is none; within
 * `ignore` nothing is known; `fiber` is a centre line from end to end; `done` says that everything
 * is labelled.
 */
export type Edit =
  | { kind: "pick" } & Pick
  | { kind: "rejected" } & Point
  | { kind: "ignore" } & Circle
  | { kind: "fiber"; line: readonly Point[]; classNumber?: number }
  | { kind: "done" };

/** All edits of a micrograph, each under a name of its own that never changes. */
export type Edits = Readonly<Record<string, Edit>>;

/** Changes of edits: by their names the new ones, nothing for those that go. */
export type EditChanges = Readonly<Record<string, Edit | null>>;

/** Part of the diameter within which a rejected place meets a pick. */
const REJECTED_REACH = 0.25;

/** The edits after changes. */
export function withChanges(edits: Edits, changes: EditChanges): Edits {
  const all: Record<string, Edit | null> = { ...edits, ...changes };
  const kept = Object.entries(all).filter((entry): entry is [string, Edit] => entry[1] !== null);
  return Object.fromEntries(kept);
}

/** The changes that take back changes of these edits. */
export function inverseChanges(edits: Edits, changes: EditChanges): EditChanges {
  return Object.fromEntries(Object.keys(changes).map((id) => [id, edits[id] ?? null]));
}

/**
 * The picks of a micrograph as a person has corrected them: without the rejected ones and those
 * within ignored circles, with the added ones (of score 1 where they have none) and the drawn
 * fibers. Of a traced fiber, one rejected point rejects the whole.
 *
 * @example
 * ```ts
 * import { editedPicks } from "@epicker/epicker/core";
 * import { assertEquals } from "@std/assert";
 *
 * const picks = [{ x: 5, y: 5, score: 0.9 }, { x: 50, y: 50, score: 0.8 }];
 * const edits = {
 *   a: { kind: "rejected", x: 5, y: 5 },
 *   b: { kind: "pick", x: 20, y: 30, classNumber: 2 },
 * } as const;
 * assertEquals(editedPicks(picks, edits), [
 *   { x: 50, y: 50, score: 0.8 },
 *   { x: 20, y: 30, score: 1, classNumber: 2 },
 * ]);
 * ```
 */
export function editedPicks<P extends Pick>(picks: readonly P[], edits: Edits): (P | Pick)[] {
  const all = Object.values(edits);
  const kept = survivors(picks, all);
  const lastFiber = kept.reduce((last, { fiber = 0 }) => Math.max(last, fiber), 0);
  const fibers = all.filter((edit) => edit.kind === "fiber");
  return [
    ...kept,
    ...all.flatMap((edit) => edit.kind === "pick" ? [pickOf(edit)] : []),
    ...fibers.flatMap(({ line, classNumber }, i) =>
      line.map((node): Pick => ({
        ...node,
        score: 1,
        fiber: lastFiber + 1 + i,
        ...classNumber === undefined ? {} : { classNumber },
      }))
    ),
  ];
}

/** What neither a rejected place nor an ignored circle takes away. */
function survivors<P extends Pick>(picks: readonly P[], edits: readonly Edit[]): readonly P[] {
  const rejected = edits.filter((edit) => edit.kind === "rejected");
  const ignored = edits.filter((edit) => edit.kind === "ignore");
  if (rejected.length + ignored.length === 0) return picks;
  const fibers = Map.groupBy(picks.filter(({ fiber }) => fiber !== undefined), (p) => p.fiber);
  const gone = new Set([...fibers].flatMap(([fiber, line]) => {
    return rejected.some((place) => isLineRejectedBy(line, place)) ? [fiber] : [];
  }));
  return picks.filter((pick) =>
    !(pick.fiber === undefined
      ? rejected.some((place) => isRejectedBy(pick, place))
      : gone.has(pick.fiber)) && !isIgnored(pick, ignored)
  );
}

/** Whether a point lies within one of some circles. */
export function isIgnored(point: Point, circles: readonly Circle[]): boolean {
  return circles.some((circle) => distance(circle, point) < circle.diameter / 2);
}

/** Whether a rejected place means this pick: it lies within a quarter of its diameter. */
export function isRejectedBy(pick: Pick, place: Point): boolean {
  return distance(pick, place) <= reachOf(pick);
}

/** Whether a rejected place means the fiber through these points. */
export function isLineRejectedBy(line: readonly Pick[], place: Point): boolean {
  return distanceToLine(place, line) <= reachOf(line[0]);
}

function reachOf({ diameter = 0 }: Pick): number {
  return Math.max(1, REJECTED_REACH * diameter);
}

function pickOf({ kind: _, score = 1, ...pick }: { kind: "pick" } & Pick): Pick {
  return { ...pick, score };
}
