import { join } from "@std/path";
import { EPickerError, writeFileAtomic } from "../core/mod.ts";

/** How a job of RELION ends. */
export type JobEnd = "success" | "failure" | "aborted";

const MARKERS: Record<JobEnd, string> = {
  success: "RELION_JOB_EXIT_SUCCESS",
  failure: "RELION_JOB_EXIT_FAILURE",
  aborted: "RELION_JOB_EXIT_ABORTED",
};

/** The file by which RELION asks a job to end. */
const ABORT_NOW = "RELION_JOB_ABORT_NOW";

/** Milliseconds between two looks for it. */
const INTERVAL = 300;

/**
 * Does the work of a RELION job and leaves the exit marker that tells how it ended.
 *
 * Markers of an earlier run are removed first, so that a killed job has none. What the work throws
 * is a failure, and thrown on.
 *
 * @param folder The job's folder, e.g. `External/job012/`.
 * @param work Is given a signal that is raised when RELION asks the job to end, or `signal` is.
 * @throws {EPickerError} `write-failed` where the folder cannot be written.
 */
export async function inRelionJob<T extends { end: JobEnd }>(
  folder: string,
  work: (signal: AbortSignal) => Promise<T>,
  signal?: AbortSignal,
): Promise<T> {
  await assertWritable(folder);
  const request = new AbortController();
  const timer = setInterval(async () => {
    const isAsked = await Deno.stat(join(folder, ABORT_NOW)).then(() => true, () => false);
    if (isAsked) request.abort();
  }, INTERVAL);
  const signals = [request.signal, ...signal === undefined ? [] : [signal]];
  const mark = (end: JobEnd) => writeFileAtomic(join(folder, MARKERS[end]), "");
  let end: JobEnd | undefined;
  try {
    for (const marker of Object.values(MARKERS)) await removeFile(join(folder, marker));
    const result = await work(AbortSignal.any(signals));
    end = result.end;
    return result;
  } finally {
    clearInterval(timer);
    if (end === undefined) await mark("failure").catch(() => {}); // what was thrown is the news
    else await mark(end);
    await removeFile(join(folder, ABORT_NOW)); // it is answered
  }
}

/** Removes a file, if it is there and can be; where it cannot, the next write says so. */
async function removeFile(path: string): Promise<void> {
  await Deno.remove(path).catch(() => {});
}

/** The file by which it is tried whether a job's folder can be written. */
const TRIAL = ".epicker";

async function assertWritable(folder: string): Promise<void> {
  const path = join(folder, TRIAL);
  try {
    await writeFileAtomic(path, "");
    await Deno.remove(path);
  } catch (cause) {
    throw new EPickerError("write-failed", {
      file: folder,
      found: `that nothing can be written there (${causeOf(cause)})`,
      expected: "the folder of a job, and space on its disk",
      remedy: "See whose it is (ls -ld) and whether the disk is full (df); then Continue.",
    }, { cause });
  }
}

/** What the system says. */
function causeOf(error: unknown): string {
  const { cause = error } = error as Error;
  return (cause as Error).message;
}
