import * as z from "zod";
import {
  EPickerError,
  isPick,
  mistakeIn,
  type Mode,
  MODES,
  type Pick,
  type PickRule,
  type Point,
  readFile,
  writeFileAtomic,
} from "../core/mod.ts";
import { looksLikeEmanInfo, parseEmanInfo } from "./_eman_info.ts";
import { parseJson } from "./_json.ts";
import { groupOf, textOf } from "./_text.ts";
import type {
  CoordinateFormat,
  FormatContext,
  ParseContext,
  PickGroup,
} from "./coordinate_format.ts";

/** What can be doubtful about a micrograph or its picks. */
export const DOUBT_KINDS = ["file", "diameter", "contrast", "dirty", "empty", "dense"] as const;

/** Something that a person should look at. */
export interface Doubt {
  /**
   * What is doubtful: the `file` itself, the `diameter`, the `contrast` (bright particles), a `dirty`
   * micrograph (ice, carbon), an `empty` one, or picks that lie too `dense`.
   */
  kind: (typeof DOUBT_KINDS)[number];
  /** A sentence about it. */
  text: string;
}

const coordinate = z.number().min(-1e6).max(1e6);

const candidatesSchema = z.object({
  version: z.literal(1),
  micrograph: z.string(),
  width: z.number().int().positive(),
  height: z.number().int().positive(),
  pixelSizeA: z.number().positive().optional(),
  model: z.string().optional(),
  backend: z.string().optional(),
  mode: z.enum(MODES).optional(),
  threshold: z.number(),
  diameterRange: z.tuple([z.number(), z.number()]).optional(),
  provenance: z.object({
    path: z.string(),
    content: z.string(),
    model: z.string(),
    recipe: z.string(),
    diameterA: z.number().optional(),
    diameterPx: z.number().optional(),
    pixelSizeA: z.number().optional(),
    rise: z.number().optional(),
    riseA: z.number().optional(),
    seenPx: z.number().positive().optional(),
    seenAtA: z.number().positive().optional(),
    contrast: z.literal("bright").optional(),
    formats: z.array(z.string()),
  }).optional(),
  doubts: z.array(z.object({ kind: z.enum(DOUBT_KINDS), text: z.string() })).optional(),
  fibers: z.array(z.object({
    line: z.array(z.object({ x: coordinate, y: coordinate })),
    score: z.number(),
  })).optional(),
  candidates: z.array(z.object({
    x: coordinate,
    y: coordinate,
    score: z.number(),
    diameter: z.number().positive().max(1e6).optional(),
    fiber: z.number().int().positive().optional(),
    classNumber: z.number().int().positive().optional(),
  })),
});

/** What detections were made from: whether picking again would give the same. */
export interface Provenance {
  /** Absolute path of the micrograph. */
  path: string;
  /** Hash of the bytes of its file. */
  content: string;
  /** Hash of the model. */
  model: string;
  /** Versions of preprocessing and picking. */
  recipe: string;
  /** Diameter in Å, where one was given. */
  diameterA?: number;
  /** Diameter in micrograph pixels, where one was given. */
  diameterPx?: number;
  /** Å per pixel, where they were given. */
  pixelSizeA?: number;
  /** Rise of boxes along fibers in micrograph pixels, where one was given. */
  rise?: number;
  /** The same in Å. */
  riseA?: number;
  /** Diameter in micrograph pixels, where it was found by a look at the folder. */
  seenPx?: number;
  /** Å per pixel of the micrographs in which it measures so much. */
  seenAtA?: number;
  /** Contrast of the particles where they are bright. */
  contrast?: "bright";
  /** Formats of the coordinate files that were written along. */
  formats: string[];
}

/**
 * All detections of one micrograph, however weak, and the threshold in use: the file from which a
 * threshold can be chosen later without picking again.
 */
export interface CandidatesFile extends PickRule {
  /** Version of the layout. */
  version: 1;
  /** Base name of the micrograph. */
  micrograph: string;
  /** Columns of the micrograph. */
  width: number;
  /** Rows of the micrograph. */
  height: number;
  /** Å per pixel, if known. */
  pixelSizeA?: number;
  /** Name of the model that picked. */
  model?: string;
  /** Backend that it ran on. */
  backend?: string;
  /** What was picked; absent for particles. */
  mode?: Mode;
  /** What they were made from, where it is known. */
  provenance?: Provenance;
  /** What is doubtful whatever the threshold. */
  doubts?: Doubt[];
  /** Fibers traced through the candidates: nodes from end to end, mean score. */
  fibers?: { line: Point[]; score: number }[];
  /** Detections in micrograph pixels, in any order. */
  candidates: (Pick & { score: number })[];
}

/**
 * Writes all detections of a micrograph as JSON, one a line.
 *
 * @throws {EPickerError} `bad-option` for values that do not fit, e.g. a score that is not finite;
 * `write-failed` when the file cannot be written.
 *
 * @example
 * ```ts
 * import { readCandidates, writeCandidates } from "@epicker/epicker/io";
 * import { readCoordinates } from "@epicker/epicker";
 * import { assertEquals } from "@std/assert";
 *
 * const path = await Deno.makeTempFile({ suffix: ".json" });
 * const candidates = [{ x: 5, y: 6, score: 0.9 }, { x: 7, y: 8, score: 0.1 }];
 * const image = { micrograph: "a", width: 100, height: 80 };
 * await writeCandidates(path, { version: 1, ...image, threshold: 0.3, candidates });
 * assertEquals((await readCandidates(path)).candidates.length, 2);
 * assertEquals(await readCoordinates(path), [{ x: 5, y: 6, score: 0.9 }]);
 * await Deno.remove(path);
 * ```
 */
export async function writeCandidates(path: string, file: CandidatesFile): Promise<void> {
  await writeFileAtomic(path, formatCandidates(file, path));
}

/**
 * Reads a file of {@linkcode writeCandidates}.
 *
 * @throws {EPickerError} `missing-file`, or `bad-file` naming the value that does not fit.
 */
export async function readCandidates(path: string): Promise<CandidatesFile> {
  return parseCandidates(textOf(await readFile(path), path), path);
}

function formatCandidates(file: CandidatesFile, path: string): string {
  const checked = candidatesSchema.safeParse(file);
  if (!checked.success) {
    throw new EPickerError("bad-option", {
      file: path,
      found: mistakeIn(checked.error),
      expected: "finite coordinates and scores, and the size of the micrograph",
      remedy: "Write picks without scores as CSV or STAR.",
    });
  }
  const { candidates, ...head } = checked.data;
  const lines = JSON.stringify(candidates).slice(1, -1).replaceAll("},{", "},\n    {"); // all numbers
  const body = candidates.length === 0 ? "[]" : `[\n    ${lines}\n  ]`;
  return `${JSON.stringify(head, null, 2).slice(0, -2)},\n  "candidates": ${body}\n}\n`;
}

function parseCandidates(text: string, path: string): CandidatesFile {
  return parseJson(text, candidatesSchema, path, "a candidates file, version 1");
}

/**
 * The candidates file as a coordinate format: reading gives the candidates that are picks by its
 * threshold and range of diameters; writing needs the option `image` and a score on every pick. EMAN2's `info/NAME_info.json`
 * is read as well, by its boxes.
 */
export const jsonFormat: CoordinateFormat = { name: "json", extensions: [".json"], parse, format };

function parse(bytes: Uint8Array, { file }: ParseContext): PickGroup[] {
  const text = textOf(bytes, file);
  if (text.trim() === "") return [];
  if (looksLikeEmanInfo(text)) return parseEmanInfo(text, file);
  const { candidates, ...record } = parseCandidates(text, file);
  const { micrograph, width, height, pixelSizeA } = record;
  const picks = candidates.filter((candidate) => isPick(candidate, record));
  return [groupOf({ micrograph, width, height, pixelSizeA, picks })];
}

function format(picks: readonly Pick[], { file, image }: FormatContext): string {
  if (!image) {
    throw new EPickerError("bad-option", {
      file,
      found: "no option 'image'",
      expected: "name, width and height of the micrograph",
      remedy: "In a conversion, name the folder of the micrographs: 'micrographs'.",
    });
  }
  const candidates = picks.map(({ score = NaN, ...pick }) => ({ ...pick, score }));
  const threshold = candidates.reduce((least, { score }) => score < least ? score : least, 1);
  const { name: micrograph, ...size } = image;
  return formatCandidates({ version: 1, micrograph, ...size, threshold, candidates }, file);
}
