import { join } from "@std/path";
import * as z from "zod";
import {
  type Circle,
  defined,
  editedPicks,
  EPickerError,
  isPick,
  median,
  type Mode,
  type Pick,
  type PickRule,
  readFile,
  writeFileAtomic,
} from "../core/mod.ts";
import type { Marks } from "./wire.ts";

/** A micrograph to learn from, as a person has labelled it. */
export interface LessonMicrograph {
  /** Base name. */
  name: string;
  /** Its file. */
  path: string;
  /** Objects in its pixels; of fibers the nodes, by their numbers. */
  labels: Pick[];
  /** Circles in which nothing is known. */
  ignored: Circle[];
  /** Whether some objects may not be labelled. */
  sparse: boolean;
  /** Typical diameter in its pixels. */
  diameter: number;
}

/** All that a training run from the page depends on: it goes on from this, whatever is labelled since. */
export interface Lesson {
  /** Version of the layout. */
  version: 1;
  /** `train` learns the labels alone, `add` with exemplars of what is known. */
  kind: "train" | "add";
  /** Training steps. */
  steps: number;
  /** File of the model to go on from. */
  model: string;
  /** File of the exemplars of what it knows, where there is one. */
  exemplars?: string;
  /** Name of the data, for exemplars and notes. */
  dataset: string;
  /** What to learn from. */
  micrographs: LessonMicrograph[];
}

const circle = z.object({ x: z.number(), y: z.number(), diameter: z.number() });

const lessonSchema = z.object({
  version: z.literal(1),
  kind: z.enum(["train", "add"]),
  steps: z.number().int().min(1).max(1e6),
  model: z.string(),
  exemplars: z.string().optional(),
  dataset: z.string(),
  micrographs: z.array(z.object({
    name: z.string(),
    path: z.string(),
    labels: z.array(z.object({
      x: z.number(),
      y: z.number(),
      diameter: z.number().optional(),
      fiber: z.number().optional(),
    })),
    ignored: z.array(circle),
    sparse: z.boolean(),
    diameter: z.number().positive(),
  })),
});

const FILE = "lesson.json";

/** Writes a lesson to the folder of its run. @throws {EPickerError} `write-failed`. */
export async function writeLesson(folder: string, lesson: Lesson): Promise<void> {
  await writeFileAtomic(join(folder, FILE), JSON.stringify(lesson, null, 1) + "\n");
}

/** Reads the lesson of a run. @throws {EPickerError} `missing-file`, `bad-file`. */
export async function readLesson(folder: string): Promise<Lesson> {
  const path = join(folder, FILE);
  const text = new TextDecoder().decode(await readFile(path));
  try {
    return lessonSchema.parse(JSON.parse(text));
  } catch (cause) {
    const expected = "a lesson, version 1, as the page has written it";
    throw new EPickerError("bad-file", { file: path, found: "something else", expected }, {
      cause,
    });
  }
}

/** How the labels of a micrograph are to be understood; the rule counts where it is done. */
export interface LabelOptions extends PickRule {
  /** What is to be learned. */
  mode: Mode;
  /** Diameter where nothing tells. */
  diameter: number;
}

/**
 * What a person has said of a micrograph, as labels; nothing where that is not enough.
 *
 * Of a micrograph that is done, everything that is seen as a pick is one, and nothing else. Of
 * others only what was added or drawn is known: a candidate that nobody has looked at is no label.
 */
export function labelsOf(
  marks: Omit<Marks, "mode" | "labels" | "warnings">,
  { mode, diameter: otherwise, ...rule }: LabelOptions,
): Omit<LessonMicrograph, "name" | "path"> | undefined {
  const all = Object.values(marks.edits);
  const isDone = all.some(({ kind }) => kind === "done");
  const isFiber = mode === "fiber";
  const candidates = isFiber
    ? marks.fibers.flatMap(({ line, score }, i) =>
      line.map((node): Pick => ({ ...node, score, fiber: i + 1, diameter: marks.diameter }))
    )
    : marks.candidates;
  const sure = isDone ? candidates.filter((candidate) => isPick(candidate, rule)) : [];
  const labels = editedPicks<Pick>(sure, marks.edits)
    .filter(({ fiber }) => (fiber !== undefined) === isFiber);
  if (labels.length === 0 && !isDone) return undefined;
  const own = median(labels.flatMap(({ diameter }) => diameter ?? []));
  const diameter = Number.isNaN(own) ? marks.diameter ?? otherwise : own;
  return {
    labels: labels.map(({ x, y, fiber, diameter }) => defined({ x, y, fiber, diameter })),
    ignored: all.filter((edit) => edit.kind === "ignore")
      .map(({ x, y, diameter }) => ({ x, y, diameter })),
    sparse: !isDone,
    diameter,
  };
}

/** Part of the micrographs that is held out. */
const HELD_OUT = 0.1;

/**
 * Micrographs to learn from and those that are held out to score: a tenth, at least one where there
 * are two or more; first of those that are done, whose scores mean most.
 */
export function heldOut<T extends { sparse?: boolean }>(
  all: readonly T[],
): { learn: T[]; score: T[] } {
  const count = all.length < 2 ? 0 : Math.max(1, Math.round(HELD_OUT * all.length));
  const ordered = all.toSorted((a, b) => Number(b.sparse ?? false) - Number(a.sparse ?? false));
  const score = new Set(ordered.slice(ordered.length - count));
  return {
    learn: all.filter((one) => !score.has(one)),
    score: all.filter((one) => score.has(one)),
  };
}

/** Every so many exemplars of a dataset one is held out to score. */
const EVERY = 4;

/** Exemplars to learn from, and those held out to see what is forgotten, of every dataset some. */
export function dividedExemplars<T extends { dataset: string }>(
  exemplars: readonly T[],
): { learn: T[]; score: T[] } {
  const groups = [...Map.groupBy(exemplars, ({ dataset }) => dataset).values()];
  const score = new Set(groups.flatMap((group) => group.filter((_, i) => i % EVERY === 1)));
  return {
    learn: exemplars.filter((one) => !score.has(one)),
    score: exemplars.filter((one) => score.has(one)),
  };
}
