/**
 * Takes picks anew by another threshold: `epicker threshold PICKS T`.
 *
 * @module
 */
import { EPickerError } from "../lib/core/mod.ts";
import { changeThreshold } from "../lib/picking/mod.ts";
import { updateIndex } from "../lib/pipelines/mod.ts";
import { command, interruptSignal, progressBar } from "./_cli.ts";
import { formats } from "./_flags.ts";
import { printPicked } from "./_print_picked.ts";
import { FLAG } from "./_shared_flags.ts";

export default command({
  inputs: "PICKS T",
  flags: {
    formats: formats("--format LIST", "write these, too: star, box, cbox, csv, cs, …"),
    json: FLAG.json,
  },
  examples: ["Picks 0.45", "Picks auto", "Picks 0.45 --format box,csv"],
  async main({ json, ...options }, inputs) {
    const [folder, threshold] = folderAndThreshold(inputs);
    const bar = progressBar();
    const summary = await changeThreshold(folder, threshold, {
      ...options,
      signal: interruptSignal(),
      onProgress: bar.onProgress,
    });
    bar.stop();
    if (summary.files.length === summary.total) await updateIndex(folder, summary.files);
    return printPicked({ json }, summary, folder);
  },
});

function folderAndThreshold(inputs: string[]): [string, number | "auto"] {
  const [folder, text = "", ...more] = inputs;
  if (text === "auto" && more.length === 0) return [folder, text];
  if (text.trim() !== "" && more.length === 0) return [folder, Number(text)];
  throw new EPickerError("bad-option", {
    found: inputs.length === 0 ? "nothing" : inputs.join(" "),
    expected: "a folder that pick has written and a threshold, or auto",
    remedy: "For example: epicker threshold Picks 0.45",
  });
}
