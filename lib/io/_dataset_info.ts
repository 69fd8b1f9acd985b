import { join } from "@std/path";
import { distance } from "fastest-levenshtein";
import * as z from "zod";
import { readFile } from "../core/mod.ts";
import { listFiles } from "./_folders.ts";
import { parseJson } from "./_json.ts";
import { textOf } from "./_text.ts";

const datasetSchema = z.looseObject({
  title: z.string().optional(),
  diameterA: z.number().positive().optional(),
  diameterPx: z.number().positive().optional(),
  split: z.looseObject({
    train: z.array(z.string()).optional(),
    test: z.array(z.string()).optional(),
  }).optional(),
});

/** What `dataset.json` tells. */
export type DatasetInfo = z.output<typeof datasetSchema>;

/** Reads `dataset.json` of a folder, if it is there. */
export async function readInfo(folder: string): Promise<DatasetInfo> {
  const files = await listFiles(folder);
  if (!files.includes("dataset.json")) return {};
  const path = join(folder, "dataset.json");
  const text = textOf(await readFile(path), path);
  return parseJson(
    text,
    datasetSchema,
    path,
    "title, diameterA, diameterPx and split { train, test }",
  );
}

/** Keys of `dataset.json` that are read, and those of its split. */
const KEYS = Object.keys(datasetSchema.shape);
const PARTS = ["train", "test"];

/**
 * Doubts about keys that are not read: those that look like one that is, parts of the split that lie
 * beside it, and whatever the split holds; other notes are free.
 */
export function keyWarnings(info: DatasetInfo, folder: string): string[] {
  const path = join(folder, "dataset.json");
  const say = (key: string, meant: string) =>
    `${path}: "${key}" is not read; did you mean "${meant}"?`;
  const top = Object.keys(info).filter((key) => !KEYS.includes(key)).flatMap((key) => {
    if (PARTS.includes(key)) return [say(key, `split.${key}`)];
    const nearest = nearestOf(key, KEYS);
    return likeness(key, nearest) > 0.5 ? [say(key, nearest)] : [];
  });
  const inSplit = Object.keys(info.split ?? {}).filter((key) => !PARTS.includes(key));
  return [...top, ...inSplit.map((key) => say(`split.${key}`, `split.${nearestOf(key, PARTS)}`))];
}

function nearestOf(key: string, known: string[]): string {
  return known.toSorted((a, b) => likeness(key, b) - likeness(key, a))[0];
}

/** 1 for the same letters in whatever case, down to 0; by Levenshtein's distance. */
function likeness(a: string, b: string): number {
  return 1 - distance(a.toLowerCase(), b.toLowerCase()) / Math.max(a.length, b.length);
}
