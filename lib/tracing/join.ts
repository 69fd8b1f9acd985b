import { distance, type Point } from "../core/mod.ts";
import { PointField } from "./field.ts";
import { lastPoints, type Limits, misfitOf } from "./follow.ts";
import { fitEnd, headingOf, type LocalFit } from "./local_fit.ts";
import { lengthOfLine } from "./polyline.ts";

/** Widest gap that is joined, in reaches. */
const JOIN_REACHES = 1.5;

/** Largest turn from one piece to the other, in radians. */
const JOIN_TURN = 0.4;

/** Points at an end that may be dropped: a stray one turns the end away. */
const MAX_DROPPED = 3;

/** An end of a piece, maybe without its last points. */
interface End {
  /** Piece i ends at 2 i (its first point) and 2 i + 1 (its last). */
  id: number;
  /** How many points are dropped. */
  dropped: number;
  fit: LocalFit;
  heading: Point;
}

/** A pair of ends that go on in each other. */
interface Joint {
  ends: [End, End];
  cost: number;
}

/**
 * Joins pieces of lines that go on in each other across gaps, the best fitting first.
 *
 * @param pieces Lines of two or more points.
 */
export function joinPieces<P extends Point>(pieces: P[][], limits: Limits): P[][] {
  const lengths = pieces.map(lengthOfLine);
  const ends = pieces.flatMap((piece, i) => [...endsOf(piece, 2 * i, limits)]);
  const joints = jointsOf(ends, lengths, limits).sort((a, b) => a.cost - b.cost);
  const partner = new Map<number, number>();
  const dropped = new Map<number, number>();
  const otherEnd = new Map(pieces.flatMap((_, i) => [[2 * i, 2 * i + 1], [2 * i + 1, 2 * i]]));
  for (const { ends: [a, b] } of joints) {
    if (partner.has(a.id) || partner.has(b.id) || otherEnd.get(a.id) === b.id) continue;
    partner.set(a.id, b.id).set(b.id, a.id);
    dropped.set(a.id, a.dropped).set(b.id, b.dropped);
    const [far, near] = [otherEnd.get(a.id)!, otherEnd.get(b.id)!];
    otherEnd.set(far, near).set(near, far);
  }
  const trimmed = pieces.map((piece, i) =>
    piece.slice(dropped.get(2 * i) ?? 0, piece.length - (dropped.get(2 * i + 1) ?? 0))
  );
  return chained(trimmed, partner);
}

/** Both ends of a piece, each also without its last few points. */
function* endsOf(piece: Point[], id: number, limits: Limits): Generator<End> {
  for (const last of [0, 1]) {
    const ordered = last ? piece : piece.toReversed();
    for (let dropped = 0; dropped <= MAX_DROPPED && piece.length - dropped >= 3; dropped++) {
      const rest = ordered.slice(0, ordered.length - dropped);
      const fit = fitEnd(lastPoints(rest, limits.reach), limits);
      yield { id: id + last, dropped, fit, heading: headingOf(fit) };
    }
  }
}

/** All pairs of ends of different pieces that may be joined. */
function jointsOf(ends: End[], lengths: number[], limits: Limits): Joint[] {
  const field = new PointField(ends.map(({ fit }) => fit.origin));
  return ends.flatMap((a, i) =>
    field.freeNear(a.fit.origin, JOIN_REACHES * limits.reach).flatMap((j): Joint[] => {
      const b = ends[j];
      if (j <= i || a.id >> 1 === b.id >> 1) return [];
      const gap = distance(a.fit.origin, b.fit.origin);
      if (gap > Math.max(limits.freeStep, lengths[a.id >> 1] + lengths[b.id >> 1])) return [];
      const misfit = misfitOfJoint(a, b, gap, limits);
      if (!(misfit <= 1)) return [];
      const drops = (a.dropped + b.dropped) * limits.sigma;
      return [{ ends: [a, b], cost: gap * (1 + 3 * misfit * misfit) + drops }];
    })
  );
}

/** How far two ends are from going on in each other, in units of what is allowed. */
function misfitOfJoint(a: End, b: End, gap: number, limits: Limits): number {
  const [on, back] = [
    misfitOf(a.fit, b.fit.origin, limits),
    misfitOf(b.fit, a.fit.origin, limits),
  ];
  if (!(on.u > 0 && back.u > 0)) return Infinity;
  const along = -a.heading.x * b.heading.x - a.heading.y * b.heading.y;
  const turn = Math.acos(Math.max(-1, Math.min(1, along)));
  const bend = Math.max(JOIN_TURN / 2, Math.min(JOIN_TURN, gap * limits.curvature));
  return Math.max(on.misfit, back.misfit, turn / bend);
}

/** Walks over the joints from every free end. */
function chained<P extends Point>(pieces: P[][], partner: Map<number, number>): P[][] {
  const seen = new Set<number>();
  const lines: P[][] = [];
  const walk = (entry: number): P[] => {
    const line: P[] = [];
    for (let end: number | undefined = entry; end !== undefined;) {
      const piece = end >> 1;
      seen.add(piece);
      line.push(...(end % 2 === 0 ? pieces[piece] : pieces[piece].toReversed()));
      end = partner.get(end ^ 1);
    }
    return line;
  };
  for (let end = 0; end < 2 * pieces.length; end++) {
    if (!partner.has(end) && !seen.has(end >> 1)) lines.push(walk(end));
  }
  return lines;
}
