import type { CandidatesFile } from "../io/mod.ts";
import { hasSamePicks, type Place, type Target, writeTaken } from "./results.ts";
import { factsOf } from "./summary.ts";
import { takePicks } from "./take_picks.ts";

/** Takes the picks of a micrograph from the candidates of an earlier run, and writes what changes. */
export async function takeAgain(
  place: Place,
  targets: Target[],
  before: CandidatesFile,
  wanted: CandidatesFile,
): Promise<{ facts: ReturnType<typeof factsOf>; isDone: boolean }> {
  const taken = takePicks(wanted, place.name);
  const isRecorded = hasSamePicks(before, wanted);
  const isChanged = await writeTaken(place, targets, taken, isRecorded);
  return { facts: factsOf(taken), isDone: isRecorded && !isChanged };
}
