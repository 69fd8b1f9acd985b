import {
  type Circle,
  distance,
  distanceToLine,
  type EditChanges,
  type Edits,
  isIgnored,
  isLineRejectedBy,
  isPick,
  isRejectedBy,
  type PickRule,
  type Point,
} from "../../core/mod.ts";
import type { Marks, NewPicks } from "../wire.ts";
import { classColour, COLOURS } from "./colours.ts";
import type { Line, Ring } from "./drawable.ts";

/** A circle that can be pointed at: a candidate, or what a person has added. */
export interface Mark extends Circle {
  /** Score; 1 of what a person has added. */
  score: number;
  /** Name of the edit; absent of a candidate. */
  id?: string;
  /** Number of the class. */
  classNumber?: number;
}

/** A line that can be pointed at: a fiber. */
export interface FiberMark {
  /** From end to end. */
  line: readonly Point[];
  /** Score; 1 of what a person has drawn. */
  score: number;
  /** Name of the edit; absent of a fiber of the record. */
  id?: string;
  /** Number of the class. */
  classNumber?: number;
}

/** All that can be pointed at, rejected and ignored candidates left out. */
export interface Scene {
  /** Candidates and added picks. */
  marks: Mark[];
  /** Traced and drawn fibers. */
  fibers: FiberMark[];
  /** Circles in which nothing is known. */
  ignored: (Circle & { id: string })[];
}

/** What is left of a micrograph's marks after edits. */
export function sceneOf({ mode, candidates, fibers }: Marks, edits: Edits, size: number): Scene {
  const all = Object.entries(edits).map(([id, edit]) => ({ id, ...edit }));
  const rejected = all.filter((edit) => edit.kind === "rejected");
  const ignored = all.filter((edit) => edit.kind === "ignore");
  const found = mode === "fiber"
    ? []
    : candidates.filter((candidate) =>
      !rejected.some((place) => isRejectedBy(candidate, place)) && !isIgnored(candidate, ignored)
    );
  const traced = fibers.filter(({ line }) => {
    return !rejected.some((place) => isLineRejectedBy(line, place));
  });
  const added = all.filter((edit) => edit.kind === "pick");
  return {
    marks: [
      ...found.map((pick): Mark => ({ ...pick, diameter: pick.diameter ?? size })),
      ...added.map((pick): Mark => ({ ...pick, diameter: pick.diameter ?? size, score: 1 })),
    ],
    fibers: [
      ...traced,
      ...all.flatMap((edit) => edit.kind === "fiber" ? [{ ...edit, score: 1 }] : []),
    ],
    ignored,
  };
}

/** Whether a mark is a pick: what a person has added always is one. */
export function isSure(mark: Mark, rule: PickRule): boolean {
  return mark.id !== undefined || isPick(mark, rule);
}

/** What is drawn: rings and lines; candidates out of the range of diameters as if they were weak. */
export function drawn(
  { marks, fibers, ignored }: Scene,
  { labels, fresh, diameterRange }:
    & { labels: Marks["labels"]; fresh?: NewPicks }
    & Partial<PickRule>,
  size: number,
): { rings: Ring[]; lines: Line[] } {
  const colourOf = ({ id, classNumber }: { id?: string; classNumber?: number }) =>
    id === undefined ? COLOURS.pick : classColour(classNumber);
  return {
    rings: [
      ...labels.map(({ x, y, diameter = size }): Ring => ({
        ...{ x, y, score: 2, colour: COLOURS.label },
        diameter: 1.12 * diameter,
      })),
      ...marks.map((mark): Ring => ({
        ...{ ...mark, colour: colourOf(mark) },
        score: isSure(mark, { threshold: 0, diameterRange }) ? mark.score : -mark.score,
      })),
      ...sureOf(fresh?.candidates, fresh).map(({ x, y, diameter = size }): Ring => ({
        ...{ x, y, score: 2, colour: COLOURS.fresh },
        diameter: 0.85 * diameter,
      })),
      ...ignored.flatMap(({ x, y, diameter }) =>
        [1, 0.92].map((part): Ring => ({
          ...{ x, y, score: 2, colour: COLOURS.ignore },
          diameter: part * diameter,
        }))
      ),
    ],
    lines: [
      ...fibers.map((fiber): Line => ({
        points: fiber.line,
        score: fiber.score,
        colour: colourOf(fiber),
      })),
      ...sureOf(fresh?.fibers, fresh).map(({ line }): Line => ({
        points: line,
        score: 2,
        colour: COLOURS.fresh,
      })),
    ],
  };
}

/** What reaches the threshold of the new model. */
export function sureOf<T extends { score: number }>(
  found: readonly T[] = [],
  { threshold }: { threshold: number } = { threshold: 0 },
): T[] {
  return found.filter(({ score }) => score >= threshold);
}

/** The nearest mark about a point, within its circle or `reach`. */
export function markAt(
  marks: readonly Mark[],
  point: Point,
  reach: number,
): Mark | undefined {
  let [best, least]: [Mark | undefined, number] = [undefined, Infinity];
  for (const mark of marks) {
    const away = distance(mark, point);
    if (away < least && away <= Math.max(reach, mark.diameter / 2)) [best, least] = [mark, away];
  }
  return best;
}

/** Points from one to another, no two further apart than a step: where a quick stroke passes. */
export function stroke(from: Point, to: Point, step: number): Point[] {
  const count = Math.max(1, Math.ceil(distance(from, to) / step));
  return Array.from({ length: count + 1 }, (_, i) => ({
    x: from.x + (to.x - from.x) * i / count,
    y: from.y + (to.y - from.y) * i / count,
  }));
}

/** The changes that take away what lies about one of some points. */
export function erasedAt(
  { marks, fibers, ignored }: Scene,
  points: readonly Point[],
  { reach, rule, newId }: { reach: number; rule: PickRule; newId: () => string },
): EditChanges {
  const gone = (id: string | undefined, { x, y }: Point): EditChanges =>
    id === undefined ? { [newId()]: { kind: "rejected", x, y } } : { [id]: null };
  const near = marks.filter((mark) =>
    isSure(mark, rule) &&
    points.some((point) => distance(mark, point) <= Math.max(reach, mark.diameter / 2))
  );
  const crossed = fibers.filter(({ line, score }) =>
    score >= rule.threshold && points.some((point) => distanceToLine(point, line) <= reach)
  );
  const rims = ignored.filter((circle) =>
    points.some((point) => Math.abs(distance(circle, point) - circle.diameter / 2) <= reach)
  );
  return Object.assign(
    {},
    ...near.map((mark) => gone(mark.id, mark)),
    ...crossed.map(({ id, line }) => gone(id, line[line.length >> 1])),
    ...rims.map(({ id }) => ({ [id]: null })),
  );
}

/** The changes that move a mark, or give it a class. */
export function alteredMark(
  { id, x, y, diameter, score, classNumber }: Mark,
  to: Partial<Point & { classNumber: number }>,
  newId: () => string,
): EditChanges {
  const rejected = id === undefined ? { [newId()]: { kind: "rejected", x, y } as const } : {};
  const own = id === undefined ? { score } : {};
  return {
    ...rejected,
    [id ?? newId()]: { kind: "pick", x, y, diameter, classNumber, ...own, ...to },
  };
}
