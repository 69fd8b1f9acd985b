import { fromFileUrl, join } from "@std/path";
import type { ExperimentResult } from "../../lib/experiments/mod.ts";
import type { PickerScores } from "../../lib/evaluation/mod.ts";

/** The checkout. */
export const ROOT = fromFileUrl(new URL("../../", import.meta.url));

/** Tables by their names, as Markdown. */
export type Tables = Record<string, string>;

/** A committed JSON file. */
export async function readJson<T>(path: string): Promise<T> {
  return JSON.parse(await Deno.readTextFile(join(ROOT, path)));
}

/** A committed JSON file, or nothing where it was not run. */
export async function readJsonIfThere<T>(path: string): Promise<T | undefined> {
  try {
    return await readJson<T>(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}

/** The scores that `evaluate --json` wrote. */
export const readScores = (path: string) => readJson<PickerScores[]>(path);

/** The result of an experiment below `models/experiments`. */
export const readExperiment = (name: string) =>
  readJson<ExperimentResult>(`models/experiments/${name}/experiment.json`);

/** The mean; NaN of nothing. */
export function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** Numbers as text, the highest of several in bold; what is missing is a dash. */
export function boldHighest(values: readonly (number | undefined)[], digits = 3): string[] {
  const texts = values.map((value) => value === undefined ? "–" : value.toFixed(digits));
  const known = texts.map(Number).filter((value) => !Number.isNaN(value));
  const highest = Math.max(...known);
  return texts.map((text) => {
    return known.length > 1 && Number(text) === highest ? `**${text}**` : text;
  });
}
