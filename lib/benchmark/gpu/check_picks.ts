import { readMicrograph } from "../../io/mod.ts";
import {
  loadPicker,
  type PickerOptions,
  type PickingBackendName,
  type ScoredPick,
} from "../../picking/mod.ts";
import { type Check, checkOf } from "./check.ts";

/** Greatest difference of scores, and of places in pixels of the micrograph for each of the network. */
const BOUNDS = { score: 1e-3, place: 0.05 };

/**
 * Compares the picks of a micrograph with those of WASM.
 *
 * Every pick must be among the other's candidates, and the other way round; one whose score comes as
 * near to the threshold as rounding may be a pick here and none there.
 */
export async function checkPicks(
  network: string,
  model: PickerOptions["model"],
  path: string,
  backend: PickingBackendName,
): Promise<Check[]> {
  const expected = await picksOn("wasm", model, path);
  const found = await picksOn(backend, model, path);
  const what = `${network}, ${expected.micrograph}, ${expected.picks.length} picks`;
  const pairs = [
    ...pairsOf(found.picks, expected.candidates),
    ...pairsOf(expected.picks, found.candidates),
  ];
  const most = (values: number[]) => values.reduce((a, b) => a >= b ? a : b, 0);
  const against = "WASM";
  return [
    checkOf({
      ...{ kind: "picks, scores", what, against, bound: BOUNDS.score },
      off: most(pairs.map(({ score }) => score)),
    }),
    checkOf({
      ...{ kind: "picks, places (px of the network)", what, against, bound: BOUNDS.place },
      off: most(pairs.map(({ place }) => place)) / expected.scale,
    }),
  ];
}

async function picksOn(
  backend: PickingBackendName,
  model: PickerOptions["model"],
  path: string,
) {
  using picker = await loadPicker({ model, backend });
  const micrograph = await readMicrograph(path);
  const { picks, candidates, image } = await picker.pick(micrograph);
  return { picks, candidates, scale: image.scale, micrograph: micrograph.name };
}

/** How far each pick is from the nearest of the others, and their scores from each other. */
function pairsOf(picks: ScoredPick[], others: ScoredPick[]): { place: number; score: number }[] {
  return picks.map((pick) => {
    const nearest = others.reduce<{ place: number; score: number }>((best, other) => {
      const place = Math.hypot(pick.x - other.x, pick.y - other.y);
      return place < best.place ? { place, score: Math.abs(pick.score - other.score) } : best;
    }, { place: Infinity, score: Infinity });
    return nearest;
  });
}
