import { join } from "@std/path";
import { type ShardPlan, SHARDS } from "./shards.ts";

/** A job of Slurm: the options of `sbatch` and the script that it runs. */
export interface SlurmJob {
  /** Options of `sbatch`. */
  options: string[];
  /** The script. */
  script: string;
}

/** What {@linkcode slurmScripts} may be told. */
export interface SlurmOptions {
  /** The program that does a task: its path, and what comes before its arguments. */
  program: string[];
  /** Folder from which the inputs' paths count. */
  folder: string;
  /** Folder of the results. */
  out: string;
  /** More options of `sbatch` for the tasks, e.g. `--partition=gpu`. */
  options?: readonly string[];
}

/** Seconds before the end of its time at which a task is told. */
const NOTICE = 60;

/**
 * The array job that picks the shards, and the job that merges them when all have ended.
 *
 * A task whose node dies or whose time is over is put into the queue again and goes on where it was:
 * before the time is over it is told, finishes the micrographs in work, and asks for another turn.
 * The merge waits for the tasks however they end (`afterany`), and checks that nothing is missing.
 */
export function slurmScripts(
  { tasks }: ShardPlan,
  { program, folder, out, options = [] }: SlurmOptions,
): { pick: SlurmJob; merge(arrayJob: string): SlurmJob } {
  const quoted = (words: readonly string[]) => words.map(quote).join(" ");
  const command = (words: string[]) => quoted([...program, "slurm", "--out", out, ...words]);
  const common = ["--parsable", "--open-mode=append", `--chdir=${folder}`];
  const log = (name: string) => `--output=${join(out, SHARDS, name)}`;
  return {
    pick: {
      options: [
        ...common,
        ...["--job-name=epicker", `--array=0-${tasks - 1}`, log("%a.log")],
        ...["--requeue", `--signal=B:USR1@${NOTICE}`],
        ...options,
      ],
      script: `#!/bin/sh
${command(["--task"])} "$SLURM_ARRAY_TASK_ID" &
child=$!
again=
trap 'again=1; kill -TERM $child' USR1
trap 'kill -TERM $child' TERM
wait $child
status=$?
while kill -0 $child 2>/dev/null; do
  wait $child
  status=$?
done
[ -n "$again" ] && scontrol requeue "\${SLURM_ARRAY_JOB_ID}_$SLURM_ARRAY_TASK_ID"
exit $status
`,
    },
    merge: (arrayJob) => ({
      options: [
        ...common,
        ...["--job-name=epicker-merge", `--dependency=afterany:${arrayJob}`, log("merge.log")],
      ],
      script: `#!/bin/sh\nexec ${command(["--merge"])}\n`,
    }),
  };
}

/** A word as a shell takes it whole. */
function quote(word: string): string {
  return /^[\w./:=@%+-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
