import * as z from "zod";
import { calibrated, type Calibration, EPickerError, mean, readFile } from "../core/mod.ts";
import { calibrationError, fitCalibration, type ScoredHit } from "../evaluation/mod.ts";

/** A calibration that holds for kinds that a model has not seen. */
export interface UnseenCalibration extends Calibration {
  /** Calibrated score with the highest F1, mean over the kinds. */
  threshold: number;
  /** Expected calibration error on each kind of the calibration fitted to the other ones. */
  errors: Record<string, number>;
}

/** What a model picked on the kind that it has not seen; without a result it has not been run. */
export interface UnseenPicks {
  /** The kind. */
  kind: string;
  /** Score, and 1 where it is right, of every pick; and how many particles there are. */
  result?: { hits: [score: number, right: number][]; truth: number };
}

/** All picks of models on the kind that they have not seen. */
interface Kind {
  name: string;
  hits: ScoredHit[];
  truth: number;
}

/**
 * Fits a calibration to what models picked on training images of kinds that were left out, every
 * kind counting the same.
 *
 * @returns Undefined where no cell has been run.
 */
export function calibrationOf(cells: readonly UnseenPicks[]): UnseenCalibration | undefined {
  const run = cells.filter(({ result }) => result !== undefined);
  const kinds = [...Map.groupBy(run, ({ kind }) => kind)].map(([name, group]): Kind => ({
    name,
    hits: group.flatMap(({ result }) =>
      result!.hits.map(([score, right]) => ({ score, hit: right === 1 }))
    ),
    truth: group.reduce((sum, { result }) => sum + result!.truth, 0),
  }));
  if (kinds.length === 0) return undefined;
  const { slope, shift } = fitCalibration(equalShares(kinds));
  const errors = kinds.length < 2 ? [] : kinds.map((kind) => {
    const others = fitCalibration(equalShares(kinds.filter((other) => other !== kind)));
    return [kind.name, calibrationError(probabilities(kind.hits, others))];
  });
  const threshold = bestThreshold(kinds, { slope, shift });
  return { slope, shift, threshold, errors: Object.fromEntries(errors) };
}

/** As many picks of each kind, evenly from its best to its worst. */
function equalShares(kinds: Kind[]): ScoredHit[] {
  const count = Math.min(...kinds.map(({ hits }) => hits.length));
  return kinds.flatMap(({ hits }) => {
    const sorted = hits.toSorted((a, b) => b.score - a.score);
    return Array.from({ length: count }, (_, i) => {
      return sorted[Math.floor((i + 0.5) * sorted.length / count)];
    });
  });
}

function probabilities(hits: ScoredHit[], calibration: Calibration): ScoredHit[] {
  return hits.map(({ score, hit }) => ({ score: calibrated(score, calibration), hit }));
}

/** The hundredth with the highest F1, mean over the kinds. */
function bestThreshold(kinds: Kind[], calibration: Calibration): number {
  const known = kinds.map(({ hits, truth }) => ({
    hits: probabilities(hits, calibration),
    truth,
  }));
  const worth = Array.from({ length: 99 }, (_, i) =>
    mean(known.map(({ hits, truth }) => {
      const picks = hits.filter(({ score }) => score >= (i + 1) / 100);
      return 2 * picks.filter(({ hit }) => hit).length / (picks.length + truth) || 0;
    })));
  return (worth.indexOf(Math.max(...worth)) + 1) / 100;
}

const FILE = z.object({
  slope: z.number().nonnegative(),
  shift: z.number(),
  threshold: z.number().min(0).max(1),
});

/**
 * Reads the `calibration.json` of an experiment, as `train` takes it.
 *
 * @throws {EPickerError} `missing-file`; `bad-data` for another file.
 */
export async function readCalibration(path: string): Promise<Calibration> {
  const text = new TextDecoder().decode(await readFile(path));
  const { slope, shift } = parsed(text, path);
  return { slope, shift };
}

function parsed(text: string, file: string) {
  try {
    return FILE.parse(JSON.parse(text));
  } catch {
    throw new EPickerError("bad-data", {
      file,
      found: "no calibration",
      expected: '{ "slope": …, "shift": …, "threshold": … }',
      remedy: "Give the calibration.json that epicker experiment --preset unseen has written.",
    });
  }
}
