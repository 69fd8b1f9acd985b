import { basename, join } from "@std/path";
import {
  EPickerError,
  messageOfError,
  type OnProgress,
  type Pick,
  writeFileAtomic,
} from "../core/mod.ts";
import {
  coordinateFormats,
  expandInputs,
  type InputFile,
  readMicrograph,
  writeCandidates,
  writeCoordinates,
} from "../io/mod.ts";
import type { Picker, PickOptions, PickResult } from "./picker.ts";

/** What {@linkcode pickFiles} may be told. */
export interface PickFilesOptions extends PickOptions {
  /** Folder for the results; made when missing. */
  out: string;
  /** Formats of the picks, names of `coordinateFormats`. @default {["star"]} */
  formats?: string[];
  /** Reports after every micrograph. */
  onProgress?: OnProgress;
  /** Receives every result while its image is still at hand, e.g. to draw it. */
  onResult?: (name: string, result: PickResult) => void | Promise<void>;
}

/** What became of one micrograph. */
export interface PickedFile {
  /** Path that was read. */
  path: string;
  /** Base name of the results. */
  name: string;
  /** Number of picks; absent where it failed. */
  picks?: number;
  /** Number of candidates; absent where it failed. */
  candidates?: number;
  /** Diameter in micrograph pixels; absent where it failed. */
  diameter?: number;
  /** Seconds from reading to writing. */
  seconds: number;
  /** Sentences about what is doubtful in the file, such as its pixel size. */
  warnings?: string[];
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
  /** Every micrograph, in order. */
  files: PickedFile[];
}

/**
 * Picks files, folders or globs and writes the results.
 *
 * Every micrograph `x/name.mrc` gives `OUT/name.star` (or another format's file) with the picks and
 * `OUT/candidates/name.json` with all candidates, from which another threshold can be taken
 * without picking again. A file that fails is reported and the rest goes on. `OUT/summary.json`
 * tells what happened.
 *
 * @throws {EPickerError} `missing-file` for an input that is not there, `bad-option` for an unknown
 * format, `write-failed` when the folder cannot be written.
 */
export async function pickFiles(
  picker: Picker,
  inputs: string[],
  { out, formats = ["star"], onProgress, onResult, ...options }: PickFilesOptions,
): Promise<PickSummary> {
  const targets = targetsOf(formats);
  const files = await expandInputs(inputs);
  const summary: PickSummary = {
    model: picker.model.notes.name ?? "",
    backend: picker.backend.title,
    threshold: options.threshold ?? picker.model.threshold,
    files: [],
  };
  const write = () =>
    writeFileAtomic(join(out, "summary.json"), JSON.stringify(summary, null, 2) + "\n");
  await write(); // fails now where it would fail after all the work
  for (const file of files) {
    const picked = await pickFile(picker, file, out, targets, options, onResult);
    summary.files.push(picked);
    onProgress?.({
      stage: "pick",
      done: summary.files.length,
      total: files.length,
      note: file.name,
    });
  }
  await write();
  return summary;
}

async function pickFile(
  picker: Picker,
  { path, name }: InputFile,
  out: string,
  targets: { format: string; extension: string }[],
  options: PickOptions,
  onResult: PickFilesOptions["onResult"],
): Promise<PickedFile> {
  const start = performance.now();
  const seconds = () => (performance.now() - start) / 1000;
  try {
    const micrograph = await readMicrograph(path);
    const result = await picker.pick(micrograph, options);
    const { width, height, pixelSizeA } = micrograph;
    const { diameter, threshold } = result;
    const candidates = result.candidates.map(rounded);
    const picks = candidates.filter(({ score }) => score >= threshold);
    const size = { width, height, ...(pixelSizeA !== undefined && { pixelSizeA }) };
    await writeCandidates(join(out, "candidates", `${name}.json`), {
      version: 1,
      micrograph: basename(path),
      ...size,
      model: picker.model.notes.name ?? "",
      backend: picker.backend.name,
      threshold,
      candidates,
    });
    for (const { format, extension } of targets) {
      await writeCoordinates(join(out, name + extension), picks, {
        format,
        boxSize: Math.max(1, Math.round(diameter)),
        image: { name, ...size },
      });
    }
    await onResult?.(name, result);
    return {
      path,
      name,
      picks: picks.length,
      candidates: candidates.length,
      diameter,
      seconds: seconds(),
      ...(micrograph.warnings !== undefined && { warnings: micrograph.warnings }),
    };
  } catch (error) {
    if (error instanceof EPickerError && error.code === "write-failed") throw error;
    return { path, name, seconds: seconds(), error: messageOfError(error) };
  }
}

/** Hundredths of a pixel and a ten-thousandth of score are finer than anything that is known. */
function rounded<P extends Required<Omit<Pick, "fiber" | "classNumber">>>(
  { x, y, score, diameter }: P,
) {
  return {
    x: +x.toFixed(2),
    y: +y.toFixed(2),
    score: +score.toFixed(4),
    diameter: +diameter.toFixed(2),
  };
}

/** Formats and the extensions of their files, which must differ. */
function targetsOf(formats: string[]): { format: string; extension: string }[] {
  const targets = formats.map((format) => ({ format, extension: extensionOf(format) }));
  const extensions = targets.map(({ extension }) => extension);
  if (new Set(extensions).size === extensions.length) return targets;
  throw new EPickerError("bad-option", {
    file: "--format",
    found: `${formats.join(",")}, which would write the same files (${extensions.join(", ")})`,
    expected: "formats with different extensions",
    remedy: "Pick with one and make the other with deno task convert.",
  });
}

function extensionOf(format: string): string {
  const known = coordinateFormats.find(({ name }) => name === format);
  if (known !== undefined) return known.extensions[0];
  throw new EPickerError("bad-option", {
    file: "--format",
    found: `"${format}"`,
    expected: coordinateFormats.map(({ name }) => name).join(", "),
  });
}
