import { join, relative } from "@std/path";
import {
  biasedMarkdown,
  type BiasedResult,
  experimentCsv,
  experimentMarkdown,
} from "../../lib/experiments/mod.ts";
import { biasedTables } from "./biased.ts";
import { claimFigures, claimTables } from "./claims.ts";
import { forgettingTables } from "./forgetting.ts";
import { fewFigure, fewTables } from "./few.ts";
import { labelOrderTables } from "./label_order.ts";
import { gpuTables } from "./gpu.ts";
import { tablesIn, withTables } from "./_marked.ts";
import { emptyPicksFigure, measuredTables } from "./measured.ts";
import { partsTables } from "./parts.ts";
import { peerTables } from "./peers.ts";
import { pickingTables } from "./picking.ts";
import { readExperiment, readJson, ROOT, type Tables } from "./_read.ts";
import { rowTables } from "./rows.ts";
import { speedFigure, speedTables } from "./speed.ts";
import { transferTables } from "./transfer.ts";
import { unseenTables } from "./unseen.ts";
import { widthTables } from "./width.ts";

/** A text as it stands, and as the committed JSON has it. */
export interface Text {
  /** Path below the checkout. */
  path: string;
  /** What the file holds. */
  found: string;
  /** What it should hold. */
  wanted: string;
}

/** All tables of all families. */
export async function allTables(): Promise<Tables> {
  const families = await Promise.all([
    pickingTables(),
    forgettingTables(),
    claimTables(),
    partsTables(),
    biasedTables(),
    rowTables(),
    transferTables(),
    speedTables(),
    peerTables(),
    unseenTables(),
    fewTables(),
    measuredTables(),
    gpuTables(),
    labelOrderTables(),
    widthTables(),
  ]);
  return Object.assign({}, ...families);
}

/** Every text with tables, README, docs, cards of models, and the reports and figures. */
export async function allTexts(): Promise<Text[]> {
  const tables = await allTables();
  const marked = await Promise.all((await markedFiles()).map(async (path) => {
    const found = await Deno.readTextFile(join(ROOT, path));
    return { path, found, wanted: withTables(found, tables, path) };
  }));
  return [...marked, ...await reports(), ...await figures()];
}

/** Tables that no text shows. */
export function unused(texts: readonly Text[], tables: Tables): string[] {
  const shown = new Set(texts.flatMap(({ wanted }) => tablesIn(wanted)));
  return Object.keys(tables).filter((name) => !shown.has(name));
}

async function markedFiles(): Promise<string[]> {
  const docs = await filesIn(join(ROOT, "docs"), /\.md$/);
  const cards = await filesIn(join(ROOT, "models"), /card\.md$/);
  return ["README.md", ...docs, ...cards];
}

async function filesIn(folder: string, name: RegExp): Promise<string[]> {
  const found: string[] = [];
  for await (const entry of Deno.readDir(folder)) {
    const path = join(folder, entry.name);
    if (entry.isDirectory) found.push(...await filesIn(path, name));
    else if (name.test(entry.name)) found.push(relative(ROOT, path));
  }
  return found.sort();
}

/** What lies beside an experiment's JSON: its Markdown, and a CSV of the newest. */
async function reports(): Promise<Text[]> {
  const wanted = await Promise.all([
    ...["real", "paper", "ablation", "forgetting", "twins", "selection"].map(async (name) => {
      return [`${name}/experiment.md`, experimentMarkdown(await readExperiment(name))] as const;
    }),
    ...["forgetting", "twins"].map(async (name) => {
      return [`${name}/experiment.csv`, experimentCsv(await readExperiment(name))] as const;
    }),
    readJson<BiasedResult>("models/experiments/biased/biased.json")
      .then((result) => ["biased/biased.md", biasedMarkdown(result)] as const),
  ]);
  return await Promise.all(
    wanted.map(([name, text]) => beside(join("models/experiments", name), text)),
  );
}

/** What was to be reached without forgetting, a figure each. */
async function figures(): Promise<Text[]> {
  const drawn = Object.entries(claimFigures(await readExperiment("forgetting")));
  return await Promise.all([
    ...drawn.map(([name, svg]) => beside(`docs/forgetting/${name}.svg`, svg + "\n")),
    speedFigure().then((svg) => beside("docs/benchmarks/picking-cost.svg", svg + "\n")),
    fewFigure().then((svg) => beside("docs/results/few-labels.svg", svg + "\n")),
    emptyPicksFigure().then((svg) => beside("models/general/empty-picks.svg", svg + "\n")),
  ]);
}

/** A file as it stands, and as it should. */
async function beside(path: string, wanted: string): Promise<Text> {
  return { path, found: await Deno.readTextFile(join(ROOT, path)), wanted };
}
