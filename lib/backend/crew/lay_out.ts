import { bytesOf, type HeapMap, inputsOf, type Step } from "./steps.ts";

/** Maps begin at multiples of this many bytes. */
const ALIGNMENT = 64;

/** A map that is needed still, and where it ends. */
interface Live {
  map: HeapMap;
  end: number;
}

/**
 * Gives the maps of some steps their places on the heap: each the first gap that is large enough
 * from the step that makes it to the last that reads it.
 *
 * @param start Byte offset of the first place.
 * @param inputs Maps that are there before the first step.
 * @param outputs Maps that are read after the last step.
 * @returns Byte offset behind all of them.
 */
export function layOut(
  steps: readonly Step[],
  start: number,
  inputs: readonly HeapMap[],
  outputs: readonly HeapMap[],
): number {
  const last = new Map<HeapMap, number>();
  steps.forEach((step, i) => inputsOf(step).forEach((map) => last.set(map, i)));
  outputs.forEach((map) => last.set(map, Infinity));
  let [live, end]: [Live[], number] = [[], start];
  const place = (map: HeapMap) => {
    const size = Math.ceil(bytesOf(map) / ALIGNMENT) * ALIGNMENT;
    map.at = firstGap(live, start, size);
    live.push({ map, end: map.at + size });
    live.sort((a, b) => a.map.at - b.map.at);
    end = Math.max(end, map.at + size);
  };
  inputs.forEach(place);
  steps.forEach((step, i) => {
    place(step.y);
    live = live.filter(({ map }) => (last.get(map) ?? i) > i);
  });
  return end;
}

function firstGap(live: readonly Live[], start: number, size: number): number {
  let at = start;
  for (const { map, end } of live) {
    if (map.at - at >= size) break;
    at = end;
  }
  return at;
}
