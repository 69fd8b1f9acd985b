/**
 * A RELION External job: `epicker relion --in_mics X.star --o External/job012/`.
 *
 * @module
 */
import { loadPicker } from "../lib/picking/mod.ts";
import { inRelionJob, pickRelionJob, RELION_VERSIONS } from "../lib/pipelines/mod.ts";
import { command, INTERRUPTED, interruptSignal, warn } from "./_cli.ts";
import { printTroubles } from "./_print_picked.ts";
import { choice, count, needed, text } from "./_flags.ts";
import { FLAG } from "./_shared_flags.ts";

export default command({
  flags: {
    micrographs: needed(text("--in_mics STAR", "list of micrographs, from the project's folder")),
    job: needed(text("--o DIR", "folder of the job, as RELION gives it")),
    workers: count("--j N", "micrographs in work at once (default: 1; on WASM cores, of many)"),
    model: FLAG.model,
    diameterA: FLAG.diameterA,
    contrast: FLAG.contrast,
    threshold: FLAG.threshold,
    rise: FLAG.rise,
    riseA: FLAG.riseA,
    backend: FLAG.backend,
    version: choice(
      "--relion VERSION",
      `${RELION_VERSIONS.join(", ")} (default: the project's)`,
      RELION_VERSIONS,
    ),
  },
  examples: [
    "--in_mics CtfFind/job003/micrographs_ctf.star --o External/job012/ --j 4",
    "--in_mics Select/job005/micrographs.star --o External/job013/ --diameter-a 180",
  ],
  async main({ model, backend, job, ...options }) {
    const { summary, end } = await inRelionJob(job, async (signal) => {
      using picker = await loadPicker({ model, backend });
      const { micrographs } = options;
      console.log(` + EPicker picks ${micrographs} on ${picker.backend.title}`);
      return await pickRelionJob(picker, {
        ...options,
        job,
        signal,
        onWarning: warn,
        onProgress: ({ done, total, note }) => console.log(` ${done}/${total} ${note}`),
      });
    }, interruptSignal());
    const { files, total } = summary;
    const picks = files.reduce((sum, { picks = 0 }) => sum + picks, 0);
    const failed = printTroubles(files);
    const good = files.length - failed.length;
    console.log(` + ${picks} picks in ${good} of ${total} micrographs`);
    if (end === "aborted") return INTERRUPTED;
    return end === "success" ? 0 : 1;
  },
});
