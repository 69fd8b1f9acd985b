import { type Edit, editedPicks, type Edits, isLineRejectedBy } from "../../core/mod.ts";
import type { Marks } from "../wire.ts";

/**
 * Scores by which the marks of a micrograph are counted, in ten-thousandths: what a person has added
 * or moved counts at every threshold, as it is shown and written at every one; what was rejected
 * at none.
 */
export function scoresOf({ mode, candidates, fibers, edits }: Omit<Marks, "labels">): number[] {
  const scored: { score?: number }[] = mode === "fiber"
    ? editedFibers(fibers, Object.values(edits))
    : editedPicks(candidates, withoutScores(edits));
  return scored.map(({ score = 1 }) => Math.round(score * 1e4));
}

function editedFibers(fibers: Marks["fibers"], edits: Edit[]): { score?: number }[] {
  const rejected = edits.filter((edit) => edit.kind === "rejected");
  return [
    ...fibers.filter(({ line }) => !rejected.some((place) => isLineRejectedBy(line, place))),
    ...edits.filter(({ kind }) => kind === "fiber").map(() => ({})),
  ];
}

function withoutScores(edits: Edits): Edits {
  const entries = Object.entries(edits);
  return Object.fromEntries(
    entries.map(([id, edit]) => [id, edit.kind === "pick" ? { ...edit, score: 1 } : edit]),
  );
}
