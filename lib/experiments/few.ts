import { join } from "@std/path";
import { startBackend } from "../backend/mod.ts";
import { EMPTY_MEMORY } from "../continual/mod.ts";
import { random, writeFileAtomic } from "../core/mod.ts";
import { formatTable, type TableColumn } from "../evaluation/mod.ts";
import { predict, train, type TrainingImage } from "../training/mod.ts";
import { kept, keptBefore } from "./_kept.ts";
import { stageOptions } from "./_stage_options.ts";
import {
  calibratedModel,
  checkUnseen,
  leftOutModel,
  UNSEEN,
  type UnseenBench,
  type UnseenOptions,
  type UnseenPlan,
} from "./unseen.ts";
import type { UnseenData } from "./unseen_data.ts";
import { percent } from "./unseen_report.ts";
import { scoreUnseen, type UnseenScore } from "./unseen_score.ts";

/** An experiment on few labels of a kind that a model has not seen. */
export interface FewPlan extends UnseenPlan {
  /** Numbers of labelled particles. */
  labels: number[];
  /** Training steps from the model that has not seen the kind, and from fresh weights. */
  fewSteps: Record<FewStart, number>;
}

/** Where training begins. */
export type FewStart = "general" | "fresh";

/** Few labels on each of four real kinds, three seeds. */
export const FEW: FewPlan = {
  ...UNSEEN,
  name: "few",
  seeds: [1, 2, 3],
  labels: [0, 10, 20, 50, 100, 200],
  fewSteps: { general: 150, fresh: 600 },
};

/** One model that learned few labels; without a score it has not been run. */
export interface FewCell {
  /** The kind. */
  kind: string;
  /** Where training began. */
  start: FewStart;
  /** Labelled particles. */
  labels: number;
  /** Seed of the choice of labels and of the crops. */
  seed: number;
  /** Its scores on the test micrographs of the kind. */
  score?: UnseenScore;
}

/** Everything that the experiment found; written as `few.json`. */
export interface FewReport {
  /** What was planned. */
  plan: FewPlan;
  /** The backend, for people. */
  backend: string;
  /** All models of the plan, run or not. */
  cells: FewCell[];
}

/** What {@linkcode runFew} may be told. */
export type FewOptions = Omit<UnseenOptions, "sources" | "onCell">;

/**
 * Teaches a few labels of a kind to a model that has not seen it, and to fresh weights.
 *
 * The model is that of {@linkcode runUnseen} with both sources and the first seed, taken from `out`
 * or trained. A call goes on where another one stopped.
 *
 * @throws {EPickerError} as {@linkcode runUnseen}.
 */
export async function runFew(
  plan: FewPlan,
  data: UnseenData,
  options: FewOptions,
): Promise<FewReport> {
  checkUnseen(plan, options);
  const { title: backend } = await startBackend(options.backend);
  const bench = { plan, data, options };
  const report: FewReport = { plan, backend, cells: cellsOf(plan) };
  for (const cell of report.cells) {
    const { folder, key } = stageOf(bench, cell);
    const before = await keptBefore<UnseenScore>(folder, key);
    if (before !== undefined) cell.score = before.result;
  }
  const { kinds = plan.kinds, seeds = plan.seeds, out } = options;
  for (const cell of report.cells) {
    if (kinds.includes(cell.kind) && seeds.includes(cell.seed)) {
      cell.score ??= await scoreOfCell(bench, cell);
    }
    await writeFileAtomic(join(out, "few.json"), JSON.stringify(report, null, 1) + "\n");
  }
  return report;
}

type Bench = UnseenBench & { plan: FewPlan };

/** All models of a plan; fresh weights without a label are none. */
function cellsOf({ kinds, labels, seeds }: FewPlan): FewCell[] {
  const starts: FewStart[] = ["general", "fresh"];
  return seeds.flatMap((seed) =>
    kinds.flatMap((kind) =>
      starts.flatMap((start) =>
        labels.filter((count) => start === "general" || count > 0)
          .map((count): FewCell => ({ kind, start, labels: count, seed }))
      )
    )
  );
}

function stageOf({ plan, options }: Bench, { kind, start, labels, seed }: FewCell) {
  const { kinds, view, steps, recipe, simulation, fewSteps } = plan;
  return {
    folder: join(options.out, "few", `seed${seed}`, kind, `${start}-${labels}`),
    key: JSON.stringify([kinds, view, steps, recipe, simulation, fewSteps]),
  };
}

async function scoreOfCell(bench: Bench, cell: FewCell): Promise<UnseenScore> {
  const { plan, data, options } = bench;
  const { kind, start, labels, seed } = cell;
  const images = data.kinds.get(kind)!;
  const left = { kind, source: "both", seed: plan.seeds[0] } as const;
  const from = start === "general"
    ? await calibratedModel(bench, left) ?? (await leftOutModel(bench, left)).model
    : undefined;
  const { folder, key } = stageOf(bench, cell);
  const { result } = await kept(folder, key, async (out) => {
    options.signal?.throwIfAborted();
    const chosen = fewLabels([...images.train, ...images.validation], labels, seed);
    const set = { train: chosen, validation: [], empty: data.empty.train, view: plan.view };
    const model = labels === 0 ? from! : (await train({ ...set, warnings: [] }, {
      ...stageOptions(plan.recipe, options, { out, seed, steps: plan.fewSteps[start] }),
      ...{ from, resume: true },
    })).model;
    options.signal?.throwIfAborted(); // else a model whose training was stopped would be kept
    const test = [...(await predict(model, images.test)).values()].flat();
    return { model, memory: EMPTY_MEMORY, result: scoreUnseen(test, model.threshold) };
  });
  return result;
}

/**
 * Images with so many labels in all: all of one image, then of the next, in a random order; the last
 * one has some of its labels, and says that they are sparse.
 */
export function fewLabels(images: TrainingImage[], count: number, seed: number): TrainingImage[] {
  const stream = random(seed);
  const chosen: TrainingImage[] = [];
  let missing = count;
  for (const image of stream.shuffle(images)) {
    if (missing <= 0) break;
    const { length } = image.objects;
    if (length === 0) continue;
    const objects = stream.shuffle(image.objects).slice(0, missing);
    chosen.push(length > missing ? { ...image, objects, sparse: true } : image);
    missing -= length;
  }
  return chosen;
}

/** The scores of a kind with so many labels, in percent: means over the seeds. */
export type FewLine =
  & { kind: string; start: FewStart; labels: number; runs: string }
  & Record<
    string,
    string | number
  >;

/** Columns of {@linkcode fewLines}. */
export const FEW_COLUMNS: TableColumn<FewLine>[] = [
  { key: "kind" },
  { key: "start" },
  { key: "labels", digits: 0 },
  { key: "runs" },
  { key: "ap", title: "AP", digits: 1 },
  { key: "f1", title: "F1", digits: 1 },
  { key: "bestF1", title: "best F1", digits: 1 },
];

/** A line for every kind, start and number of labels. */
export function fewLines({ cells }: FewReport): FewLine[] {
  const groups = Map.groupBy(cells, ({ kind, start, labels }) => `${kind} ${start} ${labels}`);
  return [...groups.values()].map((group): FewLine => {
    const scores = group.flatMap(({ score }) => score ?? []);
    const { kind, start, labels } = group[0];
    const runs = scores.length === 0 ? "not run" : `${scores.length} of ${group.length}`;
    return { kind, start, labels, runs, ...(scores.length > 0 ? percent(scores) : {}) };
  });
}

/** The experiment as Markdown. */
export function fewMarkdown(report: FewReport): string {
  const { plan: { fewSteps, seeds, view, steps }, backend } = report;
  return [
    "# Few labels of a kind that was left out",
    `View: ${view}. General: ${steps} steps on the other kinds, then ${fewSteps.general} on the ` +
    `labels; fresh: ${fewSteps.fresh} steps. Seeds ${seeds.join(", ")}. ${backend}.`,
    formatTable(fewLines(report), FEW_COLUMNS),
    "Scores in percent on the test micrographs. F1: at the model's threshold, from 50 labels on the " +
    "one that is best for them, with fewer that of the model before, or of fresh weights the default; " +
    "best F1: over all.",
  ].join("\n\n") + "\n";
}
