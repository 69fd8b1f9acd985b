import { formatTable } from "../../mod.ts";
import { type FiberFolderEvaluation, type FolderEvaluation } from "../../lib/evaluation/mod.ts";
import { mean, readJsonIfThere, type Tables } from "./_read.ts";

/** Parts of the labels that are kept. */
const KEPT = ["0.1", "0.05"];

/** Seeds of the runs on fibers. */
const SEEDS = [1, 2, 3];

/** Few labels of many, liposomes, fibers: one training and one scoring per row. */
export async function rowTables(): Promise<Tables> {
  return {
    "sparse-labels": await sparseLabels(),
    liposomes: await liposomes(),
    fibers: await fibers(),
  };
}

async function scoresOf<T>(folder: string, row: string): Promise<T | undefined> {
  const scores = await readJsonIfThere<T[]>(`models/experiments/${folder}/${row}.json`);
  return scores?.[0];
}

async function sparseLabels(): Promise<string> {
  const rows = await Promise.all(KEPT.map(async (kept) => {
    const ap = async (way: string) => {
      const scores = await scoresOf<FolderEvaluation>("few-labels", `labels-bgal-${kept}-${way}`);
      return scores?.overall.ap.toFixed(3) ?? "not run";
    };
    return {
      kept: `${100 * Number(kept)} %`,
      plain: await ap("plain"),
      sparse: await ap("sparse"),
    };
  }));
  return formatTable(rows, [
    { key: "kept", title: "labels kept", align: "right" },
    { key: "plain", align: "right" },
    { key: "sparse", title: "`--sparse`", align: "right" },
  ]);
}

async function liposomes(): Promise<string> {
  const overall = (await scoresOf<FolderEvaluation>("liposomes", "liposomes"))?.overall;
  const percent = (value: number) => `${(100 * value).toFixed(1)} %`;
  return formatTable([{
    what: "liposomes in ice, three micrographs to learn from, one to test",
    ap: overall?.ap.toFixed(3) ?? "not run",
    f1: overall?.f1.toFixed(3) ?? "not run",
    error: overall === undefined ? "not run" : percent(overall.radiusError),
  }], [
    { key: "what", title: "data" },
    { key: "ap", title: "AP", align: "right" },
    { key: "f1", title: "best F1 at IoU 0.5", align: "right" },
    { key: "error", title: "median error of the radius", align: "right" },
  ]);
}

async function fibers(): Promise<string> {
  const rows = await Promise.all(["forward", "reverse"].map(async (way) => {
    const all = await Promise.all(
      SEEDS.map((seed) => scoresOf<FiberFolderEvaluation>("fibers", `fibers-${way}-${seed}`)),
    );
    const runs = all.flatMap((scores) => scores === undefined ? [] : [scores.overall]);
    const meanOf = (key: "found" | "false" | "pieces", digits: number, times = 1) =>
      runs.length === 0 ? "not run" : (times * mean(runs.map((run) => run[key]))).toFixed(digits);
    return {
      way: way === "forward" ? "the first, picking the second" : "the second, picking the first",
      seeds: runs.length,
      found: meanOf("found", 1, 100),
      false: meanOf("false", 1, 100),
      pieces: meanOf("pieces", 2),
    };
  }));
  return formatTable(rows, [
    { key: "way", title: "learning from" },
    "seeds",
    { key: "found", title: "% of the length found", align: "right" },
    { key: "false", title: "% of the traced length false", align: "right" },
    { key: "pieces", title: "pieces per fiber", align: "right" },
  ]);
}
