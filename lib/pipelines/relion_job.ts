import { join } from "@std/path";
import { EPickerError, median, type OnProgress, writeFileAtomic } from "../core/mod.ts";
import {
  type PickedFile,
  type Picker,
  pickFiles,
  type PickOptions,
  type PickSummary,
} from "../picking/mod.ts";
import { writeIndex } from "./coordinate_index.ts";
import type { JobEnd } from "./relion_markers.ts";
import { type ListedMicrograph, readMicrographList } from "./relion_micrographs.ts";
import {
  formatDisplayJob,
  formatOutputNodes,
  PICK_SUFFIX,
  projectVersion,
  type RelionVersion,
  SUFFIX_FILE,
} from "./relion_project.ts";

/** What {@linkcode pickRelionJob} may be told. */
export interface RelionJobOptions extends Omit<PickOptions, "pixelSizeA"> {
  /** The list of micrographs, from the project's folder. */
  micrographs: string;
  /** The job's folder, as RELION calls it: `External/job012/`. */
  job: string;
  /** Folder of the project. @default {"."} */
  project?: string;
  /** Whose files are written; by default what the project says. */
  version?: RelionVersion;
  /** Micrographs in work at once. */
  workers?: number;
  /** Stops the job after the micrographs in work. */
  signal?: AbortSignal;
  /** Reports after every micrograph. */
  onProgress?: OnProgress;
  /** Receives sentences about what is odd in the list. */
  onWarning?: (text: string) => void;
}

/** What became of a RELION job. */
export interface RelionJobResult {
  /** How it ended. */
  end: JobEnd;
  /** What became of every micrograph. */
  summary: PickSummary;
  /** Whose files were written. */
  version: RelionVersion;
}

/**
 * Picks the micrographs of a RELION project as a job of it.
 *
 * Writes `JOB/PATH/NAME_autopick.star` for every micrograph, with folders as the list has them below
 * the job that made it, and `autopick.star`, which names those with picks; when all is done also
 * `RELION_OUTPUT_NODES.star`, and what the Display of the picks wants to know. Micrographs that an
 * earlier run has done are left as they are. One that cannot be picked is reported; the job has
 * failed where none could be.
 *
 * @throws {EPickerError} `missing-file` where no micrograph of the list is there, `bad-data` for pixels of
 * unlike sizes where the diameter is to be found, and as
 * `readMicrographList`, `projectVersion` and `pickFiles`.
 */
export async function pickRelionJob(
  picker: Picker,
  { micrographs, job, project = ".", version: given, signal, ...options }: RelionJobOptions,
): Promise<RelionJobResult> {
  const version = given ?? await projectVersion(project);
  const listed = await readMicrographList(micrographs, project, options.onWarning);
  await assertSomeThere(listed, micrographs, project);
  const isGiven = (options.diameterA ?? options.diameterPx) !== undefined;
  if (picker.view === "particle" && !isGiven) assertOneScale(listed, micrographs);
  const out = join(project, job);
  const files = listed.map((file) => ({ ...file, name: file.name + PICK_SUFFIX }));
  const inputs = files.map(({ path, name, pixelSizeA }) => ({ path, name, pixelSizeA }));
  const summary = await pickFiles(picker, inputs, { ...options, out, signal, formats: ["star"] });
  const names = new Map(files.map(({ name, micrograph }) => [name, micrograph]));
  const indexed = summary.files.map((file) => ({ ...file, micrograph: names.get(file.name)! }));
  await writeIndex(out, indexed, join(job, "/"));
  const end = endOf(summary);
  if (end !== "success") return { end, summary, version };
  await writeFileAtomic(join(out, SUFFIX_FILE), `${micrographs}\n`);
  const diameterA = options.diameterA ?? typicalDiameterA(summary.files, files);
  if (diameterA !== undefined) {
    const display = formatDisplayJob(diameterA, version);
    await writeFileAtomic(join(out, ".gui_manualpickjob.star"), display);
  }
  const nodes = formatOutputNodes(job, version);
  await writeFileAtomic(join(out, "RELION_OUTPUT_NODES.star"), nodes);
  return { end, summary, version };
}

/** A job that was stopped has left something; one that could pick nothing has failed. */
function endOf({ files, total }: PickSummary): JobEnd {
  if (files.length < total) return "aborted";
  return files.every(({ error }) => error !== undefined) ? "failure" : "success";
}

/** Median of the diameters that were found, in Å. */
function typicalDiameterA(
  picked: readonly PickedFile[],
  files: readonly ListedMicrograph[],
): number | undefined {
  const sizes = new Map(files.map(({ name, pixelSizeA }) => [name, pixelSizeA]));
  const all = picked.flatMap(({ name, diameter }) => {
    const pixelSizeA = sizes.get(name);
    return diameter === undefined || pixelSizeA === undefined ? [] : [diameter * pixelSizeA];
  });
  return all.length === 0 ? undefined : median(all);
}

async function assertSomeThere(
  listed: readonly ListedMicrograph[],
  list: string,
  project: string,
): Promise<void> {
  for (const { path } of listed) {
    if (await Deno.stat(path).then(() => true, () => false)) return;
  }
  throw new EPickerError("missing-file", {
    file: list,
    found: `${listed.length} micrographs of which none is there, such as ${listed[0].path}`,
    expected: `paths from the folder of the project, ${await Deno.realPath(project)}`,
    remedy: "Start in the folder of the project, or mount the disk that they are on.",
  });
}

/** Pixel sizes this far apart, as a factor, are not seen alike. */
const UNLIKE = 1.2;

/** Refuses to find one diameter in pixels for micrographs of unlike pixels. */
function assertOneScale(listed: readonly ListedMicrograph[], list: string): void {
  const sizes = listed.flatMap(({ pixelSizeA }) => pixelSizeA ?? []);
  const least = sizes.reduce((a, b) => Math.min(a, b), Infinity);
  const most = sizes.reduce((a, b) => Math.max(a, b), 0);
  if (sizes.length === 0 || most / least < UNLIKE) return;
  throw new EPickerError("bad-data", {
    file: list,
    found: `pixels of ${least} to ${most} Å, and no diameter`,
    expected: "pixels of one size, or a diameter in Å",
    remedy: "Give it (diameter-a): what is found in pixels does not hold for all.",
  });
}
