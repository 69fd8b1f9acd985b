import { join } from "@std/path";
import * as z from "zod";
import { typicalDiameter } from "../centernet/mod.ts";
import { defined, printable, readFile, writeFileAtomic } from "../core/mod.ts";
import { type Doubt, DOUBT_KINDS } from "../io/mod.ts";
import { doubtsOfPicks } from "./doubts.ts";
import type { Look } from "./look.ts";
import { picksOf, type Taken } from "./take_picks.ts";

/** What became of one micrograph. */
export interface PickedFile {
  /** Path that was read. */
  path: string;
  /** Base name of the results. */
  name: string;
  /** Number of candidates that reach the threshold; absent where it failed. */
  picks?: number;
  /** Number of fibers traced through the candidates; in fiber mode alone. */
  fibers?: number;
  /** Number of candidates; absent where it failed. */
  candidates?: number;
  /** Diameter in micrograph pixels, of vesicles the median of sure ones; absent where nothing was found. */
  diameter?: number;
  /** Seconds from its turn to the last write, waiting for a busy worker or network included. */
  seconds: number;
  /** What is doubtful in it: in its file, its diameter, its picks. */
  doubts?: Doubt[];
  /** Where picks were taken from, if not from the network: candidates of an earlier run. */
  from?: "candidates";
  /** Why there was nothing to do: an earlier run left the same results. */
  skipped?: "already done";
  /** Why it failed. */
  error?: string;
}

/** What became of a batch; written as `summary.json`. */
export interface PickSummary {
  /** File name of the model, where it was read from a file. */
  model: string;
  /** The backend, for people. */
  backend: string;
  /** Least score of a pick. */
  threshold: number;
  /** What a look at the folder found, where one was taken. */
  look?: Look;
  /** How many micrographs were asked for; more than `files` where the batch was stopped. */
  total: number;
  /** Seconds since the start. */
  seconds: number;
  /** Every micrograph so far, in the order of the inputs. */
  files: PickedFile[];
}

/** A summary as text: how many of what, then every micrograph that was not picked, and why. */
export function formatPickSummary(summary: PickSummary): string {
  const { model, backend, threshold, total, seconds, files, look } = summary;
  const failed = files.filter(({ error }) => error !== undefined);
  const done = files.filter(({ skipped }) => skipped !== undefined);
  const doubtful = files.flatMap(({ path, doubts = [] }) => {
    return doubts.map(({ text }) => `${path}: ${text}`);
  });
  const again = files.filter(({ from }) => from !== undefined);
  const picked = files.length - failed.length - done.length - again.length;
  const left = total - files.length;
  const lines = [
    `${total} micrographs: ${picked} picked, ` +
    (again.length > 0 ? `${again.length} taken from candidates, ` : "") +
    `${done.length} already done, ` +
    `${failed.length} failed, ${left} left.`,
    `Model "${model}" on ${backend}, threshold ${threshold}, ${seconds.toFixed(1)} s.`,
    ...(look?.diameter === undefined ? [] : [formatLook(look)]),
    ...section("Failed", failed.map(({ path, error }) => `${path}: ${error}`)),
    ...section("Picked with doubts", doubtful),
    ...section("Skipped, already done", done.map(({ path }) => path)),
  ];
  return lines.map(printable).join("\n") + "\n";
}

/** A look in a sentence. */
export function formatLook({ diameter = 0, pixelSizeA, lead, doubts }: Look): string {
  const isSure = doubts.every(({ kind }) => kind !== "diameter");
  const ahead = lead === undefined ? "" : `, ${lead} ahead of other sizes`;
  const pixels = pixelSizeA === undefined ? "pixels" : `pixels of ${+pixelSizeA.toFixed(3)} Å`;
  return `Diameter found by a look at the folder: ${diameter} ${pixels}, ${
    isSure ? "sure" : "unsure"
  }${ahead}.`;
}

function section(title: string, lines: string[]): string[] {
  return lines.length === 0 ? [] : ["", `${title}:`, ...lines.map((line) => `  ${line}`)];
}

/** What a summary tells of a record. */
export function factsOf({ file, picks }: Taken) {
  const { candidates, fibers, doubts = [], width, height } = file;
  const sized = candidates.flatMap(({ diameter, ...rest }) =>
    diameter ? { ...rest, diameter } : []
  );
  const all = [...doubts, ...doubtsOfPicks(picks, { width, height })];
  const diameter = typicalDiameter(sized.sort((a, b) => b.score - a.score));
  return defined({
    picks: picksOf(candidates, file).length,
    candidates: candidates.length,
    fibers: fibers?.length,
    diameter: diameter > 0 ? diameter : undefined,
    doubts: all.length > 0 ? all : undefined,
  });
}

const count = z.number().int().nonnegative();

const doubtSchema = z.array(z.object({ kind: z.enum(DOUBT_KINDS), text: z.string() }));

/** A look as JSON has it. */
export const lookSchema: z.ZodType<Look> = z.object({
  ...{ diameter: z.number().optional(), pixelSizeA: z.number().optional() },
  lead: z.number().optional(),
  contrast: z.enum(["dark", "bright"]),
  doubts: doubtSchema,
});

const summarySchema = z.object({
  ...{ model: z.string(), backend: z.string(), threshold: z.number() },
  ...{ total: count, seconds: z.number() },
  look: lookSchema.optional(),
  files: z.array(z.object({
    ...{ path: z.string(), name: z.string() },
    ...{ picks: count.optional(), fibers: count.optional() },
    ...{ candidates: count.optional(), diameter: z.number().optional() },
    seconds: z.number(),
    doubts: doubtSchema.optional(),
    from: z.literal("candidates").optional(),
    skipped: z.literal("already done").optional(),
    error: z.string().optional(),
  })),
});

/** The summary of an earlier run; nothing where none is there or it is damaged. */
export async function findSummary(out: string): Promise<PickSummary | undefined> {
  try {
    const bytes = await readFile(join(out, "summary.json"));
    return summarySchema.parse(JSON.parse(new TextDecoder().decode(bytes)));
  } catch {
    return undefined;
  }
}

/** Writes `summary.json` and `summary.txt`. */
export async function writeSummary(out: string, summary: PickSummary): Promise<void> {
  const [json, text] = SUMMARY_FILES.map((name) => join(out, name));
  await writeFileAtomic(json, JSON.stringify(summary, null, 2) + "\n");
  await writeFileAtomic(text, formatPickSummary(summary));
}

/** Names of the files of a summary. */
export const SUMMARY_FILES = ["summary.json", "summary.txt"];

/**
 * Least milliseconds between two writes of a summary that grows, and how many times as long as the
 * last write took: all writes together are then a twentieth of the time, however many micrographs.
 */
const [INTERVAL, PAUSE] = [1000, 20];

/** Collects what becomes of micrographs and writes it as `summary.json` and `summary.txt`. */
export class SummaryLog {
  readonly #out: string;
  readonly #about: Pick<PickSummary, "model" | "backend" | "threshold" | "total" | "look">;
  readonly #earlier: readonly PickedFile[];
  readonly #files: PickedFile[] = []; // with holes where others are still in work
  #count = 0;
  readonly #start = performance.now();
  #nextWrite = -Infinity;

  /** Begins the summary of a batch that is written to the folder `out`, after earlier micrographs. */
  constructor(
    out: string,
    about: Pick<PickSummary, "model" | "backend" | "threshold" | "total" | "look">,
    earlier: readonly PickedFile[] = [],
  ) {
    this.#out = out;
    this.#about = { ...about, total: earlier.length + about.total };
    this.#earlier = earlier;
  }

  /** Micrographs of this batch so far. */
  get count(): number {
    return this.#count;
  }

  /** Takes note of a micrograph by its place among the inputs. */
  add(index: number, file: PickedFile): void {
    this.#files[index] = file;
    this.#count++;
  }

  /** Writes down where the last write was a while ago. */
  async writeIfDue(): Promise<void> {
    if (performance.now() >= this.#nextWrite) await this.write();
  }

  /** Writes down what is known. */
  async write(): Promise<PickSummary> {
    this.#nextWrite = Infinity; // none other begins before this one has ended
    const begun = performance.now();
    const seconds = (begun - this.#start) / 1000;
    const files = [...this.#earlier, ...this.#files.filter(Boolean)];
    const summary = { ...this.#about, seconds, files };
    await writeSummary(this.#out, summary);
    const ended = performance.now();
    this.#nextWrite = ended + Math.max(INTERVAL, PAUSE * (ended - begun));
    return summary;
  }
}
