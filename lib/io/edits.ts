import * as z from "zod";
import {
  checkArgument,
  type EditChanges,
  type Edits,
  readFile,
  writeFileAtomic,
} from "../core/mod.ts";
import { parseJson } from "./_json.ts";
import { textOf } from "./_text.ts";

const coordinate = z.number().min(-1e6).max(1e6);
const point = z.strictObject({ x: coordinate, y: coordinate });
const diameter = z.number().positive().max(1e6);
const classNumber = z.number().int().min(1).max(1000).optional();

const edit = z.discriminatedUnion("kind", [
  point.extend({
    kind: z.literal("pick"),
    diameter: diameter.optional(),
    score: z.number().min(0).max(1).optional(),
    classNumber,
  }),
  point.extend({ kind: z.literal("rejected") }),
  point.extend({ kind: z.literal("ignore"), diameter }),
  z.strictObject({
    kind: z.literal("fiber"),
    line: z.array(point).min(2).max(10_000),
    classNumber,
  }),
  z.strictObject({ kind: z.literal("done") }),
]);

/** Names of edits: short, and none that means something to JavaScript. */
const id = z.string().regex(/^[a-z0-9-]{1,64}$/);

const editsSchema = z.object({
  version: z.literal(1),
  micrograph: z.string(),
  edits: z.record(id, edit),
});

const changesSchema = z.record(id, edit.nullable(), { error: "changes of edits by their names" });

/** What a person has said about a micrograph. */
export interface EditsFile {
  /** Version of the layout. */
  version: 1;
  /** Base name of the micrograph. */
  micrograph: string;
  /** All that was said. */
  edits: Edits;
}

/**
 * Reads a file of {@linkcode writeEdits}.
 *
 * @throws {EPickerError} `missing-file`, or `bad-file` naming the value that does not fit.
 */
export async function readEdits(path: string): Promise<EditsFile> {
  return parseJson(textOf(await readFile(path), path), editsSchema, path, "edits, version 1");
}

/**
 * Writes what a person has said about a micrograph as JSON, one edit a line.
 *
 * @throws {EPickerError} `write-failed`; the file is then as it was before.
 */
export async function writeEdits(path: string, { micrograph, edits }: EditsFile): Promise<void> {
  const lines = Object.entries(edits).map((entry) => entry.map((part) => JSON.stringify(part)))
    .map(([id, edit]) => `\n    ${id}: ${edit}`);
  const head = `{\n  "version": 1,\n  "micrograph": ${JSON.stringify(micrograph)},\n  "edits": {`;
  await writeFileAtomic(path, `${head}${lines.join(",")}\n  }\n}\n`);
}

/** Checks changes that came from elsewhere. @throws {EPickerError} `bad-option`. */
export function checkChanges(changes: unknown): EditChanges {
  checkArgument(changes, changesSchema, "changes");
  return changesSchema.parse(changes);
}
