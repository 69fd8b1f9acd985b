import { type Circle, mean, type Pick, type Point } from "../core/mod.ts";

/** A particle or vesicle: a circle in micrograph pixels. */
export interface CircleMark extends Circle {
  /** Score; 1 where it has none. */
  score: number;
}

/** A fiber: a line through its points, in micrograph pixels. */
export interface LineMark {
  /** Nodes from end to end. */
  points: Point[];
  /** Mean score of its points. */
  score: number;
}

/** What is drawn of picks, best first. */
export interface Marks {
  /** Picks that belong to no fiber. */
  circles: CircleMark[];
  /** Fibers. */
  lines: LineMark[];
}

/** Circles of the picks' own diameters, or of this one; a fiber's picks in their order are a line. */
export function marksOf(picks: readonly Pick[], diameter: number): Marks {
  const circles: CircleMark[] = [];
  const fibers = new Map<number, Pick[]>();
  for (const pick of picks) {
    if (pick.fiber === undefined) {
      const { x, y } = pick;
      circles.push({ x, y, diameter: pick.diameter ?? diameter, score: scoreOf(pick) });
    } else {
      const fiber = fibers.get(pick.fiber);
      if (fiber === undefined) fibers.set(pick.fiber, [pick]);
      else fiber.push(pick);
    }
  }
  const lines = [...fibers.values()].map((points) => ({
    points,
    score: mean(points.map(scoreOf)),
  }));
  return { circles: circles.sort(byScore), lines: lines.sort(byScore) };
}

/** The marks that score this or more. */
export function marksFrom({ circles, lines }: Marks, threshold: number): Marks {
  const strong = ({ score }: { score: number }) => score >= threshold;
  return { circles: circles.filter(strong), lines: lines.filter(strong) };
}

/** How many there are, in words: `12 picks`, `3 labelled fibers`. */
export function countText({ circles, lines }: Marks, noun: "picks" | "labels"): string {
  const fibers = `${lines.length} ${noun === "labels" ? "labelled fibers" : "fibers"}`;
  if (lines.length === 0) return `${circles.length} ${noun}`;
  return circles.length === 0 ? fibers : `${circles.length} ${noun}, ${fibers}`;
}

function scoreOf({ score }: Pick): number {
  return score === undefined || Number.isNaN(score) ? 1 : score;
}

function byScore(a: { score: number }, b: { score: number }): number {
  return b.score - a.score;
}

/** The marks as SVG shapes in micrograph pixels; those below the threshold have the class `weak`. */
export function markShapes({ circles, lines }: Marks, threshold = -Infinity): string {
  const head = (score: number) =>
    `${score < threshold ? ' class="weak"' : ""} data-score="${+score.toFixed(4)}"`;
  const tail = (score: number) => `<title>${score.toFixed(3)}</title>`;
  return [
    ...circles.map(({ x, y, diameter, score }) =>
      `<circle${head(score)} cx="${short(x)}" cy="${short(y)}" r="${short(diameter / 2)}">${
        tail(score)
      }</circle>`
    ),
    ...lines.map(({ points, score }) =>
      `<polyline${head(score)} points="${pointsText(points)}">${tail(score)}</polyline>`
    ),
  ].join("\n");
}

function pointsText(points: readonly Point[]): string {
  return points.map(({ x, y }) => `${short(x)},${short(y)}`).join(" ");
}

function short(value: number): number {
  return +value.toFixed(1);
}
