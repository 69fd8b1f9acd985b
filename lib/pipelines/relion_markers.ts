import { join } from "@std/path";
import { writeFileAtomic } from "../core/mod.ts";

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
  const request = new AbortController();
  const timer = setInterval(async () => {
    const isAsked = await Deno.stat(join(folder, ABORT_NOW)).then(() => true, () => false);
    if (isAsked) request.abort();
  }, INTERVAL);
  const signals = [request.signal, ...signal === undefined ? [] : [signal]];
  let end: JobEnd = "failure";
  try {
    for (const marker of Object.values(MARKERS)) await removeFile(join(folder, marker));
    const result = await work(AbortSignal.any(signals));
    end = result.end;
    return result;
  } finally {
    clearInterval(timer);
    await writeFileAtomic(join(folder, MARKERS[end]), "");
    await removeFile(join(folder, ABORT_NOW)); // it is answered
  }
}

/** Removes a file, if it is there and can be; where it cannot, the next write says so. */
async function removeFile(path: string): Promise<void> {
  await Deno.remove(path).catch(() => {});
}
