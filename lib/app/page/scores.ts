import { type Edit, editedPicks, type Edits, isLineRejectedBy } from "../../core/mod.ts";
import type { Facts, Marks } from "../wire.ts";

/**
 * Scores by which the marks of a micrograph are counted, in ten-thousandths, and diameters of
 * vesicles: what a person has added or moved counts at every threshold and in every range, as it is
 * shown and written; what was rejected in none.
 */
export function scoresOf(
  { mode, candidates, fibers, edits }: Omit<Marks, "labels">,
): Pick<Facts, "scores" | "diameters"> {
  const scored: { score?: number; diameter?: number }[] = mode === "fiber"
    ? editedFibers(fibers, Object.values(edits))
    : editedPicks(candidates, unmeasured(edits));
  const scores = scored.map(({ score = 1 }) => Math.round(score * 1e4));
  if (mode !== "vesicle") return { scores };
  return { scores, diameters: scored.map(({ diameter = 0 }) => diameter) };
}

function editedFibers(fibers: Marks["fibers"], edits: Edit[]): { score?: number }[] {
  const rejected = edits.filter((edit) => edit.kind === "rejected");
  return [
    ...fibers.filter(({ line }) => !rejected.some((place) => isLineRejectedBy(line, place))),
    ...edits.filter(({ kind }) => kind === "fiber").map(() => ({})),
  ];
}

/** Edits whose picks have neither score nor diameter. */
function unmeasured(edits: Edits): Edits {
  const entries = Object.entries(edits);
  return Object.fromEntries(
    entries.map(([id, edit]) => [
      id,
      edit.kind === "pick" ? { ...edit, score: 1, diameter: undefined } : edit,
    ]),
  );
}
